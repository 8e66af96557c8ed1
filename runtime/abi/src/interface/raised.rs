//! A refusal's texts with its values in them: what a contract's host call `refusal` answers.
//!
//! The texts stand in the interface alone, so that a contract carries no second copy and no
//! code to write numbers, days and addresses. The answer is part of receipts: it depends on
//! nothing but the interface, the code and the bytes.

use super::{Body, Field, Interface, Type, TypeDef, Variant};
use alloc::string::String;
use alloc::vec::Vec;
use marque_primitives::bounded::Text;
use marque_primitives::hash::to_hex;
use marque_primitives::refusal::Refusal;
use parity_scale_codec::{Compact, Decode};

#[cfg(test)]
mod tests;
mod words;

/// Bytes of one value that are shown; no text of a refusal has room for more.
const MAX_SHOWN: usize = 512;

/// Values that one refusal reads: a list can hold many that take no bytes.
const MAX_VALUES: u32 = 1_024;

/// Why there is no refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unraised {
    /// The interface does not list the code.
    Unlisted(u32),
    /// The bytes are not the values of the refusal's fields.
    Values,
}

impl Unraised {
    /// The name of the trap that it ends the call with.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlisted(_) => "unlistedRefusal",
            Self::Values => "refusalValues",
        }
    }
}

impl core::fmt::Display for Unraised {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unlisted(code) => write!(
                f,
                "the interface does not list the refusal {code}; include its enum: #[contract(refusals(path::to::Refuse))]"
            ),
            Self::Values => f.write_str(
                "the bytes are not the values of the refusal's fields, one after the other",
            ),
        }
    }
}

impl core::error::Error for Unraised {}

impl Interface {
    /// The refusal of this code, of the contract's own or of every contract's, with the values
    /// of its fields, which `values` holds encoded one after the other. Contract and items are
    /// the ledger's to fill in.
    ///
    /// # Errors
    /// When there is no such refusal, or the bytes are not its values.
    pub fn raised(&self, code: u32, values: &[u8]) -> Result<Refusal, Unraised> {
        let own;
        let def = match self.refusal(code) {
            Some(def) => def,
            None => {
                own = super::own::refusal(code).ok_or(Unraised::Unlisted(code))?;
                &own
            }
        };
        let shown = self.shown(&def.fields, values).ok_or(Unraised::Values)?;
        let fill = |template: &str| filled(template, &def.fields, &shown);
        let maybe = |template: &Option<String>| template.as_deref().map(fill);
        Ok(Refusal {
            code,
            name: Text::truncated(&def.name),
            message: Text::truncated(&fill(&def.message)),
            field: maybe(&def.field).map(|text| Text::truncated(&text)),
            expected: maybe(&def.expected).map(|text| Text::truncated(&text)),
            remedy: maybe(&def.remedy).map(|text| Text::truncated(&text)),
            contract: None,
            items: Default::default(),
        })
    }

    /// The fields' values in words; `None` if the bytes are something else.
    fn shown(&self, fields: &[Field], values: &[u8]) -> Option<Vec<String>> {
        let mut reader = Reader {
            interface: self,
            bytes: values,
            left: MAX_VALUES,
        };
        let shown = fields
            .iter()
            .map(|field| {
                let mut out = String::new();
                reader.value(&field.ty, &mut out)?;
                Some(out)
            })
            .collect::<Option<_>>()?;
        reader.bytes.is_empty().then_some(shown)
    }
}

/// The template with each `{field}` as its value.
fn filled(template: &str, fields: &[Field], shown: &[String]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        out.push_str(before);
        let value = fields
            .iter()
            .zip(shown)
            .find(|(field, _)| field.name == name);
        out.push_str(value.map_or("", |(_, shown)| shown));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Encoded values on their way into words.
struct Reader<'i> {
    interface: &'i Interface,
    bytes: &'i [u8],
    /// Values that may still come.
    left: u32,
}

impl Reader<'_> {
    /// Adds the next value. How deep types are nested was checked when the interface was read.
    fn value(&mut self, ty: &Type, out: &mut String) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        match ty {
            Type::Builtin(builtin) => add(out, &words::shown(*builtin, &mut self.bytes)?),
            Type::Text(_) => {
                let text = self.sized()?;
                add(out, core::str::from_utf8(text).ok()?);
            }
            Type::Bytes(_) => add(out, &to_hex(self.sized()?)),
            Type::Option(inner) => match self.next::<u8>()? {
                0 => add(out, "nothing"),
                1 => self.value(inner, out)?,
                _ => return None,
            },
            Type::List(item, _) => {
                let count = self.next::<Compact<u32>>()?.0;
                self.joined((0..count).map(|_| &**item), out)?;
            }
            Type::Array(item, len) => self.joined((0..*len).map(|_| &**item), out)?,
            Type::Tuple(items) => self.joined(items.iter(), out)?,
            Type::Named(number) => {
                let interface = self.interface;
                self.named(interface.type_def(*number)?, out)?;
            }
        }
        Some(())
    }

    fn named(&mut self, def: &TypeDef, out: &mut String) -> Option<()> {
        let variants = match &def.body {
            Body::Struct(fields) => return self.joined(fields.iter().map(|field| &field.ty), out),
            Body::Enum(variants) => variants,
        };
        let index = self.next::<u8>()?;
        let Variant { name, fields, .. } = variants.iter().find(|v| v.index == index)?;
        add(out, name);
        if !fields.is_empty() {
            add(out, " ");
        }
        self.joined(fields.iter().map(|field| &field.ty), out)
    }

    /// Values with commas between them.
    fn joined<'t>(
        &mut self,
        types: impl Iterator<Item = &'t Type>,
        out: &mut String,
    ) -> Option<()> {
        for (at, ty) in types.enumerate() {
            if at > 0 {
                add(out, ", ");
            }
            self.value(ty, out)?;
        }
        Some(())
    }

    fn sized(&mut self) -> Option<&[u8]> {
        let len = usize::try_from(self.next::<Compact<u32>>()?.0).ok()?;
        let (taken, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(taken)
    }

    fn next<T: Decode>(&mut self) -> Option<T> {
        T::decode(&mut self.bytes).ok()
    }
}

/// Adds a text as long as there is room, and a part of the last one.
fn add(out: &mut String, text: &str) {
    let room = MAX_SHOWN.saturating_sub(out.len());
    let end = (0..=room.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    out.push_str(text.get(..end.unwrap_or(0)).unwrap_or_default());
}
