//! One step of a transaction: `{"offer": {"items": […], "to": …, "place": …}}`.
//!
//! The name says what is asked; the fields of an operation stand beside those of its
//! [`Detail`]. A captured event is `{"fact": {…}}`, with its detail apart, since it may
//! hold several operations.

use super::detail::FIELDS as DETAIL;
use crate::action::{Action, CodeSource, ContractAction, Operation, Registration, Report};
use crate::bounded::Bytes;
use crate::detail::Detail;
use crate::hash::Hash;
use alloc::format;
use alloc::string::String;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

/// Operations, by their names in JSON.
const OPERATIONS: &[&str] = &[
    "commission",
    "decommission",
    "reinstate",
    "offer",
    "accept",
    "reject",
    "withdraw",
    "claim",
    "release",
    "pack",
    "unpack",
    "observe",
    "associate",
    "dissociate",
    "transform",
    "recall",
    "lift",
    "link",
    "declareError",
    "liftOf",
    "endHold",
];
/// What the registry records.
const REGISTRATIONS: &[&str] = &[
    "registerParty",
    "license",
    "registerProduct",
    "appoint",
    "authorizeKey",
    "revokeKey",
    "grantObserver",
    "acknowledge",
    "issueCredential",
    "revokeCredential",
];
/// What is done with contracts.
const CONTRACTS: &[&str] = &["deploy", "upgrade", "message", "store"];
/// A captured event.
const FACT: &str = "fact";

impl<'de> Deserialize<'de> for CodeSource {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Known {
            hash: Hash,
        }
        let read = match Value::deserialize(d)? {
            code @ Value::String(_) => Bytes::deserialize(code).map(Self::Inline),
            known @ Value::Object(_) => {
                Known::deserialize(known).map(|Known { hash }| Self::Known { hash })
            }
            _ => {
                return Err(D::Error::custom(
                    r#"code is its bytes as 0x hex, or {"hash": "0x…"} of code that the ledger has"#,
                ));
            }
        };
        read.map_err(D::Error::custom)
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Intent(operation, detail) => {
                let value = serde_json::to_value(operation).map_err(S::Error::custom)?;
                let Value::Object(tagged) = value else {
                    return Err(S::Error::custom("an operation is an object"));
                };
                let detail = serde_json::to_value(detail).map_err(S::Error::custom)?;
                let mut map = s.serialize_map(Some(1))?;
                for (name, fields) in tagged {
                    map.serialize_entry(&name, &beside(fields, detail.clone()))?;
                }
                map.end()
            }
            Self::Fact(report) => {
                let mut map = s.serialize_map(Some(1))?;
                map.serialize_entry(FACT, report)?;
                map.end()
            }
            Self::Registry(registration) => registration.serialize(s),
            Self::Contract(action) => action.serialize(s),
        }
    }
}

/// The fields of both objects, without those that are null.
fn beside(first: Value, second: Value) -> Value {
    let fields = |value| match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let all = fields(first).into_iter().chain(fields(second));
    Value::Object(all.filter(|(_, value)| !value.is_null()).collect())
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        read(Map::deserialize(d)?).map_err(D::Error::custom)
    }
}

fn read(tagged: Map<String, Value>) -> Result<Action, String> {
    let count = tagged.len();
    let Some((name, fields)) = tagged.into_iter().next().filter(|_| count == 1) else {
        return Err(format!("an action is an object with one name: {}", names()));
    };
    let name = name.as_str();
    if OPERATIONS.contains(&name) {
        let Value::Object(fields) = fields else {
            return Err(format!("{name}: expected an object"));
        };
        let (detail, own): (Map<_, _>, Map<_, _>) = fields
            .into_iter()
            .partition(|(field, _)| DETAIL.contains(&field.as_str()));
        let operation: Operation = tag(name, Value::Object(own)).map_err(|error| {
            match error.starts_with("unknown field") {
                true => format!(
                    "{name}: {error}, or of the detail: `{}`",
                    DETAIL.join("`, `")
                ),
                false => format!("{name}: {error}"),
            }
        })?;
        let detail: Detail = serde_json::from_value(Value::Object(detail))
            .map_err(|error| format!("{name}: {error}"))?;
        return Ok(Action::Intent(operation, detail));
    }
    let action = if name == FACT {
        serde_json::from_value::<Report>(fields)
            .map(Action::Fact)
            .map_err(|error| format!("{error}"))
    } else if REGISTRATIONS.contains(&name) {
        tag::<Registration>(name, fields).map(Action::Registry)
    } else if CONTRACTS.contains(&name) {
        tag::<ContractAction>(name, fields).map(Action::Contract)
    } else {
        return Err(format!("unknown action \"{name}\": expected {}", names()));
    };
    action.map_err(|error| format!("{name}: {error}"))
}

/// Reads an externally tagged value again under its name.
fn tag<T: DeserializeOwned>(name: &str, fields: Value) -> Result<T, String> {
    let tagged = core::iter::once((name.into(), fields)).collect();
    serde_json::from_value(Value::Object(tagged)).map_err(|error| format!("{error}"))
}

fn names() -> String {
    [OPERATIONS, REGISTRATIONS, CONTRACTS, &[FACT]]
        .concat()
        .join(", ")
}
