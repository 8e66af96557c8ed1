//! What a block's state costs: `cargo run --release -p marque-store --example blocks [records…]`
//!
//! Fills a redb store in the temporary folder with 100,000 and with a million records (or as many
//! as given), then applies blocks of 2,000 scattered updates, of 2,000 updates in runs of 50, and
//! of 2,000 scattered inserts. Prints for each, per leaf: microseconds of processor time for the
//! root alone (links, leaves, mountain and bitmap, with the rows at hand), for all of
//! `State::prepare`, and for the commit; bytes written to the disk over bytes in the batch; and
//! durable blocks a second. The hash of a node, measured before, says how fast the machine is.
#![allow(clippy::unwrap_used, reason = "a benchmark that is surprised stops")]

use std::collections::VecDeque;
use std::fs;
use std::ops::Bound;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use marque_state::{
    Batch, Changes, Direction, Entries, Entry, Snapshot, State, StateError, Store, TableId,
};
use marque_store::{Options, RedbStore};

const BLOCK: usize = 2_000;
const BLOCKS: u64 = 40;

fn main() {
    let asked: Vec<u64> = std::env::args()
        .skip(1)
        .map(|asked| asked.parse().unwrap())
        .collect();
    let before = on_processor();
    let hash = (0..100_000).fold([0; 32], |hash, _| marque_proof::hash::node(&hash, &[7; 32]));
    println!(
        "a node's hash takes {:.0?} ({:02x})",
        (on_processor() - before) / 100_000,
        hash[0]
    );
    for records in if asked.is_empty() {
        vec![100_000, 1_000_000]
    } else {
        asked
    } {
        measure(records);
    }
}

fn measure(records: u64) {
    let folder = std::env::temp_dir().join(format!("marque-blocks-{}", std::process::id()));
    let ledger = Ledger {
        store: RedbStore::open(&folder, &Options::default()).unwrap(),
        script: Arc::default(),
    };
    let mut state = State::open(ledger.snapshot()).unwrap();
    let mut spent = Spent::default();
    for from in (0..records).step_by(20_000) {
        let keys = from..records.min(from + 20_000);
        let changes = keys.map(|n| (key(n * 2), Some(value(n)))).collect();
        state = ledger.apply(&state, changes, &mut spent);
    }
    println!(
        "\n{records} records       µs a leaf: root  prepare  commit   written/logical   blocks/s"
    );
    spent.print("load");
    let mut draws = numbers().map(|number| number % records * 2);
    for kind in ["updates", "updates in runs", "inserts"] {
        let mut spent = Spent::default();
        for round in 0..BLOCKS {
            let changes = match kind {
                "updates" => draws
                    .by_ref()
                    .take(BLOCK)
                    .map(|n| (key(n), Some(value(round))))
                    .collect(),
                "inserts" => draws
                    .by_ref()
                    .take(BLOCK)
                    .map(|n| (key(n + 1), Some(value(7))))
                    .collect(),
                _ => {
                    let runs = draws.by_ref().take(BLOCK / 50);
                    let each = runs
                        .flat_map(|first| (0..50).map(move |n| (first + 2 * n) % (2 * records)));
                    each.map(|n| (key(n), Some(value(round + 1_000)))).collect()
                }
            };
            state = ledger.apply(&state, changes, &mut spent);
        }
        spent.print(kind);
    }
    let before = Instant::now();
    let state = State::open(ledger.store.snapshot().unwrap()).unwrap();
    let leaves = state.tip().unwrap().leaf_count;
    println!("opened in {:.1?} with {leaves} leaves", before.elapsed());
    let keys: Vec<_> = (0..1_000).map(|n| key(n * 37 % (2 * records))).collect();
    let before = on_processor();
    let bytes = keys
        .iter()
        .map(|key| prove(&state, std::slice::from_ref(key)))
        .sum::<usize>();
    let each = (on_processor() - before) / 1_000;
    println!(
        "a key proved in {} bytes, made and checked in {each:.1?}",
        bytes / 1_000
    );
    println!("a thousand keys at once in {} bytes", prove(&state, &keys));
    let size = fs::metadata(folder.join("ledger.redb")).unwrap().len();
    println!(
        "file {} MiB, resident at most {} MiB",
        size >> 20,
        status("/proc/self/status", "VmHWM:") >> 10
    );
    fs::remove_dir_all(folder).unwrap();
}

