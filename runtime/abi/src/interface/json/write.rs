//! From SCALE to JSON.

use super::JsonError;
use crate::interface::describe::builtins;
use crate::interface::{Body, Builtin, Field, Interface, Type, TypeDef};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use marque_primitives::hash::to_hex;
use parity_scale_codec::{Compact, Decode};
use serde_json::{Map, Value};

/// Values in one answer, and items of a list whose type states no limit.
const MAX_ITEMS: u32 = 65_536;

/// Bytes to decode, and how many more values may come of them: a type can hold many values
/// that take no bytes.
pub(super) struct Input<'b> {
    pub bytes: &'b [u8],
    pub values: u32,
}

impl<'b> Input<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            values: MAX_ITEMS,
        }
    }
}

pub(super) fn decode(
    interface: &Interface,
    ty: &Type,
    input: &mut Input<'_>,
) -> Result<Value, JsonError> {
    input.values = input
        .values
        .checked_sub(1)
        .ok_or_else(|| JsonError::new("more values than a call holds"))?;
    match ty {
        Type::Builtin(builtin) => decode_builtin(*builtin, input),
        Type::Text(max) => {
            let bytes = sized(input, *max)?;
            let text = core::str::from_utf8(bytes)
                .map_err(|_| JsonError::new("text that is not UTF-8"))?;
            Ok(Value::String(text.into()))
        }
        Type::Bytes(max) => Ok(Value::String(to_hex(sized(input, *max)?))),
        Type::Option(inner) => match scale::<u8>(input, "an option's flag")? {
            0 => Ok(Value::Null),
            1 => decode(interface, inner, input),
            _ => Err(JsonError::new("an option's flag is 0 or 1")),
        },
        Type::List(item, max) => {
            let count = count(input, *max)?;
            items(interface, core::iter::repeat_n(&**item, count), input)
        }
        Type::Array(item, len) => {
            let len = usize::try_from(*len).unwrap_or(usize::MAX);
            if **item == Type::Builtin(Builtin::U8) {
                return Ok(Value::String(to_hex(take(input, len)?)));
            }
            items(interface, core::iter::repeat_n(&**item, len), input)
        }
        Type::Tuple(types) if types.is_empty() => Ok(Value::Null),
        Type::Tuple(types) => items(interface, types.iter(), input),
        Type::Named(number) => {
            let def = interface
                .type_def(*number)
                .ok_or_else(|| JsonError::new("the interface does not describe its type"))?;
            named(interface, def, input)
        }
    }
}

fn named(interface: &Interface, def: &TypeDef, input: &mut Input<'_>) -> Result<Value, JsonError> {
    let variants = match &def.body {
        Body::Struct(content) => return fields(interface, content, input),
        Body::Enum(variants) => variants,
    };
    let index = scale::<u8>(input, "a variant's number")?;
    let variant = variants
        .iter()
        .find(|variant| variant.index == index)
        .ok_or_else(|| JsonError::new(format!("{} has no variant {index}", def.name)))?;
    if variant.fields.is_empty() {
        return Ok(Value::String(variant.name.clone()));
    }
    let content =
        fields(interface, &variant.fields, input).map_err(|error| error.under(&variant.name))?;
    Ok(Value::Object(Map::from_iter([(
        variant.name.clone(),
        content,
    )])))
}

fn fields(
    interface: &Interface,
    content: &[Field],
    input: &mut Input<'_>,
) -> Result<Value, JsonError> {
    match content {
        [] => Ok(Value::Null),
        [only] if only.name.is_empty() => decode(interface, &only.ty, input),
        [first, ..] if first.name.is_empty() => {
            items(interface, content.iter().map(|field| &field.ty), input)
        }
        _ => {
            let mut object = Map::new();
            for field in content {
                let value = decode(interface, &field.ty, input)
                    .map_err(|error| error.under(&field.name))?;
                object.insert(field.name.clone(), value);
            }
            Ok(Value::Object(object))
        }
    }
}

