//! JSON as capture reads and keeps it: strict, with exact numbers and known positions.
//!
//! serde_json's own reader takes the last of two equal keys and tells numbers from objects
//! by a magic key; a ledger can afford neither. Values are [`serde_json::Value`].

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Position, read};
pub use write::canonical;
