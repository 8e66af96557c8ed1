//! Eight neighbouring nodes of the tree and the seven above them.

use marque_proof::{Hash, hash};

/// Levels of 8, 4, 2 and 1, one after the other. On the right edge fewer are in use; a last node
/// without a sibling stands for its parent too.
#[derive(Clone)]
pub(super) struct Octet([Hash; 15]);

/// Where each level begins.
const LEVELS: [usize; 4] = [0, 8, 12, 14];

impl Octet {
    pub(super) const EMPTY: Self = Self([[0; 32]; 15]);

    /// Sets one of the eight; [`Octet::join`] then has to be told.
    pub(super) fn put(&mut self, index: usize, hash: Hash) {
        self.0[index % 8] = hash;
    }

    /// Computes what is above the `dirty` ones (by bit) of the `width` nodes in use. A node that
    /// came into use, and the last one after others went out of use, is dirty.
    pub(super) fn join(&mut self, mut dirty: u8, mut width: usize) {
        for (from, to) in LEVELS.into_iter().zip(LEVELS.into_iter().skip(1)) {
            let mut parents = 0;
            for parent in 0..width.div_ceil(2) {
                let left = 2 * parent;
                if dirty >> left & 0b11 == 0 {
                    continue;
                }
                parents |= 1 << parent;
                self.0[to + parent] = if left + 1 < width {
                    hash::bitmap_node(&self.0[from + left], &self.0[from + left + 1])
                } else {
                    self.0[from + left]
                };
            }
            dirty = parents;
            width = width.div_ceil(2);
        }
    }

    /// The node above all.
    pub(super) fn root(&self) -> Hash {
        self.0[14]
    }

    /// A node of one of the lower three levels, by its index among all nodes of that level.
    pub(super) fn get(&self, level: u32, index: u64) -> Hash {
        match level {
            0 => self.0[(index % 8) as usize],
            1 => self.0[8 + (index % 4) as usize],
            2 => self.0[12 + (index % 2) as usize],
            _ => self.0[14],
        }
    }
}
