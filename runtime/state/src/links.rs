//! Next-key links: which leaves a block writes.

use std::collections::VecDeque;

use marque_proof::{Hash, hash};

use crate::StateError;
use crate::changes::Changes;
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
    /// The next key before the block, whether or not this key was there.
    above: Option<Vec<u8>>,
}

/// All touched keys, ascending: the changed ones, and the predecessor of each one that is
/// inserted or removed. A state without rows gets its sentinel.
pub(crate) fn touched(
    rows: &dyn View,
    changes: Changes,
    genesis: bool,
) -> Result<Vec<Touched>, StateError> {
    let mut touched: Vec<Touched> = Vec::with_capacity(changes.len());
    if genesis {
        touched.push(Touched {
            key: Vec::new(),
            before: None,
            after: Some(Vec::new()),
            above: None,
        });
    }
    let mut walk = Walk::new(rows);
    for (key, after) in changes {
        if key.is_empty() {
            return Err(StateError::EmptyKey);
        }
        let before = walk
            .seek(&key)?
            .map(|row| rows::split(&key, row))
            .transpose()?;
        if before.is_none() && after.is_none() {
            continue;
        }
        let above = walk.above(&key)?;
        if before.is_some() != after.is_some() && lies_between(touched.last(), &key) {
            let Some((below, row)) = rows.before(&key)? else {
                return Err(StateError::corrupt(
                    tables::STATE.id().name,
                    &[],
                    "the sentinel is missing",
                ));
            };
            let before = rows::split(&below, row)?;
            let after = Some(before.0.clone());
            touched.push(Touched {
                key: below,
                before: Some(before),
                after,
                above: Some(key.clone()),
            });
        }
        touched.push(Touched {
            key,
            before,
            after,
            above,
        });
    }
    Ok(touched)
}

/// Whether the predecessor of `key` is a row that was not touched yet: one above the last
/// touched key. If there is none, the predecessor after the block is the last touched key that
/// is not removed, and that one is written anyway.
fn lies_between(last: Option<&Touched>, key: &[u8]) -> bool {
    last.is_none_or(|last| last.above.as_deref().is_some_and(|above| above < key))
}

/// The hash of each touched key's new leaf; `None` where the key is removed.
pub(crate) fn leaves(touched: &[Touched]) -> Vec<Option<Hash>> {
    let mut hashes = Vec::with_capacity(touched.len());
    // The touched key above the present one, and the next live key that stands for it: itself,
    // or what follows it if it is removed.
    let mut upper: Option<(&[u8], Option<&[u8]>)> = None;
    for item in touched.iter().rev() {
        let next = match (item.above.as_deref(), upper) {
            (above, None) => above,
            (Some(above), Some((key, _))) if above < key => Some(above),
            (_, Some((_, live))) => live,
        };
        hashes.push(
            item.after
                .as_ref()
                .map(|value| hash::leaf(&item.key, value, next)),
        );
        let live = if item.after.is_some() {
            Some(item.key.as_slice())
        } else {
            next
        };
        upper = Some((&item.key, live));
    }
    hashes.reverse();
    hashes
}

/// Rows read ahead in ascending order: more of them the denser the keys asked for lie.
struct Walk<'a> {
    rows: &'a dyn View,
    /// Neighbouring rows, none left out; all there are above the first, if `ended`.
    window: VecDeque<Entry>,
    ended: bool,
    reach: usize,
    hits: usize,
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

    fn fill(&mut self, from: &[u8]) -> Result<(), StateError> {
        let dense = self.hits > self.reach / 2;
        self.reach = if dense {
            self.reach.saturating_mul(2).min(FARTHEST)
        } else {
            NEAREST
        };
        self.hits = 0;
        self.window = self.rows.scan(from, None, self.reach)?.into();
        self.ended = self.window.len() < self.reach;
        Ok(())
    }

    /// The row of `key`, which is above all keys asked for before.
    fn seek(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        while self
            .window
            .pop_front_if(|(below, _)| below.as_slice() < key)
            .is_some()
        {}
        if self.window.is_empty() && !self.ended {
            self.fill(key)?;
        }
        let found = self.window.pop_front_if(|(at, _)| at == key);
        self.hits = self.hits.saturating_add(usize::from(found.is_some()));
        Ok(found.map(|(_, row)| row))
    }

    /// The first key above `key`, which was just sought.
    fn above(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        if self.window.is_empty() && !self.ended {
            self.fill(&[key, &[0]].concat())?;
        }
        Ok(self.window.front().map(|(key, _)| key.clone()))
    }
}
