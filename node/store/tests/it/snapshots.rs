//! Snapshots while commits go on: each is exact, at every moment, on every engine.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use marque_state::{Batch, Direction, Snapshot, Store, TableId, tables};

use crate::{Engine, memory, redb, sled};

const ONE: TableId = tables::STATE.id();
/// The table after it: in one tree, the neighbour.
const NEXT: TableId = tables::MOUNTAIN.id();
const KEYS: u16 = 400;

macro_rules! on_every_engine {
    ($($name:ident)*) => {
        mod on_memory { $(#[test] fn $name() { super::$name(&super::memory()); })* }
        mod on_redb { $(#[test] fn $name() { super::$name(&super::redb()); })* }
        mod on_sled { $(#[test] fn $name() { super::$name(&super::sled()); })* }
    };
}

on_every_engine! {
    a_snapshot_is_exact_while_commits_go_on
    a_long_snapshot_outlives_many_commits
}

/// What key holds at version: a function, so that any reader can judge any snapshot. A third of
/// the keys are absent, and others, at each version.
fn value(version: u64, key: u16) -> Option<Vec<u8>> {
    // The version in which the key changed last: a quarter of the keys change in each.
    let since = version.checked_sub((version + u64::from(key)) % 4)?;
    let present = (since / 4 + u64::from(key)) % 3 != 0;
    let size = usize::from(key % 50) + 8;
    present.then(|| {
        since
            .to_be_bytes()
            .iter()
            .copied()
            .cycle()
            .take(size)
            .collect()
    })
}

fn expected(version: u64) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let key = |key: u16| Some((key.to_be_bytes().to_vec(), value(version, key)?));
    (0..KEYS).filter_map(key).collect()
}

fn commit(store: &dyn Store, version: u64) {
    let mut batch = Batch::new();
    for key in 0..KEYS {
        let row = value(version, key);
        if version > 0 && row == value(version - 1, key) {
            continue;
        }
        for table in [ONE, NEXT] {
            match &row {
                Some(row) => batch.put(table, key.to_be_bytes().to_vec(), row.clone()),
                None => batch.delete(table, key.to_be_bytes().to_vec()),
            }
        }
    }
    batch.put(tables::TIP.id(), Vec::new(), version.to_be_bytes().to_vec());
    store.commit(batch).unwrap();
}

fn version(snapshot: &dyn Snapshot) -> u64 {
    let tip = snapshot.get(tables::TIP.id(), &[]).unwrap().unwrap();
    u64::from_be_bytes(tip.try_into().unwrap())
}

/// Reads a snapshot in every way, and compares each row.
fn judge(snapshot: &dyn Snapshot, table: TableId, seed: u64) {
    let rows = expected(version(snapshot));
    let from = u16::try_from(seed % u64::from(KEYS)).unwrap().to_be_bytes();
    let start = Bound::Included(from.as_slice());
    for direction in [Direction::Ascending, Direction::Descending] {
        let read = snapshot.range(table, start, Bound::Unbounded, direction);
        let read: Vec<_> = read.unwrap().map(Result::unwrap).collect();
        let wanted = rows.range(from.to_vec()..);
        let mut wanted: Vec<_> = wanted.map(|(k, v)| (k.clone(), v.clone())).collect();
        if direction == Direction::Descending {
            wanted.reverse();
        }
        assert_eq!(read, wanted, "version {}", version(snapshot));
    }
    let after = Bound::Excluded(from.as_slice());
    let next = snapshot.first(table, after, Bound::Unbounded, Direction::Ascending);
    let wanted = rows.range((Bound::Excluded(from.to_vec()), Bound::Unbounded));
    assert_eq!(
        next.unwrap().as_ref().map(|(k, v)| (k, v)),
        { wanted }.next()
    );
    for key in (0..KEYS).step_by(7) {
        let key = key.to_be_bytes();
        let read = snapshot.get(table, &key).unwrap();
        assert_eq!(read.as_ref(), rows.get(key.as_slice()));
    }
}

fn a_snapshot_is_exact_while_commits_go_on(engine: &Engine) {
    let store = &*engine.store;
    let (done, judged) = (AtomicBool::new(false), AtomicU64::new(0));
    commit(store, 0);
    std::thread::scope(|scope| {
        for reader in 0..3_u64 {
            let (done, judged) = (&done, &judged);
            scope.spawn(move || {
                let mut held = Vec::new();
                let mut seed = reader * 31;
                while !done.load(Ordering::Relaxed) {
                    seed += 13;
                    let snapshot = store.snapshot().unwrap();
                    judge(&*snapshot, ONE, seed);
                    judge(&*snapshot, NEXT, seed);
                    held.push(snapshot);
                    // Older ones are read again while newer commits are applied.
                    if held.len() > 4 {
                        let old = held.remove((seed % 3) as usize);
                        judge(&*old, ONE, seed);
                    }
                    judged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let begin = Instant::now();
        let mut version = 0;
        while version < 60
            || (judged.load(Ordering::Relaxed) < 60 && begin.elapsed() < Duration::from_secs(60))
        {
            version += 1;
            commit(store, version);
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(judged.into_inner() > 0);
}

fn a_long_snapshot_outlives_many_commits(engine: &Engine) {
    let store = &*engine.store;
    commit(store, 0);
    let mut long = Vec::new();
    for version in 1..120 {
        if version % 40 == 1 {
            long.push(store.snapshot().unwrap());
        }
        commit(store, version);
    }
    for (number, snapshot) in long.iter().enumerate() {
        assert_eq!(version(&**snapshot), number as u64 * 40);
        judge(&**snapshot, ONE, 0);
        judge(&**snapshot, NEXT, 11);
    }
}
