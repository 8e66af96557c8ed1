//! Things and facts: a name, or an object that says more.

use super::super::things::{Class, LotQuantity, Range};
use crate::bounded::Text;
use crate::detail::{FactValue, Facts};
use crate::thing::{Thing, Uri};
use crate::{Decimal, TimeMs};
use alloc::borrow::Cow;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

impl JsonSchema for Thing {
    fn schema_name() -> Cow<'static, str> {
        "Thing".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let range = generator.subschema_for::<Range>();
        let lot = generator.subschema_for::<LotQuantity>();
        let class = generator.subschema_for::<Class>();
        json_schema!({
            "description": "A thing by its name, a range of serials, or a quantity of a lot or class",
            "anyOf": [{"type": "string", "minLength": 1}, range, lot, class],
        })
    }
}

impl JsonSchema for FactValue {
    fn schema_name() -> Cow<'static, str> {
        "FactValue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let reads = generator.contract().is_deserialize();
        let id = generator.subschema_for::<Uri>();
        let time = generator.subschema_for::<TimeMs>();
        let value = generator.subschema_for::<Decimal>();
        let unit = generator.subschema_for::<Text<16>>();
        let words = generator.subschema_for::<Text<255>>();
        // Null stands for a field left out where it is read.
        let unit = match reads {
            true => json_schema!({"anyOf": [unit, {"type": "null"}]}),
            false => unit,
        };
        let one = |name: &str, schema: Schema| {
            json_schema!({
                "type": "object",
                "properties": {name: schema},
                "required": [name],
                "additionalProperties": false,
            })
        };
        let amount = json_schema!({
            "type": "object",
            "properties": {"value": value, "unit": unit},
            "required": ["value"],
            "additionalProperties": false,
        });
        let mut forms = alloc::vec![words, one("id", id), one("time", time), amount];
        if reads {
            forms.push(json_schema!({"type": "number"}));
        }
        json_schema!({"description": "What a fact says", "anyOf": forms})
    }
}

impl JsonSchema for Facts {
    fn schema_name() -> Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<FactValue>();
        json_schema!({
            "description": "Facts by their names",
            "type": "object",
            "additionalProperties": value,
            "maxProperties": 64,
        })
    }
}
