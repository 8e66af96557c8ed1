//! Numbers, quantities and moments.

use super::schemas;
use crate::date::Date;
use crate::{Amount, Decimal, Gas, Height, Lane, Nonce, Position, TimeMs, Unit};

/// Integers of 64 bits, which are numbers as long as a double holds them.
macro_rules! integers {
    ($($type:ty, $name:literal, $about:literal;)*) => {
        schemas! {$(
            $type, $name,
                {"description": $about, "anyOf": [
                    {"type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64},
                    {"type": "string", "pattern": "^[0-9]{16,20}$"}
                ]},
                {"description": $about, "anyOf": [
                    {"type": "integer", "minimum": 0, "maximum": u64::MAX},
                    {"type": "string", "pattern": "^[0-9]+$"}
                ]};
        )*}
    };
}

integers! {
    Height, "Height", "A block's place in the chain; genesis is 0";
    Nonce, "Nonce", "A transaction's number in its lane, from 0";
    Gas, "Gas", "Units of metered work";
    Position, "Position", "A place in the ledger's sequence of events or entries";
}

/// A quantity as it is written.
const DECIMAL: &str = r"^-?[0-9]+(\.[0-9]+)?$";
/// The same with what readers take: a sign, an exponent, a point at either end.
const DECIMAL_READ: &str = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$";
/// RFC 3339 in UTC with milliseconds.
const MOMENT: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";
/// RFC 3339, or milliseconds since 1970 as their text.
pub(super) const MOMENT_READ: &str = r"^([0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))$";
/// RFC 3339 by a local clock.
pub(super) const LOCAL: &str =
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}(Z|[+-][0-9]{2}:[0-9]{2})$";

schemas! {
    Lane, "Lane",
        {"description": "One of a key's sequences of nonces", "type": "integer", "minimum": 0, "maximum": 15},
        {"description": "One of a key's sequences of nonces", "type": "integer", "minimum": 0, "maximum": 15};
    TimeMs, "Time",
        {"description": "A moment in UTC (RFC 3339); one beyond the year 9999 in milliseconds since 1970", "anyOf": [
            {"type": "string", "pattern": MOMENT},
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": "^[0-9]{16,20}$"}
        ]},
        {"description": "A moment (RFC 3339, from 1970 to 9999), or milliseconds since 1970", "anyOf": [
            {"type": "string", "pattern": MOMENT_READ},
            {"type": "integer", "minimum": 0, "maximum": u64::MAX}
        ]};
    Date, "Date",
        {"description": "A day from 1970 to 9999", "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        {"description": "A day from 1970 to 9999", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$"};
    Decimal, "Decimal",
        {"description": "An exact decimal", "type": "string", "pattern": DECIMAL},
        {"description": "An exact decimal as its text, or a number", "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": DECIMAL_READ, "maxLength": 64}
        ]};
    Unit, "Unit",
        {"description": "EA for things counted, or a base unit's UN/ECE code", "type": "string"},
        {"description": "EA for things counted, or a base unit's UN/ECE code", "type": "string"};
}

impl schemars::JsonSchema for Amount {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<Decimal>();
        let unit = generator.subschema_for::<Option<alloc::string::String>>();
        schemars::json_schema!({
            "type": "object",
            "properties": {"value": value, "unit": unit},
            "required": ["value"],
            "additionalProperties": false,
        })
    }
}
