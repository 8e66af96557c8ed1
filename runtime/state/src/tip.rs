//! What identifies a version of the state.

use marque_proof::Hash;
use parity_scale_codec::{Decode, Encode};

/// The state after a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Tip {
    /// The block's height; 0 is genesis.
    pub height: u64,
    /// Leaves ever appended.
    pub leaf_count: u64,
    /// The state root.
    pub root: Hash,
}
