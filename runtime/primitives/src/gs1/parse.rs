//! Reading an identifier in any of its forms.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use super::{Ai, Gs1Error, Gtin, Identifier, OpaqueUri, element, link, uri, urn};

/// The longest text that is read, in bytes: a Digital Link with its data attributes.
pub const MAX_TEXT: usize = 2048;

/// What to accept beyond the standard forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// Accept GTINs of 8, 12 and 13 digits under AI (01) and fill them up with zeros.
    pub zero_suppressed_gtin: bool,
}

/// The form that an identifier was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A GS1 Digital Link URI, or the path of one.
    DigitalLink,
    /// An EPC URN.
    EpcUrn,
    /// An element string with AIs in brackets.
    ElementString,
    /// An element string as a scanner gives it, with FNC1.
    RawElementString,
    /// A URI that is no GS1 key.
    Uri,
}

/// An identifier with what was written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The identifier.
    pub identifier: Identifier,
    /// How it was written.
    pub form: Form,
    /// Data of other AIs: from an element string, or from a Digital Link's query string.
    pub attributes: Vec<Attribute>,
    /// The query string of a Digital Link, as it was.
    pub query: Option<String>,
    /// The fragment of a Digital Link, as it was.
    pub fragment: Option<String>,
}

/// The datum of one AI, valid by the GS1 syntax dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The AI.
    pub ai: Ai,
    /// Its title in the dictionary, such as `USE BY or EXPIRY`.
    pub title: &'static str,
    /// The value.
    pub value: String,
}

impl Identifier {
    /// Reads a Digital Link on any host (or the path of one), an EPC URN, an element
    /// string in brackets, a raw element string (a symbology identifier such as `]d2` or
    /// FNC1 must show that it is one), or any other URI.
    ///
    /// Bare digits are refused: an SSCC and a GSRN look alike.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right.
    pub fn parse(text: &str, options: ParseOptions) -> Result<Parsed, Gs1Error> {
        const FIELD: &str = "identifier";
        if text.is_empty() || text.len() > MAX_TEXT {
            let found = text.len();
            return Err(Gs1Error::Length {
                field: FIELD,
                min: 1,
                max: MAX_TEXT,
                found,
            });
        }
        let plain = |c: char| c.is_ascii_graphic() || c == element::FNC1;
        if let Some((position, found)) = text.char_indices().find(|(_, c)| !plain(*c)) {
            let allowed = "printable ASCII without spaces";
            return Err(Gs1Error::Character {
                field: FIELD,
                position,
                found,
                allowed,
            });
        }
        if text.starts_with('(') {
            let elements = element::read_bracketed(text)?;
            return element::identify(elements, Form::ElementString, options);
        }
        if text.starts_with(']') || text.contains(element::FNC1) {
            let elements = element::read_raw(text)?;
            return element::identify(elements, Form::RawElementString, options);
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Gs1Error::BareNumber { digits: text.len() });
        }
        if let Some(link) = link::read(text, options)? {
            return Ok(Parsed {
                identifier: link.identifier,
                form: Form::DigitalLink,
                attributes: link.attributes,
                query: link.query.map(Into::into),
                fragment: link.fragment.map(Into::into),
            });
        }
        let (identifier, form) = match uri::gs1_epc(text)? {
            Some(_) => (urn::read(text)?, Form::EpcUrn),
            None => (Identifier::Opaque(OpaqueUri::new(text)?), Form::Uri),
        };
        let (attributes, query, fragment) = (Vec::new(), None, None);
        Ok(Parsed {
            identifier,
            form,
            attributes,
            query,
            fragment,
        })
    }
}

impl FromStr for Identifier {
    type Err = Gs1Error;

    /// Reads any of the standard forms; what is written beside the identifier is left.
    fn from_str(text: &str) -> Result<Self, Gs1Error> {
        Self::parse(text, ParseOptions::default()).map(|parsed| parsed.identifier)
    }
}

/// The value of AI (01) in its 14 digits. One without its leading zeros is filled up if
/// the options ask for that, and otherwise refused with the full number named.
pub(crate) fn full_gtin(value: &str, options: ParseOptions) -> Result<Cow<'_, str>, Gs1Error> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !matches!(value.len(), 8 | 12 | 13) {
        return Ok(Cow::Borrowed(value));
    }
    let full = format!("{value:0>14}");
    match options.zero_suppressed_gtin {
        true => Ok(Cow::Owned(full)),
        false => Err(Gs1Error::ZeroSuppressed {
            full: Gtin::new(&full)?,
        }),
    }
}
