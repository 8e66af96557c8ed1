//! What [`Store`] promises, asked of every engine.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, Ordering};

use marque_state::{Batch, Direction, Snapshot, Store, TableId, tables};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::{Engine, cases, memory, redb, sled};

/// A test of each engine for each function that is named.
macro_rules! on_every_engine {
    ($($name:ident)*) => {
        mod on_memory { $(#[test] fn $name() { super::$name(&super::memory); })* }
        mod on_redb { $(#[test] fn $name() { super::$name(&super::redb); })* }
        mod on_sled { $(#[test] fn $name() { super::$name(&super::sled); })* }
    };
}

on_every_engine! {
    rows_are_what_was_written_last
    odd_sizes_come_back
    tables_are_apart
    ranges_are_a_sorted_maps
    a_snapshot_never_changes
    a_batch_is_seen_whole
}

type Make<'a> = &'a dyn Fn() -> Engine;

const ONE: TableId = tables::STATE.id();
const OTHER: TableId = tables::UNDO.id();

fn put(store: &dyn Store, table: TableId, rows: &[(&[u8], Option<&[u8]>)]) {
    let mut batch = Batch::new();
    for (key, value) in rows {
        match value {
            Some(value) => batch.put(table, key.to_vec(), value.to_vec()),
            None => batch.delete(table, key.to_vec()),
        }
    }
    store.commit(batch).unwrap();
}

fn get(store: &dyn Store, table: TableId, key: &[u8]) -> Option<Vec<u8>> {
    store.snapshot().unwrap().get(table, key).unwrap()
}

fn rows_are_what_was_written_last(make: Make<'_>) {
    let engine = make();
    let store = &*engine.store;
    assert_eq!(get(store, ONE, b"a"), None);
    put(
        store,
        ONE,
        &[(b"a", Some(b"1")), (b"b", Some(b"2")), (b"a", Some(b"3"))],
    );
    assert_eq!(
        (get(store, ONE, b"a"), get(store, ONE, b"b")),
        (Some(b"3".to_vec()), Some(b"2".to_vec()))
    );
    put(
        store,
        ONE,
        &[
            (b"a", None),
            (b"absent", None),
            (b"b", None),
            (b"b", Some(b"4")),
        ],
    );
    assert_eq!(
        (get(store, ONE, b"a"), get(store, ONE, b"b")),
        (None, Some(b"4".to_vec()))
    );
    store.commit(Batch::new()).unwrap();
    assert_eq!(get(store, ONE, b"b"), Some(b"4".to_vec()));
}

fn odd_sizes_come_back(make: Make<'_>) {
    let engine = make();
    let big = vec![7; 3 << 20];
    let long = vec![1; 2_000];
    put(
        &*engine.store,
        ONE,
        &[(b"", Some(b"")), (&[0], Some(&big)), (&long, Some(b"long"))],
    );
    assert_eq!(get(&*engine.store, ONE, b""), Some(Vec::new()));
    assert_eq!(get(&*engine.store, ONE, &[0]), Some(big));
    assert_eq!(get(&*engine.store, ONE, &long), Some(b"long".to_vec()));
}

fn tables_are_apart(make: Make<'_>) {
    let engine = make();
    for table in tables::ALL {
        put(
            &*engine.store,
            *table,
            &[(b"key", Some(table.name.as_bytes()))],
        );
    }
    for table in tables::ALL {
        let snapshot = engine.store.snapshot().unwrap();
        let all = (Bound::Unbounded, Bound::Unbounded);
        let rows: Vec<_> = snapshot
            .range(*table, all.0, all.1, Direction::Ascending)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(rows, [(b"key".to_vec(), table.name.as_bytes().to_vec())]);
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![Just(0), Just(1), Just(255)], 0..4)
}

fn bound() -> impl Strategy<Value = Bound<Vec<u8>>> {
    prop_oneof![
        Just(Bound::Unbounded),
        key().prop_map(Bound::Included),
        key().prop_map(Bound::Excluded)
    ]
}

type Rows = Vec<(Vec<u8>, Option<u8>)>;
type Bounds = (Bound<Vec<u8>>, Bound<Vec<u8>>);

fn ranges_are_a_sorted_maps(make: Make<'_>) {
    let batch = proptest::collection::vec((key(), proptest::option::of(any::<u8>())), 0..40);
    let batches = proptest::collection::vec(batch, 1..6);
    let bounds = proptest::collection::vec((bound(), bound()), 1..20);
    let run = |(batches, bounds): (Vec<Rows>, Vec<Bounds>)| {
        let engine = make();
        let mut map = BTreeMap::new();
        for batch in batches {
            let mut writes = Batch::new();
            for (key, value) in batch {
                match value {
                    Some(value) => {
                        map.insert(key.clone(), vec![value]);
                        writes.put(ONE, key, vec![value]);
                    }
                    None => {
                        map.remove(&key);
                        writes.delete(ONE, key);
                    }
                }
            }
            engine.store.commit(writes).unwrap();
        }
        let snapshot = engine.store.snapshot().unwrap();
        for (from, to) in bounds {
            let within = |key: &Vec<u8>| {
                (match &from {
                    Bound::Unbounded => true,
                    Bound::Included(from) => key >= from,
                    Bound::Excluded(from) => key > from,
                }) && (match &to {
                    Bound::Unbounded => true,
                    Bound::Included(to) => key <= to,
                    Bound::Excluded(to) => key < to,
                })
            };
            let mut expected: Vec<_> = map
                .clone()
                .into_iter()
                .filter(|(key, _)| within(key))
                .collect();
            let (from, to) = (
                from.as_ref().map(Vec::as_slice),
                to.as_ref().map(Vec::as_slice),
            );
            for direction in [Direction::Ascending, Direction::Descending] {
                let rows = snapshot.range(ONE, from, to, direction).unwrap();
                let rows: Vec<_> = rows.map(Result::unwrap).collect();
                prop_assert_eq!(&rows, &expected, "{:?} {:?} {:?}", from, to, direction);
                expected.reverse();
            }
        }
        Ok(())
    };
    TestRunner::new(cases(24))
        .run(&(batches, bounds), run)
        .unwrap();
}

fn everything(snapshot: &dyn Snapshot) -> Vec<(Vec<u8>, Vec<u8>)> {
    let rows = snapshot.range(
        ONE,
        Bound::Unbounded,
        Bound::Unbounded,
        Direction::Ascending,
    );
    rows.unwrap().map(Result::unwrap).collect()
}

fn a_snapshot_never_changes(make: Make<'_>) {
    let engine = make();
    let mut then = Vec::new();
    for round in 0..60_u8 {
        let key = [round % 7];
        let value = (round % 5 != 0).then_some([round]);
        put(
            &*engine.store,
            ONE,
            &[(&key, value.as_ref().map(<[u8; 1]>::as_slice))],
        );
        let snapshot = engine.store.snapshot().unwrap();
        let rows = everything(&*snapshot);
        then.push((snapshot, rows));
    }
    for (snapshot, rows) in &then {
        assert_eq!(&everything(&**snapshot), rows);
    }
}

/// Readers on other threads see both tables at the same number, and numbers that only grow.
fn a_batch_is_seen_whole(make: Make<'_>) {
    let engine = make();
    let store = &*engine.store;
    let done = AtomicBool::new(false);
    let write = |number: u64| {
        let mut batch = Batch::new();
        batch.put(ONE, b"n".to_vec(), number.to_be_bytes().to_vec());
        batch.put(OTHER, b"n".to_vec(), number.to_be_bytes().to_vec());
        store.commit(batch).unwrap();
    };
    write(0);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut last, mut reads) = (Vec::new(), 0);
                    while !done.load(Ordering::Relaxed) || reads == 0 {
                        let snapshot = store.snapshot().unwrap();
                        let one = snapshot.get(ONE, b"n").unwrap().unwrap();
                        assert_eq!(snapshot.get(OTHER, b"n").unwrap().unwrap(), one);
                        assert!(one >= last, "went back");
                        (last, reads) = (one, reads + 1);
                    }
                })
            })
            .collect();
        (1..100).for_each(write);
        done.store(true, Ordering::Relaxed);
        readers
            .into_iter()
            .for_each(|reader| reader.join().unwrap());
    });
}
