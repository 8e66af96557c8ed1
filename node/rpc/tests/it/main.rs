//! The node's JSON-RPC over a real server, on a real chain with its store in memory.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says no by panicking

mod answers;
mod book;
mod contracts;
mod discover;
mod epcis;
mod errors;
mod forms;
mod fuzz;
mod golden;
mod heads;
mod limits;
mod lists;
mod network;
mod probes;
mod proofs;
mod schema;
mod sending;
mod sockets;
mod wire;
mod world;
