//! What proofs say is what the state says, and nothing else.

use std::collections::BTreeMap;

use marque_proof::{Answer, Limits, StateProof};
use marque_state::{State, View};
use parity_scale_codec::Encode;
use proptest::prelude::*;

use crate::blocks::{block, key, net};
use crate::{apply, cases, empty};

fn state_of(blocks: &[BTreeMap<Vec<u8>, Option<Vec<u8>>>]) -> State {
    let (store, mut state) = empty();
    for block in blocks {
        state = apply(&store, &state, net(&state, block));
    }
    state
}

fn proved<T>(value: Option<T>) -> Answer<T> {
    value.map_or(Answer::Absent, Answer::Present)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn proofs_answer_as_the_state_does(
        blocks in proptest::collection::vec(block(), 1..10),
        asked in proptest::collection::vec(key(), 1..20),
        others in proptest::collection::vec(key(), 1..20),
    ) {
        let state = state_of(&blocks);
        let proof = state.prove(&asked).unwrap();
        let bytes = proof.encode();
        let read = StateProof::from_bytes(&bytes, &Limits::default()).unwrap();
        prop_assert_eq!(&read, &proof);
        let verified = read.verify(&state.tip().unwrap().root).unwrap();
        for key in &asked {
            let value = state.get(key).unwrap();
            prop_assert_eq!(verified.get(key), proved(value.as_deref()));
            let entry = state.at_or_before(key).unwrap();
            let entry = entry.as_ref().map(|(key, value)| (key.as_slice(), value.as_slice()));
            prop_assert_eq!(verified.at_or_before(key), proved(entry));
            let next = state.after(key).unwrap();
            prop_assert_eq!(verified.after(key), proved(next.as_ref().map(|(key, _)| key.as_slice())));
        }
        // What was not asked for is answered rightly or not at all.
        for key in &others {
            let value = state.get(key).unwrap();
            let answer = verified.get(key);
            prop_assert!(answer == Answer::NotProved || answer == proved(value.as_deref()));
        }
    }
}

#[test]
fn a_proof_needs_a_durable_root() {
    let (store, state) = empty();
    assert!(matches!(
        state.prove([b"a"]),
        Err(marque_state::StateError::NoGenesis)
    ));
    let update = state.prepare(marque_state::Changes::new()).unwrap();
    let ahead = state.ahead(&update);
    assert!(matches!(
        ahead.prove([b"a"]),
        Err(marque_state::StateError::NotDurable { height: 0 })
    ));
    let settled = crate::commit(&store, &update);
    let verified = settled
        .prove([b"a"])
        .unwrap()
        .verify(&update.root())
        .unwrap();
    assert_eq!(verified.get(b"a"), Answer::Absent);
}
