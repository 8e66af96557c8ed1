//! The default engine: redb, a copy-on-write B-tree in one file.
//!
//! redb's pages have 4 KiB; a row larger than that takes a run of pages of its own. A commit
//! writes each page on the way to a changed row anew, then syncs, then switches its root: rows
//! that lie together cost little, scattered ones a page each. *Quick repair* saves the page
//! allocator's state with each commit, so that opening after a crash does not walk the file.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use marque_state::{
    Batch, Direction, Entries, Entry, Snapshot, StateError, Store, TableId, tables,
};
use redb::{
    AccessGuard, Builder, Database, DatabaseError, Durability, ReadOnlyTable, ReadableDatabase,
    StorageBackend, TableDefinition, WriteTransaction,
};

use crate::folder::Lock;
use crate::guard::guarded;
use crate::{Engine, Options, StoreError, folder};

const ENGINE: &str = Engine::Redb.name();
pub(crate) const FILE: &str = "ledger.redb";
const NEW_FILE: &str = "ledger.redb.new";

type Bytes = &'static [u8];

/// A [`Store`] in a folder. One write transaction a commit, durable when it returns; a snapshot
/// is a read transaction.
pub struct RedbStore {
    database: Open,
    /// Whether commits wait for the disk.
    durable: bool,
    /// Dropped after the database is closed.
    _lock: Option<Lock>,
}

/// An open database. It writes while it closes, so that a damaged file may make it panic then;
/// nothing is lost by that, and it is no time for a panic.
struct Open(Option<Database>);

impl Open {
    /// It is there until it is dropped.
    fn get(&self) -> Result<&Database, redb::Error> {
        self.0.as_ref().ok_or(redb::Error::DatabaseClosed)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let database = self.0.take();
        // The panic is in the log; there is nobody to tell.
        let _ = guarded(ENGINE, "closing its file", || {
            drop(database);
            Ok(())
        });
    }
}

impl RedbStore {
    /// Opens a folder, or makes it.
    ///
    /// # Errors
    /// Everything in [`StoreError`].
    pub fn open(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        let lock = folder::prepare(folder, Engine::Redb)?;
        Self::open_locked(folder, options, Some(lock))
    }

    /// Opens a folder that is being copied into.
    pub(crate) fn open_locked(
        folder: &Path,
        options: &Options,
        lock: Option<Lock>,
    ) -> Result<Self, StoreError> {
        let file = folder.join(FILE);
        if file.exists() {
            // The result within is of the engine's own errors.
            let opened = guarded(ENGINE, "opening its file", || {
                let opened = builder(options).open(file).map_err(OpenError::Database);
                Ok(opened.and_then(|database| Self::with_tables(database, lock)))
            });
            return opened
                .unwrap_or_else(|panicked| Err(OpenError::State(panicked)))
                .map_err(|error| error.at(folder));
        }
        // A file that a crash left half made is not a database: it gets its name once it is one.
        let new = folder.join(NEW_FILE);
        let made = match builder(options).create(&new) {
            Err(DatabaseError::Storage(_)) => {
                File::create(&new).map_err(folder::failed(&new))?;
                builder(options).create(&new)
            }
            made => made,
        };
        let store = made
            .map_err(OpenError::Database)
            .and_then(|database| Self::with_tables(database, lock));
        let store = store.map_err(|error| error.at(folder))?;
        folder::rename(&new, &file)?;
        Ok(store)
    }

    /// Opens a new folder for rows that can be made again: commits do not wait for the disk, and a
    /// crash loses them.
    ///
    /// # Errors
    /// Everything in [`StoreError`].
    pub fn scratch(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        let mut store = Self::open(folder, options)?;
        store.durable = false;
        Ok(store)
    }

    /// Opens a store on a backend of one's own, for instance one that loses what was not synced.
    ///
    /// # Errors
    /// [`StoreError::Engine`].
    pub fn on_backend(backend: impl StorageBackend, options: &Options) -> Result<Self, StoreError> {
        let opened = builder(options)
            .create_with_backend(backend)
            .map_err(OpenError::Database);
        opened
            .and_then(|database| Self::with_tables(database, None))
            .map_err(|error| error.at(Path::new("backend")))
    }

    /// Opens a store on a backend, and checks its pages' checksums first.
    pub(crate) fn checked(
        backend: impl StorageBackend,
        folder: &Path,
        options: &Options,
        lock: Lock,
    ) -> Result<Self, StoreError> {
        let open = || -> Result<Self, OpenError> {
            let mut database = builder(options)
                .create_with_backend(backend)
                .map_err(OpenError::Database)?;
            match database.check_integrity() {
                Ok(true) => Self::with_tables(database, Some(lock)),
                Ok(false) => Err(OpenError::Damaged),
                Err(error) => Err(OpenError::Database(error)),
            }
        };
        open().map_err(|error| error.at(folder))
    }

    /// Makes the tables that are missing, so that every snapshot has all of them.
    fn with_tables(database: Database, lock: Option<Lock>) -> Result<Self, OpenError> {
        let store = Self {
            database: Open(Some(database)),
            durable: true,
            _lock: lock,
        };
        let all = |transaction: &WriteTransaction| {
            for table in tables::ALL {
                transaction.open_table(definition(*table))?;
            }
            Ok(())
        };
        store
            .write("making its tables", all)
            .map_err(OpenError::State)?;
        Ok(store)
    }

