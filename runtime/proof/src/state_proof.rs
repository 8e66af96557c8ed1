//! Live leaves under one state root, with what is needed to check them.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use parity_scale_codec::{Decode, DecodeAll, Encode};

use crate::error::{ProofError, Tree};
use crate::hash::{self, CHUNK_BITS, Chunk, Hash};
use crate::limits::Limits;
use crate::shape::Shape;
use crate::verified::Verified;

/// A leaf and its place in the mountain range.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ProvedLeaf {
    /// How many leaves were appended before it.
    #[codec(compact)]
    pub index: u64,
    /// Its key; empty for the sentinel.
    pub key: Vec<u8>,
    /// The key's value.
    pub value: Vec<u8>,
    /// The next live key, if there is one.
    pub next: Option<Vec<u8>>,
}

/// Live leaves of one state. Their paths share every hash that they can: a hash that follows
/// from the leaves, or from hashes before it, is not there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StateProof {
    /// How many leaves were ever appended: the trees' shape.
    #[codec(compact)]
    pub leaf_count: u64,
    /// The leaves, strictly ascending by index.
    pub leaves: Vec<ProvedLeaf>,
    /// The mountain's hashes beside the leaves: by level from the leaves up, then by index.
    pub mountain: Vec<Hash>,
    /// The chunks that hold the leaves' bits, ascending, each once.
    pub chunks: Vec<Chunk>,
    /// The hashes beside those chunks, in the same order as `mountain`.
    pub bitmap: Vec<Hash>,
}

impl StateProof {
    /// Reads a proof. A proof has one encoding: what decodes but would be written otherwise is
    /// refused.
    ///
    /// # Errors
    /// [`ProofError::TooLarge`] and [`ProofError::Malformed`].
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, ProofError> {
        at_most("bytes of a state proof", bytes.len(), limits.bytes)?;
        let proof = Self::decode_all(&mut &*bytes).map_err(|_| ProofError::Malformed)?;
        if proof.encode() != bytes {
            return Err(ProofError::Malformed);
        }
        at_most("leaves of a state proof", proof.leaves.len(), limits.leaves)?;
        for leaf in &proof.leaves {
            at_most("bytes of a key", leaf.key.len(), limits.key)?;
            at_most(
                "bytes of a next key",
                leaf.next.as_ref().map_or(0, Vec::len),
                limits.key,
            )?;
            at_most("bytes of a value", leaf.value.len(), limits.value)?;
        }
        Ok(proof)
    }

    /// Checks that all leaves are live under `root`; nothing of the proof counts before that.
    ///
    /// # Errors
    /// The first thing that is wrong. [`ProofError::Root`] is what a forged but well-formed proof
    /// gives.
    pub fn verify(self, root: &Hash) -> Result<Verified, ProofError> {
        let shape = Shape::new(self.leaf_count).ok_or(ProofError::LeafCount)?;
        if !self
            .leaves
            .is_sorted_by(|left, right| left.index < right.index)
        {
            return Err(ProofError::Order);
        }
        if let Some(leaf) = self
            .leaves
            .iter()
            .find(|leaf| leaf.index >= self.leaf_count)
        {
            return Err(ProofError::OutOfRange { index: leaf.index });
        }
        let bitmap = self.bitmap_root()?;
        let hashes = self
            .leaves
            .iter()
            .map(|leaf| (leaf.index, leaf.hash()))
            .collect();
        let mountain = shape.fold(
            Tree::Mountain,
            hashes,
            &self.mountain,
            |perfect, left, right| {
                if perfect {
                    hash::node(left, right)
                } else {
                    hash::bag(left, right)
                }
            },
        )?;
        if hash::root(&mountain, &bitmap, self.leaf_count) != *root {
            return Err(ProofError::Root);
        }
        Verified::new(*root, self.leaves)
    }

    /// The bitmap's root, if every leaf's bit is set in its chunk.
    fn bitmap_root(&self) -> Result<Hash, ProofError> {
        let shape =
            Shape::new(self.leaf_count.div_ceil(CHUNK_BITS)).ok_or(ProofError::LeafCount)?;
        let mut indices: Vec<u64> = self
            .leaves
            .iter()
            .map(|leaf| leaf.index / CHUNK_BITS)
            .collect();
        indices.dedup();
        if indices.len() != self.chunks.len() {
            return Err(ProofError::Chunks {
                expected: indices.len(),
                given: self.chunks.len(),
            });
        }
        let mut chunks = indices.iter().zip(&self.chunks).peekable();
        for leaf in &self.leaves {
            while chunks
                .next_if(|(index, _)| **index < leaf.index / CHUNK_BITS)
                .is_some()
            {}
            if !chunks
                .peek()
                .is_some_and(|(_, chunk)| is_live(chunk, leaf.index))
            {
                return Err(ProofError::NotLive { index: leaf.index });
            }
        }
        let hashes = indices
            .iter()
            .zip(&self.chunks)
            .map(|(index, chunk)| (*index, hash::chunk(chunk)));
        shape.fold(
            Tree::Bitmap,
            hashes.collect(),
            &self.bitmap,
            |_, left, right| hash::bitmap_node(left, right),
        )
    }
}

impl ProvedLeaf {
    /// The leaf's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash::leaf(&self.key, &self.value, self.next.as_deref())
    }
}

fn at_most(what: &'static str, size: usize, limit: usize) -> Result<(), ProofError> {
    if size > limit {
        Err(ProofError::TooLarge { what, limit })
    } else {
        Ok(())
    }
}

fn is_live(chunk: &Chunk, leaf: u64) -> bool {
    let byte = usize::try_from(leaf % CHUNK_BITS / 8)
        .ok()
        .and_then(|byte| chunk.get(byte));
    byte.is_some_and(|byte| byte >> (leaf % 8) & 1 == 1)
}
