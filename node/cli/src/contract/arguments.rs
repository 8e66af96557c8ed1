//! Arguments as they are typed: `NAME=TEXT` or `NAME:=JSON`.

use crate::failure::Failure;
use marque_abi::interface::json::{encode_args, signature};
use marque_abi::interface::{Function, Interface};
use marque_primitives::bounded::Bytes;
use serde_json::{Map, Value};

/// An object by names; null where there are none.
pub fn read(typed: &[String]) -> Result<Value, Failure> {
    let mut args = Map::new();
    for text in typed {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            Failure::usage(
                format!("{text} is no argument"),
                "write NAME=TEXT, or NAME:=JSON for numbers, lists and objects",
            )
        })?;
        let (name, value) = match name.strip_suffix(':') {
            None => (name, Value::from(value)),
            Some(name) => (
                name,
                serde_json::from_str(value).map_err(|error| {
                    Failure::usage(
                        format!("{name} is no JSON: {error}"),
                        "quote it for the shell",
                    )
                })?,
            ),
        };
        if args.insert(name.to_string(), value).is_some() {
            return Err(Failure::usage(
                format!("{name} is given twice"),
                "leave one",
            ));
        }
    }
    Ok(match args.is_empty() {
        true => Value::Null,
        false => args.into(),
    })
}

/// Encoded for a function; for none, none may be given.
pub fn encode(
    interface: &Interface,
    function: Option<&Function>,
    typed: &[String],
) -> Result<Bytes<65536>, Failure> {
    let args = read(typed)?;
    let Some(function) = function else {
        return match args {
            Value::Null => Ok(Bytes::default()),
            _ => Err(Failure::usage("it takes no arguments", "leave them out")),
        };
    };
    let takes = || format!("it takes {}", signature(interface, function));
    let encoded = encode_args(interface, function, &args)
        .map_err(|error| Failure::usage(error.to_string(), takes()))?;
    Bytes::new(encoded).map_err(|error| Failure::usage(error.to_string(), takes()))
}
