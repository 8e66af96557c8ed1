//! Ranges of serials, found by one serial.
//!
//! A range is cut into aligned blocks of two to the power of their level, at most two for each
//! level; a serial lies in one block of each level, so that one read a level finds all ranges
//! that hold it. What has no number is found by its whole key.

use std::ops::Bound;

use marque_primitives::key;
use marque_primitives::thing::{Run, Thing, ThingId};
use marque_state::{Batch, Direction, Snapshot, StateError, TableKey, prefix_end};

/// Which positions a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Set {
    /// Events that named things without being part of their history.
    Events = 1,
    /// Refused transactions.
    Refusals = 2,
}

/// The level of rows of things without a number.
const EXACT: u8 = 0xff;
/// A range has at most 2^64 serials.
const LEVELS: u8 = 64;

const TABLE: marque_state::TableId = marque_state::tables::STABS.id();

/// Neighbouring serials of a class, both ends included, or one thing without a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Range {
    Serials {
        class: Vec<u8>,
        first: u128,
        last: u128,
    },
    One {
        key: Vec<u8>,
    },
}

impl Range {
    /// The range that a thing names; `None` for quantities and classes, which terms find.
    pub(crate) fn of(thing: &Thing) -> Option<Self> {
        match thing {
            Thing::Run { run, .. } => Some(Self::of_run(run)),
            Thing::Asset(_) | Thing::Unit(_) | Thing::Opaque(_) => Some(Self::One {
                key: key::record(&thing.id()?),
            }),
            Thing::Lot { .. } | Thing::Class { .. } => None,
        }
    }

    fn of_run(run: &Run) -> Self {
        match run.first().numeric() {
            Some((_, first)) => Self::Serials {
                class: key::serial_class(run.line(), run.first()),
                first,
                last: first.saturating_add(u128::from(run.count().saturating_sub(1))),
            },
            None => Self::One {
                key: key::item(run.line(), run.first()),
            },
        }
    }

    /// The range that holds one thing alone.
    pub(crate) fn single(id: &ThingId) -> Self {
        match id {
            ThingId::Item { line, serial } => Self::of_run(&Run::single(*line, *serial)),
            _ => Self::One {
                key: key::record(id),
            },
        }
    }
}

/// Adds the rows by which `range` is found.
pub(crate) fn write(batch: &mut Batch, set: Set, range: Range, position: u64) {
    match range {
        Range::One { key } => batch.put(TABLE, row(set, &key, EXACT, 0, position), Vec::new()),
        Range::Serials { class, first, last } => {
            for (level, block) in blocks(first, last) {
                batch.put(TABLE, row(set, &class, level, block, position), Vec::new());
            }
        }
    }
}

fn prefix(set: Set, class: &[u8], level: u8, block: u128) -> Vec<u8> {
    let mut key = vec![set as u8];
    class.to_vec().encode_key(&mut key, false);
    key.push(level);
    key.extend_from_slice(&block.to_be_bytes());
    key
}

fn row(set: Set, class: &[u8], level: u8, block: u128, position: u64) -> Vec<u8> {
    let mut key = prefix(set, class, level, block);
    key.extend_from_slice(&position.to_be_bytes());
    key
}

/// The aligned blocks that make up a range: level, and number within the level.
fn blocks(first: u128, last: u128) -> Vec<(u8, u128)> {
    let mut found = Vec::new();
    let (mut low, mut high) = (first, last);
    for level in 0..=LEVELS {
        if low > high {
            break;
        }
        if low & 1 == 1 || level == LEVELS || low == high {
            found.push((level, low));
            match low.checked_add(1) {
                Some(next) => low = next,
                None => break,
            }
        }
        if low > high {
            break;
        }
        if high & 1 == 0 {
            found.push((level, high));
            match high.checked_sub(1) {
                Some(next) => high = next,
                None => break,
            }
        }
        if low > high {
            break;
        }
        low >>= 1;
        high >>= 1;
    }
    found
}

/// Positions from `from` up to `to` (excluded) of ranges that hold one thing, ascending, at
/// most `limit`.
pub(crate) fn stabbed(
    snapshot: &dyn Snapshot,
    set: Set,
    id: &ThingId,
    positions: std::ops::Range<u64>,
    limit: usize,
) -> Result<Vec<u64>, StateError> {
    let mut found = Vec::new();
    match Range::single(id) {
        Range::One { key } => read(
            snapshot,
            prefix(set, &key, EXACT, 0),
            &positions,
            limit,
            &mut found,
        )?,
        Range::Serials { class, first, .. } => {
            for level in 0..=LEVELS {
                let block = first.checked_shr(level.into()).unwrap_or(0);
                read(
                    snapshot,
                    prefix(set, &class, level, block),
                    &positions,
                    limit,
                    &mut found,
                )?;
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(limit);
    Ok(found)
}

fn read(
    snapshot: &dyn Snapshot,
    prefix: Vec<u8>,
    positions: &std::ops::Range<u64>,
    limit: usize,
    found: &mut Vec<u64>,
) -> Result<(), StateError> {
    let from = [prefix.as_slice(), &positions.start.to_be_bytes()].concat();
    let to = [prefix.as_slice(), &positions.end.to_be_bytes()].concat();
    let to = if positions.end == u64::MAX {
        prefix_end(&prefix).unwrap_or(to)
    } else {
        to
    };
    let rows = snapshot.range(
        TABLE,
        Bound::Included(&from),
        Bound::Excluded(&to),
        Direction::Ascending,
    )?;
    for row in rows.take(limit) {
        let (key, _) = row?;
        let position = key
            .last_chunk::<8>()
            .ok_or_else(|| StateError::corrupt(TABLE.name, &key, "the key is short"))?;
        found.push(u64::from_be_bytes(*position));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
