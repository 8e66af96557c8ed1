//! Transactions written as JSON.

use crate::error::RpcError;
use marque_primitives::List;
use marque_primitives::action::Action;
use marque_primitives::json::naming::{self, NameError};
use marque_primitives::transaction::MAX_ACTIONS;
use serde::Deserialize;
use serde_json::Value;

/// The actions of `{"actions": […]}`, or why not, with the place of the mistake.
pub(crate) fn actions(transaction: &Value) -> Result<List<Action, MAX_ACTIONS>, RpcError> {
    let fields = transaction
        .as_object()
        .ok_or_else(|| RpcError::params("transaction", "a transaction is {\"actions\": […]}"))?;
    if let Some(unknown) = fields.keys().find(|name| *name != "actions") {
        return Err(RpcError::Params {
            field: Some(unknown.clone()),
            message: format!("unknown field `{unknown}` of a transaction"),
            expected: Some("actions".into()),
        });
    }
    let Some(Value::Array(actions)) = fields.get("actions") else {
        return Err(RpcError::params(
            "actions",
            "`actions` is a list of actions",
        ));
    };
    let read = actions.iter().enumerate().map(|(at, action)| {
        Action::deserialize(action).map_err(|error| {
            let path = format!("actions[{at}]");
            match misnamed("", action, &path) {
                Some(error) => error,
                None => RpcError::params(&path, error.to_string()),
            }
        })
    });
    let read = read.collect::<Result<Vec<_>, _>>()?;
    List::new(read).map_err(|error| RpcError::params("actions", error.to_string()))
}

/// The first name in a JSON value that names nothing of the kind that belongs under `key`,
/// so that its error keeps code and place.
fn misnamed(key: &str, value: &Value, path: &str) -> Option<RpcError> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, value)| misnamed(name, value, &format!("{path}.{name}"))),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| misnamed(key, item, &format!("{path}[{at}]"))),
        Value::String(text) => {
            let cause = name_error(key, text)?;
            Some(RpcError::Name {
                field: path.into(),
                cause,
            })
        }
        _ => None,
    }
}

fn name_error(key: &str, text: &str) -> Option<NameError> {
    match key {
        "items" | "children" | "inputs" | "outputs" => naming::thing(text).err(),
        "parent" => naming::anchor(text).err(),
        "to" | "owner" | "party" | "collectors" => naming::party(text).err(),
        "place" | "location" => naming::place(text).err(),
        "locations" | "places" => naming::location(text).err(),
        "gtin" | "product" | "products" => naming::product(text).err(),
        _ => None,
    }
}
