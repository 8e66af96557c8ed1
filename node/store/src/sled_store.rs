//! The other engine: sled, a log-structured tree in a folder of its own.
//!
//! All tables lie in one tree, each key after its table's number, since sled's batches are atomic
//! within one tree only: one batch and one flush a commit. sled has no snapshots. A commit
//! therefore keeps what it replaces for as long as a snapshot from before it is alive
//! (`history.rs`), and a snapshot reads the tree as it is, then puts back what later commits
//! replaced (`snapshot.rs`). A snapshot that is held for long costs memory for every row that
//! changes meanwhile.
//!
//! Reads wait for the application of a batch to the tree, never for its way to the disk.
//!
//! sled acknowledges with `sync_file_range`, which does not empty a disk's own cache: what it
//! acknowledged survives the end of the process, but perhaps not a power cut.

mod history;
mod snapshot;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use marque_state::{Batch, Snapshot, StateError, Store};
use sled::{Db, Mode};

use crate::folder::Lock;
use crate::guard::{EngineError, Guard};
use crate::{Engine, Options, StoreError, folder};
use history::{History, Replaced};
use snapshot::SledSnapshot;

const ENGINE: &str = Engine::Sled.name();
const FOLDER: &str = "sled";
const COMMIT: &str = "committing a block";

/// A [`Store`] in a folder, kept by sled.
pub struct SledStore {
    shared: Arc<Shared>,
    /// The one writer; whether a commit failed, after which none is taken any more.
    writer: Mutex<bool>,
    /// Dropped after the database is closed.
    _lock: Lock,
}

/// What a store and its snapshots hold together.
struct Shared {
    database: Db,
    history: History,
    guard: Guard,
}

impl SledStore {
    /// Opens a folder, or makes it.
    ///
    /// # Errors
    /// Everything in [`StoreError`].
    pub fn open(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        let lock = folder::prepare(folder, Engine::Sled)?;
        Self::open_locked(folder, options, lock)
    }

    /// Opens a folder that is being copied into.
    pub(crate) fn open_locked(
        folder: &Path,
        options: &Options,
        lock: Lock,
    ) -> Result<Self, StoreError> {
        let config = sled::Config::default()
            .path(folder.join(FOLDER))
            .cache_capacity(u64::try_from(options.cache_bytes).unwrap_or(u64::MAX))
            .mode(Mode::HighThroughput)
            // Every commit flushes; nothing else has to.
            .flush_every_ms(None)
            .print_profile_on_drop(false);
        let database = config.open().map_err(|error| opening(folder, error))?;
        Ok(Self {
            shared: Arc::new(Shared {
                database,
                history: History::default(),
                guard: Guard::new(ENGINE, folder),
            }),
            writer: Mutex::new(false),
            _lock: lock,
        })
    }
}

impl Store for SledStore {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        Ok(Arc::new(SledSnapshot::new(self.shared.clone())))
    }

    fn commit(&self, batch: Batch) -> Result<(), StateError> {
        let mut broken = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if *broken {
            let earlier = sled::Error::Unsupported("an earlier commit failed".to_owned());
            return Err(self.shared.guard.failed(COMMIT, earlier));
        }
        let Shared {
            database,
            history,
            guard,
        } = &*self.shared;
        let mut writes = sled::Batch::default();
        let mut replaced = Replaced::new();
        for (table, rows) in batch {
            for (key, value) in rows {
                let key = prefixed(table.number, &key);
                let before = guard.call("reading a row", || database.get(&key))?;
                if before.as_deref() == value.as_deref() {
                    continue;
                }
                match value {
                    Some(value) => writes.insert(key.as_slice(), value),
                    None => writes.remove(key.as_slice()),
                }
                replaced.insert(key, before.map(|value| value.to_vec()));
            }
        }
        // From here on a reader may meet the new rows, so what they replace has to be known.
        history.announce(replaced);
        let written = guard.call(COMMIT, || {
            database.apply_batch(writes)?;
            database.flush()
        });
        match written {
            Ok(_) => {
                history.publish();
                Ok(())
            }
            Err(error) => {
                // Snapshots keep showing the state before: nobody knows what is on the disk.
                *broken = true;
                Err(error)
            }
        }
    }
}

fn prefixed(table: u8, key: &[u8]) -> Vec<u8> {
    [&[table], key].concat()
}

impl EngineError for sled::Error {
    fn system(&self) -> Option<&io::Error> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }

    fn is_damage(&self) -> bool {
        matches!(self, Self::Corruption { .. } | Self::ReportableBug(_))
    }
}

fn opening(folder: &Path, error: sled::Error) -> StoreError {
    let path = folder.to_owned();
    match error {
        // sled has a lock of its own, and no error of its own for it.
        sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => {
            StoreError::InUse { path }
        }
        sled::Error::Io(source) => StoreError::Folder { path, source },
        error => StoreError::Engine {
            path,
            source: Box::new(error),
        },
    }
}
