//! The state against slow, differently written models of itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test that is surprised fails"
)]

mod blocks;
mod model;
mod mutations;
mod overlay;
mod pages;
mod past;
mod proofs;
mod rows;
mod typed;

use std::sync::Arc;

use marque_state::{Batch, Changes, MemoryStore, State, Store, Update};

/// Cases of a property test: few, or as many as `MARQUE_CASES` says.
fn cases(few: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("MARQUE_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    proptest::test_runner::Config {
        cases: asked.unwrap_or(few),
        failure_persistence: None,
        ..Default::default()
    }
}

fn empty() -> (MemoryStore, State) {
    let store = MemoryStore::new();
    let state = State::open(store.snapshot().unwrap()).unwrap();
    (store, state)
}

fn commit(store: &MemoryStore, update: &Update) -> State {
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch).unwrap();
    update.settle(store.snapshot().unwrap()).unwrap()
}

fn apply(store: &MemoryStore, state: &State, changes: Changes) -> State {
    commit(store, &state.prepare(changes).unwrap())
}

/// The state as a restarted node sees it.
fn reopened(store: &MemoryStore) -> State {
    State::open(Arc::clone(&store.snapshot().unwrap())).unwrap()
}
