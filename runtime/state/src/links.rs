//! Next-key links: which leaves a block writes.

use std::collections::VecDeque;

use marque_proof::{Hash, hash};

use crate::StateError;
use crate::changes::{Change, Changes};
use crate::rows;
use crate::tables;
use crate::view::{Entry, View};

/// A key whose leaf a block writes or removes: its value or its next key is another.
pub(crate) struct Touched {
    pub(crate) key: Vec<u8>,
    /// Value and leaf index before the block.
    pub(crate) before: Option<(Vec<u8>, u64)>,
    /// Value after the block.
    pub(crate) after: Option<Vec<u8>>,
    /// The next key, if that is an untouched one.
    above: Option<Vec<u8>>,
}

impl Touched {
    /// What happens to the value; nothing where only the next key is another. The sentinel's
    /// empty key is nobody's.
    pub(crate) fn change(&self) -> Option<Change<'_>> {
        let before = self.before.as_ref().map(|(value, _)| value.as_slice());
        let after = self.after.as_deref();
        (before != after && !self.key.is_empty()).then_some(Change {
            key: &self.key,
            before,
            after,
        })
    }
}

/// All touched keys, ascending: those that changes give other bytes, and the predecessor of each one that is
/// inserted or removed. A state without rows gets its sentinel.
pub(crate) fn touched(
    rows: &dyn View,
    changes: Changes,
    genesis: bool,
) -> Result<Vec<Touched>, StateError> {
    let mut touched: Vec<Touched> = Vec::with_capacity(changes.len().saturating_add(1));
    if genesis {
        let after = Some(Vec::new());
        touched.push(Touched {
            key: Vec::new(),
            before: None,
            after,
            above: None,
        });
    }
    let mut walk = Walk::new(rows);
    // The first row above the last touched key, if it is below the present one.
    let mut between = None;
    for (key, after) in changes {
        if key.is_empty() {
            return Err(StateError::EmptyKey);
        }
        let Step { passed, row } = walk.step(&key)?;
        between = between.or(passed.map(|(key, _)| key));
        let before = row.map(|row| rows::split(&key, row)).transpose()?;
        if before.as_ref().map(|(value, _)| value) == after.as_ref() {
            // No change; but a row is a row between others.
            between = between.or(before.map(|_| key));
            continue;
        }
        // Without a row in between, the predecessor after the block is the last touched key that
        // is not removed, and that one is written anyway.
        let adjoins = between.is_none() && !touched.is_empty();
        if let (Some(last), Some(above)) = (touched.last_mut(), between.take()) {
            last.above = Some(above);
        }
        if before.is_some() != after.is_some() && !adjoins {
            let (below, row) = rows.before(&key)?.ok_or_else(sentinel_missing)?;
            let before = rows::split(&below, row)?;
            let after = Some(before.0.clone());
            touched.push(Touched {
                key: below,
                before: Some(before),
                after,
                above: None,
            });
        }
        touched.push(Touched {
            key,
            before,
            after,
            above: None,
        });
    }
    let above = between.or_else(|| walk.window.pop_front().map(|(key, _)| key));
    if let (Some(last), Some(above)) = (touched.last_mut(), above) {
        last.above = Some(above);
    }
    Ok(touched)
}

fn sentinel_missing() -> StateError {
    StateError::corrupt(tables::STATE.id().name, &[], "the sentinel is missing")
}

/// The hash of each touched key's new leaf; `None` where the key is removed.
pub(crate) fn leaves(touched: &[Touched]) -> Vec<Option<Hash>> {
    let mut hashes = Vec::with_capacity(touched.len());
    // The next live key if no untouched one comes before it.
    let mut live: Option<&[u8]> = None;
    for item in touched.iter().rev() {
        let next = item.above.as_deref().or(live);
        hashes.push(
            item.after
                .as_ref()
                .map(|value| hash::leaf(&item.key, value, next)),
        );
        live = if item.after.is_some() {
            Some(&item.key)
        } else {
            next
        };
    }
    hashes.reverse();
    hashes
}

/// Rows read ahead in ascending order, more of them the denser the keys asked for lie.
struct Walk<'a> {
    rows: &'a dyn View,
    /// The rows above the last key asked for: at least one if there are any, none left out, and
    /// all of them if `ended`.
    window: VecDeque<Entry>,
    ended: bool,
    reach: usize,
    hits: usize,
}

/// What a walk found on its way to a key.
struct Step {
    /// The first row between the last key and this one; unknown, so none, before the first key.
    passed: Option<Entry>,
    /// The key's row.
    row: Option<Vec<u8>>,
}

const NEAREST: usize = 2;
const FARTHEST: usize = 64;

impl<'a> Walk<'a> {
    fn new(rows: &'a dyn View) -> Self {
        Self {
            rows,
            window: VecDeque::new(),
            ended: false,
            reach: NEAREST,
            hits: 0,
        }
    }

    /// Goes on to `key`, which is above all keys before.
    fn step(&mut self, key: &[u8]) -> Result<Step, StateError> {
        let passed = self
            .window
            .pop_front_if(|(below, _)| below.as_slice() < key);
        while self
            .window
            .pop_front_if(|(below, _)| below.as_slice() < key)
            .is_some()
        {}
        self.fill(key)?;
        let row = self
            .window
            .pop_front_if(|(at, _)| at == key)
            .map(|(_, row)| row);
        if row.is_some() {
            self.hits = self.hits.saturating_add(1);
            if self.window.is_empty() && !self.ended {
                self.fill(&[key, &[0]].concat())?;
            }
        }
        Ok(Step { passed, row })
    }

    /// Reads on from a key if nothing is at hand.
    fn fill(&mut self, from: &[u8]) -> Result<(), StateError> {
        if self.window.is_empty() && !self.ended {
            let dense = self.hits > self.reach / 2;
            self.reach = if dense {
                self.reach.saturating_mul(2).min(FARTHEST)
            } else {
                NEAREST
            };
            self.hits = 0;
            self.window = self.rows.scan(from, None, self.reach)?.into();
            self.ended = self.window.len() < self.reach;
        }
        Ok(())
    }
}
