//! JSON to encoded arguments and encoded answers to JSON, by a contract's interface.
//!
//! Structs are objects with their fields' names, structs of one unnamed field are that
//! field, tuples are arrays, `()` and nothing are null. A variant without fields is its
//! name, any other an object of its name and content. Bytes are 0x hex. Integers beyond
//! 2^53 - 1 are decimal text. Identifiers, times and quantities are written as everywhere
//! on the ledger.

mod read;
mod write;

use super::{EventDef, Function, Interface};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// Why JSON does not fit a function, or bytes do not fit a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonError {
    /// The argument or field at fault, such as `lot` or `items[2].amount`; empty for all
    /// of it.
    pub at: String,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl core::fmt::Display for JsonError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.at.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "`{}`: {}", self.at, self.message)
    }
}

impl core::error::Error for JsonError {}

impl JsonError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            at: String::new(),
            message: message.into(),
        }
    }

    /// With one more step in front of where it is: a name, or `[3]`.
    fn under(mut self, step: &str) -> Self {
        let dot = !self.at.is_empty() && !self.at.starts_with('[');
        self.at.insert_str(0, if dot { "." } else { "" });
        self.at.insert_str(0, step);
        self
    }
}

/// Encodes a function's arguments: an object by their names, an array by their places, or
/// null for none. An argument that may be absent may be left out of an object.
///
/// # Errors
/// The argument that is missing, unknown or not of its type.
pub fn encode_args(
    interface: &Interface,
    function: &Function,
    args: &Value,
) -> Result<Vec<u8>, JsonError> {
    let mut out = Vec::new();
    let fields = &function.args;
    let takes = || signature(interface, function);
    let null = Value::Null;
    let empty = Map::new();
    match args {
        Value::Array(values) => {
            if values.len() != fields.len() {
                return Err(JsonError::new(alloc::format!(
                    "{} arguments given, {} expected: {}",
                    values.len(),
                    fields.len(),
                    takes()
                )));
            }
            for (field, value) in fields.iter().zip(values) {
                read::encode(interface, &field.ty, value, &mut out)
                    .map_err(|error| error.under(&field.name))?;
            }
        }
        Value::Object(_) | Value::Null => {
            let object = args.as_object().unwrap_or(&empty);
            if let Some(name) = read::unknown(object, fields) {
                return Err(
                    JsonError::new(alloc::format!("no such argument; {}", takes())).under(name),
                );
            }
            for field in fields {
                let value = object.get(&field.name).unwrap_or(&null);
                read::encode(interface, &field.ty, value, &mut out).map_err(|error| {
                    let missing = !object.contains_key(&field.name);
                    let error = if missing {
                        JsonError::new(alloc::format!("missing; {}", takes()))
                    } else {
                        error
                    };
                    error.under(&field.name)
                })?;
            }
        }
        _ => {
            return Err(JsonError::new(alloc::format!(
                "arguments are an object or an array; {}",
                takes()
            )));
        }
    }
    Ok(out)
}

/// What a function answered, as JSON.
///
/// # Errors
/// When the bytes are not of the type that the interface states.
pub fn decode_result(
    interface: &Interface,
    function: &Function,
    bytes: &[u8],
) -> Result<Value, JsonError> {
    whole(bytes, |input| {
        write::decode(interface, &function.returns, input)
    })
}

/// An emitted event as its definition and its fields.
///
/// # Errors
/// When no event has that name, or the bytes are not of its types.
pub fn decode_event<'i>(
    interface: &'i Interface,
    bytes: &[u8],
) -> Result<(&'i EventDef, Map<String, Value>), JsonError> {
    whole(bytes, |input| {
        let name: String = write::scale(input, "the event's name")?;
        let event = interface
            .event(&name)
            .ok_or_else(|| JsonError::new(alloc::format!("the contract has no event {name}")))?;
        let mut fields = Map::new();
        for part in &event.fields {
            let value = write::decode(interface, &part.field.ty, input)
                .map_err(|error| error.under(&part.field.name))?;
            fields.insert(part.field.name.clone(), value);
        }
        Ok((event, fields))
    })
}

/// A function as documentation shows it: `release(lot: LotId, note: text) -> bool`.
pub fn signature(interface: &Interface, function: &Function) -> String {
    let args: Vec<String> = function
        .args
        .iter()
        .map(|arg| alloc::format!("{}: {}", arg.name, write::type_name(interface, &arg.ty)))
        .collect();
    let mut text = alloc::format!("{}({})", function.name, args.join(", "));
    if function.returns != super::Type::UNIT {
        text.push_str(" -> ");
        text.push_str(&write::type_name(interface, &function.returns));
    }
    text
}

/// Decodes all of `bytes`.
fn whole<T>(
    bytes: &[u8],
    decode: impl FnOnce(&mut write::Input<'_>) -> Result<T, JsonError>,
) -> Result<T, JsonError> {
    let mut input = write::Input::new(bytes);
    let value = decode(&mut input)?;
    if input.bytes.is_empty() {
        return Ok(value);
    }
    let mut message = input.bytes.len().to_string();
    message.push_str(" bytes more than the type has");
    Err(JsonError::new(message))
}
