//! What a contract and the ledger say to each other: the one table of host calls, the
//! names of entries, and the metadata section that every contract carries.
//!
//! **Knows nothing about** wasmtime, storage, or the rules of custody: the bytes that pass
//! through the calls are opaque here. `no_std`, compiled into contracts and into the node.
//!
//! Start reading at [`calls`] (the table, and the [`Host`] trait made from it), then
//! [`entry`] (what the ledger calls in a contract) and [`meta`] (what a contract says about
//! itself before it is linked). [`module`] is how its bytes come about.
#![no_std]
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived encoders cast variant indices, which fit"
)]
extern crate alloc;

pub mod calls;
pub mod decision;
pub mod entry;
pub mod host;
pub mod interface;
pub mod invocation;
pub mod meta;
pub mod module;
pub mod movement;

pub use calls::{ABI_VERSION, HostCall, IMPORT_MODULE, WasmType};
pub use entry::Entry;
pub use host::{Host, HostFault, Meter, Reply};
pub use meta::{Meta, MetaError};
