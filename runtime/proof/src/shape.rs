//! The shape of both trees, which their number of leaves decides alone.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::error::{ProofError, Tree};
use crate::hash::Hash;

/// The most leaves that a state can have. A thousand a microsecond would take two years.
pub const MAX_LEAVES: u64 = 1 << 56;

/// A binary tree over a row of leaves. Level 0 is the leaves; on each level pairs are joined
/// from the left, and a last node without a sibling is its own parent. So every perfect subtree
/// stays as it is while leaves are appended, which makes the tree a Merkle mountain range with
/// its peaks bagged from the right (and the tree of RFC 6962, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    leaves: u64,
}

impl Shape {
    /// The shape over `leaves` leaves; `None` for none, or for more than [`MAX_LEAVES`].
    #[must_use]
    pub fn new(leaves: u64) -> Option<Self> {
        (1..=MAX_LEAVES)
            .contains(&leaves)
            .then_some(Self { leaves })
    }

    /// How many leaves there are.
    #[must_use]
    pub fn leaves(self) -> u64 {
        self.leaves
    }

    /// The level of the root.
    #[must_use]
    pub fn height(self) -> u32 {
        self.leaves.next_power_of_two().trailing_zeros()
    }

    /// How many nodes `level` has, the last one possibly standing in for its only child.
    #[must_use]
    pub fn width(self, level: u32) -> u64 {
        match 1_u64.checked_shl(level) {
            Some(span) => self.leaves.div_ceil(span),
            None => 1,
        }
    }

    /// Whether all 2^`level` leaves below a node are there.
    #[must_use]
    pub fn is_perfect(self, level: u32, index: u64) -> bool {
        index < self.leaves.checked_shr(level).unwrap_or(0)
    }

    /// The nodes, as (level, index), that must be known beside the `leaves`, which are strictly
    /// ascending, to compute the root: the order in which [`Shape::fold`] takes them.
    #[must_use]
    pub fn path(self, leaves: &[u64]) -> Vec<(u32, u64)> {
        let mut path = Vec::new();
        let mut nodes = leaves.to_vec();
        for level in 0..self.height() {
            let width = self.width(level);
            let mut parents = Vec::with_capacity(nodes.len());
            let mut rest = nodes.into_iter().peekable();
            while let Some(index) = rest.next() {
                let sibling = index ^ 1;
                if sibling < width && rest.next_if_eq(&sibling).is_none() {
                    path.push((level, sibling));
                }
                parents.push(index >> 1);
            }
            nodes = parents;
        }
        path
    }

    /// The root above some leaves, given with their indices strictly ascending and below the
    /// number of leaves, and the hashes of [`Shape::path`]. `join` is told whether the parent is
    /// perfect.
    ///
    /// # Errors
    /// When the path is too short or too long for these leaves, or there is no leaf.
    pub fn fold(
        self,
        tree: Tree,
        leaves: Vec<(u64, Hash)>,
        path: &[Hash],
        join: impl Fn(bool, &Hash, &Hash) -> Hash,
    ) -> Result<Hash, ProofError> {
        let mut path = path.iter();
        let mut nodes = leaves;
        for level in 0..self.height() {
            let width = self.width(level);
            let mut parents = Vec::with_capacity(nodes.len());
            let mut rest = nodes.into_iter().peekable();
            while let Some((index, hash)) = rest.next() {
                let (sibling, parent) = (index ^ 1, index >> 1);
                if sibling >= width {
                    parents.push((parent, hash));
                    continue;
                }
                let known = rest
                    .next_if(|(next, _)| *next == sibling)
                    .map(|(_, hash)| hash);
                let other = match &known {
                    Some(hash) => hash,
                    None => path.next().ok_or(ProofError::PathTooShort { tree })?,
                };
                let perfect = self.is_perfect(level.saturating_add(1), parent);
                let joined = if index < sibling {
                    join(perfect, &hash, other)
                } else {
                    join(perfect, other, &hash)
                };
                parents.push((parent, joined));
            }
            nodes = parents;
        }
        if path.next().is_some() {
            return Err(ProofError::PathTooLong { tree });
        }
        nodes
            .first()
            .map(|(_, hash)| *hash)
            .ok_or(ProofError::Empty)
    }
}
