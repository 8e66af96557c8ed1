//! The CBV 2.0 event hash (CBV 2.0, 8.9.2): a fingerprint of what an event says, whatever
//! its spelling, `ni:///sha-256;…?ver=CBV2.0`.
//!
//! Where the standard's table and the reference vectors differ, the vectors rule: a type
//! stands before its value; certificationInfo is hashed, after the offset; parentID comes
//! before epcList; after sensorElementList come bizTransactionList, destinationList and
//! sourceList. ilmd and extensions follow, as in the table (the reference program sorts ilmd
//! before sourceList, which no vector shows). Fields of the standard where
//! the standard has no place for them are hashed with the extensions, under their parents'
//! names. Every text that is a decimal number is hashed without needless zeros, as the
//! vectors do; unlike the reference program, digits are never rounded through a float.
//!
//! recordTime, eventID, errorDeclaration and comments are left out.

mod element;
mod order;
#[cfg(test)]
mod tests;

use crate::context::Context;
use crate::vocabulary::Vocabulary;
use element::Element;
use marque_primitives::hash::sha256;
use order::Form;
use serde_json::{Map, Value};

/// The SHA-256 of an event's pre-hash string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventHash(pub [u8; 32]);

const SCHEME: &str = "ni:///sha-256;";
const VERSION: &str = "?ver=CBV2.0";

impl EventHash {
    /// The hash of a pre-hash string.
    pub fn of(prehash: &str) -> Self {
        Self(sha256(&[prehash.as_bytes()]).0)
    }

    /// Reads `ni:///sha-256;` and 64 hexadecimal digits, with `?ver=CBV2.0` or without.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SCHEME)?;
        let digits = digits.strip_suffix(VERSION).unwrap_or(digits);
        let mut bytes = [0; 32];
        if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for EventHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(SCHEME)?;
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(VERSION)
    }
}

/// Event fields that are no part of the hash.
const LEFT_OUT: [&str; 6] = [
    "type",
    "@type",
    "recordTime",
    "eventID",
    "errorDeclaration",
    "@context",
];

/// The lists whose members are a type and a value, in the order of the vectors.
const PAIRS: [(&str, &str, Vocabulary); 3] = [
    (
        "bizTransactionList",
        "bizTransaction",
        Vocabulary::BusinessTransaction,
    ),
    (
        "destinationList",
        "destination",
        Vocabulary::SourceDestination,
    ),
    ("sourceList", "source", Vocabulary::SourceDestination),
];

/// The pre-hash string of an event of type `kind` (`ObjectEvent`).
pub fn prehash(kind: &str, event: &Map<String, Value>, context: &Context) -> String {
    let mut elements = Element::members(event, context);
    elements.retain(|e| !LEFT_OUT.contains(&e.name.as_str()));

    let (mut text, mut rest) = ordered(elements, order::EVENT, false, context);
    for (list, value, types) in PAIRS {
        let (found, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|e| e.name == list);
        rest = others;
        text.push_str(&pairs(list, found, value, types, context));
    }
    let (ilmd, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|e| e.name == "ilmd");
    format!(
        "eventType={kind}{text}{}{}",
        generic(ilmd, context),
        generic(rest, context)
    )
}

/// The digest of an error declaration, whatever its spelling; two declarations on the same
/// event are the same if their digests are.
pub fn declaration_digest(declaration: &Value, context: &Context) -> [u8; 32] {
    let members = match declaration {
        Value::Object(members) => Element::members(members, context),
        _ => Vec::new(),
    };
    let (text, rest) = ordered(members, order::DECLARATION, false, context);
    sha256(&[
        b"errorDeclaration",
        text.as_bytes(),
        generic(rest, context).as_bytes(),
    ])
    .0
}

/// The name that an extension has in the pre-hash string.
pub fn extension_name(key: &str, context: &Context) -> String {
    element::name(key, context)
}

/// The text of `elements` in the order of `fields`, and what has no place there. Nested
/// extensions stand at the end of their parent (rule 21); those of the event stand at its
/// end, with what is left.
fn ordered(
    elements: Vec<Element>,
    fields: &[order::Field],
    nested: bool,
    context: &Context,
) -> (String, Vec<Element>) {
    let (extensions, mut elements): (Vec<_>, Vec<_>) = elements
        .into_iter()
        .partition(|e| nested && e.is_extension());
    let mut text = String::new();
    let mut left = Vec::new();
    for field in fields {
        let (found, others): (Vec<_>, Vec<_>) =
            elements.into_iter().partition(|e| e.name == field.name);
        elements = others;
        let mut lines = Vec::new();
        for element in found {
            let value = element
                .text
                .map(|t| field.form.write(&t, context))
                .filter(|t| !t.is_empty());
            let (inner, rest) = match field.fields {
                [] => (String::new(), element.children),
                fields => ordered(element.children, fields, true, context),
            };
            if value.is_some() || !inner.is_empty() {
                lines.push(format!("{}{}{inner}", field.name, assigned(value)));
            }
            if !rest.is_empty() {
                left.push(Element {
                    name: element.name,
                    text: None,
                    children: rest,
                });
            }
        }
        lines.sort_unstable();
        text.extend(lines);
    }
    left.extend(elements);
    text.push_str(&generic(extensions, context));
    (text, left)
}

/// Names and values in lexical order of the whole (rules 19 and 20).
fn generic(elements: Vec<Element>, context: &Context) -> String {
    let mut lines: Vec<String> = elements
        .into_iter()
        .map(|e| {
            let value = e
                .text
                .map(|t| Form::Plain.write(&t, context))
                .filter(|t| !t.is_empty());
            format!(
                "{}{}{}",
                e.name,
                assigned(value),
                generic(e.children, context)
            )
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}

fn pairs(
    list: &str,
    found: Vec<Element>,
    value: &'static str,
    types: Vocabulary,
    context: &Context,
) -> String {
    let fields = [
        order::Field::new("type", Form::Word(types)),
        order::Field::new(value, Form::Plain),
    ];
    let mut lines: Vec<String> = found
        .into_iter()
        .flat_map(|e| e.children)
        .map(|member| match member.text {
            Some(text) => format!("{value}={}", Form::Plain.write(&text, context)),
            None => {
                let (text, rest) = ordered(member.children, &fields, true, context);
                text + &generic(rest, context)
            }
        })
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    lines.sort_unstable();
    format!("{list}{}", lines.concat())
}

fn assigned(value: Option<String>) -> String {
    value.map(|v| format!("={v}")).unwrap_or_default()
}
