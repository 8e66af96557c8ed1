//! Integers that no JSON reader rounds: numbers up to 2^53 - 1, decimal strings above.

use alloc::string::ToString as _;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::Serializer;
use serde_json::Value;

/// The greatest integer that a double holds together with all below it.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Writes an integer.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &u64, s: S) -> Result<S::Ok, S::Error> {
    if *value <= MAX_NUMBER {
        s.serialize_u64(*value)
    } else {
        s.collect_str(value)
    }
}

/// Reads an integer from 0 to 2^64 - 1, given as a number or as its decimal text.
///
/// # Errors
/// When it is anything else.
pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<u64, D::Error> {
    let value = Value::deserialize(d)?;
    of_value(&value).ok_or_else(|| {
        let found = value.to_string();
        D::Error::custom(super::quoted(
            &found,
            &"expected an integer from 0 to 18446744073709551615",
        ))
    })
}

/// The integer that a JSON value stands for.
pub(super) fn of_value(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// Numbers of the ledger that are 64 bits wide.
macro_rules! integers {
    ($($name:ty),*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                serialize(&self.0, s)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                deserialize(d).map(Self)
            }
        }
    )*};
}

integers!(crate::Height, crate::Nonce, crate::Gas, crate::Position);

impl serde::Serialize for crate::Lane {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for crate::Lane {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        u8::deserialize(d).map(Self)
    }
}
