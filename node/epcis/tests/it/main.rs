//! Documents that others wrote, read whole.
#![allow(clippy::unwrap_used, clippy::panic)] // a test says no by panicking

mod collections;
mod fixtures;
mod robustness;
mod vectors;
