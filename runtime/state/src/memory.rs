//! A store in memory, for tests and for contracts' test ledgers.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::StateError;
use crate::batch::Batch;
use crate::store::{Direction, Entries, Snapshot, Store};
use crate::table::TableId;

type Bytes = Arc<[u8]>;
type Rows = BTreeMap<Bytes, Option<Bytes>>;

/// What one commit, or several merged ones, wrote.
#[derive(Clone, Default)]
struct Layer {
    tables: BTreeMap<TableId, Rows>,
    rows: usize,
}

/// Layers, oldest first. Each is more than twice as long as the next, so there are few of them.
type Layers = Arc<[Arc<Layer>]>;

/// A [`Store`] that forgets everything when it is dropped. Commits add a layer over immutable
/// ones, so that a snapshot is a copy of a pointer and reads wait for nothing.
#[derive(Default)]
pub struct MemoryStore {
    layers: RwLock<Layers>,
    writer: Mutex<()>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn layers(&self) -> Layers {
        // Poisoning is harmless: the lock only ever holds for the copy of a pointer.
        self.layers
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Store for MemoryStore {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        Ok(Arc::new(MemorySnapshot(self.layers())))
    }

    fn commit(&self, batch: Batch) -> Result<(), StateError> {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut layers = self.layers().to_vec();
        layers.push(Arc::new(Layer::new(batch)));
        while let [.., older, newer] = layers.as_slice() {
            if older.rows / 2 > newer.rows {
                break;
            }
            let bottom = layers.len() == 2;
            let (newer, older) = (layers.pop(), layers.pop());
            let (Some(newer), Some(older)) = (newer, older) else {
                break;
            };
            layers.push(Arc::new(Layer::merged(&older, &newer, bottom)));
        }
        *self.layers.write().unwrap_or_else(PoisonError::into_inner) = layers.into();
        Ok(())
    }
}

impl Layer {
    fn new(batch: Batch) -> Self {
        let mut layer = Self::default();
        for (table, rows) in batch {
            layer.rows = layer.rows.saturating_add(rows.len());
            let rows = rows
                .into_iter()
                .map(|(key, value)| (key.into(), value.map(Into::into)));
            layer.tables.insert(table, rows.collect());
        }
        layer
    }

    /// `newer` over `older`; at the bottom nothing is left for removals to hide.
    fn merged(older: &Self, newer: &Self, bottom: bool) -> Self {
        let mut tables = older.tables.clone();
        for (table, rows) in &newer.tables {
            let merged = tables.entry(*table).or_default();
            for (key, value) in rows {
                if bottom && value.is_none() {
                    merged.remove(key);
                } else {
                    merged.insert(key.clone(), value.clone());
                }
            }
        }
        let rows = tables
            .values()
            .map(BTreeMap::len)
            .fold(0, usize::saturating_add);
        Self { tables, rows }
    }
}

struct MemorySnapshot(Layers);

impl Snapshot for MemorySnapshot {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let written = self
            .0
            .iter()
            .rev()
            .find_map(|layer| layer.tables.get(&table)?.get(key));
        Ok(written.and_then(Option::as_ref).map(|value| value.to_vec()))
    }

    fn range<'a>(
        &'a self,
        table: TableId,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<Entries<'a>, StateError> {
        if !holds_keys(from, to) {
            return Ok(Box::new(std::iter::empty()));
        }
        let mut sources = Vec::new();
        for rows in self
            .0
            .iter()
            .rev()
            .filter_map(|layer| layer.tables.get(&table))
        {
            let range = rows.range::<[u8], _>((from, to));
            let source: Source<'a> = match direction {
                Direction::Ascending => Box::new(range),
                Direction::Descending => Box::new(range.rev()),
            };
            sources.push(source.peekable());
        }
        Ok(Box::new(Merge { sources, direction }))
    }
}

/// `BTreeMap::range` panics on bounds that contain no key.
fn holds_keys(from: Bound<&[u8]>, to: Bound<&[u8]>) -> bool {
    match (from, to) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => true,
        (Bound::Included(from), Bound::Included(to)) => from <= to,
        (
            Bound::Included(from) | Bound::Excluded(from),
            Bound::Included(to) | Bound::Excluded(to),
        ) => from < to,
    }
}

type Source<'a> = Box<dyn Iterator<Item = (&'a Bytes, &'a Option<Bytes>)> + 'a>;

/// The layers' ranges as one; the newest layer comes first and wins.
struct Merge<'a> {
    sources: Vec<Peekable<Source<'a>>>,
    direction: Direction,
}

impl Iterator for Merge<'_> {
    type Item = Result<(Vec<u8>, Vec<u8>), StateError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let heads = self
                .sources
                .iter_mut()
                .filter_map(|source| source.peek().map(|(key, _)| *key));
            let next = match self.direction {
                Direction::Ascending => heads.min(),
                Direction::Descending => heads.max(),
            }?
            .clone();
            let mut newest = None;
            for source in &mut self.sources {
                if let Some((_, value)) = source.next_if(|(key, _)| **key == next) {
                    newest = newest.or(Some(value));
                }
            }
            if let Some(Some(value)) = newest {
                return Some(Ok((next.to_vec(), value.to_vec())));
            }
        }
    }
}
