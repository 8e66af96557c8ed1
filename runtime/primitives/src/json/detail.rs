//! When, where and why, with the evidence flat beside it.

use super::time;
use crate::bounded::{Bytes, List};
use crate::detail::{Detail, Document, Evidence, Facts, OpenEvidence, Place, Sensor, Term};
use crate::hash::{Hash, from_hex, to_hex};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// The fields, in the order in which they are written.
pub(super) const FIELDS: &[&str] = &[
    "time",
    "offset",
    "place",
    "location",
    "step",
    "disposition",
    "set",
    "unset",
    "facts",
    "sensors",
    "documents",
    "rest",
    "commitment",
];

/// A [`Detail`] as JSON has it. A time with an offset says both; `offset` alone holds one
/// that RFC 3339 can't write.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Flat {
    #[serde(skip_serializing_if = "Value::is_null")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::schema::Local>"))]
    time: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disposition: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    set: List<Term, 16>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unset: List<Term, 16>,
    #[serde(skip_serializing_if = "Facts::is_empty")]
    facts: Facts,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    sensors: List<Sensor, 256>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    documents: List<Document, 64>,
    #[serde(skip_serializing_if = "Value::is_null")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::schema::Rest>"))]
    rest: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    commitment: Option<Hash>,
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let printed = self.time.and_then(|at| time::print(at, self.offset));
        let (time, offset) = match (printed, self.time) {
            (Some(text), _) => (Value::String(text), None),
            (None, Some(at)) => (
                serde_json::to_value(at).map_err(serde::ser::Error::custom)?,
                self.offset,
            ),
            (None, None) => (Value::Null, self.offset),
        };
        let mut flat = Flat {
            time,
            offset,
            place: self.place.clone(),
            location: self.location.clone(),
            step: self.step.as_ref().map(ToString::to_string),
            disposition: self.disposition.as_ref().map(ToString::to_string),
            set: self.set.clone(),
            unset: self.unset.clone(),
            ..Flat::default()
        };
        match &self.evidence {
            Evidence::Open(open) => {
                flat.facts = open.facts.clone();
                flat.sensors = open.sensors.clone();
                flat.documents = open.documents.clone();
                flat.rest = rest_value(&open.rest);
            }
            Evidence::Commitment(hash) => flat.commitment = Some(*hash),
        }
        flat.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Detail {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let flat = Flat::deserialize(d)?;
        let (time, offset) = match &flat.time {
            Value::Null => (None, None),
            value => {
                let (at, offset) = time::of_value(value)
                    .map_err(|error| D::Error::custom(super::quoted(&value.to_string(), &error)))?;
                (Some(at), offset)
            }
        };
        let term = |term: Option<String>| term.map(Term::new).transpose().map_err(D::Error::custom);
        let evidence = match flat.commitment {
            None => Evidence::Open(OpenEvidence {
                facts: flat.facts,
                sensors: flat.sensors,
                documents: flat.documents,
                rest: rest_bytes(flat.rest).map_err(D::Error::custom)?,
            }),
            Some(hash) => {
                let open = !flat.facts.is_empty()
                    || !flat.sensors.is_empty()
                    || !flat.documents.is_empty();
                if open || !flat.rest.is_null() {
                    return Err(D::Error::custom(
                        "`commitment` stands for the evidence: leave out facts, sensors, documents and rest",
                    ));
                }
                Evidence::Commitment(hash)
            }
        };
        Ok(Self {
            time,
            offset: flat.offset.or(offset),
            place: flat.place,
            location: flat.location,
            step: term(flat.step)?,
            disposition: term(flat.disposition)?,
            set: flat.set,
            unset: flat.unset,
            evidence,
        })
    }
}

/// What no rule reads, as the JSON that it is; as hex where writing it again would not
/// give the same bytes.
fn rest_value(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value @ Value::Object(_))
            if serde_json::to_vec(&sorted(value.clone())).is_ok_and(|again| again == bytes) =>
        {
            value
        }
        _ => Value::String(to_hex(bytes)),
    }
}

fn rest_bytes(value: Value) -> Result<Bytes<65536>, String> {
    let bytes: Vec<u8> = match value {
        Value::Null => Vec::new(),
        object @ Value::Object(_) => {
            serde_json::to_vec(&sorted(object)).map_err(|error| error.to_string())?
        }
        Value::String(text) => {
            from_hex(&text).ok_or("`rest` is an object, or bytes as 0x and hexadecimal digits")?
        }
        _ => return Err("`rest` is an object, or bytes as 0x and hexadecimal digits".into()),
    };
    Bytes::new(bytes).map_err(|error| error.to_string())
}

/// The same JSON with the names of every object in ascending order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
