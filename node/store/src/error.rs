//! Why a store could not be opened. What fails later is a [`marque_state::StateError`].

use std::io;
use std::path::PathBuf;

use marque_state::StateError;
use thiserror::Error;

use crate::Engine;
use crate::remedy::remedy;

/// Why a folder is not opened. Nothing in it was changed, unless it is [`StoreError::Engine`].
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder or its format file cannot be read or made.
    #[error("{path}: {source}; {}", remedy(source))]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The folder holds something else.
    #[error("{path} is not empty and not a ledger's data folder; name a new or empty folder")]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// A newer version of the program wrote the folder.
    #[error(
        "{path} has format {found}, this program knows formats up to {known}; run the newer version that wrote it"
    )]
    NewerFormat {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// Another engine wrote the folder.
    #[error(
        "{path} was written by the {found} engine, not by {asked}; start the node with `--store {found}`"
    )]
    OtherEngine {
        /// The folder.
        path: PathBuf,
        /// The engine that wrote it.
        found: Engine,
        /// The engine asked for.
        asked: Engine,
    },
    /// There is no engine of that name.
    #[error("there is no store {name:?}; take redb or sled")]
    NoSuchEngine {
        /// The name.
        name: String,
    },
    /// A copy into the folder has not ended.
    #[error("{path} holds a copy that was not finished; remove the folder and make the copy again")]
    Partial {
        /// The folder.
        path: PathBuf,
    },
    /// A copy is to go where something is.
    #[error("{path} holds a ledger already; copy into a new or empty folder")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// There is no ledger in the folder.
    #[error("{path} holds no ledger; name the folder with the file FORMAT in it")]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The file of a high mark is of another chain, or damaged.
    #[error(
        "{path} is not the high mark of this chain; name another file for it, or remove this one if you know that no older copy of the data was put back"
    )]
    OtherMark {
        /// The file.
        path: PathBuf,
    },
    /// Reading or writing failed while a store was copied.
    #[error("copying the store: {0}")]
    Copy(#[from] StateError),
    /// The engine failed while it prepared its file.
    #[error(transparent)]
    State(StateError),
    /// Another process has it open.
    #[error("{path} is in use by another process; stop that node first, or name another folder")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The engine refused its own file.
    #[error(
        "{path}: {source}; the file is damaged or not a database, restore it from a backup or resync"
    )]
    Engine {
        /// The folder.
        path: PathBuf,
        /// The engine's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
