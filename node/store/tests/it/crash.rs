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

/// What is wrong after a row of power cuts, each at so many writes and syncs; nothing if the store
/// keeps its word. With `lying`, the disk only says that it syncs.
fn broken_word(cuts: Vec<(u64, u64)>, lying: bool) -> Option<String> {
    let mut disk = Disk::default();
    // The file is made whole before it gets its name: see `folder.rs`.
    drop(open(&disk).unwrap());
    let mut acknowledged = 0;
    for (steps, seed) in cuts {
        disk.fail_after(steps);
        if lying {
            disk.lie();
        }
        if let Ok(store) = open(&disk) {
            acknowledged = run(&store, BLOCKS)
                .unwrap_or(acknowledged)
                .max(acknowledged);
        }
        let mut luck = seed | 1;
        disk = disk.after_power_cut(|| {
            luck ^= luck << 13;
            luck ^= luck >> 7;
            luck ^= luck << 17;
            luck >> 63 == 0
        });
        let store = match open(&disk) {
            Ok(store) => store,
            Err(error) => return Some(error.to_string()),
        };
        let state = match store.snapshot().and_then(State::open) {
            Ok(state) => state,
            Err(error) => return Some(error.to_string()),
        };
        let there = state.tip().map_or(0, |tip| tip.height + 1);
        // The commit that was cut may have made it.
        if !(acknowledged..=acknowledged + 1).contains(&there) {
            return Some(format!("{there} of {acknowledged} blocks are there"));
        }
        if let Some(tip) = state.tip()
            && tip.root != roots()[tip.height as usize]
        {
            return Some(format!("block {} has another root", tip.height));
        }
        acknowledged = there;
        drop((state, store));
        disk = disk.after_power_cut(|| true);
    }
    let store = open(&disk).unwrap();
    assert_eq!(
        run(&store, BLOCKS).unwrap(),
        BLOCKS,
        "it goes on after the cuts"
    );
    let state = State::open(store.snapshot().unwrap()).unwrap();
    assert_eq!(state.tip().unwrap().root, roots()[BLOCKS as usize - 1]);
    None
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn acknowledged_blocks_survive_power_cuts(
        cuts in proptest::collection::vec((1..1_500_u64, any::<u64>()), 1..5),
    ) {
        prop_assert_eq!(broken_word(cuts, false), None);
    }
}

/// The test above would notice a store that does not sync: on a disk that only says so, the same
/// cuts lose acknowledged blocks or tear the file, nearly every time.
#[test]
fn without_syncs_the_loss_is_noticed() {
    let (mut lost, mut panicked) = (0, 0);
    for round in 0..20_u64 {
        let cuts = vec![(300 + round * 40, round * 0x9e37_79b9)];
        // Torn pages may also make the engine panic, which is no silence either.
        match std::panic::catch_unwind(|| broken_word(cuts, true)) {
            Ok(Some(_)) => lost += 1,
            Ok(None) => {}
            Err(_) => panicked += 1,
        }
    }
    println!("of 20 power cuts without syncs {lost} lost blocks, {panicked} made a panic");
    assert_eq!(lost + panicked, 20);
    assert!(lost >= 10, "only {lost} of 20 said what was lost");
}