fn prove(state: &State, keys: &[Vec<u8>]) -> usize {
    let proof = state.prove(keys).unwrap();
    let size = parity_scale_codec::Encode::encoded_size(&proof);
    proof.verify(&state.tip().unwrap().root).unwrap();
    size
}

/// As an item's key: a kind, a GTIN, a class, a serial.
fn key(number: u64) -> Vec<u8> {
    let gtin = number / 100_000;
    [
        &[3][..],
        &gtin.to_be_bytes(),
        &[10],
        &u128::from(number).to_be_bytes(),
    ]
    .concat()
}

fn value(number: u64) -> Vec<u8> {
    number.to_le_bytes().repeat(15)
}

fn numbers() -> impl Iterator<Item = u64> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    })
}

/// A number in one of the system's status files; 0 where there is no such file.
fn status(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// Time that this thread has had a processor.
fn on_processor() -> Duration {
    Duration::from_nanos(status("/proc/thread-self/schedstat", ""))
}

#[derive(Default)]
struct Spent {
    root: Duration,
    prepare: Duration,
    commit: Duration,
    wall: Duration,
    written: u64,
    logical: u64,
    leaves: u64,
    blocks: u64,
}

impl Spent {
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    fn print(&self, kind: &str) {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / self.leaves as f64;
        let amplification = self.written as f64 / self.logical as f64;
        let rate = self.blocks as f64 / self.wall.as_secs_f64();
        println!(
            "{kind:<26} {:>9.2} {:>8.2} {:>7.2} {amplification:>17.1} {rate:>10.1}",
            each(self.root),
            each(self.prepare),
            each(self.commit),
        );
    }
}

struct Ledger {
    store: RedbStore,
    script: Arc<Mutex<Script>>,
}

impl Ledger {
    fn snapshot(&self) -> Arc<dyn Snapshot> {
        Arc::new(Scripted {
            snapshot: self.store.snapshot().unwrap(),
            script: self.script.clone(),
        })
    }

    /// Prepares twice, reading rows and with the same rows at hand, and commits.
    fn apply(&self, state: &State, changes: Changes, spent: &mut Spent) -> State {
        let again = changes.clone();
        *self.script.lock().unwrap() = Script::default();
        let (start, wall) = (on_processor(), Instant::now());
        drop(state.prepare(changes).unwrap());
        let prepared = on_processor();
        self.script.lock().unwrap().again = true;
        let update = state.prepare(again).unwrap();
        let rooted = on_processor();
        let mut batch = Batch::new();
        update.write_to(&mut batch);
        let written = status("/proc/self/io", "wchar:");
        spent.logical += batch.bytes() as u64;
        self.store.commit(batch).unwrap();
        spent.written += status("/proc/self/io", "wchar:") - written;
        spent.prepare += prepared - start;
        spent.root += rooted - prepared;
        spent.commit += on_processor() - rooted;
        spent.wall += wall.elapsed();
        spent.leaves += update.leaves();
        spent.blocks += 1;
        update.settle(self.snapshot()).unwrap()
    }
}

/// The rows of a snapshot's ranges in the order in which they were read.
#[derive(Default)]
struct Script {
    rows: VecDeque<Option<Entry>>,
    /// Whether they are now given again instead of read.
    again: bool,
}

/// A snapshot that can take the engine's time out of the measurement.
struct Scripted {
    snapshot: Arc<dyn Snapshot>,
    script: Arc<Mutex<Script>>,
}

impl Snapshot for Scripted {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.snapshot.get(table, key)
    }

    fn range<'a>(
        &'a self,
        table: TableId,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        direction: Direction,
    ) -> Result<Entries<'a>, StateError> {
        if self.script.lock().unwrap().again {
            let rows = || self.script.lock().unwrap().rows.pop_front()?.map(Ok);
            return Ok(Box::new(std::iter::from_fn(rows)));
        }
        let mut rows = self.snapshot.range(table, from, to, direction)?;
        Ok(Box::new(std::iter::from_fn(move || {
            let row = rows.next().transpose().unwrap();
            self.script.lock().unwrap().rows.push_back(row.clone());
            row.map(Ok)
        })))
    }
}
