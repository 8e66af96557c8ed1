//! The embedded engines behind [`Store`].
//!
//! **Invariant:** this is the only crate that names redb, and it knows nothing of what rows mean:
//! a table is a number and a name, a row is bytes.
//!
//! - [`RedbStore`] keeps a ledger in a folder; its layout and the check of its format are in
//!   `folder.rs`, the engine in `redb_store.rs`.
//! - [`MemoryStore`] keeps it until it is dropped.
//!
//! One conformance suite, in `tests/it/conformance.rs`, runs over every engine.

mod error;
mod folder;
mod guard;
mod redb_store;

pub use error::StoreError;
pub use folder::FORMAT;
pub use marque_state::{MemoryStore, Store};
pub use redb_store::{Options, RedbStore};
