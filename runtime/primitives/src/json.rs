//! The ledger's words as JSON for people and programs.
//!
//! - Whatever names an item, lot, product, place or party is read in every form that
//!   [`crate::gs1`] knows and written as its canonical Digital Link; accounts are 0x hex
//!   with the EIP-55 checksum. See [`naming`].
//! - Moments are RFC 3339 in UTC with milliseconds; integers are read as milliseconds
//!   since 1970. An [`action::Action`](crate::action::Action) keeps the local offset.
//! - Quantities are decimal strings. Integers are numbers up to 2^53 - 1, which every
//!   JSON reader keeps, and decimal strings above; both are read.
//! - Bytes are 0x hex.
//!
//! Start reading at [`mod@action`].

pub mod action;
pub mod canonical;
mod detail;
mod facts;
pub mod integer;
mod keys;
pub mod naming;
mod places;
#[cfg(feature = "schema")]
mod schema;
mod things;
pub mod time;

use alloc::string::String;
use core::fmt::Display;
use core::str::FromStr;
use serde::de::{Deserialize, Deserializer, Error};

/// Reads text with `read`; an error quotes the text.
fn text<'de, D, T, E>(d: D, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: Display,
{
    let text = String::deserialize(d)?;
    read(&text).map_err(|error| D::Error::custom(quoted(&text, &error)))
}

/// Reads text by the type's own parser.
fn parsed<'de, D, T>(d: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: Display,
{
    text(d, str::parse::<T>)
}

/// An error behind the text that it is about, cut to a readable length.
fn quoted(text: &str, error: &dyn Display) -> String {
    const SHOWN: usize = 100;
    let shown: String = text.chars().take(SHOWN).collect();
    let more = if text.chars().nth(SHOWN).is_some() {
        "…"
    } else {
        ""
    };
    alloc::format!("\"{shown}{more}\": {error}")
}
