//! Typed tables: what is written by type, kept as bytes.

use std::marker::PhantomData;
use std::ops::Bound;

use parity_scale_codec::{Codec, DecodeAll};

use crate::StateError;
use crate::batch::Batch;
use crate::key::TableKey;
use crate::store::{Direction, Snapshot};

/// A table as engines know it: a number that never changes its meaning, and a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId {
    /// The prefix in engines that keep all tables in one tree.
    pub number: u8,
    /// The name in engines that name their tables, and in errors.
    pub name: &'static str,
}

/// A value as bytes: SCALE for everything that has it, [`Raw`] for bytes as they are.
pub trait TableValue: Sized {
    /// The stored bytes.
    fn to_value(&self) -> Vec<u8>;

    /// The value that `bytes` are, all of them.
    fn from_value(bytes: Vec<u8>) -> Option<Self>;
}

impl<T: Codec> TableValue for T {
    fn to_value(&self) -> Vec<u8> {
        self.encode()
    }

    fn from_value(bytes: Vec<u8>) -> Option<Self> {
        T::decode_all(&mut bytes.as_slice()).ok()
    }
}

/// Bytes stored as they are, without a length before them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw(pub Vec<u8>);

impl TableValue for Raw {
    fn to_value(&self) -> Vec<u8> {
        self.0.clone()
    }

    fn from_value(bytes: Vec<u8>) -> Option<Self> {
        Some(Self(bytes))
    }
}

/// A typed row of a range.
pub type Row<K, V> = Result<(K, V), StateError>;

/// A table with keys `K` and values `V`.
pub struct Table<K, V> {
    id: TableId,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K, V> Table<K, V> {
    /// Declares a table; [`crate::tables`] is where that is done.
    #[must_use]
    pub const fn new(number: u8, name: &'static str) -> Self {
        Self {
            id: TableId { number, name },
            types: PhantomData,
        }
    }

    /// The table as engines know it.
    #[must_use]
    pub const fn id(&self) -> TableId {
        self.id
    }
}

impl<K: TableKey, V: TableValue> Table<K, V> {
    /// The value of `key`.
    ///
    /// # Errors
    /// When the engine fails or the row is damaged; so for every reading method here.
    pub fn get(&self, snapshot: &dyn Snapshot, key: &K) -> Result<Option<V>, StateError> {
        let key = key.to_key();
        let Some(bytes) = snapshot.get(self.id, &key)? else {
            return Ok(None);
        };
        V::from_value(bytes)
            .map(Some)
            .ok_or_else(|| self.damaged(&key))
    }

    /// The rows between two bounds.
    ///
    /// # Errors
    /// See [`Table::get`].
    pub fn range<'a>(
        &self,
        snapshot: &'a dyn Snapshot,
        from: Bound<&K>,
        to: Bound<&K>,
        direction: Direction,
    ) -> Result<impl Iterator<Item = Row<K, V>> + use<'a, K, V>, StateError> {
        let (from, to) = (from.map(K::to_key), to.map(K::to_key));
        let (from, to) = (
            from.as_ref().map(Vec::as_slice),
            to.as_ref().map(Vec::as_slice),
        );
        self.range_of_bytes(snapshot, from, to, direction)
    }

    /// The rows whose key begins with the parts encoded in `prefix`. To go on after a row that
    /// was read before, use [`Table::range_of_bytes`] with its key and [`prefix_end`].
    ///
    /// # Errors
    /// See [`Table::get`].
    pub fn prefix<'a>(
        &self,
        snapshot: &'a dyn Snapshot,
        prefix: &[u8],
        direction: Direction,
    ) -> Result<impl Iterator<Item = Row<K, V>> + use<'a, K, V>, StateError> {
        let end = prefix_end(prefix);
        let to = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.range_of_bytes(snapshot, Bound::Included(prefix), to, direction)
    }

    /// The rows between two bounds given as encoded keys.
    ///
    /// # Errors
    /// See [`Table::get`].
    pub fn range_of_bytes<'a>(
        &self,
        snapshot: &'a dyn Snapshot,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<impl Iterator<Item = Row<K, V>> + use<'a, K, V>, StateError> {
        let table = Self {
            id: self.id,
            types: PhantomData,
        };
        let rows = snapshot.range(self.id, from, to, direction)?;
        Ok(rows.map(move |row| {
            let (key, value) = row?;
            match (K::from_key(&key), V::from_value(value)) {
                (Some(key), Some(value)) => Ok((key, value)),
                _ => Err(table.damaged(&key)),
            }
        }))
    }

    /// Sets a row.
    pub fn put(&self, batch: &mut Batch, key: &K, value: &V) {
        batch.put(self.id, key.to_key(), value.to_value());
    }

    /// Removes a row; removing what is not there changes nothing.
    pub fn delete(&self, batch: &mut Batch, key: &K) {
        batch.delete(self.id, key.to_key());
    }

    fn damaged(&self, key: &[u8]) -> StateError {
        StateError::corrupt(self.id.name, key, "the row does not decode")
    }
}

/// The smallest bytes above everything that begins with `prefix`; `None` if there are none.
#[must_use]
pub fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte != u8::MAX)?;
    let mut end = prefix.get(..=last)?.to_vec();
    let byte = end.last_mut()?;
    *byte = byte.checked_add(1)?;
    Some(end)
}