    fn write(
        &self,
        doing: &'static str,
        rows: impl FnOnce(&WriteTransaction) -> Result<(), redb::Error>,
    ) -> Result<(), StateError> {
        let write = || -> Result<(), redb::Error> {
            let mut transaction = self.database.get()?.begin_write()?;
            if self.durable {
                transaction.set_durability(Durability::Immediate)?;
                transaction.set_quick_repair(true);
            } else {
                transaction.set_durability(Durability::None)?;
            }
            rows(&transaction)?;
            Ok(transaction.commit()?)
        };
        guarded(ENGINE, doing, || write().map_err(failed(doing)))
    }
}

impl Store for RedbStore {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        let begin = || -> Result<RedbSnapshot, redb::Error> {
            let transaction = self.database.get()?.begin_read()?;
            let open =
                |table: &TableId| Ok((table.number, transaction.open_table(definition(*table))?));
            Ok(RedbSnapshot(
                tables::ALL
                    .iter()
                    .map(open)
                    .collect::<Result<_, redb::Error>>()?,
            ))
        };
        const DOING: &str = "taking a snapshot";
        let snapshot = guarded(ENGINE, DOING, || begin().map_err(failed(DOING)))?;
        Ok(Arc::new(snapshot))
    }

    fn commit(&self, batch: Batch) -> Result<(), StateError> {
        self.write("committing a block", |transaction| {
            for (table, rows) in batch {
                let mut table = transaction.open_table(definition(table))?;
                for (key, value) in rows {
                    match value {
                        Some(value) => drop(table.insert(key.as_slice(), value.as_slice())?),
                        None => drop(table.remove(key.as_slice())?),
                    }
                }
            }
            Ok(())
        })
    }
}

fn builder(options: &Options) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(options.cache_bytes);
    builder
}

fn definition(table: TableId) -> TableDefinition<'static, Bytes, Bytes> {
    TableDefinition::new(table.name)
}

fn failed<E: Into<redb::Error>>(doing: &'static str) -> impl Fn(E) -> StateError {
    move |error| StateError::Engine {
        engine: ENGINE,
        doing,
        source: Box::new(error.into()),
    }
}

enum OpenError {
    State(StateError),
    /// Its pages are not what their checksums say.
    Damaged,
    Database(DatabaseError),
}

impl OpenError {
    fn at(self, path: &Path) -> StoreError {
        let path = path.to_owned();
        match self {
            Self::Database(DatabaseError::DatabaseAlreadyOpen) => StoreError::InUse { path },
            Self::Database(source) => StoreError::Engine {
                path,
                source: Box::new(source),
            },
            Self::Damaged => StoreError::Engine {
                path,
                source: "pages of ledger.redb have another checksum than was written".into(),
            },
            Self::State(source) => StoreError::Engine {
                path,
                source: Box::new(source),
            },
        }
    }
}

/// The tables of one read transaction, by number; they keep it open.
struct RedbSnapshot(BTreeMap<u8, ReadOnlyTable<Bytes, Bytes>>);

impl RedbSnapshot {
    fn table(&self, table: TableId) -> Result<&ReadOnlyTable<Bytes, Bytes>, StateError> {
        self.0.get(&table.number).ok_or_else(|| {
            let missing = redb::TableError::TableDoesNotExist(table.name.to_owned());
            failed("looking for a table")(missing)
        })
    }
}

impl Snapshot for RedbSnapshot {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        const DOING: &str = "reading a row";
        let table = self.table(table)?;
        guarded(ENGINE, DOING, || {
            let value = table.get(key).map_err(failed(DOING))?;
            Ok(value.map(|value| value.value().to_vec()))
        })
    }

    fn range<'a>(
        &'a self,
        table: TableId,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<Entries<'a>, StateError> {
        let table = self.table(table)?;
        let range = guarded(ENGINE, RANGE, || {
            table.range::<&[u8]>((from, to)).map_err(failed(RANGE))
        })?;
        Ok(Box::new(Range {
            range: Some(range),
            direction,
        }))
    }
}

const RANGE: &str = "reading a range";

/// Rows one by one; none after an error.
struct Range<'a> {
    range: Option<redb::Range<'a, Bytes, Bytes>>,
    direction: Direction,
}

impl Iterator for Range<'_> {
    type Item = Result<Entry, StateError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (range, direction) = (self.range.as_mut()?, self.direction);
        let row = guarded(ENGINE, RANGE, || {
            let row = match direction {
                Direction::Ascending => range.next(),
                Direction::Descending => range.next_back(),
            };
            row.map(owned).transpose()
        });
        if row.is_err() {
            self.range = None;
        }
        row.transpose()
    }
}

type Guards<'a> = (AccessGuard<'a, Bytes>, AccessGuard<'a, Bytes>);

fn owned(row: Result<Guards<'_>, redb::StorageError>) -> Result<Entry, StateError> {
    let (key, value) = row.map_err(failed(RANGE))?;
    Ok((key.value().to_vec(), value.value().to_vec()))
}
