//! States large enough for every layer of pages, and damaged ones.

use marque_state::{Batch, Changes, Raw, State, StateError, Store, View, tables};

use crate::model::Model;
use crate::{apply, empty, reopened};

fn key(number: u32) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// Pseudo-random numbers that are the same everywhere.
fn numbers(seed: u32) -> impl Iterator<Item = u32> {
    let mut state = u64::from(seed) | 1 << 40;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    })
}

#[test]
fn layers_and_reopening_at_any_height() {
    let (store, mut state) = empty();
    let mut model = Model::default();
    for height in 0..140_u32 {
        // From one to thousands of leaves a block, 70,000 in all: three pages of the bitmap.
        let size = [1, 3, 63, 64, 65, 500, 4_000][height as usize % 7];
        let changes: Changes = numbers(height)
            .take(size)
            .map(|n| {
                (
                    key(n % 15_000),
                    (n % 5 != 0).then(|| n.to_be_bytes().to_vec()),
                )
            })
            .collect();
        model.apply(&changes);
        state = apply(&store, &state, changes);
        if height % 10 == 9 {
            assert_eq!(state.tip().unwrap().root, model.root(), "height {height}");
            assert_eq!(reopened(&store).tip(), state.tip());
            let state = reopened(&store);
            let past = state.at(u64::from(height / 2)).unwrap();
            let root = past.tip().unwrap().root;
            assert!(
                past.prove(numbers(7).take(50).map(|n| key(n % 15_000)))
                    .unwrap()
                    .verify(&root)
                    .is_ok()
            );
        }
    }
    let tip = state.tip().unwrap();
    assert!(tip.leaf_count > 2 * 32_768, "{} leaves", tip.leaf_count);
    let proof = state
        .prove(numbers(1).take(300).map(|n| key(n % 15_000)))
        .unwrap();
    proof.verify(&tip.root).unwrap();
}

/// Every damaged row that a root depends on is found when the state is opened, or when it is read.
#[test]
fn damage_is_found() {
    let (store, mut state) = empty();
    for height in 0..70_u32 {
        let changes = numbers(height)
            .take(100)
            .map(|n| (key(n % 1_000), Some(key(n))))
            .collect();
        state = apply(&store, &state, changes);
    }
    assert!(reopen(&store, &|_| {}).is_ok());
    let last = state.tip().unwrap().leaf_count / 64;
    let damages: [&dyn Fn(&mut Batch); 6] = [
        &|batch| tables::MOUNTAIN.delete(batch, &(0, last)),
        &|batch| tables::MOUNTAIN.put(batch, &(0, last), &Raw(vec![0; 4_032])),
        &|batch| tables::BITMAP.put(batch, &0, &Raw(vec![255; 4_096])),
        &|batch| tables::BITMAP.put(batch, &9, &Raw(vec![255; 4_096])),
        &|batch| tables::UNDO.delete(batch, &66),
        &|batch| {
            tables::TIP.put(
                batch,
                &(),
                &marque_state::Tip {
                    height: 69,
                    leaf_count: 5,
                    root: [1; 32],
                },
            )
        },
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        assert!(
            matches!(reopen(&store, damage), Err(StateError::Corrupt { .. })),
            "damage {number}"
        );
    }
}

#[test]
fn a_check_finds_what_opening_does_not() {
    let (store, mut state) = empty();
    for height in 0..20_u32 {
        let changes = numbers(height)
            .take(1_000)
            .map(|n| (key(n % 4_000), (n % 3 != 0).then(|| key(n))))
            .collect();
        state = apply(&store, &state, changes);
    }
    let checked = state.check().unwrap();
    let rows = state.scan(&[], None, usize::MAX).unwrap().len() as u64;
    assert_eq!(
        (checked.rows, checked.leaves),
        (rows + 1, state.tip().unwrap().leaf_count)
    );
    assert_eq!(
        state.at(7).unwrap().check().unwrap().leaves,
        state.at(7).unwrap().tip().unwrap().leaf_count
    );
    let (one, value) = state.after(&key(2_000)).unwrap().unwrap();
    let row = store
        .snapshot()
        .unwrap()
        .get(tables::STATE.id(), &one)
        .unwrap()
        .unwrap();
    let page = |page: (u8, u64), change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = tables::MOUNTAIN
            .get(&*store.snapshot().unwrap(), &page)
            .unwrap()
            .unwrap();
        change(&mut bytes.0);
        bytes
    };
    let damages: [&dyn Fn(&mut Batch); 6] = [
        &|batch| {
            batch.put(
                tables::STATE.id(),
                one.clone(),
                [&value, &row[value.len()..]].concat()[..row.len() - 1].to_vec(),
            )
        },
        &|batch| {
            batch.put(
                tables::STATE.id(),
                one.clone(),
                [&[9; 4], &row[4..]].concat(),
            )
        },
        &|batch| {
            batch.put(
                tables::STATE.id(),
                one.clone(),
                [&row[..row.len() - 8], &[0; 8]].concat(),
            )
        },
        &|batch| batch.delete(tables::STATE.id(), one.clone()),
        &|batch| tables::MOUNTAIN.put(batch, &(0, 3), &page((0, 3), &|bytes| bytes[70] ^= 1)),
        &|batch| tables::MOUNTAIN.put(batch, &(1, 0), &page((1, 0), &|bytes| bytes[5] ^= 1)),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let damaged = reopen(&store, damage).unwrap();
        let error = damaged.check().unwrap_err();
        assert!(
            matches!(error, StateError::Corrupt { .. }),
            "damage {number}: {error}"
        );
    }
}

/// A damaged copy of a store, opened.
fn reopen(
    store: &marque_state::MemoryStore,
    change: &dyn Fn(&mut Batch),
) -> Result<State, StateError> {
    let (copy, _) = empty();
    let mut batch = Batch::new();
    let snapshot = store.snapshot().unwrap();
    for table in tables::ALL {
        let all = std::ops::Bound::Unbounded;
        for row in snapshot
            .range(*table, all, all, marque_state::Direction::Ascending)
            .unwrap()
        {
            let (key, value) = row.unwrap();
            batch.put(*table, key, value);
        }
    }
    change(&mut batch);
    copy.commit(batch).unwrap();
    State::open(copy.snapshot().unwrap())
}
