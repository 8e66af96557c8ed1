//! The embedded engines behind [`Store`].
//!
//! **Invariant:** this is the only crate that names redb and sled, and it knows nothing of what
//! rows mean: a table is a number and a name, a row is bytes.
//!
//! - [`open`] opens a data folder with the engine that keeps it, [`RedbStore`] or [`SledStore`];
//!   the folder's layout and the check of its format are in `folder.rs`.
//! - [`backup`] copies a snapshot into a new folder, of either engine.
//! - [`inspect`] opens a folder to be read only, and has the engine check its own file.
//! - [`HighMark`] remembers, outside of the database, how far it had come.
//! - [`MemoryStore`] keeps a ledger until it is dropped.
//!
//! One conformance suite, in `tests/it/conformance.rs`, runs over every engine.

mod copy;
mod engine;
mod error;
mod folder;
mod guard;
mod inspect;
mod mark;
mod redb_store;
mod remedy;
mod sled_store;

pub use copy::{Copied, backup, copy};
pub use engine::{Engine, Opened, Options, open};
pub use error::StoreError;
pub use folder::FORMAT;
pub use inspect::inspect;
pub use mark::{HighMark, Mark};
pub use marque_state::{MemoryStore, Store};
pub use redb_store::RedbStore;
pub use sled_store::SledStore;
