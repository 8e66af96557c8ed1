//! A proof that was changed in any way proves nothing.

use marque_proof::{Hash, Limits, MAX_LEAVES, ProvedLeaf, StateProof};
use marque_state::{Changes, State};
use parity_scale_codec::Encode;
use proptest::prelude::*;

use crate::{apply, cases, empty};

/// Three blocks, over two chunks of leaves with dead ones among them.
fn state() -> State {
    let (store, mut state) = empty();
    let key = |key: u16| key.to_be_bytes().to_vec();
    let blocks: [Changes; 3] = [
        (0..900_u16)
            .map(|n| (key(n * 3), Some(vec![n as u8; 40])))
            .collect(),
        (0..900_u16)
            .step_by(5)
            .map(|n| (key(n * 3), None))
            .collect(),
        (0..300_u16)
            .map(|n| (key(n * 9 + 1), Some(vec![1])))
            .collect(),
    ];
    for block in blocks {
        state = apply(&store, &state, block);
    }
    state
}

fn accepted(bytes: &[u8], root: &Hash) -> bool {
    let proof = StateProof::from_bytes(bytes, &Limits::default());
    proof.and_then(|proof| proof.verify(root)).is_ok()
}

#[test]
fn every_flipped_bit_is_refused() {
    let state = state();
    let root = state.tip().unwrap().root;
    for keys in [&[[0_u8, 9]][..], &[[0, 0], [0, 14], [3, 77], [9, 255]]] {
        let bytes = state.prove(keys).unwrap().encode();
        assert!(accepted(&bytes, &root));
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert!(
                !accepted(&changed, &root),
                "bit {at} of {} bytes",
                bytes.len()
            );
        }
        for length in 0..bytes.len() {
            assert!(!accepted(&bytes[..length], &root));
        }
        assert!(!accepted(&[bytes.as_slice(), &[0]].concat(), &root));
        assert!(!accepted(&bytes, &[0; 32]));
    }
}

#[derive(Clone, Debug)]
enum Part {
    Leaf,
    Mountain,
    Chunk,
    Bitmap,
}

/// Removes, doubles or swaps elements.
fn tamper<T: Clone>(list: &mut Vec<T>, how: u8, one: usize, other: usize) {
    if list.is_empty() {
        return;
    }
    let (one, other) = (one % list.len(), other % list.len());
    match how {
        0 => drop(list.remove(one)),
        1 => list.insert(other, list[one].clone()),
        2 => list.swap(one, other),
        _ => list[one] = list[other].clone(),
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn every_rearrangement_is_refused(
        part in prop_oneof![Just(Part::Leaf), Just(Part::Mountain), Just(Part::Chunk), Just(Part::Bitmap)],
        how in 0..4_u8,
        one in 0..64_usize,
        other in 0..64_usize,
        keys in proptest::collection::vec(any::<[u8; 2]>(), 1..8),
    ) {
        let state = state();
        let root = state.tip().unwrap().root;
        let proof = state.prove(&keys).unwrap();
        let mut changed = proof.clone();
        match part {
            Part::Leaf => tamper(&mut changed.leaves, how, one, other),
            Part::Mountain => tamper(&mut changed.mountain, how, one, other),
            Part::Chunk => tamper(&mut changed.chunks, how, one, other),
            Part::Bitmap => tamper(&mut changed.bitmap, how, one, other),
        }
        prop_assert_eq!(changed.clone().verify(&root).is_ok(), changed == proof);
    }

    #[test]
    fn swapped_fields_are_refused(keys in proptest::collection::vec(any::<[u8; 2]>(), 2..8), which in any::<(u8, u8, u8)>()) {
        let state = state();
        let root = state.tip().unwrap().root;
        let proof = state.prove(&keys).unwrap();
        let mut changed = proof.clone();
        let count = changed.leaves.len();
        let (one, other) = (usize::from(which.0) % count, usize::from(which.1) % count);
        let mut taken = changed.leaves[other].clone();
        let leaf = &mut changed.leaves[one];
        match which.2 % 6 {
            0 => std::mem::swap(&mut leaf.key, &mut leaf.value),
            1 => leaf.next = None,
            2 => leaf.next = Some(Vec::new()),
            3 => std::mem::swap(&mut leaf.value, &mut taken.value),
            4 => std::mem::swap(&mut leaf.next, &mut taken.next),
            _ => std::mem::swap(&mut changed.mountain, &mut changed.bitmap),
        }
        prop_assert_eq!(changed.clone().verify(&root).is_ok(), changed == proof);
    }
}

fn any_proof() -> impl Strategy<Value = StateProof> {
    let count = || prop_oneof![0..4_u64, 500..530_u64, Just(MAX_LEAVES), any::<u64>()];
    let text = || proptest::collection::vec(0..3_u8, 0..3);
    let leaf = (count(), text(), text(), proptest::option::of(text())).prop_map(
        |(index, key, value, next)| ProvedLeaf {
            index,
            key,
            value,
            next,
        },
    );
    let hashes = || proptest::collection::vec(any::<Hash>(), 0..60);
    let chunks = proptest::collection::vec(prop_oneof![Just([255; 64]), Just([0; 64])], 0..4);
    (
        count(),
        proptest::collection::vec(leaf, 0..4),
        hashes(),
        chunks,
        hashes(),
    )
        .prop_map(
            |(leaf_count, leaves, mountain, chunks, bitmap)| StateProof {
                leaf_count,
                leaves,
                mountain,
                chunks,
                bitmap,
            },
        )
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn invented_proofs_are_refused(mut proof in any_proof(), sorted in any::<bool>(), root in any::<Hash>()) {
        if sorted {
            proof.leaves.sort_by_key(|leaf| leaf.index);
        }
        prop_assert_eq!(StateProof::from_bytes(&proof.encode(), &Limits::default()), Ok(proof.clone()));
        prop_assert!(proof.verify(&root).is_err());
    }

    #[test]
    fn invented_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(proof) = StateProof::from_bytes(&bytes, &Limits::default()) {
            prop_assert_eq!(proof.encode(), bytes);
        }
    }
}

/// A leaf that was live once: its path is right, its bit is not.
#[test]
fn a_dead_leaf_is_refused_by_name() {
    let (store, state) = empty();
    let before = apply(
        &store,
        &state,
        Changes::from_iter([(vec![1], Some(vec![1]))]),
    );
    let after = apply(
        &store,
        &before,
        Changes::from_iter([(vec![1], Some(vec![2]))]),
    );
    let old = before.prove([[1]]).unwrap();
    let index = old.leaves[0].index;
    let mut proof = after.prove([[1]]).unwrap();
    proof.leaves = old.leaves;
    let refused = proof.verify(&after.tip().unwrap().root);
    assert_eq!(refused, Err(marque_proof::ProofError::NotLive { index }));
}
