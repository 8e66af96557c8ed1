//! The default engine: redb, a copy-on-write B-tree in one file.
//!
//! redb's pages have 4 KiB; a row larger than that takes a run of pages of its own. A commit
//! writes each page on the way to a changed row anew, then syncs, then switches its root: rows
//! that lie together cost little, scattered ones a page each. *Quick repair* saves the page
//! allocator's state with each commit, so that opening after a crash does not walk the file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use marque_state::{
    Batch, Direction, Entries, Entry, Snapshot, StateError, Store, TableId, tables,
};
use redb::{
    AccessGuard, Builder, Database, DatabaseError, Durability, ReadOnlyTable, ReadableDatabase,
    StorageBackend, StorageError, TableDefinition, WriteTransaction,
};

use crate::folder::Lock;
use crate::guard::{EngineError, Guard};
use crate::remedy::is_the_systems;
use crate::{Engine, Options, StoreError, folder};

const ENGINE: &str = Engine::Redb.name();
pub(crate) const FILE: &str = "ledger.redb";
const NEW_FILE: &str = "ledger.redb.new";

type Bytes = &'static [u8];

/// A [`Store`] in a folder. One write transaction a commit, durable when it returns; a snapshot
/// is a read transaction.
pub struct RedbStore {
    database: Open,
    guard: Guard,
    /// Whether commits wait for the disk.
    durable: bool,
    /// Dropped after the database is closed.
    _lock: Option<Lock>,
}

/// An open database. It writes while it closes, so that a damaged file may make it panic then;
/// nothing is lost by that, and it is no time for a panic.
struct Open {
    database: Option<Database>,
    guard: Guard,
}

impl Open {
    /// It is there until it is dropped.
    fn get(&self) -> Result<&Database, redb::Error> {
        self.database.as_ref().ok_or(redb::Error::DatabaseClosed)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let database = self.database.take();
        // The panic is in the log; there is nobody to tell.
        let _ = self.guard.call("closing its file", || {
            drop(database);
            Ok::<_, redb::Error>(())
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
        let guard = Guard::new(ENGINE, folder);
        if file.exists() {
            // The result within is of the engine's own errors.
            let opened = guard.call("opening its file", || {
                let opened = builder(options).open(file).map_err(OpenError::Database);
                let store = opened.and_then(|database| Self::with_tables(database, &guard, lock));
                Ok::<_, redb::Error>(store)
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
            .and_then(|database| Self::with_tables(database, &guard, lock));
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
        let name = Path::new("backend");
        opened
            .and_then(|database| Self::with_tables(database, &Guard::new(ENGINE, name), None))
            .map_err(|error| error.at(name))
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
                Ok(true) => Self::with_tables(database, &Guard::new(ENGINE, folder), Some(lock)),
                Ok(false) => Err(OpenError::Damaged),
                Err(error) => Err(OpenError::Database(error)),
            }
        };
        open().map_err(|error| error.at(folder))
    }

    /// Makes the tables that are missing, so that every snapshot has all of them.
    fn with_tables(
        database: Database,
        guard: &Guard,
        lock: Option<Lock>,
    ) -> Result<Self, OpenError> {
        let store = Self {
            database: Open {
                database: Some(database),
                guard: guard.clone(),
            },
            guard: guard.clone(),
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
        self.guard.call(doing, write)
    }
}

impl Store for RedbStore {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        let begin = || -> Result<RedbSnapshot, redb::Error> {
            let transaction = self.database.get()?.begin_read()?;
            let open =
                |table: &TableId| Ok((table.number, transaction.open_table(definition(*table))?));
            let tables = tables::ALL.iter().map(open);
            Ok(RedbSnapshot {
                tables: tables.collect::<Result<_, redb::Error>>()?,
                guard: self.guard.clone(),
            })
        };
        Ok(Arc::new(self.guard.call("taking a snapshot", begin)?))
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

impl EngineError for redb::Error {
    fn system(&self) -> Option<&io::Error> {
        match self {
            Self::Io(error) => Some(error).filter(|error| is_the_systems(error)),
            _ => None,
        }
    }

    fn is_damage(&self) -> bool {
        matches!(self, Self::Corrupted(_) | Self::Io(_))
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
            Self::Database(DatabaseError::Storage(StorageError::Io(source)))
                if is_the_systems(&source) =>
            {
                StoreError::Folder {
                    path: path.join(FILE),
                    source,
                }
            }
            Self::Database(source) => StoreError::Engine {
                path,
                source: Box::new(source),
            },
            Self::Damaged => StoreError::Engine {
                path,
                source: "pages of ledger.redb have another checksum than was written".into(),
            },
            Self::State(source) => StoreError::State(source),
        }
    }
}

/// The tables of one read transaction, by number; they keep it open.
struct RedbSnapshot {
    tables: BTreeMap<u8, ReadOnlyTable<Bytes, Bytes>>,
    guard: Guard,
}

impl RedbSnapshot {
    fn table(&self, table: TableId) -> Result<&ReadOnlyTable<Bytes, Bytes>, StateError> {
        self.tables.get(&table.number).ok_or_else(|| {
            let missing = redb::TableError::TableDoesNotExist(table.name.to_owned());
            let missing = redb::Error::from(missing);
            self.guard.failed("looking for a table", missing)
        })
    }
}

impl Snapshot for RedbSnapshot {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let table = self.table(table)?;
        self.guard.call("reading a row", || {
            let value = table.get(key)?;
            Ok::<_, redb::Error>(value.map(|value| value.value().to_vec()))
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
        let range = self.guard.call(RANGE, || {
            Ok::<_, redb::Error>(table.range::<&[u8]>((from, to))?)
        })?;
        Ok(Box::new(Range {
            range: Some(range),
            guard: &self.guard,
            direction,
        }))
    }
}

const RANGE: &str = "reading a range";

/// Rows one by one; none after an error.
struct Range<'a> {
    range: Option<redb::Range<'a, Bytes, Bytes>>,
    guard: &'a Guard,
    direction: Direction,
}

impl Iterator for Range<'_> {
    type Item = Result<Entry, StateError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (range, direction) = (self.range.as_mut()?, self.direction);
        let row = self.guard.call(RANGE, || {
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

fn owned(row: Result<Guards<'_>, StorageError>) -> Result<Entry, redb::Error> {
    let (key, value) = row?;
    Ok((key.value().to_vec(), value.value().to_vec()))
}
