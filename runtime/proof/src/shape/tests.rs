//! Paths against the recursive definition, for every subset of every small tree.

use alloc::vec::Vec;

use super::*;
use crate::hash::{bag, node};

fn leaf(index: u64) -> Hash {
    [index.to_le_bytes()[0]; 32]
}

fn join(perfect: bool, left: &Hash, right: &Hash) -> Hash {
    if perfect {
        node(left, right)
    } else {
        bag(left, right)
    }
}

/// RFC 6962, section 2.1: split at the largest power of two below the length.
fn root(first: u64, count: u64) -> Hash {
    if count == 1 {
        return leaf(first);
    }
    let split = count.next_power_of_two() / 2;
    let (left, right) = (root(first, split), root(first + split, count - split));
    join(count.is_power_of_two(), &left, &right)
}

/// A node by its place: the root over the leaves below it that are there.
fn at(leaves: u64, level: u32, index: u64) -> Hash {
    let first = index << level;
    root(first, (1 << level).min(leaves - first))
}

fn check(leaves: u64, known: &[u64]) {
    let shape = Shape::new(leaves).unwrap();
    let path: Vec<Hash> = shape
        .path(known)
        .into_iter()
        .map(|(level, index)| at(leaves, level, index))
        .collect();
    let hashes = || {
        known
            .iter()
            .map(|index| (*index, leaf(*index)))
            .collect::<Vec<_>>()
    };
    let fold = |path: &[Hash]| shape.fold(Tree::Mountain, hashes(), path, join);
    assert_eq!(fold(&path), Ok(root(0, leaves)), "{known:?} of {leaves}");
    if let Some((_, short)) = path.split_last() {
        assert_eq!(
            fold(short),
            Err(ProofError::PathTooShort {
                tree: Tree::Mountain
            })
        );
    }
    let long = [path.as_slice(), &[[0; 32]]].concat();
    assert_eq!(
        fold(&long),
        Err(ProofError::PathTooLong {
            tree: Tree::Mountain
        })
    );
}

#[test]
fn every_subset_of_small_trees() {
    for leaves in 1..=11_u64 {
        for subset in 1..1_u64 << leaves {
            let known: Vec<u64> = (0..leaves).filter(|leaf| subset >> leaf & 1 == 1).collect();
            check(leaves, &known);
        }
    }
}

#[test]
fn some_subsets_of_larger_trees() {
    for leaves in 12..=200_u64 {
        for step in [1, 2, 3, 7, 50, 199] {
            check(leaves, &(0..leaves).step_by(step).collect::<Vec<_>>());
            check(
                leaves,
                &(leaves - 1 - (step as u64).min(leaves - 1)..leaves).collect::<Vec<_>>(),
            );
        }
    }
}

#[test]
fn no_leaf_proves_nothing() {
    let shape = Shape::new(1).unwrap();
    assert_eq!(
        shape.fold(Tree::Mountain, Vec::new(), &[], join),
        Err(ProofError::Empty)
    );
}

#[test]
fn shapes_have_limits() {
    assert_eq!((Shape::new(0), Shape::new(MAX_LEAVES + 1)), (None, None));
    let shape = Shape::new(MAX_LEAVES).unwrap();
    assert_eq!(
        (
            shape.height(),
            shape.width(56),
            shape.path(&[MAX_LEAVES - 1]).len()
        ),
        (56, 1, 56)
    );
}
