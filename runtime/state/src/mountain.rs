//! The Merkle mountain range of all leaves ever appended: peaks in memory, nodes in pages.
//!
//! A page holds six levels above 64 nodes of the lowest of them, without the node at its top,
//! which is among the lowest of a page one *layer* up: 126 hashes, 4,032 bytes, in the order in
//! which they come to be. So a page grows at its end, a block writes neighbouring pages and a few
//! more, and a path of 30 nodes is read from five pages. What was written never changes.

mod pages;

use marque_proof::{Hash, Shape, hash};

use crate::StateError;
use crate::store::Snapshot;

pub(crate) use pages::Pages;

/// Levels of a page.
const LEVELS: u32 = 6;

/// Bytes of a full page.
const PAGE_BYTES: usize = 126 * 32;

/// A page's number: its layer, and its place in the layer.
pub(crate) type PageKey = (u8, u64);

/// The peaks and the unfinished pages: all that appending needs.
#[derive(Clone, Default)]
pub(crate) struct Mountain {
    leaves: u64,
    /// By level; true where `leaves` has that bit.
    peaks: Vec<Hash>,
    /// The unfinished page of each layer.
    tails: Vec<Vec<u8>>,
}

impl Mountain {
    /// How many leaves there are.
    pub(crate) fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Appends a leaf; finished pages go to `pages`.
    pub(crate) fn append(&mut self, leaf: Hash, pages: &mut Vec<(PageKey, Vec<u8>)>) {
        let mut hash = leaf;
        for level in 0.. {
            self.store(level, &hash, pages);
            if self.peaks.len() <= level as usize {
                self.peaks.push([0; 32]);
            }
            let peak = &mut self.peaks[level as usize];
            if self.leaves >> level & 1 == 0 {
                *peak = hash;
                break;
            }
            hash = hash::node(peak, &hash);
        }
        self.leaves = self.leaves.saturating_add(1);
    }

    fn store(&mut self, level: u32, hash: &Hash, pages: &mut Vec<(PageKey, Vec<u8>)>) {
        let layer = layer_of(level);
        if self.tails.len() <= usize::from(layer) {
            self.tails.push(Vec::new());
        }
        let tail = &mut self.tails[usize::from(layer)];
        tail.extend_from_slice(hash);
        if tail.len() == PAGE_BYTES {
            pages.push((page_of(layer, self.leaves), std::mem::take(tail)));
        }
    }

    /// The unfinished pages that have grown since there were `leaves` leaves.
    pub(crate) fn grown(&self, leaves: u64) -> impl Iterator<Item = (PageKey, Vec<u8>)> {
        let tails = (0..).zip(&self.tails).filter(|(_, tail)| !tail.is_empty());
        let grown =
            tails.filter(move |(layer, _)| below(*layer, leaves) != below(*layer, self.leaves));
        grown.map(|(layer, tail)| (page_of(layer, self.leaves), tail.clone()))
    }

    /// The root; `None` without leaves.
    pub(crate) fn root(&self) -> Option<Hash> {
        self.bagged(u64::BITS)
    }

    /// The last node of a level that is not perfect: all that its leaves' peaks bag to. `None` if
    /// the leaves fill the level.
    fn bagged(&self, level: u32) -> Option<Hash> {
        let peaks = self.peaks.iter().enumerate().take(level as usize);
        let mut peaks = peaks
            .filter(|(level, _)| self.leaves >> level & 1 == 1)
            .map(|(_, peak)| *peak);
        let last = peaks.next()?;
        Some(peaks.fold(last, |right, left| hash::bag(&left, &right)))
    }

    /// The mountain as it was at `leaves` leaves, from the pages of that or a later state.
    pub(crate) fn load(snapshot: &dyn Snapshot, leaves: u64) -> Result<Self, StateError> {
        let mut mountain = Self {
            leaves,
            ..Self::default()
        };
        let mut pages = Pages::new(snapshot);
        for level in 0..u64::BITS.saturating_sub(leaves.leading_zeros()) {
            let width = leaves >> level;
            mountain.peaks.push(if width & 1 == 1 {
                pages.node(level, width.saturating_sub(1))?
            } else {
                [0; 32]
            });
            if level % LEVELS == 0 {
                let open = width % 64;
                let page = (layer_of(level), width / 64);
                mountain.tails.push(if open == 0 {
                    Vec::new()
                } else {
                    pages.prefix(page, bytes_of(open))?
                });
            }
        }
        Ok(mountain)
    }

    /// The hashes beside `leaves`, ascending, which a verifier needs.
    pub(crate) fn path(
        &self,
        snapshot: &dyn Snapshot,
        leaves: &[u64],
    ) -> Result<Vec<Hash>, StateError> {
        let Some(shape) = Shape::new(self.leaves) else {
            return Err(StateError::NoGenesis);
        };
        let mut pages = Pages::new(snapshot);
        let nodes = shape.path(leaves).into_iter().map(|(level, index)| {
            let bagged = if shape.is_perfect(level, index) {
                None
            } else {
                self.bagged(level)
            };
            bagged.map_or_else(|| pages.node(level, index), Ok)
        });
        nodes.collect()
    }
}

/// How many of a layer's lowest nodes `leaves` leaves make.
fn below(layer: u8, leaves: u64) -> u64 {
    leaves
        .checked_shr(u32::from(layer).saturating_mul(LEVELS))
        .unwrap_or(0)
}

/// The page of a layer that is being filled when there are `leaves` leaves.
fn page_of(layer: u8, leaves: u64) -> PageKey {
    (layer, below(layer, leaves) / 64)
}

fn layer_of(level: u32) -> u8 {
    u8::try_from(level / LEVELS).unwrap_or(u8::MAX)
}

/// Bytes of the nodes that the first `lowest` of a page's lowest nodes make.
fn bytes_of(lowest: u64) -> usize {
    let nodes = lowest
        .saturating_mul(2)
        .saturating_sub(u64::from(lowest.count_ones()));
    usize::try_from(nodes)
        .unwrap_or(usize::MAX)
        .saturating_mul(size_of::<Hash>())
}
