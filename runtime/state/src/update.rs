//! The next version of a state, computed and not yet durable.

use std::sync::Arc;

use marque_proof::Hash;

use crate::accumulator::Accumulator;
use crate::batch::Batch;
use crate::bitmap::Bit;
use crate::changes::{Change, Changes};
use crate::key::TableKey;
use crate::links;
use crate::mountain::PageKey;
use crate::rows::{self, Rows};
use crate::state::State;
use crate::store::Snapshot;
use crate::table::Raw;
use crate::tip::Tip;
use crate::undo::{Before, UNDO_BLOCKS, Undo};
use crate::{StateError, tables};

/// What a block makes of the state before it. Dropping it undoes nothing, since nothing was
/// done: a proposal that is not decided is simply forgotten.
#[derive(Clone)]
pub struct Update {
    pub(crate) accumulator: Accumulator,
    pub(crate) rows: Arc<Changes>,
    tip: Tip,
    mountain: Vec<(PageKey, Vec<u8>)>,
    bitmap: Vec<(u64, Vec<u8>)>,
    /// An encoded [`Undo`].
    undo: Vec<u8>,
    leaves: u64,
}

impl Update {
    /// Applies writes; `each` hears of those that change something. The leaves written are, in
    /// one ascending order of keys, those whose value or whose next key is another than before.
    pub(crate) fn prepare(
        before: &Accumulator,
        rows: Rows<'_>,
        changes: Changes,
        mut each: impl FnMut(Change<'_>) -> Result<(), StateError>,
    ) -> Result<Self, StateError> {
        let height = before.tip.map_or(0, |tip| tip.height.saturating_add(1));
        let mut mountain = before.mountain.clone();
        let leaf_count = mountain.leaves();
        let touched = links::touched(&rows, changes, leaf_count == 0)?;
        let leaves = links::leaves(&touched);
        let mut pages = Vec::new();
        let mut bits = Vec::with_capacity(touched.len().saturating_mul(2));
        let root = before.tip.map_or([0; 32], |tip| tip.root);
        let mut undo = Undo::begin(leaf_count, root, touched.len());
        let mut written = Vec::with_capacity(touched.len());
        for (item, leaf) in touched.into_iter().zip(leaves) {
            if let Some(change) = item.change() {
                each(change)?;
            }
            let previous = match item.before {
                None => Before::Absent,
                Some((value, index)) if item.after.as_ref() == Some(&value) => {
                    Before::Relinked { index }
                }
                Some((value, index)) => Before::Value { index, value },
            };
            bits.extend(previous.index().map(|leaf| Bit { leaf, live: false }));
            Undo::push(&mut undo, &item.key, &previous);
            let index = mountain.leaves();
            let row = item.after.map(|value| rows::row(&value, index));
            written.push((item.key, row));
            if let Some(leaf) = leaf {
                mountain.append(leaf, &mut pages);
            }
        }
        bits.sort_unstable_by_key(|bit| bit.leaf);
        bits.extend((leaf_count..mountain.leaves()).map(|leaf| Bit { leaf, live: true }));
        let bitmap = before.bitmap.with(&bits, mountain.leaves(), height);
        pages.extend(mountain.grown(leaf_count));
        let due = bitmap.due(height);
        let accumulator = Accumulator {
            tip: None,
            mountain,
            bitmap,
        }
        .seal(height)?;
        let tip = accumulator.tip.ok_or(StateError::NoGenesis)?;
        Ok(Self {
            accumulator,
            rows: Arc::new(written.into_iter().collect()),
            tip,
            mountain: pages,
            bitmap: due,
            undo,
            leaves: tip.leaf_count.saturating_sub(leaf_count),
        })
    }

    /// Height, leaf count and root after the block.
    #[must_use]
    pub fn tip(&self) -> Tip {
        self.tip
    }

    /// The state root after the block.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tip.root
    }

    /// How many leaves the block appends.
    #[must_use]
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Adds everything that the block writes of the state to the batch of its commit.
    pub fn write_to(&self, batch: &mut Batch) {
        for (key, row) in self.rows.iter() {
            match row {
                Some(row) => batch.put(tables::STATE.id(), key.to_vec(), row.to_vec()),
                None => batch.delete(tables::STATE.id(), key.to_vec()),
            }
        }
        for (key, page) in &self.mountain {
            tables::MOUNTAIN.put(batch, key, &Raw(page.clone()));
        }
        for (number, page) in &self.bitmap {
            tables::BITMAP.put(batch, number, &Raw(page.clone()));
        }
        batch.put(
            tables::UNDO.id(),
            self.tip.height.to_key(),
            self.undo.clone(),
        );
        if let Some(expired) = self.tip.height.checked_sub(UNDO_BLOCKS) {
            tables::UNDO.delete(batch, &expired);
        }
        tables::TIP.put(batch, &(), &self.tip);
    }

    /// The state after the block, once its commit is durable; `snapshot` is taken after that
    /// commit and before the next one.
    ///
    /// # Errors
    /// [`StateError::OutOfStep`] if the snapshot is of another block.
    pub fn settle(&self, snapshot: Arc<dyn Snapshot>) -> Result<State, StateError> {
        if tables::TIP.get(&*snapshot, &())? != Some(self.tip) {
            return Err(StateError::OutOfStep {
                expected: self.tip.height,
            });
        }
        Ok(State::durable(snapshot, self.accumulator.clone()))
    }
}
