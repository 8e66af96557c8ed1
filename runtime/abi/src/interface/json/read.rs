//! From JSON to SCALE.

use super::JsonError;
use crate::interface::describe::builtins;
use crate::interface::{Body, Builtin, Field, Interface, Type, TypeDef};
use alloc::format;
use alloc::vec::Vec;
use marque_primitives::hash::from_hex;
use parity_scale_codec::{Compact, Encode};
use serde_json::{Map, Value};

pub(super) fn encode(
    interface: &Interface,
    ty: &Type,
    value: &Value,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    match ty {
        Type::Builtin(builtin) => encode_builtin(*builtin, value, out),
        Type::Text(max) => {
            let text = value.as_str().ok_or_else(|| expected("text", value))?;
            at_most(text.len(), *max, "bytes of UTF-8")?;
            text.encode_to(out);
            Ok(())
        }
        Type::Bytes(max) => {
            let bytes = hex(value)?;
            at_most(bytes.len(), *max, "bytes")?;
            bytes.encode_to(out);
            Ok(())
        }
        Type::Option(inner) => {
            if value.is_null() {
                out.push(0);
                return Ok(());
            }
            out.push(1);
            encode(interface, inner, value, out)
        }
        Type::List(item, max) => {
            let items = value
                .as_array()
                .ok_or_else(|| expected("an array", value))?;
            at_most(items.len(), *max, "items")?;
            length(items.len())?.encode_to(out);
            each(interface, items.iter().map(|value| (&**item, value)), out)
        }
        Type::Array(item, len) => {
            if **item == Type::Builtin(Builtin::U8) {
                let bytes = hex(value)?;
                exactly(bytes.len(), *len, "bytes")?;
                out.extend_from_slice(&bytes);
                return Ok(());
            }
            let items = value
                .as_array()
                .ok_or_else(|| expected("an array", value))?;
            exactly(items.len(), *len, "items")?;
            each(interface, items.iter().map(|value| (&**item, value)), out)
        }
        Type::Tuple(types) if types.is_empty() => match value {
            Value::Null => Ok(()),
            _ => Err(expected("null", value)),
        },
        Type::Tuple(types) => {
            let items = value
                .as_array()
                .ok_or_else(|| expected("an array", value))?;
            exactly(
                items.len(),
                u32::try_from(types.len()).unwrap_or(u32::MAX),
                "items",
            )?;
            each(interface, types.iter().zip(items), out)
        }
        Type::Named(number) => {
            let def = interface
                .type_def(*number)
                .ok_or_else(|| JsonError::new("the interface does not describe its type"))?;
            named(interface, def, value, out)
        }
    }
}

fn named(
    interface: &Interface,
    def: &TypeDef,
    value: &Value,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    let variants = match &def.body {
        Body::Struct(content) => return fields(interface, content, value, out),
        Body::Enum(variants) => variants,
    };
    let null = Value::Null;
    let (name, content) = match value {
        Value::String(name) => (name, &null),
        Value::Object(object) => match object.iter().next() {
            Some(only) if object.len() == 1 => only,
            _ => return Err(expected("an object of one variant", value)),
        },
        _ => {
            return Err(expected(
                "a variant's name, or an object of one variant",
                value,
            ));
        }
    };
    let Some(variant) = variants.iter().find(|variant| variant.name == *name) else {
        let names: Vec<&str> = variants
            .iter()
            .map(|variant| variant.name.as_str())
            .collect();
        return Err(JsonError::new(format!(
            "`{name}` is no {}; one of: {}",
            def.name,
            names.join(", ")
        )));
    };
    out.push(variant.index);
    fields(interface, &variant.fields, content, out).map_err(|error| error.under(name))
}

