//! Positions by term: one row for a term and block, the first position in its key, those after
//! it as differences in its value.

use std::collections::BTreeMap;
use std::ops::Bound;

use marque_state::{Batch, Direction, Raw, Snapshot, StateError, TableKey, prefix_end};

use super::terms::Term;
use crate::tables;

/// Positions in a row at most, so that no row is long.
const ROW: usize = 1_024;

/// The postings of a block, as they come.
#[derive(Default)]
pub(crate) struct Builder(BTreeMap<(u8, Vec<u8>), Vec<u64>>);

impl Builder {
    /// Positions of a term come in ascending order, repeated or not.
    pub(crate) fn add(&mut self, term: Term, position: u64) {
        let positions = self.0.entry(term.into_key()).or_default();
        // Entries of an event may follow entries of a later one only across terms.
        if let Err(at) = positions.binary_search(&position) {
            positions.insert(at, position);
        }
    }
}

/// Adds a block's postings to its batch.
pub(crate) fn write_postings(batch: &mut Batch, postings: Builder) {
    for ((kind, term), positions) in postings.0 {
        for row in positions.chunks(ROW) {
            let Some((first, rest)) = row.split_first() else {
                continue;
            };
            let mut value = Vec::with_capacity(rest.len());
            let mut previous = *first;
            for position in rest {
                varint(&mut value, position.saturating_sub(previous));
                previous = *position;
            }
            tables::POSTINGS.put(batch, &(kind, term.clone(), *first), &Raw(value));
        }
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = value.to_le_bytes().first().copied().unwrap_or_default() & 0x7f;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn read_varint(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn positions(first: u64, mut value: &[u8]) -> Option<Vec<u64>> {
    let mut found = vec![first];
    let mut last = first;
    while !value.is_empty() {
        last = last.checked_add(read_varint(&mut value)?)?;
        found.push(last);
    }
    Some(found)
}

/// The positions of a term, ascending, from any position on.
pub(crate) struct Postings {
    prefix: Vec<u8>,
    /// The row read last, and how much of it has been passed.
    row: Vec<u64>,
    passed: usize,
    /// Where the row after this one begins, at least; `None` when there is none.
    after: Option<u64>,
}

/// An ascending sequence that can be moved forward.
pub(crate) trait Cursor {
    /// The first position not below `from`. Calls never go backwards.
    fn seek(&mut self, snapshot: &dyn Snapshot, from: u64) -> Result<Option<u64>, StateError>;
}

impl Postings {
    pub(crate) fn new(term: Term) -> Self {
        let (kind, term) = term.into_key();
        let mut prefix = Vec::new();
        kind.encode_key(&mut prefix, false);
        term.encode_key(&mut prefix, false);
        Self {
            prefix,
            row: Vec::new(),
            passed: 0,
            after: Some(0),
        }
    }

    fn load(&mut self, snapshot: &dyn Snapshot, from: u64) -> Result<(), StateError> {
        let key = [self.prefix.as_slice(), &from.to_be_bytes()].concat();
        let end = prefix_end(&self.prefix);
        let to = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        // The row that begins at or before `from` may hold it.
        let mut rows = tables::POSTINGS.range_of_bytes(
            snapshot,
            Bound::Included(&self.prefix),
            Bound::Included(&key),
            Direction::Descending,
        )?;
        let before = rows.next().transpose()?.map(Self::decode).transpose()?;
        if let Some(row) = before.filter(|row| row.last().is_some_and(|last| *last >= from)) {
            self.take(row);
            return Ok(());
        }
        let mut rows = tables::POSTINGS.range_of_bytes(
            snapshot,
            Bound::Excluded(&key),
            to,
            Direction::Ascending,
        )?;
        match rows.next().transpose()?.map(Self::decode).transpose()? {
            Some(row) => self.take(row),
            None => self.after = None,
        }
        Ok(())
    }

    fn take(&mut self, row: Vec<u64>) {
        self.after = row.last().and_then(|last| last.checked_add(1));
        self.row = row;
        self.passed = 0;
    }

    fn decode(
        ((kind, term, first), Raw(value)): ((u8, Vec<u8>, u64), Raw),
    ) -> Result<Vec<u64>, StateError> {
        positions(first, &value).ok_or_else(|| {
            let key = (kind, term, first).to_key();
            StateError::corrupt(
                tables::POSTINGS.id().name,
                &key,
                "the positions do not decode",
            )
        })
    }
}

impl Cursor for Postings {
    fn seek(&mut self, snapshot: &dyn Snapshot, from: u64) -> Result<Option<u64>, StateError> {
        loop {
            let row = self.row.get(self.passed..).unwrap_or_default();
            let below = row.partition_point(|position| *position < from);
            self.passed = self.passed.saturating_add(below);
            if let Some(found) = row.get(below) {
                return Ok(Some(*found));
            }
            let Some(after) = self.after else {
                return Ok(None);
            };
            self.row.clear();
            self.passed = 0;
            self.load(snapshot, from.max(after))?;
            if self.row.is_empty() {
                return Ok(None);
            }
        }
    }
}

#[cfg(test)]
mod tests;
