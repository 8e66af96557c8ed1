//! States of earlier blocks.

use marque_state::{StateError, UNDO_BLOCKS, View};
use proptest::prelude::*;

use crate::blocks::{block, key, net};
use crate::{apply, cases, commit, empty, reopened};

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn earlier_states_read_and_prove_as_they_did(
        blocks in proptest::collection::vec(block(), 1..12),
        asked in proptest::collection::vec(key(), 1..10),
    ) {
        let (store, mut state) = empty();
        let mut then = Vec::new();
        for block in &blocks {
            state = apply(&store, &state, net(&state, block));
            then.push(state.clone());
        }
        let state = reopened(&store);
        for past in &then {
            let tip = past.tip().unwrap();
            let again = state.at(tip.height).unwrap();
            prop_assert_eq!(again.tip(), Some(tip));
            prop_assert_eq!(again.scan(&[], None, usize::MAX).unwrap(), past.scan(&[], None, usize::MAX).unwrap());
            let proof = again.prove(&asked).unwrap();
            prop_assert_eq!(&proof, &past.prove(&asked).unwrap());
            prop_assert!(proof.verify(&tip.root).is_ok());
        }
    }
}

#[test]
fn the_last_256_blocks_are_kept() {
    let (store, mut state) = empty();
    let mut roots = Vec::new();
    for height in 0..=UNDO_BLOCKS + 20 {
        let key = (height % 37).to_be_bytes().to_vec();
        state = apply(
            &store,
            &state,
            [(key, Some(height.to_be_bytes().to_vec()))]
                .into_iter()
                .collect(),
        );
        roots.push(state.tip().unwrap().root);
    }
    let state = reopened(&store);
    for height in [20, 21, 100, UNDO_BLOCKS + 20] {
        assert_eq!(
            state.at(height).unwrap().tip().unwrap().root,
            roots[height as usize]
        );
    }
    for height in [0, 19, UNDO_BLOCKS + 21] {
        let kept = StateError::NotKept {
            height,
            oldest: 20,
            newest: UNDO_BLOCKS + 20,
        };
        assert_eq!(
            state.at(height).err().unwrap().to_string(),
            kept.to_string()
        );
    }
}

#[test]
fn a_snapshot_of_another_block_is_refused() {
    let (store, state) = empty();
    let update = state
        .prepare([(vec![1], Some(vec![1]))].into_iter().collect())
        .unwrap();
    let early = store_snapshot(&store);
    assert!(matches!(
        update.settle(early),
        Err(StateError::OutOfStep { expected: 0 })
    ));
    let settled = commit(&store, &update);
    apply(&store, &settled, [(vec![1], None)].into_iter().collect());
    let late = store_snapshot(&store);
    assert!(matches!(
        update.settle(late),
        Err(StateError::OutOfStep { expected: 0 })
    ));
}

fn store_snapshot(store: &marque_state::MemoryStore) -> std::sync::Arc<dyn marque_state::Snapshot> {
    marque_state::Store::snapshot(store).unwrap()
}
