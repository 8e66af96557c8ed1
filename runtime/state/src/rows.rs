//! Rows of the state table: values with the index of their leaf.

use std::ops::Bound;
use std::sync::Arc;

use crate::StateError;
use crate::changes::{Changes, Layered};
use crate::store::{Direction, Snapshot};
use crate::tables;
use crate::view::{Entry, View};

/// A row's bytes. The index comes last, so that taking it off moves nothing.
pub(crate) fn row(value: &[u8], index: u64) -> Vec<u8> {
    [value, &index.to_be_bytes()].concat()
}

/// A row's value and leaf index.
pub(crate) fn split(key: &[u8], mut row: Vec<u8>) -> Result<(Vec<u8>, u64), StateError> {
    let Some((value, index)) = row.split_last_chunk() else {
        return Err(StateError::corrupt(
            tables::STATE.id().name,
            key,
            "the row has no leaf index",
        ));
    };
    let (length, index) = (value.len(), u64::from_be_bytes(*index));
    row.truncate(length);
    Ok((row, index))
}

/// Rows, the sentinel's included, of a snapshot under the rows of blocks that it does not have.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) snapshot: &'a dyn Snapshot,
    /// Oldest first.
    pub(crate) layers: &'a [Arc<Changes>],
}

impl Rows<'_> {
    /// Asks the newest layer, which asks those below, or else the snapshot.
    fn ask<T>(
        &self,
        layered: impl FnOnce(Layered<'_>) -> Result<T, StateError>,
        stored: impl FnOnce(&dyn Snapshot) -> Result<T, StateError>,
    ) -> Result<T, StateError> {
        match self.layers.split_last() {
            Some((top, layers)) => layered(Layered::new(
                &Rows {
                    snapshot: self.snapshot,
                    layers,
                },
                top,
            )),
            None => stored(self.snapshot),
        }
    }
}

impl View for Rows<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.ask(
            |view| view.get(key),
            |snapshot| snapshot.get(tables::STATE.id(), key),
        )
    }

    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.ask(
            |view| view.after(key),
            |stored| {
                stored.first(
                    tables::STATE.id(),
                    Bound::Excluded(key),
                    Bound::Unbounded,
                    Direction::Ascending,
                )
            },
        )
    }

    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.ask(
            |view| view.before(key),
            |stored| {
                stored.first(
                    tables::STATE.id(),
                    Bound::Unbounded,
                    Bound::Excluded(key),
                    Direction::Descending,
                )
            },
        )
    }

    fn at_or_before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.ask(
            |view| view.at_or_before(key),
            |stored| {
                stored.first(
                    tables::STATE.id(),
                    Bound::Unbounded,
                    Bound::Included(key),
                    Direction::Descending,
                )
            },
        )
    }

    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        self.ask(
            |view| view.scan(from, to, limit),
            |stored| {
                let to = to.map_or(Bound::Unbounded, Bound::Excluded);
                stored
                    .range(
                        tables::STATE.id(),
                        Bound::Included(from),
                        to,
                        Direction::Ascending,
                    )?
                    .take(limit)
                    .collect()
            },
        )
    }
}
