//! Whole copies of a store: backups, restored backups, and the change from one engine to another.
//!
//! A copy is made from a snapshot, so that a running node can be copied, in batches of a bounded
//! size. A folder that is being copied into is marked as partial until everything in it is
//! durable; nothing opens it meanwhile, or after a copy that was cut short.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use marque_state::{Batch, Direction, Snapshot, StateError, Store, TableId, tables};

use crate::{Engine, Options, RedbStore, SledStore, StoreError, folder};

/// Bytes of keys and values that one commit of a copy writes, about.
const BATCH_BYTES: usize = 8 << 20;

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Rows written.
    pub rows: u64,
    /// Bytes of their keys and values.
    pub bytes: u64,
}

/// Writes every row of a snapshot into an empty store; the tip, by which a ledger is known, comes
/// last. `progress` hears of each commit, and ends the copy by an error.
///
/// # Errors
/// When either engine fails.
pub fn copy(
    from: &dyn Snapshot,
    to: &dyn Store,
    progress: &mut dyn FnMut(Copied) -> Result<(), StateError>,
) -> Result<Copied, StateError> {
    let mut copied = Copied { rows: 0, bytes: 0 };
    let last = tables::TIP.id();
    let order = tables::ALL.iter().filter(|table| **table != last);
    for table in order.chain([&last]) {
        copy_table(from, to, *table, &mut copied, progress)?;
    }
    Ok(copied)
}

fn copy_table(
    from: &dyn Snapshot,
    to: &dyn Store,
    table: TableId,
    copied: &mut Copied,
    progress: &mut dyn FnMut(Copied) -> Result<(), StateError>,
) -> Result<(), StateError> {
    let all = (Bound::Unbounded, Bound::Unbounded);
    let (mut batch, mut bytes) = (Batch::new(), 0_usize);
    for row in from.range(table, all.0, all.1, Direction::Ascending)? {
        let (key, value) = row?;
        let size = key.len().saturating_add(value.len());
        bytes = bytes.saturating_add(size);
        copied.rows = copied.rows.saturating_add(1);
        copied.bytes = copied
            .bytes
            .saturating_add(u64::try_from(size).unwrap_or(u64::MAX));
        batch.put(table, key, value);
        if bytes >= BATCH_BYTES {
            to.commit(std::mem::take(&mut batch))?;
            bytes = 0;
            progress(*copied)?;
        }
    }
    if !batch.is_empty() {
        to.commit(batch)?;
        progress(*copied)?;
    }
    Ok(())
}

/// Writes a snapshot into a new or empty folder as a data folder of `engine`, which can be opened
/// as it is. A node may go on meanwhile.
///
/// # Errors
/// Everything in [`StoreError`]; the folder is then marked as partial, and to be removed.
pub fn backup(
    from: &dyn Snapshot,
    folder: &Path,
    engine: Engine,
    options: &Options,
    progress: &mut dyn FnMut(Copied) -> Result<(), StateError>,
) -> Result<Copied, StoreError> {
    folder::prepare_copy(folder, engine)?;
    let lock = folder::lock(folder)?;
    let store: Arc<dyn Store> = match engine {
        Engine::Redb => Arc::new(RedbStore::open_locked(folder, options, Some(lock))?),
        Engine::Sled => Arc::new(SledStore::open_locked(folder, options, lock)?),
    };
    let copied = copy(from, &*store, progress)?;
    // Closed first: the mark goes only when the engine has nothing more to write.
    drop(store);
    folder::complete(folder)?;
    Ok(copied)
}