fn items<'a>(
    interface: &Interface,
    types: impl Iterator<Item = &'a Type>,
    input: &mut Input<'_>,
) -> Result<Value, JsonError> {
    types
        .enumerate()
        .map(|(at, ty)| {
            decode(interface, ty, input).map_err(|error| error.under(&format!("[{at}]")))
        })
        .collect::<Result<Vec<Value>, _>>()
        .map(Value::Array)
}

macro_rules! decode_by {
    (plain, $ty:ty, $name:ident, $input:ident) => {
        serde_json::to_value(scale::<$ty>($input, stringify!($name))?)
            .map_err(|error| JsonError::new(error.to_string()))
    };
    (digits, $ty:ty, $name:ident, $input:ident) => {
        scale::<$ty>($input, stringify!($name))
            .map(|number| digits(number, i64::try_from(number).ok()))
    };
}

macro_rules! decode_builtins {
    ($( $(#[$doc:meta])* $index:literal $name:ident = $ty:ty, $form:ident; )*) => {
        fn decode_builtin(builtin: Builtin, input: &mut Input<'_>) -> Result<Value, JsonError> {
            use crate::interface::describe::words::*;
            match builtin { $( Builtin::$name => decode_by!($form, $ty, $name, input), )* }
        }
    };
}
builtins!(decode_builtins);

/// A number that no JSON reader rounds, else its text.
fn digits<T: core::fmt::Display>(value: T, small: Option<i64>) -> Value {
    const EXACT: core::ops::RangeInclusive<i64> = -((1 << 53) - 1)..=(1 << 53) - 1;
    match small.filter(|small| EXACT.contains(small)) {
        Some(small) => Value::from(small),
        None => Value::String(value.to_string()),
    }
}

/// One SCALE value.
pub(super) fn scale<T: Decode>(input: &mut Input<'_>, what: &str) -> Result<T, JsonError> {
    T::decode(&mut input.bytes).map_err(|_| JsonError::new(format!("the bytes are no {what}")))
}

fn count(input: &mut Input<'_>, max: u32) -> Result<usize, JsonError> {
    let count = scale::<Compact<u32>>(input, "length")?.0;
    let max = if max == 0 { MAX_ITEMS } else { max };
    if count > max {
        return Err(JsonError::new(format!("{count} long, {max} at most")));
    }
    usize::try_from(count).map_err(|_| JsonError::new("longer than this machine can hold"))
}

fn sized<'b>(input: &mut Input<'b>, max: u32) -> Result<&'b [u8], JsonError> {
    let len = count(input, max)?;
    take(input, len)
}

fn take<'b>(input: &mut Input<'b>, len: usize) -> Result<&'b [u8], JsonError> {
    let (taken, rest) = input
        .bytes
        .split_at_checked(len)
        .ok_or_else(|| JsonError::new("the bytes end too soon"))?;
    input.bytes = rest;
    Ok(taken)
}

/// A type as documentation shows it.
pub(super) fn type_name(interface: &Interface, ty: &Type) -> String {
    let bounded = |word: &str, max: u32| match max {
        0 => String::from(word),
        max => format!("{word} of at most {max} bytes"),
    };
    match ty {
        Type::Builtin(builtin) => builtin.name().into(),
        Type::Text(max) => bounded("text", *max),
        Type::Bytes(max) => bounded("bytes", *max),
        Type::Option(inner) => format!("{}?", type_name(interface, inner)),
        Type::List(item, 0) => format!("[{}]", type_name(interface, item)),
        Type::List(item, max) => format!("[{}; at most {max}]", type_name(interface, item)),
        Type::Array(item, len) => format!("[{}; {len}]", type_name(interface, item)),
        Type::Tuple(types) => {
            let names: Vec<String> = types.iter().map(|ty| type_name(interface, ty)).collect();
            format!("({})", names.join(", "))
        }
        Type::Named(number) => interface
            .type_def(*number)
            .map_or_else(|| String::from("?"), |def| def.name.clone()),
    }
}
