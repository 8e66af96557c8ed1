//! Files of a store that were damaged while nobody looked.

use crate::{MEMORY, alone, failures};
use marque_fuzz::{Bound, Campaign, Random};
use marque_state::{Batch, Changes, Direction, State, StateError, Store, tables};
use marque_store::{Options, RedbStore};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Bound::Unbounded;
use std::path::Path;
use std::time::Duration;

const FILE: &str = "ledger.redb";

/// Every row of every table.
type Rows = BTreeMap<(u8, Vec<u8>), Vec<u8>>;

fn open(folder: &Path) -> Option<RedbStore> {
    let options = Options {
        cache_bytes: 1 << 20,
    };
    RedbStore::open(folder, &options).ok()
}

fn rows(store: &RedbStore) -> Result<Rows, StateError> {
    let snapshot = store.snapshot()?;
    let mut rows = Rows::new();
    for table in tables::ALL {
        let all = snapshot.range(*table, Unbounded, Unbounded, Direction::Ascending)?;
        for row in all {
            let (key, value) = row?;
            rows.insert((table.number, key), value);
        }
    }
    Ok(rows)
}

/// A folder's files as they are on disk, and what they hold, after each of some blocks.
struct Past {
    files: Vec<Vec<u8>>,
    versions: Vec<Rows>,
    roots: Vec<[u8; 32]>,
}

/// Some blocks of a state; the file is taken as a crash leaves it after each, and closed.
fn past() -> Past {
    let folder = tempfile::tempdir().unwrap();
    let mut past = Past {
        files: Vec::new(),
        versions: Vec::new(),
        roots: Vec::new(),
    };
    let mut random = Random::new(4);
    let store = open(folder.path()).unwrap();
    let mut state = State::open(store.snapshot().unwrap()).unwrap();
    for _ in 0..6 {
        let mut changes = Changes::new();
        for _ in 0..40 {
            let key = random.below(200).to_be_bytes().to_vec();
            let value = (!random.one_in(5)).then(|| vec![random.byte(); random.below(900)]);
            changes.insert(key, value);
        }
        let update = state.prepare(changes).unwrap();
        let mut batch = Batch::new();
        update.write_to(&mut batch);
        store.commit(batch).unwrap();
        state = update.settle(store.snapshot().unwrap()).unwrap();
        past.versions.push(rows(&store).unwrap());
        past.roots.push(state.tip().unwrap().root);
        past.files.push(fs::read(folder.path().join(FILE)).unwrap());
    }
    drop(state);
    drop(store);
    past.files.push(fs::read(folder.path().join(FILE)).unwrap());
    past
}

const PAGE: usize = 4_096;

/// Damage as disks, crashes and hands make it: flipped bits, pages zeroed, exchanged or of
/// another time, an end cut off.
fn mutate(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut file = random.one_of(corpus).clone();
    for _ in 0..random.few() {
        // Most of a file is empty; damage there says little.
        let tries = (0..32)
            .map(|_| random.below(file.len()))
            .collect::<Vec<_>>();
        let used = tries.iter().find(|at| file[**at] != 0);
        let at = used.or(tries.first()).copied().unwrap_or(0);
        let page = at / PAGE * PAGE..(at / PAGE * PAGE + PAGE).min(file.len());
        match random.below(8) {
            0..=2 => file[at] ^= 1 << random.below(8),
            3 => file[at] = random.byte(),
            4 => file[page].fill(0),
            5 => {
                let other = random.one_of(corpus);
                if let Some(old) = other.get(page.clone()) {
                    file[page].copy_from_slice(old);
                }
            }
            6 => {
                let from = random.below(file.len() / PAGE) * PAGE;
                let until = (from + page.len()).min(file.len());
                file.copy_within(from..until, page.start);
            }
            _ if random.one_in(4) => file.truncate(at),
            _ => {
                let end = (at + 8).min(file.len());
                file[at..end].fill(0xff);
            }
        }
        if file.is_empty() {
            return file;
        }
    }
    file
}

/// Opens a damaged file and reads all of it: an error, or a state that is one of the past.
fn judge(past: &Past, folder: &Path, input: &[u8]) -> &'static str {
    fs::write(folder.join(FILE), input).unwrap();
    let Some(store) = open(folder) else {
        return "refused";
    };
    let Ok(rows) = rows(&store) else {
        return "unreadable";
    };
    if past.versions.contains(&rows) {
        return "whole";
    }
    let snapshot = store.snapshot().unwrap();
    let Ok(state) = State::open(snapshot) else {
        return "no state";
    };
    if state.check().is_err() {
        return "found by the check";
    }
    // Rows that no root covers may differ, the state's do not.
    let root = state.tip().unwrap().root;
    let version = past.roots.iter().position(|known| *known == root).unwrap();
    let number = tables::STATE.id().number;
    let of = |rows: &Rows| -> Rows {
        let own = rows.iter().filter(|((table, _), _)| *table == number);
        own.map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    assert_eq!(of(&rows), of(&past.versions[version]));
    "whole state"
}

#[test]
fn a_damaged_store_is_an_error_or_the_right_data() {
    let _alone = alone();
    let past = past();
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let campaign = Campaign {
        name: "recovery",
        corpus: past.files.clone(),
        mutate,
        bound: Bound {
            per_byte: 8,
            base: 16 << 20,
            time: Duration::from_secs(30),
        },
        folder: failures(),
        memory: Some(&MEMORY),
    };
    let summary = campaign.run(|input| judge(&past, folder.path(), input));
    assert!(
        summary.executions == 1 || summary.outcomes.len() > 2,
        "{summary}"
    );
}
