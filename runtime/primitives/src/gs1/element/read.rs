//! Reading element strings, by the GS1 syntax dictionary.

use alloc::string::String;
use alloc::vec::Vec;

use super::FNC1;
use crate::gs1::dictionary::{Entry, check_associations};
use crate::gs1::error::quoted;
use crate::gs1::parse::{Attribute, Form, ParseOptions, Parsed, full_gtin};
use crate::gs1::{Ai, Gs1Error, Identifier};

/// Symbology identifiers (ISO/IEC 15424) of the carriers of element strings: GS1-128,
/// GS1 DataBar and composites, GS1 DataMatrix, GS1 QR Code, GS1 DotCode.
const SYMBOLOGIES: [&str; 5] = ["]C1", "]e0", "]d2", "]Q3", "]J1"];

/// An AI and its value, not yet validated.
pub(crate) type Element = (Entry, String);

/// Reads `(01)09506000134352(21)A1`. A bracket that opens within a value is written `\(`;
/// no character set has a backslash.
pub(crate) fn read_bracketed(text: &str) -> Result<Vec<Element>, Gs1Error> {
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let position = text.len().saturating_sub(rest.len());
        let inner = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let Some((ai, tail)) = inner else {
            return Err(Gs1Error::Separator { position });
        };
        let unknown = |_| Gs1Error::UnknownAi {
            found: quoted(ai, 4),
        };
        let entry = Entry::of(Ai::new(ai).map_err(unknown)?)?;
        let (mut value, mut escaped, mut end) = (String::new(), false, tail.len());
        for (at, character) in tail.char_indices() {
            match character {
                '\\' if !escaped => escaped = true,
                '(' if !escaped => {
                    end = at;
                    break;
                }
                '(' => {
                    escaped = false;
                    value.push('(');
                }
                _ if escaped => return Err(backslash(entry, &value)),
                other => value.push(other),
            }
        }
        if escaped {
            return Err(backslash(entry, &value));
        }
        elements.push((entry, value));
        rest = tail.get(end..).unwrap_or_default();
    }
    Ok(elements)
}

fn backslash(entry: Entry, value: &str) -> Gs1Error {
    Gs1Error::Character {
        field: entry.title(),
        position: value.len(),
        found: '\\',
        allowed: "a backslash before ( alone",
    }
}

/// Reads what a scanner transmits: a symbology identifier or FNC1, then AIs and values;
/// FNC1 ends each value that has no predefined length.
pub(crate) fn read_raw(text: &str) -> Result<Vec<Element>, Gs1Error> {
    let mut rest = text;
    if text.starts_with(']') {
        let data = SYMBOLOGIES
            .iter()
            .find_map(|symbology| text.strip_prefix(symbology));
        rest = data.ok_or(Gs1Error::Value {
            field: "symbology identifier",
            expected: "]d2, ]C1, ]e0, ]Q3 or ]J1: a carrier of element strings",
        })?;
    }
    rest = rest.strip_prefix(FNC1).unwrap_or(rest);
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let position = text.len().saturating_sub(rest.len());
        let entry = Entry::beginning(rest)?;
        let ai = entry.ai().as_bytes().len();
        let tail = rest.get(ai..).unwrap_or_default();
        let end = tail.find(FNC1).unwrap_or(tail.len());
        // Where a value of variable length is too long, FNC1 may be missing behind it.
        let longest = end.min(entry.max_len());
        let length = if entry.is_predefined_length() {
            entry.max_len()
        } else {
            end
        };
        let separator = || Gs1Error::Separator {
            position: position.saturating_add(ai).saturating_add(longest),
        };
        if length != longest {
            return Err(separator());
        }
        let (value, after) = tail.split_at_checked(length).ok_or_else(separator)?;
        elements.push((entry, value.into()));
        // A separator behind a predefined length is in excess, but readers accept it.
        rest = after.strip_prefix(FNC1).unwrap_or(after);
    }
    Ok(elements)
}

/// Finds the primary key among the elements, and its qualifiers; the rest is attributes.
pub(crate) fn identify(
    mut elements: Vec<Element>,
    form: Form,
    options: ParseOptions,
) -> Result<Parsed, Gs1Error> {
    let mut seen: Vec<Entry> = Vec::new();
    for (entry, value) in &mut elements {
        if seen.iter().any(|other| other.ai() == entry.ai()) {
            return Err(Gs1Error::Repeated { ai: entry.ai() });
        }
        if entry.ai().as_str() == "01" {
            *value = full_gtin(value, options)?.into_owned();
        }
        entry.validate(value)?;
        seen.push(*entry);
    }
    check_associations(&seen)?;
    let mut keys = elements
        .iter()
        .filter(|(entry, _)| entry.qualifiers().is_some());
    let (key, value) = keys.next().ok_or(Gs1Error::NoKey)?;
    if let Some((other, _)) = keys.next() {
        return Err(Gs1Error::TwoKeys {
            first: key.ai(),
            second: other.ai(),
        });
    }
    let qualifier = |ai: &str| {
        let found = elements.iter().find(|(entry, _)| entry.ai().as_str() == ai);
        found.map(|(_, value)| value.as_str())
    };
    let identifier = Identifier::from_elements(key.ai().as_str(), value, &qualifier)?;
    let named = identifier.elements();
    let attributes = elements
        .iter()
        .filter(|(entry, _)| named.iter().all(|(ai, _)| *ai != entry.ai().as_str()))
        .map(|(entry, value)| Attribute {
            ai: entry.ai(),
            title: entry.title(),
            value: value.clone(),
        })
        .collect();
    Ok(Parsed {
        identifier,
        form,
        attributes,
        query: None,
        fragment: None,
    })
}
