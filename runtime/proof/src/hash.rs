//! What is hashed, byte for byte. SHA-256 throughout: processors and WebCrypto have it.
//!
//! Each kind begins with a tag of one byte, so that none can be taken for another. Tags 0 to 15
//! belong to this module; other uses of SHA-256 begin their input with an ASCII letter.

use parity_scale_codec::{Encode, Output};
use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// Bytes in a chunk of the bitmap. Counted for 2,000 scattered updates of 10 million leaves: chunks
/// of 32, 64, 128 and 256 bytes take 9.9, 9.0, 8.0 and 7.7 compressions an update and 544, 544, 576
/// and 672 bytes of a proof. With 64, a proof is shortest and the tree above half as large as with 32.
pub const CHUNK_BYTES: usize = 64;

/// Leaves whose bits are in one chunk.
pub const CHUNK_BITS: u64 = 512;

/// A part of the bitmap. Leaf `i` is bit `i % 8`, counted from the lowest, of byte
/// `i % 512 / 8` of chunk `i / 512`.
pub type Chunk = [u8; CHUNK_BYTES];

const LEAF: u8 = 0;
const NODE: u8 = 1;
const BAG: u8 = 2;
const CHUNK: u8 = 3;
const BITMAP_NODE: u8 = 4;
const ROOT: u8 = 5;

struct Hasher(Sha256);

impl Output for Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

/// A leaf: the tag, then key, value and optional next key in SCALE, which writes lengths first.
#[must_use]
pub fn leaf(key: &[u8], value: &[u8], next: Option<&[u8]>) -> Hash {
    let mut hasher = Hasher(Sha256::new());
    hasher.push_byte(LEAF);
    key.encode_to(&mut hasher);
    value.encode_to(&mut hasher);
    next.encode_to(&mut hasher);
    hasher.0.finalize().into()
}

/// An inner node of a perfect mountain.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    tagged(NODE, left, right)
}

/// A peak and everything to its right: peaks are bagged from the right, so that the mountain
/// root of 7 leaves is bag(peak of 4, bag(peak of 2, peak of 1)).
#[must_use]
pub fn bag(left: &Hash, right: &Hash) -> Hash {
    tagged(BAG, left, right)
}

/// A chunk of the bitmap.
#[must_use]
pub fn chunk(chunk: &Chunk) -> Hash {
    let mut input = [0; 1 + CHUNK_BYTES];
    let (tag, rest) = input.split_at_mut(1);
    tag.fill(CHUNK);
    rest.copy_from_slice(chunk);
    Sha256::digest(input).into()
}

/// An inner node of the bitmap's tree.
#[must_use]
pub fn bitmap_node(left: &Hash, right: &Hash) -> Hash {
    tagged(BITMAP_NODE, left, right)
}

/// The state root; the count is eight bytes, little endian.
#[must_use]
pub fn root(mountain: &Hash, bitmap: &Hash, leaf_count: u64) -> Hash {
    let hasher = Sha256::new()
        .chain_update([ROOT])
        .chain_update(mountain)
        .chain_update(bitmap);
    hasher
        .chain_update(leaf_count.to_le_bytes())
        .finalize()
        .into()
}

fn tagged(tag: u8, left: &Hash, right: &Hash) -> Hash {
    let mut input = [tag; 65];
    let (_, rest) = input.split_at_mut(1);
    let (first, second) = rest.split_at_mut(32);
    first.copy_from_slice(left);
    second.copy_from_slice(right);
    Sha256::digest(input).into()
}