fn fields(
    interface: &Interface,
    content: &[Field],
    value: &Value,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    match content {
        [] if value.is_null() => Ok(()),
        [] => Err(expected("nothing", value)),
        [only] if only.name.is_empty() => encode(interface, &only.ty, value, out),
        [first, ..] if first.name.is_empty() => {
            let items = value
                .as_array()
                .ok_or_else(|| expected("an array", value))?;
            exactly(
                items.len(),
                u32::try_from(content.len()).unwrap_or(u32::MAX),
                "items",
            )?;
            each(
                interface,
                content.iter().map(|field| &field.ty).zip(items),
                out,
            )
        }
        _ => {
            let object = value
                .as_object()
                .ok_or_else(|| expected("an object", value))?;
            if let Some(name) = unknown(object, content) {
                return Err(JsonError::new("no such field").under(name));
            }
            for field in content {
                let value = match (object.get(&field.name), &field.ty) {
                    (Some(value), _) => value,
                    (None, Type::Option(_)) => &Value::Null,
                    (None, _) => return Err(JsonError::new("missing").under(&field.name)),
                };
                encode(interface, &field.ty, value, out)
                    .map_err(|error| error.under(&field.name))?;
            }
            Ok(())
        }
    }
}

/// The first name in `object` that no field has.
pub(super) fn unknown<'v>(
    object: &'v Map<alloc::string::String, Value>,
    fields: &[Field],
) -> Option<&'v str> {
    let known = |name: &str| fields.iter().any(|field| field.name == name);
    object
        .keys()
        .map(|name| name.as_str())
        .find(|name| !known(name))
}

fn each<'a>(
    interface: &Interface,
    items: impl Iterator<Item = (&'a Type, &'a Value)>,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    for (at, (ty, value)) in items.enumerate() {
        encode(interface, ty, value, out).map_err(|error| error.under(&format!("[{at}]")))?;
    }
    Ok(())
}

/// A number, or its decimal text.
fn digits<T: core::str::FromStr>(value: &Value) -> Option<T> {
    match value {
        Value::Number(number) => alloc::string::ToString::to_string(number).parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

macro_rules! encode_by {
    (plain, $ty:ty, $name:ident, $value:ident, $out:ident) => {
        serde_json::from_value::<$ty>($value.clone())
            .map(|value| value.encode_to($out))
            .map_err(|error| JsonError::new(format!("{error} (expected {})", stringify!($name))))
    };
    (digits, $ty:ty, $name:ident, $value:ident, $out:ident) => {
        digits::<$ty>($value)
            .map(|value| value.encode_to($out))
            .ok_or_else(|| {
                expected(
                    concat!(stringify!($name), ", as a number or its decimal text"),
                    $value,
                )
            })
    };
}

macro_rules! encode_builtins {
    ($( $(#[$doc:meta])* $index:literal $name:ident = $ty:ty, $form:ident; )*) => {
        fn encode_builtin(
            builtin: Builtin,
            value: &Value,
            out: &mut Vec<u8>,
        ) -> Result<(), JsonError> {
            use crate::interface::describe::words::*;
            match builtin { $( Builtin::$name => encode_by!($form, $ty, $name, value, out), )* }
        }
    };
}
builtins!(encode_builtins);

fn hex(value: &Value) -> Result<Vec<u8>, JsonError> {
    let bytes = value.as_str().and_then(from_hex);
    bytes.ok_or_else(|| expected("0x and hexadecimal digits, two for each byte", value))
}

fn expected(what: &str, found: &Value) -> JsonError {
    let mut shown: alloc::string::String = alloc::string::ToString::to_string(found);
    if shown.len() > 60 {
        shown = shown.chars().take(57).collect();
        shown.push_str("...");
    }
    JsonError::new(format!("expected {what}, found {shown}"))
}

fn at_most(found: usize, max: u32, what: &str) -> Result<(), JsonError> {
    if max == 0 || u64::try_from(found).is_ok_and(|found| found <= u64::from(max)) {
        return Ok(());
    }
    Err(JsonError::new(format!("{found} {what}, {max} at most")))
}

fn exactly(found: usize, count: u32, what: &str) -> Result<(), JsonError> {
    if u32::try_from(found) == Ok(count) {
        return Ok(());
    }
    Err(JsonError::new(format!(
        "{found} {what}, exactly {count} expected"
    )))
}

fn length(len: usize) -> Result<Compact<u32>, JsonError> {
    u32::try_from(len)
        .map(Compact)
        .map_err(|_| JsonError::new("a list that long fits no call"))
}
