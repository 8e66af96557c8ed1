//! The authenticated state on every engine.

use std::sync::Arc;

use marque_state::{Batch, Changes, State, Store, View};

use crate::{memory, redb, sled};

/// The changes of a block: some thousand rows that later blocks meet again.
pub fn block(height: u64, size: u64) -> Changes {
    let mut seed = height.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let change = |_| {
        let key = (next() % 5_000).to_be_bytes().to_vec();
        let value = (next() % 4 != 0).then(|| next().to_be_bytes().repeat(10));
        (key, value)
    };
    (0..size).map(change).collect()
}

pub fn commit(store: &dyn Store, state: &State, changes: Changes) -> State {
    let update = state.prepare(changes).unwrap();
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch).unwrap();
    update.settle(store.snapshot().unwrap()).unwrap()
}

#[test]
fn roots_are_the_same_on_all_engines() {
    let engines = [memory(), redb(), sled()];
    let states = engines.each_ref().map(|engine| {
        let mut state = State::open(engine.store.snapshot().unwrap()).unwrap();
        for height in 0..80 {
            state = commit(&*engine.store, &state, block(height, 200));
        }
        let reopened = State::open(Arc::clone(&engine.store.snapshot().unwrap())).unwrap();
        assert_eq!(reopened.tip(), state.tip());
        let past = reopened.at(40).unwrap();
        let keys: Vec<_> = (0..50_u64).map(|key| (key * 100).to_be_bytes()).collect();
        past.prove(&keys)
            .unwrap()
            .verify(&past.tip().unwrap().root)
            .unwrap();
        reopened
    });
    let [memory, others @ ..] = states;
    let rows = memory.scan(&[], None, usize::MAX).unwrap();
    for other in others {
        assert_eq!(memory.tip(), other.tip());
        assert_eq!(rows, other.scan(&[], None, usize::MAX).unwrap());
    }
}
