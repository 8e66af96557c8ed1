//! The live bitmap and the Merkle tree over its chunks, as an immutable value.
//!
//! Eight chunks with the tree above them make a node of level 0, eight nodes one of the next
//! level. A new version copies the nodes that it touches and shares the rest, so that proofs are
//! made from one version while blocks are prepared on others, and nobody waits.
//!
//! On disk the bitmap lies in pages of 4 KiB, one for each node of level 1. A block would dirty
//! many pages by a bit or two; so it writes only those whose number has its height's remainder
//! by [`FLUSH_CYCLE`], and when the state is opened the undo rows of the last blocks bring the
//! pages up to date.

mod octet;
mod pages;

use std::sync::Arc;

use marque_proof::{CHUNK_BITS, CHUNK_BYTES, Chunk, Hash, hash};

use octet::Octet;
pub(crate) use pages::{FLUSH_CYCLE, Pages};

/// The new state of a leaf's bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bit {
    pub(crate) leaf: u64,
    pub(crate) live: bool,
}

/// One version of the bitmap.
#[derive(Clone)]
pub(crate) struct Bitmap {
    leaves: u64,
    /// The root's level; it has room for [`span`] leaves.
    level: u32,
    root: Arc<Node>,
}

#[derive(Clone)]
struct Node {
    /// The height of the block that changed it last, as far as that is known; level 1 needs it.
    changed: u64,
    tree: Octet,
    parts: Parts,
}

#[derive(Clone)]
enum Parts {
    Chunks(Box<[Chunk; 8]>),
    Nodes(Vec<Arc<Node>>),
}

/// Leaves below a full node of `level`.
fn span(level: u32) -> u64 {
    CHUNK_BITS
        .checked_shl(level.saturating_add(1).saturating_mul(3))
        .unwrap_or(u64::MAX)
}

/// Leaves below each of the parts of a node of `level`.
fn part_span(level: u32) -> u64 {
    level.checked_sub(1).map_or(CHUNK_BITS, span)
}

/// Which part of its node the part `index` of all those of a level is.
fn place(index: u64) -> usize {
    (index % 8) as usize
}

/// Which byte of its chunk holds a leaf's bit.
fn byte(leaf: u64) -> usize {
    (leaf % CHUNK_BITS / 8) as usize
}

impl Bitmap {
    /// No leaf.
    pub(crate) fn new() -> Self {
        Self {
            leaves: 0,
            level: 1,
            root: Arc::new(Node::new(1)),
        }
    }

    /// The tree's root.
    pub(crate) fn root(&self) -> Hash {
        self.root.tree.root()
    }

    /// The version after a block that appended leaves up to `leaves` in all. `bits` holds each of
    /// those and each leaf that died, ascending.
    pub(crate) fn with(&self, bits: &[Bit], leaves: u64, height: u64) -> Self {
        let mut next = self.clone();
        next.leaves = leaves;
        while span(next.level) < leaves {
            next.level = next.level.saturating_add(1);
            next.root = Arc::new(Node::over(&[next.root]));
        }
        if !bits.is_empty() {
            Arc::make_mut(&mut next.root).set(next.level, bits, leaves, height);
        }
        next
    }

    /// The version with its first `leaves` leaves only.
    pub(crate) fn truncated(&self, leaves: u64) -> Self {
        let mut next = self.clone();
        if leaves < next.leaves {
            next.leaves = leaves;
            Arc::make_mut(&mut next.root).truncate(next.level, leaves);
        }
        next
    }

    /// The chunk `index` of all.
    pub(crate) fn chunk(&self, index: u64) -> Option<Chunk> {
        match &self.find(0, index / 8)?.parts {
            Parts::Chunks(chunks) => chunks.get(place(index)).copied(),
            Parts::Nodes(_) => None,
        }
    }

    /// Whether a leaf is live.
    pub(crate) fn is_live(&self, leaf: u64) -> bool {
        let byte = self.chunk(leaf / CHUNK_BITS).map(|chunk| chunk[byte(leaf)]);
        byte.is_some_and(|byte| byte >> (leaf % 8) & 1 == 1)
    }

    /// How many leaves are live.
    pub(crate) fn live(&self) -> u64 {
        let chunks = 0..self.leaves.div_ceil(CHUNK_BITS);
        let chunks = chunks.filter_map(|chunk| self.chunk(chunk));
        chunks.flatten().fold(0, |live, byte| {
            live.saturating_add(byte.count_ones().into())
        })
    }

