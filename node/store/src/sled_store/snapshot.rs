//! A version of the tree: what the tree holds, and over it what later commits replaced.

use std::collections::VecDeque;
use std::ops::Bound;
use std::sync::Arc;

use marque_state::{Direction, Entries, Entry, Snapshot, StateError, TableId};

use super::{Shared, prefixed};

/// Rows that a range reads from the tree at a time: few at first, since most ranges are asked for
/// one row.
const LEAST: usize = 4;
const MOST: usize = 256;

pub(super) struct SledSnapshot {
    shared: Arc<Shared>,
    version: u64,
}

impl SledSnapshot {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let version = shared.history.enter();
        Self { shared, version }
    }
}

impl Drop for SledSnapshot {
    fn drop(&mut self) {
        self.shared.history.leave(self.version);
    }
}

impl Snapshot for SledSnapshot {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let key = prefixed(table.number, key);
        // The tree first: see the invariants of `history.rs`.
        let Shared {
            database, guard, ..
        } = &*self.shared;
        let row = guard.call("reading a row", || database.get(&key))?;
        match self.shared.history.at(self.version, &key) {
            Some(row) => Ok(row),
            None => Ok(row.map(|row| row.to_vec())),
        }
    }

    fn range<'a>(
        &'a self,
        table: TableId,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<Entries<'a>, StateError> {
        let first = match from {
            Bound::Unbounded => Bound::Included(vec![table.number]),
            from => from.map(|key| prefixed(table.number, key)),
        };
        let last = match to {
            Bound::Unbounded => match table.number.checked_add(1) {
                Some(next) => Bound::Excluded(vec![next]),
                None => Bound::Unbounded,
            },
            to => to.map(|key| prefixed(table.number, key)),
        };
        Ok(Box::new(Range {
            snapshot: self,
            rest: Some((first, last)),
            direction,
            reach: LEAST,
            page: VecDeque::new(),
        }))
    }
}

type Key = Bound<Vec<u8>>;

/// A range, read page by page.
struct Range<'a> {
    snapshot: &'a SledSnapshot,
    /// What is still to be read.
    rest: Option<(Key, Key)>,
    direction: Direction,
    reach: usize,
    page: VecDeque<Entry>,
}

impl Range<'_> {
    /// Reads the next rows of the tree, and puts back what later commits replaced up to the last
    /// of them. May find no row of the version, and more behind.
    fn fill(&mut self, (from, to): (Key, Key)) -> Result<(), StateError> {
        if !holds_keys(&from, &to) {
            return Ok(());
        }
        let Shared {
            database,
            history,
            guard,
        } = &*self.snapshot.shared;
        let rows = guard.call("reading a range", || {
            let range = database.range::<Vec<u8>, _>((from.clone(), to.clone()));
            match self.direction {
                Direction::Ascending => range.take(self.reach).collect::<Result<Vec<_>, _>>(),
                Direction::Descending => range.rev().take(self.reach).collect(),
            }
        })?;
        // A full page speaks for the keys up to its last one, a short one for all of them.
        let last = rows.last().filter(|_| rows.len() >= self.reach);
        let last = last.map(|(key, _)| key.to_vec());
        let (low, high) = match (&last, self.direction) {
            (None, _) => (from.clone(), to.clone()),
            (Some(last), Direction::Ascending) => (from.clone(), Bound::Included(last.clone())),
            (Some(last), Direction::Descending) => (Bound::Included(last.clone()), to.clone()),
        };
        let mut replaced = history.within(
            self.snapshot.version,
            low.as_ref().map(Vec::as_slice),
            high.as_ref().map(Vec::as_slice),
        );
        if replaced.is_empty() {
            let rows = rows.into_iter();
            self.page = rows.map(|(key, row)| entry(&key, row.to_vec())).collect();
        } else {
            for (key, row) in rows {
                replaced
                    .entry(key.to_vec())
                    .or_insert_with(|| Some(row.to_vec()));
            }
            let rows = replaced.into_iter();
            let rows = rows.filter_map(|(key, row)| Some(entry(&key, row?)));
            self.page = match self.direction {
                Direction::Ascending => rows.collect(),
                Direction::Descending => rows.rev().collect(),
            };
        }
        self.rest = last.map(|last| match self.direction {
            Direction::Ascending => (Bound::Excluded(last), to),
            Direction::Descending => (from, Bound::Excluded(last)),
        });
        self.reach = self.reach.saturating_mul(2).min(MOST);
        Ok(())
    }
}

impl Iterator for Range<'_> {
    type Item = Result<Entry, StateError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.page.pop_front() {
                return Some(Ok(entry));
            }
            let rest = self.rest.take()?;
            if let Err(error) = self.fill(rest) {
                return Some(Err(error));
            }
        }
    }
}

/// Without the table's number.
fn entry(key: &[u8], row: Vec<u8>) -> Entry {
    (key.get(1..).unwrap_or_default().to_vec(), row)
}

/// Maps panic on bounds that contain no key.
fn holds_keys(from: &Key, to: &Key) -> bool {
    match (from, to) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => true,
        (Bound::Included(from), Bound::Included(to)) => from <= to,
        (
            Bound::Included(from) | Bound::Excluded(from),
            Bound::Included(to) | Bound::Excluded(to),
        ) => from < to,
    }
}
