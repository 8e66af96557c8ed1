//! The GS1 Barcode Syntax Dictionary: what every application identifier (AI) may hold,
//! whether it needs a separator, what it must and must not stand with, and which AIs are
//! keys of a Digital Link.
//!
//! `gs1-syntax-dictionary.txt` is the dictionary as GS1 publishes it
//! (github.com/gs1/gs1-syntax-dictionary at ff2eb4bf, Apache-2.0, licence beside it). Its
//! lines stand in the lexical order of their AIs, so the text itself is searched; nothing
//! is generated from it and nothing is kept beside it.

mod association;
pub(super) mod lint;

pub(crate) use association::{check_associations, is_ordered};

use super::{Ai, Charset, Gs1Error, error::quoted};

pub(super) const TEXT: &str = include_str!("gs1-syntax-dictionary.txt");

/// What the dictionary says about one AI.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    ai: Ai,
    /// The line behind the AI and before the title.
    body: &'static str,
    title: &'static str,
}

/// One component of a value: a fixed number of characters, or up to a number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Component {
    charset: Charset,
    min: usize,
    max: usize,
    optional: bool,
    /// Names of linters, each with a comma before it.
    linters: &'static str,
}

impl Entry {
    /// Looks an AI up.
    pub(crate) fn of(ai: Ai) -> Result<Self, Gs1Error> {
        let unknown = || Gs1Error::UnknownAi {
            found: quoted(ai.as_str(), 4),
        };
        let (key, rest) = line_of(ai.as_str()).ok_or_else(unknown)?;
        let (body, title) = rest.split_once('#').unwrap_or((rest, key));
        Ok(Self {
            ai,
            body: body.trim(),
            title: title.trim(),
        })
    }

    /// The AI that `text` begins with. No AI begins with another one.
    pub(crate) fn beginning(text: &str) -> Result<Self, Gs1Error> {
        (2..=4)
            .filter_map(|len| Ai::new(text.get(..len)?).ok())
            .find_map(|ai| Self::of(ai).ok())
            .ok_or_else(|| Gs1Error::UnknownAi {
                found: quoted(text, 4),
            })
    }

    /// The AI.
    pub(crate) fn ai(&self) -> Ai {
        self.ai
    }

    /// Its title, by which an error names the field.
    pub(crate) fn title(&self) -> &'static str {
        self.title
    }

    /// Whether the length is one that readers know beforehand, so that no separator
    /// follows.
    pub(crate) fn is_predefined_length(&self) -> bool {
        self.flags().contains('*')
    }

    /// Whether it may stand in the query string of a Digital Link.
    pub(crate) fn is_attribute(&self) -> bool {
        self.flags().contains('?')
    }

    /// For a primary key of a Digital Link its qualifiers in path order, alternatives
    /// behind `|`, as in `22,10,21|235`.
    pub(crate) fn qualifiers(&self) -> Option<&'static str> {
        self.body
            .split_whitespace()
            .find_map(|word| match word.strip_prefix("dlpkey")? {
                "" => Some(""),
                order => order.strip_prefix('='),
            })
    }

    /// The greatest length of a value.
    pub(crate) fn max_len(&self) -> usize {
        self.components().map(|component| component.max).sum()
    }

    /// The least length of a value.
    pub(crate) fn min_len(&self) -> usize {
        self.components()
            .filter(|component| !component.optional)
            .map(|one| one.min)
            .sum()
    }

    /// Checks a value: lengths, characters and the linters of each component.
    pub(crate) fn validate(&self, value: &str) -> Result<(), Gs1Error> {
        let (field, bytes) = (self.title, value.as_bytes());
        let (min, max, found) = (self.min_len(), self.max_len(), bytes.len());
        let length = Gs1Error::Length {
            field,
            min,
            max,
            found,
        };
        if found < min || found > max {
            return Err(length);
        }
        let mut rest = bytes;
        for component in self.components() {
            if rest.is_empty() && component.optional {
                break;
            }
            let (part, tail) = rest.split_at_checked(component.max).unwrap_or((rest, &[]));
            if part.len() < component.min {
                return Err(length);
            }
            component
                .charset
                .check(field, part)
                .map_err(|error| match error {
                    Gs1Error::Character {
                        field,
                        position,
                        found,
                        allowed,
                    } => {
                        let before = bytes.len().saturating_sub(rest.len());
                        let position = position.saturating_add(before);
                        Gs1Error::Character {
                            field,
                            position,
                            found,
                            allowed,
                        }
                    }
                    other => other,
                })?;
            for name in component.linters.split(',').filter(|name| !name.is_empty()) {
                lint::apply(name, field, part)?;
            }
            rest = tail;
        }
        if rest.is_empty() { Ok(()) } else { Err(length) }
    }

    /// The values of an attribute such as `req` or `ex`; each one applies.
    fn attributes(&self, key: &'static str) -> impl Iterator<Item = &'static str> {
        self.body
            .split_whitespace()
            .filter_map(move |word| word.strip_prefix(key)?.strip_prefix('='))
    }

    fn flags(&self) -> &'static str {
        let first = self.body.split_whitespace().next().unwrap_or_default();
        if Component::read(first).is_some() {
            ""
        } else {
            first
        }
    }

    fn components(&self) -> impl Iterator<Item = Component> {
        self.body.split_whitespace().filter_map(Component::read)
    }
}

impl Component {
    /// Reads `N13,csum` or `[X..16]`; `None` for a word that is no component.
    fn read(word: &'static str) -> Option<Self> {
        let (format, linters) = match word.find(',') {
            Some(at) => word.split_at_checked(at)?,
            None => (word, ""),
        };
        let inner = format
            .strip_prefix('[')
            .and_then(|format| format.strip_suffix(']'));
        let (optional, format) = (inner.is_some(), inner.unwrap_or(format));
        let (letter, length) = format.split_at_checked(1)?;
        let charset = match letter {
            "N" => Charset::Digits,
            "X" => Charset::Set82,
            "Y" => Charset::Set39,
            "Z" => Charset::Set64,
            _ => return None,
        };
        let (min, max) = match length.strip_prefix("..") {
            Some(max) => (1, max.parse().ok()?),
            None => (length.parse().ok()?, length.parse().ok()?),
        };
        Some(Self {
            charset,
            min,
            max,
            optional,
            linters,
        })
    }
}

/// The last line whose AI, or first AI of a range, is not above `ai`, if it covers `ai`:
/// that AI or range, and what follows.
fn line_of(ai: &str) -> Option<(&'static str, &'static str)> {
    let bytes = TEXT.as_bytes();
    let (mut low, mut high, mut found) = (0, bytes.len(), None);
    while low < high {
        let middle = low.midpoint(high);
        let newline = |byte: &u8| *byte == b'\n';
        let start = bytes
            .get(..middle)?
            .iter()
            .rposition(newline)
            .map_or(0, |at| at + 1);
        let length = bytes.get(start..)?.iter().position(newline);
        let end = length.map_or(bytes.len(), |length| start + length);
        let line = TEXT.get(start..end)?;
        // Comments and empty lines sort before every AI; they stand at the head.
        let key = line.split(' ').next().unwrap_or_default();
        if key.split('-').next().unwrap_or_default() <= ai {
            found = Some((key, line.get(key.len()..)?));
            low = end + 1;
        } else {
            high = start;
        }
    }
    let (key, _) = found?;
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    (first <= ai && ai <= last && ai.len() == first.len()).then_some(found)?
}
