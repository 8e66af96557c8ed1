//! The crate's one error.

use thiserror::Error;

/// Why state could not be read, prepared or committed. None of these is a refusal of a
/// transaction: each one means that the node cannot go on, or that the caller asked wrongly.
#[derive(Debug, Error)]
pub enum StateError {
    /// The engine failed: disk full, input/output error, closed database. Its error says where
    /// and what to do.
    #[error("the {engine} store failed while {doing}: {source}")]
    Engine {
        /// The engine's name.
        engine: &'static str,
        /// What it was doing.
        doing: &'static str,
        /// Its own error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A stored row does not decode, or contradicts another one.
    #[error(
        "table {table}, key 0x{key}: {what}; the data folder is damaged, restore it from a backup or resync"
    )]
    Corrupt {
        /// The table's name.
        table: &'static str,
        /// The row's key in hexadecimal.
        key: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A change of the empty key, which is the sentinel's.
    #[error(
        "the empty key cannot be written; every key of the state begins with the prefix of its kind"
    )]
    EmptyKey,
    /// A snapshot that is not of the block it was given for.
    #[error(
        "the snapshot is of another block than height {expected}; take it after that block's commit and before the next"
    )]
    OutOfStep {
        /// The height that the snapshot should have.
        expected: u64,
    },
    /// A proof or an older state was asked of a state that is not yet durable.
    #[error(
        "the state at height {height} is not durable yet; ask again once its block is committed"
    )]
    NotDurable {
        /// The height of the state.
        height: u64,
    },
    /// The state at a height is not kept, or not there yet.
    #[error("the state at height {height} is not kept; heights {oldest} to {newest} are")]
    NotKept {
        /// The height asked for.
        height: u64,
        /// The oldest that is kept.
        oldest: u64,
        /// The newest.
        newest: u64,
    },
    /// Nothing was ever committed: there is no root to prove anything under.
    #[error("the ledger has no genesis yet; make one with `marque init` or `marque dev`")]
    NoGenesis,
}

impl StateError {
    /// A damaged row, named by table and key.
    #[must_use]
    pub fn corrupt(table: &'static str, key: &[u8], what: &'static str) -> Self {
        let key = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::Corrupt { table, key, what }
    }
}
