//! Reading the mountain's pages.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;

use marque_proof::Hash;

use super::{LEVELS, Mountain, PAGE_BYTES, PageKey, below, bytes_of, layer_of};
use crate::key::TableKey;
use crate::store::{Direction, Snapshot};
use crate::table::Raw;
use crate::{StateError, tables};

/// Where a node is stored.
struct Slot {
    page: PageKey,
    offset: usize,
}

fn slot(level: u32, index: u64) -> Slot {
    let inner = level % LEVELS;
    let first = index << inner & !63;
    // A node comes to be with the last of the lowest nodes below it, after those above that one
    // and below this one.
    let last = (index << inner | ((1 << inner) - 1)) & 63;
    let offset = bytes_of(last).saturating_add(inner as usize * size_of::<Hash>());
    Slot {
        page: (layer_of(level), first / 64),
        offset,
    }
}

/// Pages that are kept while they are likely to be read again.
const KEPT: usize = 4_096;

/// Pages, as far as possible read once.
pub(crate) struct Pages<'a> {
    snapshot: &'a dyn Snapshot,
    read: BTreeMap<PageKey, Vec<u8>>,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(snapshot: &'a dyn Snapshot) -> Self {
        Self {
            snapshot,
            read: BTreeMap::new(),
        }
    }

    fn page(&mut self, key: PageKey) -> Result<&[u8], StateError> {
        if self.read.len() >= KEPT {
            self.read.clear();
        }
        match self.read.entry(key) {
            Entry::Occupied(page) => Ok(page.into_mut()),
            Entry::Vacant(place) => {
                let page = tables::MOUNTAIN
                    .get(self.snapshot, &key)?
                    .ok_or_else(|| damaged(key, "the page is missing"))?;
                let Raw(bytes) = page;
                Ok(place.insert(bytes))
            }
        }
    }

    /// Checks every node against those below it. Gives how many pages they are.
    pub(crate) fn check(&mut self, leaves: u64) -> Result<u64, StateError> {
        let mut pages = 0_u64;
        for layer in 0.. {
            let lowest = below(layer, leaves);
            pages = pages.saturating_add(lowest.div_ceil(64));
            for number in 0..lowest.div_ceil(64) {
                let key = (layer, number);
                let present = lowest.saturating_sub(number.saturating_mul(64)).min(64);
                let bytes = self.prefix(key, bytes_of(present).min(PAGE_BYTES))?;
                let mut built = Mountain::default();
                let mut full = Vec::new();
                for place in 0..present {
                    let node = bytes
                        .get(bytes_of(place)..)
                        .and_then(|bytes| bytes.first_chunk());
                    let node = node.ok_or_else(|| damaged(key, "the page is too short"))?;
                    built.append(*node, &mut full);
                }
                let (built, top) = match (full.pop(), built.peaks.get(LEVELS as usize)) {
                    (Some((_, page)), Some(top)) => (page, Some(*top)),
                    _ => (built.tails.swap_remove(0), None),
                };
                if built != bytes {
                    return Err(damaged(key, "a node is not what is below it"));
                }
                let above = u32::from(layer).saturating_add(1).saturating_mul(LEVELS);
                if let Some(top) = top
                    && self.node(above, number)? != top
                {
                    return Err(damaged(key, "the page above has another node for it"));
                }
            }
            if lowest < 64 {
                break;
            }
        }
        Ok(pages)
    }

    /// Checks that there are no more pages than those of the newest state, all of which are there.
    pub(crate) fn check_no_more(&self, mut pages: u64) -> Result<(), StateError> {
        let (table, all) = (tables::MOUNTAIN.id(), Bound::Unbounded);
        let rows = self.snapshot.range(table, all, all, Direction::Ascending)?;
        for row in rows {
            row?;
            pages = pages.checked_sub(1).ok_or_else(|| {
                StateError::corrupt(table.name, &[], "it has pages that are of no leaf")
            })?;
        }
        Ok(())
    }

    pub(crate) fn node(&mut self, level: u32, index: u64) -> Result<Hash, StateError> {
        let Slot { page, offset } = slot(level, index);
        let node = self
            .page(page)?
            .get(offset..)
            .and_then(|bytes| bytes.first_chunk().copied());
        node.ok_or_else(|| damaged(page, "the page is too short"))
    }

    pub(super) fn prefix(&mut self, page: PageKey, bytes: usize) -> Result<Vec<u8>, StateError> {
        let prefix = self.page(page)?.get(..bytes).map(<[u8]>::to_vec);
        prefix.ok_or_else(|| damaged(page, "the page is too short"))
    }
}

fn damaged(page: PageKey, what: &'static str) -> StateError {
    StateError::corrupt(tables::MOUNTAIN.id().name, &page.to_key(), what)
}
