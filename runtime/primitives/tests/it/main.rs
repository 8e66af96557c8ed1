//! The formats of the ledger's words: fixtures that fix them, and properties that hold for
//! all of them.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says no by panicking

mod encoding;
mod golden;
mod json_errors;
mod json_fixtures;
mod json_forms;
mod round_trip;
mod samples;
mod strategies;
