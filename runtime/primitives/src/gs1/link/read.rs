//! Reading a Digital Link: key, qualifiers in their order, data attributes.

use alloc::string::String;
use alloc::vec::Vec;

use super::{FIELD, Parts, key_ai};
use crate::gs1::dictionary::{self, Entry};
use crate::gs1::error::quoted;
use crate::gs1::parse::{Attribute, ParseOptions, full_gtin};
use crate::gs1::{Ai, Gs1Error, Identifier, percent};

/// The names that versions 1.0 to 1.2 of the standard allow beside the AIs of qualifiers.
const QUALIFIERS: [(&str, &str); 7] = [
    ("10", "lot"),
    ("21", "ser"),
    ("22", "cpv"),
    ("254", "glnx"),
    ("8011", "cpsn"),
    ("8019", "srin"),
    ("8020", "refno"),
];

/// The same for data attributes.
const ATTRIBUTES: [(&str, &str); 2] = [("17", "exp"), ("7003", "expdt")];

/// A Digital Link that was read.
pub(crate) struct Link<'a> {
    pub(crate) identifier: Identifier,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) query: Option<&'a str>,
    pub(crate) fragment: Option<&'a str>,
}

/// Reads an HTTP URI or a path; `None` if it is no Digital Link.
pub(crate) fn read(text: &str, options: ParseOptions) -> Result<Option<Link<'_>>, Gs1Error> {
    let Some(parts) = Parts::of(text)? else {
        return Ok(None);
    };
    let Some(at) = parts.key()? else {
        return Ok(None);
    };
    let mut pairs = parts.segments.get(at..).unwrap_or_default().chunks_exact(2);
    let Some([code, value]) = pairs.next() else {
        return Ok(None);
    };
    let key = key_ai(code).ok_or(Gs1Error::NoKey)?;
    let entry = Entry::of(Ai::new(key)?)?;
    let order = entry.qualifiers().unwrap_or_default();

    let mut qualifiers = Vec::new();
    for pair in pairs {
        let [code, value] = pair else { continue };
        let found = text_of(code)?;
        let ai = QUALIFIERS
            .iter()
            .find(|(_, name)| *name == found)
            .map_or(found, |(ai, _)| ai);
        let misplaced = || Gs1Error::Qualifier {
            key: entry.ai(),
            found: quoted(found, 20),
            order,
        };
        let ai = Ai::new(ai).map_err(|_| misplaced())?;
        qualifiers.push((ai, text_of(value)?));
        let ais: Vec<Ai> = qualifiers.iter().map(|(ai, _)| *ai).collect();
        if !dictionary::is_ordered(order, &ais) {
            return Err(misplaced());
        }
    }

    let value = text_of(value)?;
    let value = if key == "01" {
        full_gtin(value, options)?
    } else {
        value.into()
    };
    let qualifier = |ai: &str| {
        qualifiers
            .iter()
            .find(|(other, _)| other.as_str() == ai)
            .map(|(_, value)| *value)
    };
    let identifier = Identifier::from_elements(key, &value, &qualifier)?;
    let attributes = match parts.query {
        Some(query) => attributes(query, &identifier)?,
        None => Vec::new(),
    };
    Ok(Some(Link {
        identifier,
        attributes,
        query: parts.query,
        fragment: parts.fragment,
    }))
}

/// The AIs among the parameters of a query string. Other parameters are not GS1's.
fn attributes(query: &str, identifier: &Identifier) -> Result<Vec<Attribute>, Gs1Error> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for parameter in query.split(['&', ';']) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let ai = ATTRIBUTES
            .iter()
            .find(|(_, alias)| *alias == name)
            .map_or(name, |(ai, _)| ai);
        if ai.is_empty() || !ai.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let unknown = |_| Gs1Error::UnknownAi {
            found: quoted(ai, 4),
        };
        let ai = Ai::new(ai).map_err(unknown)?;
        let entry = Entry::of(ai)?;
        if !entry.is_attribute() {
            return Err(Gs1Error::NotAnAttribute { ai });
        }
        let in_path = identifier
            .elements()
            .iter()
            .any(|(other, _)| *other == ai.as_str());
        if in_path || attributes.iter().any(|attribute| attribute.ai == ai) {
            return Err(Gs1Error::Repeated { ai });
        }
        let value = percent::decode(entry.title(), value)?;
        let value: String = text_of(&value)?.into();
        entry.validate(&value)?;
        attributes.push(Attribute {
            ai,
            title: entry.title(),
            value,
        });
    }
    Ok(attributes)
}

fn text_of(bytes: &[u8]) -> Result<&str, Gs1Error> {
    core::str::from_utf8(bytes).map_err(|error| Gs1Error::PercentEncoding {
        field: FIELD,
        position: error.valid_up_to(),
    })
}
