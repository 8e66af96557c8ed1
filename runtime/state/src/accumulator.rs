//! The mountain and the bitmap of one version of the state.

use std::ops::Bound;

use marque_proof::hash;

use crate::bitmap::{Bit, Bitmap, FLUSH_CYCLE, Pages};
use crate::mountain::Mountain;
use crate::store::{Direction, Snapshot};
use crate::table::Raw;
use crate::tip::Tip;
use crate::undo::Undo;
use crate::{StateError, tables};

/// All that a root is computed from, apart from the leaves themselves. Cloning copies a few
/// pages and shares the rest.
#[derive(Clone)]
pub(crate) struct Accumulator {
    /// `None` before genesis.
    pub(crate) tip: Option<Tip>,
    pub(crate) mountain: Mountain,
    pub(crate) bitmap: Bitmap,
}

impl Accumulator {
    pub(crate) fn empty() -> Self {
        Self {
            tip: None,
            mountain: Mountain::default(),
            bitmap: Bitmap::new(),
        }
    }

    /// Computes the tip for a height.
    pub(crate) fn seal(mut self, height: u64) -> Result<Self, StateError> {
        let mountain = self.mountain.root().ok_or(StateError::NoGenesis)?;
        let leaf_count = self.mountain.leaves();
        self.tip = Some(Tip {
            height,
            leaf_count,
            root: hash::root(&mountain, &self.bitmap.root(), leaf_count),
        });
        Ok(self)
    }

    /// Reads the accumulator of a snapshot and checks that it has the root it should have.
    pub(crate) fn load(snapshot: &dyn Snapshot) -> Result<Self, StateError> {
        let Some(tip) = tables::TIP.get(snapshot, &())? else {
            return Ok(Self::empty());
        };
        let mountain = Mountain::load(snapshot, tip.leaf_count)?;
        let mut pages = Pages::new(tip.leaf_count);
        for page in tables::BITMAP.range(
            snapshot,
            Bound::Unbounded,
            Bound::Unbounded,
            Direction::Ascending,
        )? {
            let (number, Raw(bytes)) = page?;
            pages.load(number, &bytes).ok_or_else(|| {
                damaged(
                    tables::BITMAP.id().name,
                    number,
                    "the page is not of this bitmap",
                )
            })?;
        }
        // What the pages may lack; that they have some of it already does no harm, since a leaf
        // goes live once and dies once, and both are replayed in order.
        let first = tip.height.saturating_sub(FLUSH_CYCLE.saturating_sub(1));
        let mut blocks = undo_rows(snapshot, first, tip.height)?
            .into_iter()
            .peekable();
        while let Some((height, undo)) = blocks.next() {
            let after = blocks
                .peek()
                .map_or(tip.leaf_count, |(_, undo)| undo.leaf_count);
            for bit in bits(&undo, after) {
                let set = pages.set(bit, height);
                set.ok_or_else(|| {
                    damaged(
                        tables::UNDO.id().name,
                        height,
                        "it names a leaf that is not there",
                    )
                })?;
            }
        }
        let loaded = Self {
            tip: None,
            mountain,
            bitmap: pages.build(),
        }
        .seal(tip.height)?;
        if loaded.tip == Some(tip) {
            Ok(loaded)
        } else {
            Err(StateError::corrupt(
                tables::TIP.id().name,
                &[],
                "mountain and bitmap have another root",
            ))
        }
    }
}

/// The undo rows of some heights, ascending, none missing.
pub(crate) fn undo_rows(
    snapshot: &dyn Snapshot,
    first: u64,
    last: u64,
) -> Result<Vec<(u64, Undo)>, StateError> {
    let rows = tables::UNDO.range(
        snapshot,
        Bound::Included(&first),
        Bound::Included(&last),
        Direction::Ascending,
    )?;
    let mut found = Vec::new();
    for (expected, row) in (first..=last).zip(rows.map(Some).chain(std::iter::repeat_with(|| None)))
    {
        match row.transpose()? {
            Some((height, undo)) if height == expected => found.push((height, undo)),
            _ => {
                return Err(damaged(
                    tables::UNDO.id().name,
                    expected,
                    "the row is missing",
                ));
            }
        }
    }
    Ok(found)
}

/// What a block did to the bitmap: leaves that died, then those that it appended.
pub(crate) fn bits(undo: &Undo, leaves_after: u64) -> impl Iterator<Item = Bit> {
    let died = undo.keys.iter().filter_map(|(_, before)| before.index());
    let died = died.map(|leaf| Bit { leaf, live: false });
    died.chain((undo.leaf_count..leaves_after).map(|leaf| Bit { leaf, live: true }))
}

fn damaged(table: &'static str, key: u64, what: &'static str) -> StateError {
    StateError::corrupt(table, &key.to_be_bytes(), what)
}
