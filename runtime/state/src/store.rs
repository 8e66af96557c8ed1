//! The seam to the storage engine.

use std::ops::Bound;
use std::sync::Arc;

use crate::StateError;
use crate::batch::Batch;
use crate::table::TableId;
use crate::view::Entry;

/// An embedded engine: many readers, one writer at a time.
pub trait Store: Send + Sync + 'static {
    /// The state of all tables after the last commit. A snapshot never changes and never waits
    /// for a write.
    ///
    /// # Errors
    /// When the engine fails.
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError>;

    /// Writes the whole batch or nothing of it, and returns once it is durable.
    ///
    /// # Errors
    /// When the engine fails; whether the batch was written is then known only after a restart.
    fn commit(&self, batch: Batch) -> Result<(), StateError>;
}

/// Which way a range is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    Ascending,
    /// Greatest key first.
    Descending,
}

/// Entries of a range, read as they are asked for.
pub type Entries<'a> = Box<dyn Iterator<Item = Result<Entry, StateError>> + 'a>;

/// A consistent state of all tables. Keys sort as bytes.
pub trait Snapshot: Send + Sync {
    /// The value of `key` in `table`.
    ///
    /// # Errors
    /// When the engine fails.
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, StateError>;

    /// The entries of `table` between two bounds, in the given direction. Bounds that contain no
    /// key, `from` above `to` included, give no entries.
    ///
    /// # Errors
    /// When the engine fails.
    fn range<'a>(
        &'a self,
        table: TableId,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<Entries<'a>, StateError>;
}

impl dyn Snapshot + '_ {
    /// The first entry of a range in its direction.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn first(
        &self,
        table: TableId,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<Option<Entry>, StateError> {
        self.range(table, from, to, direction)?.next().transpose()
    }
}
