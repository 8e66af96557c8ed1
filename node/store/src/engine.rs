//! Which engine keeps a folder, and the one way to open it.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use marque_state::Store;

use crate::{RedbStore, SledStore, StoreError, folder};

/// An engine that keeps a ledger in a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// A copy-on-write B-tree in one file; what it acknowledged survives a power cut.
    #[default]
    Redb,
    /// A log-structured tree; what it acknowledged survives a kill, but perhaps no power cut.
    Sled,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 2] = [Self::Redb, Self::Sled];

    /// Its name on the command line, in configuration and in the folder's `FORMAT`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redb => "redb",
            Self::Sled => "sled",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Engine {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self, StoreError> {
        let engine = Self::ALL.into_iter().find(|engine| engine.name() == name);
        engine.ok_or_else(|| StoreError::NoSuchEngine {
            name: name.to_owned(),
        })
    }
}

/// How an engine uses the machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// Memory for cached pages, in bytes.
    pub cache_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 512 << 20,
        }
    }
}

/// An open data folder.
#[derive(Clone)]
pub struct Opened {
    /// The store in it.
    pub store: Arc<dyn Store>,
    /// The engine that keeps it.
    pub engine: Engine,
}

/// Opens a folder, or makes it. Without an engine, the one that wrote the folder is taken, and
/// redb for a new one.
///
/// # Errors
/// Everything in [`StoreError`]: an engine that is not the folder's is refused, not converted.
pub fn open(
    folder: &Path,
    engine: Option<Engine>,
    options: &Options,
) -> Result<Opened, StoreError> {
    let found = match engine {
        Some(engine) => Some(engine),
        None => folder::engine(folder)?,
    };
    let engine = found.unwrap_or_default();
    let store = unpanicked(folder, || open_with(folder, engine, options))?;
    Ok(Opened { store, engine })
}

fn open_with(
    folder: &Path,
    engine: Engine,
    options: &Options,
) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match engine {
        Engine::Redb => Arc::new(RedbStore::open(folder, options)?),
        Engine::Sled => Arc::new(SledStore::open(folder, options)?),
    })
}

/// An engine may panic on a file that is not what it wrote: that is damage like any other.
pub(crate) fn unpanicked<T>(
    folder: &Path,
    open: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let opened = std::panic::catch_unwind(AssertUnwindSafe(open));
    opened.unwrap_or_else(|_| {
        Err(StoreError::Engine {
            path: folder.to_owned(),
            source: "the engine cannot make sense of its own file".into(),
        })
    })
}
