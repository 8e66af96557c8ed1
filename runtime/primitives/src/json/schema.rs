//! JSON schemas of types that write their own JSON. The rest derive theirs.
//!
//! A schema is asked for what is written or for what is read, which is wider: a name is
//! written in its canonical form and read in several. What no schema can say (check digits,
//! dates of the calendar, sums) is checked when it is read.

mod action;
mod names;
mod numbers;
mod things;

use crate::bounded::{Bytes, List, Text};
use crate::{Address, Hash};
use alloc::borrow::Cow;
use alloc::format;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

/// Types with one schema for what is written and one for what is read.
macro_rules! schemas {
    ($($type:ty, $name:literal, $written:tt, $read:tt;)*) => {$(
        impl schemars::JsonSchema for $type {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                $name.into()
            }

            fn schema_id() -> alloc::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", $name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                if generator.contract().is_serialize() {
                    schemars::json_schema!($written)
                } else {
                    schemars::json_schema!($read)
                }
            }
        }
    )*};
}
use schemas;

schemas! {
    Hash, "Hash",
        {"description": "32 bytes", "type": "string", "pattern": "^0x[0-9a-f]{64}$"},
        {"description": "32 bytes", "type": "string", "pattern": "^0x[0-9a-fA-F]{64}$"};
    Address, "Address",
        {
            "description": "An account or contract, with the EIP-55 checksum",
            "type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"
        },
        {
            "description": "An account or contract; letters in both cases must spell the EIP-55 checksum",
            "type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"
        };
}

impl<const N: usize> JsonSchema for Text<N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Text{N}").into()
    }

    // The limit counts bytes of UTF-8: no text within it has more characters than that.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "maxLength": N})
    }
}

impl<const N: usize> JsonSchema for Bytes<N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Bytes{N}").into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let digits = match generator.contract().is_serialize() {
            true => "^0x([0-9a-f]{2})*$",
            false => "^0x([0-9a-fA-F]{2})*$",
        };
        let most = N.saturating_mul(2).saturating_add(2);
        json_schema!({"type": "string", "pattern": digits, "maxLength": most})
    }
}

impl<T: JsonSchema, const N: usize> JsonSchema for List<T, N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("List{N}_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({"type": "array", "items": items, "maxItems": N})
    }
}

/// A moment as an action's detail has it: by the local clock where its offset is known.
pub(super) struct Local;
/// What no rule reads, as an object or as bytes.
pub(super) struct Rest;

schemas! {
    Local, "LocalTime",
        {"description": "A moment by the local clock (RFC 3339), or in milliseconds since 1970", "anyOf": [
            {"type": "string", "pattern": numbers::LOCAL},
            {"type": "string", "pattern": "^[0-9]{16,20}$"},
            {"type": "integer", "minimum": 0}
        ]},
        {"description": "A moment by any clock (RFC 3339, from 1970 to 9999), or in milliseconds since 1970", "anyOf": [
            {"type": "string", "pattern": numbers::MOMENT_READ},
            {"type": "integer", "minimum": 0, "maximum": u64::MAX}
        ]};
    Rest, "Rest",
        {"description": "What no rule reads", "anyOf": [
            {"type": "object"},
            {"type": "string", "pattern": "^0x([0-9a-f]{2})*$"}
        ]},
        {"description": "What no rule reads", "anyOf": [
            {"type": "object"},
            {"type": "string", "pattern": "^0x([0-9a-fA-F]{2})*$"}
        ]};
}

/// Whether a schema takes null beside what it is about.
fn takes_null(schema: &Value) -> bool {
    let null = Value::String("null".into());
    match schema.get("type") {
        Some(Value::Array(types)) => types.contains(&null),
        Some(kind) => *kind == null,
        None => schema
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|any| any.iter().any(takes_null)),
    }
}
