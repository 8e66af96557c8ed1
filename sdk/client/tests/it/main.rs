//! The public face keeps its names.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says no by panicking

mod answers;
mod methods;
mod timeouts;
