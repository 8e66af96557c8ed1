//! What a block replaced: with it the last blocks' states are read and proved, and bitmap pages
//! need not be written with every block.

use marque_proof::Hash;
use parity_scale_codec::{Compact, Decode, Encode};

/// For how many blocks, the newest included, undo is kept.
pub const UNDO_BLOCKS: u64 = 256;

/// The state before a block, as far as the block changed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Undo {
    /// Leaves before the block; 0 for genesis.
    pub leaf_count: u64,
    /// The state root before the block; zeros for genesis.
    pub root: Hash,
    /// Every key whose leaf was written or removed, ascending.
    pub keys: Vec<(Vec<u8>, Before)>,
}

impl Undo {
    /// Writes an undo row for a number of keys, which [`Undo::push`] then appends.
    pub(crate) fn begin(leaf_count: u64, root: Hash, keys: usize) -> Vec<u8> {
        let keys = u32::try_from(keys).unwrap_or(u32::MAX);
        (leaf_count, root, Compact(keys)).encode()
    }

    /// Appends a key to an undo row that is being written.
    pub(crate) fn push(row: &mut Vec<u8>, key: &[u8], before: &Before) {
        key.encode_to(row);
        before.encode_to(row);
    }
}

/// A key before a block. Encoded by the variants' order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[allow(
    clippy::cast_possible_truncation,
    reason = "the derived code casts the variant's number"
)]
pub enum Before {
    /// It was not there.
    Absent,
    /// It had the same value as after; only its next key, and so its leaf, was another.
    Relinked {
        /// Its leaf then.
        index: u64,
    },
    /// It had another value, or was removed by the block.
    Value {
        /// Its leaf then.
        index: u64,
        /// Its value then.
        value: Vec<u8>,
    },
}

impl Before {
    /// The leaf that the block made dead.
    pub(crate) fn index(&self) -> Option<u64> {
        match self {
            Self::Absent => None,
            Self::Relinked { index } | Self::Value { index, .. } => Some(*index),
        }
    }
}
