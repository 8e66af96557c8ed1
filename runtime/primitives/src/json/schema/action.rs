//! Actions, whose operations have the fields of their detail beside their own.

use super::super::detail::Flat;
use super::takes_null;
use crate::action::{Action, ContractAction, Operation, Registration, Report};
use crate::detail::Detail;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

impl JsonSchema for Detail {
    fn schema_name() -> Cow<'static, str> {
        "Detail".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Flat::json_schema(generator)
    }
}

impl JsonSchema for Action {
    fn schema_name() -> Cow<'static, str> {
        "Action".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let detail = fields(&Flat::json_schema(generator).to_value());
        let mut forms = variants(Operation::json_schema(generator));
        for form in &mut forms {
            beside(form, &detail);
        }
        forms.extend(variants(Registration::json_schema(generator)));
        forms.extend(variants(ContractAction::json_schema(generator)));
        let report = generator.subschema_for::<Report>();
        forms.push(
            json_schema!({
                "description": "A captured event, with what it may stand for",
                "type": "object",
                "properties": {"fact": report},
                "required": ["fact"],
                "additionalProperties": false,
            })
            .to_value(),
        );
        json_schema!({
            "description": "One step of a transaction: an object with one name",
            "oneOf": forms,
        })
    }
}

/// The variants of an enum that is written as an object with one name.
fn variants(schema: Schema) -> Vec<Value> {
    match schema.to_value().get_mut("oneOf").map(Value::take) {
        Some(Value::Array(forms)) => forms,
        _ => Vec::new(),
    }
}

/// The properties of an object's schema.
fn fields(schema: &Value) -> Map<String, Value> {
    let fields = schema.get("properties").and_then(Value::as_object);
    fields.cloned().unwrap_or_default()
}

/// Puts the fields of the detail beside those of a variant; none of them has to be there, and
/// neither has a field of the operation that could be null, since null is not written.
fn beside(form: &mut Value, detail: &Map<String, Value>) {
    let named = form.get_mut("properties").and_then(Value::as_object_mut);
    for operation in named.into_iter().flat_map(Map::values_mut) {
        let Some(operation) = operation.as_object_mut() else {
            continue;
        };
        let own = operation.get("properties").and_then(Value::as_object);
        let mut all = own.cloned().unwrap_or_default();
        if let Some(Value::Array(required)) = operation.get_mut("required") {
            required.retain(|name| {
                let schema = name.as_str().and_then(|name| all.get(name));
                schema.is_none_or(|schema| !takes_null(schema))
            });
        }
        all.extend(detail.clone());
        operation.insert("properties".into(), Value::Object(all));
    }
}
