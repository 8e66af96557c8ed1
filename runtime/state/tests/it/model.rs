//! The state by its definition: every leaf ever appended in one list, everything recomputed by
//! recursion each time it is asked for.

use std::collections::{BTreeMap, BTreeSet};

use marque_state::Changes;
use sha2::{Digest, Sha256};

type Hash = [u8; 32];
type Leaf = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// A slow state.
#[derive(Default, Clone)]
pub struct Model {
    pub values: BTreeMap<Vec<u8>, Vec<u8>>,
    leaves: Vec<Leaf>,
    genesis: bool,
}

impl Model {
    pub fn apply(&mut self, changes: &Changes) {
        let before = if self.genesis {
            linked(&self.values)
        } else {
            BTreeSet::new()
        };
        for (key, value) in changes.iter() {
            match value {
                Some(value) => self.values.insert(key.to_vec(), value.to_vec()),
                None => self.values.remove(key),
            };
        }
        self.genesis = true;
        for leaf in linked(&self.values) {
            if !before.contains(&leaf) {
                self.leaves.push(leaf);
            }
        }
    }

    pub fn leaf_count(&self) -> u64 {
        self.leaves.len() as u64
    }

    pub fn root(&self) -> Hash {
        let hashes: Vec<Hash> = self.leaves.iter().map(leaf).collect();
        let live = linked(&self.values);
        let newest: BTreeMap<&[u8], usize> = self
            .leaves
            .iter()
            .enumerate()
            .map(|(index, leaf)| (leaf.0.as_slice(), index))
            .collect();
        let mut chunks = Vec::new();
        for from in (0..self.leaves.len()).step_by(512) {
            let mut chunk = vec![3];
            for byte in 0..64 {
                let bits = (0..8).filter(|bit| {
                    let index = from + byte * 8 + bit;
                    self.leaves.get(index).is_some_and(|leaf| {
                        live.contains(leaf) && newest[leaf.0.as_slice()] == index
                    })
                });
                chunk.push(bits.map(|bit| 1 << bit).sum());
            }
            chunks.push(sha(&[&chunk]));
        }
        let bitmap = merkle(&chunks, &|_, left, right| sha(&[&[4], left, right]));
        let mountain = merkle(&hashes, &|leaves, left, right| {
            sha(&[&[if leaves.is_power_of_two() { 1 } else { 2 }], left, right])
        });
        sha(&[
            &[5],
            &mountain,
            &bitmap,
            &(self.leaves.len() as u64).to_le_bytes(),
        ])
    }
}

fn linked(values: &BTreeMap<Vec<u8>, Vec<u8>>) -> BTreeSet<Leaf> {
    let keys: Vec<&Vec<u8>> = values.keys().collect();
    let next = |at: usize| keys.get(at).map(|key| (*key).clone());
    let leaves = values.iter().enumerate();
    let leaves = leaves.map(|(at, (key, value))| (key.clone(), value.clone(), next(at + 1)));
    leaves.chain([(Vec::new(), Vec::new(), next(0))]).collect()
}

fn sha(parts: &[&[u8]]) -> Hash {
    Sha256::digest(parts.concat()).into()
}

/// Lengths as SCALE writes them, below 16,384.
fn prefixed(bytes: &[u8]) -> Vec<u8> {
    let length = match u16::try_from(bytes.len()).unwrap() {
        short @ 0..64 => vec![(short << 2) as u8],
        long @ 64..16_384 => (long << 2 | 1).to_le_bytes().to_vec(),
        _ => unreachable!("longer than any test's"),
    };
    [length, bytes.to_vec()].concat()
}

fn leaf((key, value, next): &Leaf) -> Hash {
    let next = next
        .as_ref()
        .map_or(vec![0], |next| [vec![1], prefixed(next)].concat());
    sha(&[&[0], &prefixed(key), &prefixed(value), &next])
}

/// RFC 6962, section 2.1: split at the largest power of two below the length.
fn merkle(leaves: &[Hash], join: &dyn Fn(usize, &Hash, &Hash) -> Hash) -> Hash {
    match leaves {
        [] => unreachable!("there is always a sentinel"),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            join(leaves.len(), &merkle(left, join), &merkle(right, join))
        }
    }
}
