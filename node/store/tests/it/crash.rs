//! Power cuts at any write or sync: what was acknowledged is there, whole, and with its root.

use std::sync::OnceLock;

use marque_proof::Hash;
use marque_state::{Batch, State, StateError, Store};
use marque_store::{MemoryStore, Options, RedbStore};
use proptest::prelude::*;

use crate::cases;
use crate::forgetful::Disk;
use crate::ledger::{block, commit};

const BLOCKS: u64 = 40;
const SIZE: u64 = 60;

/// The root of each height, from a run without cuts.
fn roots() -> &'static [Hash] {
    static ROOTS: OnceLock<Vec<Hash>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let store = MemoryStore::new();
        let mut state = State::open(store.snapshot().unwrap()).unwrap();
        let grow = |height| {
            state = commit(&store, &state, block(height, SIZE));
            state.tip().unwrap().root
        };
        (0..BLOCKS).map(grow).collect()
    })
}

fn open(disk: &Disk) -> Result<RedbStore, marque_store::StoreError> {
    // A cache so small that pages are written before the commit that they belong to.
    RedbStore::on_backend(
        disk.clone(),
        &Options {
            cache_bytes: 256 << 10,
        },
    )
}

/// Runs blocks until the power goes; how many were acknowledged.
fn run(store: &RedbStore, until: u64) -> Result<u64, StateError> {
    let mut state = State::open(store.snapshot()?)?;
    let first = state.tip().map_or(0, |tip| tip.height + 1);
    for height in first..until {
        let Ok(next) = step(store, &state, height) else {
            return Ok(height);
        };
        state = next;
    }
    Ok(until)
}

fn step(store: &RedbStore, state: &State, height: u64) -> Result<State, StateError> {
    let update = state.prepare(block(height, SIZE))?;
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch)?;
    update.settle(store.snapshot()?)
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn acknowledged_blocks_survive_power_cuts(
        cuts in proptest::collection::vec((1..1_500_u64, any::<u64>()), 1..5),
    ) {
        let mut disk = Disk::default();
        // The file is made whole before it gets its name: see `folder.rs`.
        drop(open(&disk).unwrap());
        let mut acknowledged = 0;
        for (steps, seed) in cuts {
            disk.fail_after(steps);
            if let Ok(store) = open(&disk) {
                acknowledged = run(&store, BLOCKS).unwrap_or(acknowledged).max(acknowledged);
            }
            let mut luck = seed | 1;
            disk = disk.after_power_cut(|| {
                luck ^= luck << 13;
                luck ^= luck >> 7;
                luck ^= luck << 17;
                luck >> 63 == 0
            });
            let store = open(&disk).unwrap();
            let state = State::open(store.snapshot().unwrap()).unwrap();
            let there = state.tip().map_or(0, |tip| tip.height + 1);
            // The commit that was cut may have made it.
            prop_assert!((acknowledged..=acknowledged + 1).contains(&there), "{there} of {acknowledged}");
            if let Some(tip) = state.tip() {
                prop_assert_eq!(tip.root, roots()[tip.height as usize]);
            }
            acknowledged = there;
            drop((state, store));
            disk = disk.after_power_cut(|| true);
        }
        let store = open(&disk).unwrap();
        prop_assert_eq!(run(&store, BLOCKS).unwrap(), BLOCKS);
        let state = State::open(store.snapshot().unwrap()).unwrap();
        prop_assert_eq!(state.tip().unwrap().root, roots()[BLOCKS as usize - 1]);
    }
}
