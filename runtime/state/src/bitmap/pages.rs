//! The bitmap as stored pages.

use std::sync::Arc;

use marque_proof::{CHUNK_BITS, CHUNK_BYTES, Chunk, hash};

use super::{Bit, Bitmap, Node, Parts};

/// In how many blocks every changed page is written once.
pub(crate) const FLUSH_CYCLE: u64 = 64;

/// Leaves of a page: 4,096 bytes.
const PAGE_LEAVES: u64 = 32_768;

const PAGE_BYTES: usize = 4_096;

impl Bitmap {
    /// The pages that the block at `height` has to write: those of its turn that a block changed
    /// since their last one.
    pub(crate) fn due(&self, height: u64) -> Vec<(u64, Vec<u8>)> {
        let pages = self.leaves.div_ceil(PAGE_LEAVES);
        let turn = (0..pages).filter(|page| page % FLUSH_CYCLE == height % FLUSH_CYCLE);
        let nodes = turn.filter_map(|page| Some((page, self.find(1, page)?)));
        let due = nodes.filter(|(_, node)| {
            height
                .checked_sub(FLUSH_CYCLE)
                .is_none_or(|last| node.changed > last)
        });
        due.map(|(page, node)| (page, node.bytes())).collect()
    }
}

impl Node {
    fn bytes(&self) -> Vec<u8> {
        match &self.parts {
            Parts::Chunks(chunks) => chunks.as_flattened().to_vec(),
            Parts::Nodes(nodes) => nodes.iter().flat_map(|node| node.bytes()).collect(),
        }
    }
}

/// A bitmap being read from pages and brought up to date, before its tree is computed.
pub(crate) struct Pages {
    leaves: u64,
    chunks: Vec<Chunk>,
    changed: Vec<u64>,
}

impl Pages {
    /// Room for `leaves` leaves, all dead.
    pub(crate) fn new(leaves: u64) -> Self {
        let length = |each: u64| usize::try_from(leaves.div_ceil(each)).unwrap_or(usize::MAX);
        Self {
            leaves,
            chunks: vec![[0; CHUNK_BYTES]; length(CHUNK_BITS)],
            changed: vec![0; length(PAGE_LEAVES)],
        }
    }

    /// Takes a stored page; `None` if it is none of this bitmap's.
    pub(crate) fn load(&mut self, page: u64, bytes: &[u8]) -> Option<()> {
        let (stored, []) = bytes.as_chunks::<CHUNK_BYTES>() else {
            return None;
        };
        let first = usize::try_from(page)
            .ok()?
            .checked_mul(PAGE_BYTES / CHUNK_BYTES)?;
        let room = self.chunks.get_mut(first..)?.iter_mut();
        if stored.len() > PAGE_BYTES / CHUNK_BYTES {
            return None;
        }
        // A node's unused chunks are stored with it.
        room.zip(stored)
            .for_each(|(chunk, stored)| *chunk = *stored);
        Some(())
    }

    /// Sets a bit as the block at `height` did; `None` if there is no such leaf.
    pub(crate) fn set(&mut self, bit: Bit, height: u64) -> Option<()> {
        bit.write(
            self.chunks
                .get_mut(usize::try_from(bit.leaf / CHUNK_BITS).ok()?)?,
        );
        *self
            .changed
            .get_mut(usize::try_from(bit.leaf / PAGE_LEAVES).ok()?)? = height;
        Some(())
    }

    /// The bitmap with its whole tree.
    pub(crate) fn build(self) -> Bitmap {
        let lowest = self.chunks.chunks(8).map(|chunks| {
            let mut node = Node::new(0);
            for (part, chunk) in chunks.iter().enumerate() {
                node.tree.put(part, hash::chunk(chunk));
                if let Parts::Chunks(own) = &mut node.parts {
                    own[part] = *chunk;
                }
            }
            node.tree.join(u8::MAX, chunks.len());
            Arc::new(node)
        });
        let mut nodes: Vec<Arc<Node>> = lowest.collect();
        let mut level = 0;
        while nodes.len() > 1 || level == 0 {
            level += 1;
            nodes = nodes
                .chunks(8)
                .map(|parts| Arc::new(Node::over(parts)))
                .collect();
            if level == 1 {
                for (node, changed) in nodes.iter_mut().zip(&self.changed) {
                    Arc::make_mut(node).changed = *changed;
                }
            }
        }
        match nodes.pop() {
            Some(root) => Bitmap {
                leaves: self.leaves,
                level,
                root,
            },
            None => Bitmap::new(),
        }
    }
}
