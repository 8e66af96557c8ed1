//! The whole state against its root: what opening it leaves unchecked.

use std::ops::Bound;

use marque_proof::hash;

use crate::accumulator::undo_rows;
use crate::changes::{Changes, Layered};
use crate::mountain::Pages;
use crate::rows;
use crate::state::State;
use crate::store::Direction;
use crate::undo::{Before, UNDO_BLOCKS, Undo};
use crate::view::{Entry, View};
use crate::{StateError, tables};

/// What a check has covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Rows, each found under the root with its value and its next key.
    pub rows: u64,
    /// Leaves ever appended, all on the way to the root.
    pub leaves: u64,
}

/// Rows that are read at a time.
const STRIDE: usize = 1_024;

impl State {
    /// Checks every row: that its leaf, hashed anew, stands in the mountain and is live, that no
    /// other leaf is live, and that the mountain's nodes lead to the root. Opening a state checks
    /// that peaks and bitmap have the root; any other damaged row or node is found here.
    ///
    /// # Errors
    /// [`StateError::Corrupt`] names the first damaged row; else as [`State::prove`].
    pub fn check(&self) -> Result<Checked, StateError> {
        let tip = self.settled()?;
        let mut pages = Pages::new(&**self.snapshot());
        let mut rows = 0_u64;
        let mut last: Option<Entry> = None;
        let mut from = Vec::new();
        loop {
            let page = self.rows().scan(&from, None, STRIDE)?;
            let ended = page.len() < STRIDE;
            for entry in page {
                if let Some(row) = last.take() {
                    self.check_row(&mut pages, row, Some(&entry.0))?;
                }
                rows = rows.saturating_add(1);
                last = Some(entry);
            }
            match &last {
                Some((key, _)) if !ended => from = [key, &[0][..]].concat(),
                _ => break,
            }
        }
        if let Some(row) = last {
            self.check_row(&mut pages, row, None)?;
        }
        if self.accumulator().bitmap.live() != rows {
            return Err(StateError::corrupt(
                tables::BITMAP.id().name,
                &[],
                "it counts other rows",
            ));
        }
        let whole = pages.check(tip.leaf_count)?;
        // Beside an earlier state's pages stand those of later blocks.
        if self.is_newest() {
            pages.check_no_more(whole)?;
        }
        Ok(Checked {
            rows,
            leaves: tip.leaf_count,
        })
    }

    /// Checks every undo row: that what it puts back are leaves of the mountain, and that nothing
    /// else is kept. Gives the state roots that the rows name, by height, for the headers to
    /// confirm.
    ///
    /// # Errors
    /// As [`State::check`].
    pub fn check_undo(&self) -> Result<Vec<(u64, [u8; 32])>, StateError> {
        let tip = self.settled()?;
        let oldest = tip.height.saturating_sub(UNDO_BLOCKS.saturating_sub(1));
        let outside = |(height, _): &(u64, Undo)| !(oldest..=tip.height).contains(height);
        for end in [Direction::Ascending, Direction::Descending] {
            let all = (Bound::Unbounded, Bound::Unbounded);
            let mut rows = tables::UNDO.range(&**self.snapshot(), all.0, all.1, end)?;
            if let Some(row) = rows.next().transpose()?.filter(outside) {
                return Err(undo_damaged(row.0, "it is of a block that has none"));
            }
        }
        let mut pages = Pages::new(&**self.snapshot());
        let rows = self.rows();
        let mut past = Changes::new();
        let mut roots = Vec::new();
        let mut leaves_after = tip.leaf_count;
        for (height, undo) in undo_rows(&**self.snapshot(), oldest, tip.height)?
            .into_iter()
            .rev()
        {
            let after = Layered::new(&rows, &past);
            let mut leaves = undo.leaf_count;
            for (key, _) in &undo.keys {
                // A key that the block did not remove got a new leaf.
                leaves = leaves.saturating_add(after.get(key)?.is_some().into());
            }
            if leaves != leaves_after {
                return Err(undo_damaged(height, "it counts other leaves"));
            }
            leaves_after = undo.leaf_count;
            for (key, before) in &undo.keys {
                let row = match before {
                    Before::Absent => None,
                    Before::Value { index, value } => Some(rows::row(value, *index)),
                    Before::Relinked { index } => {
                        let later = Layered::new(&rows, &past).get(key)?;
                        let later =
                            later.ok_or_else(|| undo_damaged(height, "a later row is missing"))?;
                        Some(rows::row(&rows::split(key, later)?.0, *index))
                    }
                };
                past.insert(key.clone(), row);
            }
            let then = Layered::new(&rows, &past);
            for (key, before) in &undo.keys {
                let Some(index) = before.index() else {
                    continue;
                };
                let row = then.get(key)?.unwrap_or_default();
                let next = then.after(key)?.map(|(next, _)| next);
                let leaf = hash::leaf(key, &rows::split(key, row)?.0, next.as_deref());
                if index >= undo.leaf_count || pages.node(0, index)? != leaf {
                    return Err(undo_damaged(height, "it puts back what was never there"));
                }
            }
            match height.checked_sub(1) {
                Some(before) => roots.push((before, undo.root)),
                None if undo.leaf_count > 0 || undo.root != [0; 32] || then.get(&[])?.is_some() => {
                    return Err(undo_damaged(height, "something stood before genesis"));
                }
                None => {}
            }
        }
        // The bitmap and the peaks of the oldest state that can be asked for.
        self.at(tip.height.saturating_sub(UNDO_BLOCKS))?;
        Ok(roots)
    }

    fn check_row(
        &self,
        pages: &mut Pages<'_>,
        (key, row): Entry,
        next: Option<&[u8]>,
    ) -> Result<(), StateError> {
        let (value, index) = rows::split(&key, row)?;
        let damaged = |what| Err(StateError::corrupt(tables::STATE.id().name, &key, what));
        if !self.accumulator().bitmap.is_live(index) {
            return damaged("its leaf is not live");
        }
        if pages.node(0, index)? != hash::leaf(&key, &value, next) {
            return damaged("it is not what its leaf says");
        }
        Ok(())
    }
}

fn undo_damaged(height: u64, what: &'static str) -> StateError {
    StateError::corrupt(tables::UNDO.id().name, &height.to_be_bytes(), what)
}
