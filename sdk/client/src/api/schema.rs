//! JSON schemas of what is read by hand.

use super::discover::OpenRpc;
use super::method::At;
use super::transaction::Encoded;
use marque_primitives::action::Action;
use marque_primitives::transaction::MAX_ACTIONS;
use marque_primitives::{Hash, Height, List};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A transaction written as JSON.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Draft")]
pub(super) struct Draft {
    /// In the order in which they are done.
    #[expect(dead_code, reason = "the type is there for its schema")]
    actions: List<Action, MAX_ACTIONS>,
}

/// A transaction as bytes or as JSON.
#[derive(schemars::JsonSchema)]
#[schemars(untagged, rename = "AnyTransaction")]
#[expect(dead_code, reason = "the type is there for its schema")]
pub(super) enum AnyTransaction {
    /// A body with or without its signature.
    Bytes(Encoded),
    /// As JSON.
    Draft(Draft),
}

/// Any JSON object.
pub(super) struct Object;

impl JsonSchema for Object {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Object".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object"})
    }
}

impl JsonSchema for At {
    fn schema_name() -> Cow<'static, str> {
        "At".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let height = generator.subschema_for::<Height>();
        let hash = generator.subschema_for::<Hash>();
        json_schema!({
            "description": "A block: the newest, or by its height or hash",
            "anyOf": [{"enum": ["latest", "finalized"]}, height, hash],
        })
    }
}

impl JsonSchema for OpenRpc {
    fn schema_name() -> Cow<'static, str> {
        "OpenRpc".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An OpenRPC document, as https://spec.open-rpc.org states it",
            "type": "object",
            "properties": {
                "openrpc": {"const": "1.3.2"},
                "info": {"type": "object", "required": ["title", "version"]},
                "methods": {
                    "type": "array",
                    "items": {"type": "object", "required": ["name", "params", "result"]},
                },
                "components": {"type": "object"},
            },
            "required": ["openrpc", "info", "methods", "components"],
        })
    }
}
