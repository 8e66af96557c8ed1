//! Copies of stores: whole, of either engine, and refused while they are not whole.

use std::path::Path;
use std::sync::Arc;

use marque_state::{Direction, State, StateError, Store, tables};
use marque_store::{Engine, StoreError, backup, inspect, open};

use crate::ledger::{block, commit};
use crate::small;

fn grown(folder: &Path, engine: Engine) -> Arc<dyn Store> {
    let store = open(folder, Some(engine), &small()).unwrap().store;
    let mut state = State::open(store.snapshot().unwrap()).unwrap();
    for height in 0..20 {
        state = commit(&*store, &state, block(height, 300));
    }
    store
}

/// Every row of every table.
fn rows(store: &dyn Store) -> Vec<(u8, Vec<u8>, Vec<u8>)> {
    let snapshot = store.snapshot().unwrap();
    let all = std::ops::Bound::Unbounded;
    let mut found = Vec::new();
    for table in tables::ALL {
        let rows = snapshot
            .range(*table, all, all, Direction::Ascending)
            .unwrap();
        found.extend(rows.map(|row| {
            let (key, value) = row.unwrap();
            (table.number, key, value)
        }));
    }
    found
}

#[test]
fn a_copy_has_every_row_whatever_the_engines() {
    for from in Engine::ALL {
        for to in Engine::ALL {
            let folder = tempfile::tempdir().unwrap();
            let store = grown(&folder.path().join("from"), from);
            let snapshot = store.snapshot().unwrap();
            let wanted = rows(&*store);
            // The node goes on meanwhile; the copy is of the snapshot.
            let state = State::open(store.snapshot().unwrap()).unwrap();
            let copy = folder.path().join("to");
            let mut going = Some(state);
            let copied = backup(&*snapshot, &copy, to, &small(), &mut |_| {
                if let Some(state) = going.take() {
                    commit(&*store, &state, block(20, 300));
                }
                Ok(())
            });
            assert_eq!(copied.unwrap().rows, wanted.len() as u64);
            let opened = open(&copy, None, &small()).unwrap();
            assert_eq!(opened.engine, to, "the folder says which engine it is of");
            assert_eq!(rows(&*opened.store), wanted);
            let state = State::open(opened.store.snapshot().unwrap()).unwrap();
            assert_eq!(state.tip().unwrap().height, 19);
            state.check().unwrap();
            assert_ne!(rows(&*store), wanted, "the node did go on");
        }
    }
}

#[test]
fn a_copy_that_was_cut_short_is_refused() {
    for engine in Engine::ALL {
        let folder = tempfile::tempdir().unwrap();
        let store = grown(&folder.path().join("from"), Engine::Redb);
        let snapshot = store.snapshot().unwrap();
        let copy = folder.path().join("to");
        let stop = |_| Err(StateError::OutOfStep { expected: 1 });
        let cut = backup(&*snapshot, &copy, engine, &small(), &mut { stop });
        assert!(matches!(cut, Err(StoreError::Copy(_))));
        for refused in [
            open(&copy, None, &small()).err(),
            inspect(&copy, &small()).err(),
        ] {
            assert!(matches!(refused, Some(StoreError::Partial { .. })));
        }
        let again = backup(&*snapshot, &copy, engine, &small(), &mut |_| Ok(()));
        assert!(matches!(again, Err(StoreError::NotEmpty { .. })));
    }
}

#[test]
fn nothing_is_copied_over_something() {
    let folder = tempfile::tempdir().unwrap();
    let store = grown(&folder.path().join("from"), Engine::Redb);
    let snapshot = store.snapshot().unwrap();
    let there = folder.path().join("there");
    std::fs::create_dir(&there).unwrap();
    std::fs::write(there.join("thesis.tex"), "x").unwrap();
    let error = backup(&*snapshot, &there, Engine::Sled, &small(), &mut |_| Ok(()));
    assert!(matches!(error, Err(StoreError::Foreign { .. })));
    assert_eq!(std::fs::read_dir(&there).unwrap().count(), 1);
}

/// Looking at a redb folder writes nothing to it, and finds any flipped byte that is part of it.
#[test]
fn inspecting_writes_nothing_and_finds_flipped_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    drop(grown(&path, Engine::Redb));
    let file = path.join("ledger.redb");
    let before = std::fs::read(&file).unwrap();
    let opened = inspect(&path, &small()).unwrap();
    let wanted = rows(&*opened.store);
    drop(opened);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let (mut found, mut harmless) = (0, 0);
    for at in (0..before.len()).step_by(before.len() / 60) {
        let mut bytes = before.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&file, &bytes).unwrap();
        let looked = std::panic::catch_unwind(|| match inspect(&path, &small()) {
            Ok(opened) => Some(rows(&*opened.store)),
            Err(_) => None,
        });
        match looked {
            Ok(Some(rows)) => {
                assert_eq!(rows, wanted, "a byte at {at} was flipped unseen");
                harmless += 1;
            }
            _ => found += 1,
        }
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "inspecting wrote");
    }
    println!("{found} flipped bytes found, {harmless} in pages that are not in use");
    assert!(found > 0);
}
