//! The crate's one error.

use thiserror::Error;

/// Why state could not be read, prepared or committed. None of these is a refusal of a
/// transaction: each one means that the node cannot go on, or that the caller asked wrongly.
#[derive(Debug, Error)]
pub enum StateError {
    /// The engine failed: disk full, input/output error, closed database.
    #[error(
        "the {engine} store failed while {doing}: {source}; check the disk and the folder's permissions, then restart the node"
    )]
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
}

impl StateError {
    /// A damaged row, named by table and key.
    #[must_use]
    pub fn corrupt(table: &'static str, key: &[u8], what: &'static str) -> Self {
        let key = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::Corrupt { table, key, what }
    }
}
