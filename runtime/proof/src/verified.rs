//! What a checked proof says, and what it leaves open.

use alloc::vec::Vec;

use crate::error::ProofError;
use crate::hash::Hash;
use crate::state_proof::ProvedLeaf;

/// The answer to a question that a proof may not have been made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// It is in the state.
    Present(T),
    /// It is not in the state.
    Absent,
    /// The proof lacks the leaf that would tell; never to be taken for absence.
    NotProved,
}

/// Leaves known to be live under a root. Only [`crate::StateProof::verify`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    root: Hash,
    /// Ascending by key.
    leaves: Vec<ProvedLeaf>,
}

impl Verified {
    pub(crate) fn new(root: Hash, mut leaves: Vec<ProvedLeaf>) -> Result<Self, ProofError> {
        leaves.sort_unstable_by(|left, right| left.key.cmp(&right.key));
        // Under a root that a node computed, a key has one live leaf.
        if !leaves.is_sorted_by(|left, right| left.key < right.key) {
            return Err(ProofError::Order);
        }
        Ok(Self { root, leaves })
    }

    /// The state root that all this holds under.
    #[must_use]
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The leaves, ascending by key.
    #[must_use]
    pub fn leaves(&self) -> &[ProvedLeaf] {
        &self.leaves
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Answer<&[u8]> {
        match self.covering(key) {
            Some(leaf) if leaf.key.is_empty() => Answer::Absent,
            Some(leaf) if leaf.key == key => Answer::Present(&leaf.value),
            Some(_) => Answer::Absent,
            None => Answer::NotProved,
        }
    }

    /// The entry with the greatest live key not above `key`.
    #[must_use]
    pub fn at_or_before(&self, key: &[u8]) -> Answer<(&[u8], &[u8])> {
        match self.covering(key) {
            Some(leaf) if leaf.key.is_empty() => Answer::Absent,
            Some(leaf) => Answer::Present((&leaf.key, &leaf.value)),
            None => Answer::NotProved,
        }
    }

    /// The smallest live key above `key`.
    #[must_use]
    pub fn after(&self, key: &[u8]) -> Answer<&[u8]> {
        match self.covering(key).map(|leaf| leaf.next.as_deref()) {
            Some(Some(next)) => Answer::Present(next),
            Some(None) => Answer::Absent,
            None => Answer::NotProved,
        }
    }

    /// The leaf whose gap, from its key up to its next, covers `key`.
    fn covering(&self, key: &[u8]) -> Option<&ProvedLeaf> {
        let above = self
            .leaves
            .partition_point(|leaf| leaf.key.as_slice() <= key);
        let leaf = self.leaves.get(above.checked_sub(1)?)?;
        leaf.next
            .as_deref()
            .is_none_or(|next| key < next)
            .then_some(leaf)
    }
}
