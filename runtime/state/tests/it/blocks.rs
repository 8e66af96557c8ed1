//! Random blocks: the root is the model's, prepared ahead, dropped and reopened as it may be.

use std::collections::BTreeMap;

use marque_state::{Changes, Overlay, State, View};
use proptest::prelude::*;

use crate::model::Model;
use crate::{apply, cases, commit, empty, reopened};

/// Short keys over few bytes, so that blocks meet each other's keys, prefixes included.
pub fn key() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![Just(0), Just(1), Just(2), Just(255)], 1..5)
}

/// Wishes, a removal for `None`; many will change nothing.
pub fn block() -> impl Strategy<Value = BTreeMap<Vec<u8>, Option<Vec<u8>>>> {
    let value = prop_oneof![
        2 => Just(None),
        3 => proptest::collection::vec(0..3_u8, 0..3).prop_map(Some),
        1 => (60..70_usize).prop_map(|length| Some(vec![7; length])),
    ];
    proptest::collection::btree_map(key(), value, 0..40)
}

/// The net changes of a block, of what the overlay writes.
pub fn net(state: &State, block: &BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Changes {
    let mut overlay = Overlay::new(state);
    for (key, value) in block {
        match value {
            Some(value) => overlay.set(key, value.clone()),
            None => overlay.remove(key),
        }
    }
    let mut net = Changes::new();
    let writes = overlay.into_writes();
    let each = |change: marque_state::Change<'_>| {
        assert_ne!(change.before, change.after);
        assert_eq!(change.before, state.get(change.key)?.as_deref());
        net.insert(change.key.to_vec(), change.after.map(<[u8]>::to_vec));
        Ok(())
    };
    state.prepare_with(writes, each).unwrap();
    net
}

fn check(state: &State, model: &Model) {
    let tip = state.tip().unwrap();
    assert_eq!(
        (tip.leaf_count, tip.root),
        (model.leaf_count(), model.root())
    );
    let all = state.scan(&[], None, usize::MAX).unwrap();
    assert_eq!(all, model.values.clone().into_iter().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn roots_are_the_models(blocks in proptest::collection::vec(block(), 1..12)) {
        let (store, mut state) = empty();
        let mut model = Model::default();
        for block in &blocks {
            let changes = net(&state, block);
            model.apply(&changes);
            // All writes make the same root as the net ones.
            let update = state.prepare(block.clone().into_iter().collect()).unwrap();
            prop_assert_eq!(update.root(), state.prepare(changes).unwrap().root());
            prop_assert_eq!(update.root(), model.root());
            state = commit(&store, &update);
            check(&state, &model);
        }
        check(&reopened(&store), &model);
    }

    #[test]
    fn states_ahead_are_the_states_to_come(blocks in proptest::collection::vec(block(), 3..8), lost in block()) {
        let (store, durable) = empty();
        let mut model = Model::default();
        let (mut updates, mut ahead) = (Vec::new(), durable.clone());
        for block in &blocks {
            let changes = net(&ahead, block);
            // A proposal that is not decided leaves nothing behind.
            drop(ahead.prepare(net(&ahead, &lost)).unwrap());
            model.apply(&changes);
            let update = ahead.prepare(changes).unwrap();
            prop_assert_eq!(update.root(), model.root());
            ahead = ahead.ahead(&update);
            check(&ahead, &model);
            updates.push(update);
        }
        let settled = updates.iter().map(|update| commit(&store, update)).last().unwrap();
        check(&settled, &model);
        check(&reopened(&store), &model);
    }
}

#[test]
fn an_empty_block_keeps_the_root() {
    let (store, state) = empty();
    let genesis = apply(&store, &state, Changes::new());
    let next = apply(&store, &genesis, Changes::new());
    let (before, after) = (genesis.tip().unwrap(), next.tip().unwrap());
    assert_eq!((before.height, before.leaf_count), (0, 1), "the sentinel");
    assert_eq!(
        (after.height, after.leaf_count, after.root),
        (1, 1, before.root)
    );
}

#[test]
fn the_empty_key_is_refused() {
    let (_, state) = empty();
    let changes = Changes::from_iter([(Vec::new(), Some(vec![1]))]);
    assert!(matches!(
        state.prepare(changes),
        Err(marque_state::StateError::EmptyKey)
    ));
}

#[test]
fn removals_of_neighbours_relink_around_all_of_them() {
    let (store, state) = empty();
    let mut model = Model::default();
    let mut state = state;
    let all: Changes = (0..100_u8)
        .map(|key| (vec![key], Some(vec![key])))
        .collect();
    let some: Changes = (20..60_u8)
        .map(|key| (vec![key], (key % 7 == 0).then(|| vec![1])))
        .collect();
    let rest: Changes = (0..100_u8)
        .filter(|key| !(20..60).contains(key))
        .map(|key| (vec![key], None))
        .collect();
    for changes in [all, some, rest] {
        model.apply(&changes);
        state = apply(&store, &state, changes);
        check(&state, &model);
    }
}
