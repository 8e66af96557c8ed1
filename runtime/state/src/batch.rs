//! What one commit writes.

use std::collections::BTreeMap;

use crate::table::TableId;

/// Writes to any tables, applied together. The last write to a key wins; keys come out ascending
/// within their table, so that engines write neighbours together.
#[derive(Clone, Debug, Default)]
pub struct Batch(BTreeMap<TableId, BTreeMap<Vec<u8>, Option<Vec<u8>>>>);

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a row.
    pub fn put(&mut self, table: TableId, key: Vec<u8>, value: Vec<u8>) {
        self.0.entry(table).or_default().insert(key, Some(value));
    }

    /// Removes a row; removing what is not there changes nothing.
    pub fn delete(&mut self, table: TableId, key: Vec<u8>) {
        self.0.entry(table).or_default().insert(key, None);
    }

    /// The bytes of all keys and values: what is logically written.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let rows = self.0.values().flatten();
        rows.map(|(key, value)| key.len().saturating_add(value.as_ref().map_or(0, Vec::len)))
            .fold(0, usize::saturating_add)
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Batch {
    type Item = (TableId, BTreeMap<Vec<u8>, Option<Vec<u8>>>);
    type IntoIter =
        std::collections::btree_map::IntoIter<TableId, BTreeMap<Vec<u8>, Option<Vec<u8>>>>;

    /// Tables by their number; in each, rows by key, `None` for a removal.
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
