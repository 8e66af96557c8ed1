//! The crate's one error.

use core::fmt;

/// Which of the two trees a path belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tree {
    /// The mountain range of leaves.
    Mountain,
    /// The tree over the bitmap's chunks.
    Bitmap,
    /// The tree over a list of a block.
    List,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// The bytes are not the one encoding of a proof.
    Malformed,
    /// A part is larger than the caller's limit.
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The limit, in bytes or pieces.
        limit: usize,
    },
    /// There is no leaf, so nothing to prove.
    Empty,
    /// The leaf count is zero or beyond what a state can have.
    LeafCount,
    /// Leaves are not in strictly ascending order, by index or by key.
    Order,
    /// A leaf's index is not below the leaf count.
    OutOfRange {
        /// The index.
        index: u64,
    },
    /// The leaf is superseded or removed.
    NotLive {
        /// Its index.
        index: u64,
    },
    /// There is not exactly one chunk for each range that holds a leaf.
    Chunks {
        /// How many the leaves need.
        expected: usize,
        /// How many there are.
        given: usize,
    },
    /// Hashes are missing from a path.
    PathTooShort {
        /// Whose.
        tree: Tree,
    },
    /// Hashes are left over from a path.
    PathTooLong {
        /// Whose.
        tree: Tree,
    },
    /// All is well formed, but hashes to another root.
    Root,
}

impl fmt::Display for Tree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Mountain => "mountain",
            Self::Bitmap => "bitmap",
            Self::List => "list",
        })
    }
}

impl fmt::Display for ProofError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => out.write_str("the bytes are not the encoding of a proof"),
            Self::TooLarge { what, limit } => write!(out, "{what} exceed the limit of {limit}"),
            Self::Empty => out.write_str("the proof has no leaf"),
            Self::LeafCount => out.write_str("the proof's leaf count is impossible"),
            Self::Order => out.write_str("the proof's leaves are not in ascending order"),
            Self::OutOfRange { index } => write!(out, "leaf {index} is beyond the leaf count"),
            Self::NotLive { index } => write!(out, "leaf {index} is superseded or removed"),
            Self::Chunks { expected, given } => {
                write!(
                    out,
                    "the proof has {given} bitmap chunks, its leaves need {expected}"
                )
            }
            Self::PathTooShort { tree } => write!(out, "hashes are missing from the {tree} path"),
            Self::PathTooLong { tree } => write!(out, "hashes are left over in the {tree} path"),
            Self::Root => out.write_str("the proof does not lead to this state root"),
        }?;
        out.write_str("; do not trust it, and ask another node for a proof at this header")
    }
}

impl core::error::Error for ProofError {}
