//! The whole state against its root: what opening it leaves unchecked.

use marque_proof::hash;

use crate::mountain::Pages;
use crate::rows;
use crate::state::State;
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
        pages.check(tip.leaf_count)?;
        Ok(Checked {
            rows,
            leaves: tip.leaf_count,
        })
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
