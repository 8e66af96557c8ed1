//! The root of an ordered list of hashes: a header's transactions, receipts and events.
//!
//! The tree has the [`Shape`] of the list's length. A list entry is hashed under its own tag,
//! so that no inner node passes for one, and the root holds the length, so that a place in the
//! list means the same to everyone: root = H('r', length as eight bytes little endian, top).

use alloc::vec::Vec;

use sha2::{Digest, Sha256};

use crate::error::{ProofError, Tree};
use crate::hash::Hash;
use crate::shape::Shape;

const ENTRY: u8 = b'l';
const NODE: u8 = b'n';
const ROOT: u8 = b'r';

/// The root of a list; an empty list has one too.
#[must_use]
pub fn root(list: &[Hash]) -> Hash {
    let mut level: Vec<Hash> = list.iter().map(entry).collect();
    while level.len() > 1 {
        level = parents(&level);
    }
    top(list.len(), level.first())
}

/// The hashes beside the way from the entry at `index` to the top; `None` if the list is shorter.
#[must_use]
pub fn path(list: &[Hash], index: usize) -> Option<Vec<Hash>> {
    list.get(index)?;
    let mut path = Vec::new();
    let mut level: Vec<Hash> = list.iter().map(entry).collect();
    let mut at = index;
    while level.len() > 1 {
        path.extend(level.get(at ^ 1));
        level = parents(&level);
        at /= 2;
    }
    Some(path)
}

/// Checks that `hash` stands at `index` of the list of `length` that has this root.
///
/// # Errors
/// [`ProofError::OutOfRange`], a path of the wrong length, or [`ProofError::Root`].
pub fn verify(
    root: &Hash,
    length: u64,
    index: u64,
    hash: &Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    let shape = Shape::new(length).ok_or(ProofError::Empty)?;
    if index >= length {
        return Err(ProofError::OutOfRange { index });
    }
    let start = [(index, entry(hash))].into();
    let found = shape.fold(Tree::List, start, path, |_, left, right| node(left, right))?;
    if bind(length, Some(&found)) == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

fn parents(level: &[Hash]) -> Vec<Hash> {
    let pairs = level.chunks(2);
    pairs
        .filter_map(|pair| match pair {
            [left, right] => Some(node(left, right)),
            [single] => Some(*single),
            _ => None,
        })
        .collect()
}

fn entry(hash: &Hash) -> Hash {
    let mut input = [ENTRY; 33];
    let (_, rest) = input.split_at_mut(1);
    rest.copy_from_slice(hash);
    Sha256::digest(input).into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut input = [NODE; 65];
    let (_, rest) = input.split_at_mut(1);
    let (first, second) = rest.split_at_mut(32);
    first.copy_from_slice(left);
    second.copy_from_slice(right);
    Sha256::digest(input).into()
}

fn top(length: usize, top: Option<&Hash>) -> Hash {
    // A usize has at most 64 bits on every target.
    bind(u64::try_from(length).unwrap_or(u64::MAX), top)
}

fn bind(length: u64, top: Option<&Hash>) -> Hash {
    let mut hasher = Sha256::new()
        .chain_update([ROOT])
        .chain_update(length.to_le_bytes());
    if let Some(top) = top {
        hasher.update(top);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests;