    /// A node of the tree over the chunks, which are its level 0.
    pub(crate) fn hash(&self, level: u32, index: u64) -> Option<Hash> {
        // The uppermost level of an octet is the lowest one of the octet above.
        let inner = level % 3;
        let octet = self.find(level / 3, index >> 3_u32.saturating_sub(inner))?;
        Some(octet.tree.get(inner, index))
    }

    /// The node `index` of all those of a level.
    fn find(&self, level: u32, index: u64) -> Option<&Node> {
        // Below, an index beyond the root's room would come round again.
        let room = self.level.checked_sub(level)?.checked_mul(3)?;
        if index.checked_shr(room).is_some_and(|beyond| beyond > 0) {
            return None;
        }
        let mut node = self.root.as_ref();
        for above in (level..self.level).rev() {
            let Parts::Nodes(nodes) = &node.parts else {
                return None;
            };
            let shift = above.checked_sub(level)?.checked_mul(3)?;
            node = nodes.get(place(index.checked_shr(shift)?))?;
        }
        Some(node)
    }
}

impl Node {
    fn new(level: u32) -> Self {
        let parts = if level == 0 {
            Parts::Chunks(Box::new([[0; CHUNK_BYTES]; 8]))
        } else {
            Parts::Nodes(Vec::new())
        };
        Self {
            changed: 0,
            tree: Octet::EMPTY,
            parts,
        }
    }

    /// A node over its parts, at most eight.
    fn over(parts: &[Arc<Self>]) -> Self {
        let mut tree = Octet::EMPTY;
        for (part, node) in parts.iter().enumerate() {
            tree.put(part, node.tree.root());
        }
        tree.join(u8::MAX, parts.len());
        Self {
            changed: 0,
            tree,
            parts: Parts::Nodes(parts.to_vec()),
        }
    }

    /// Sets bits, all of them below this node, which then has `leaves` leaves.
    fn set(&mut self, level: u32, bits: &[Bit], leaves: u64, height: u64) {
        let span = part_span(level);
        let mut dirty = 0_u8;
        for bits in bits.chunk_by(|left, right| left.leaf / span == right.leaf / span) {
            let Some(part) = bits.first().map(|bit| place(bit.leaf / span)) else {
                continue;
            };
            let hash = match &mut self.parts {
                Parts::Chunks(chunks) => {
                    bits.iter().for_each(|bit| bit.write(&mut chunks[part]));
                    hash::chunk(&chunks[part])
                }
                Parts::Nodes(nodes) => {
                    let below = level.saturating_sub(1);
                    while nodes.len() <= part {
                        nodes.push(Arc::new(Self::new(below)));
                    }
                    let node = Arc::make_mut(&mut nodes[part]);
                    let before = span.saturating_mul(part as u64);
                    node.set(below, bits, leaves.saturating_sub(before).min(span), height);
                    node.tree.root()
                }
            };
            self.tree.put(part, hash);
            dirty |= 1 << part;
        }
        self.changed = height;
        self.tree.join(dirty, width(level, leaves));
    }

    /// Keeps the first `leaves` leaves, of which there is at least one.
    fn truncate(&mut self, level: u32, leaves: u64) {
        let width = width(level, leaves);
        let Some(last) = width.checked_sub(1) else {
            return;
        };
        let kept = leaves.saturating_sub(part_span(level).saturating_mul(last as u64));
        let hash = match &mut self.parts {
            Parts::Chunks(chunks) => {
                for (part, chunk) in chunks.iter_mut().enumerate().skip(last) {
                    clear_from(chunk, if part == last { kept } else { 0 });
                }
                hash::chunk(&chunks[last])
            }
            Parts::Nodes(nodes) => {
                nodes.truncate(width);
                let Some(node) = nodes.last_mut() else { return };
                let node = Arc::make_mut(node);
                node.truncate(level.saturating_sub(1), kept);
                node.tree.root()
            }
        };
        self.tree.put(last, hash);
        self.tree.join(1 << last, width);
    }
}

/// How many parts a node with `leaves` leaves has.
fn width(level: u32, leaves: u64) -> usize {
    usize::try_from(leaves.div_ceil(part_span(level))).map_or(8, |width| width.min(8))
}

impl Bit {
    fn write(self, chunk: &mut Chunk) {
        let byte = &mut chunk[byte(self.leaf)];
        let mask = 1 << (self.leaf % 8);
        *byte = if self.live {
            *byte | mask
        } else {
            *byte & !mask
        };
    }
}

/// Clears all bits of a chunk but the first `kept`.
fn clear_from(chunk: &mut Chunk, kept: u64) {
    for leaf in kept..CHUNK_BITS {
        Bit { leaf, live: false }.write(chunk);
    }
}

#[cfg(test)]
mod tests;
