//! kill -9 of a process that commits: on every engine, what was acknowledged is there, whole, and
//! with its root.
//!
//! `MARQUE_CRASH_ROUNDS=200 cargo test -p marque-store --test it kills -- --nocapture` is the long
//! form; the totals are printed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use marque_proof::Hash;
use marque_state::{MemoryStore, State, Store};
use marque_store::{Engine, open};

use crate::ledger::{block, commit};
use crate::small;

/// Rounds of the short form.
const SHORT: u64 = 8;
/// Leaves of a block: a commit is as long as the time between two.
const SIZE: u64 = 400;

fn rounds() -> u64 {
    let asked = std::env::var("MARQUE_CRASH_ROUNDS").ok();
    asked
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(SHORT)
}

#[test]
fn redb_keeps_what_it_acknowledged() {
    killed(Engine::Redb);
}

#[test]
fn sled_keeps_what_it_acknowledged() {
    killed(Engine::Sled);
}

/// A run without kills, as far as it was asked for.
struct Undisturbed {
    store: MemoryStore,
    state: State,
    roots: Vec<Hash>,
}

impl Undisturbed {
    fn new() -> Self {
        let store = MemoryStore::new();
        let state = State::open(store.snapshot().unwrap()).unwrap();
        Self {
            store,
            state,
            roots: Vec::new(),
        }
    }

    fn root(&mut self, height: u64) -> Hash {
        while self.roots.len() as u64 <= height {
            let next = self.roots.len() as u64;
            self.state = commit(&self.store, &self.state, block(next, SIZE));
            self.roots.push(self.state.tip().unwrap().root);
        }
        self.roots[height as usize]
    }
}

fn killed(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let mut undisturbed = Undisturbed::new();
    let mut luck = 0x5eed_u64;
    let (mut there, mut acknowledged, mut lost, mut torn) = (0_u64, 0_u64, 0_u64, 0_u64);
    for _ in 0..rounds() {
        let mut child = child(&path, engine);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let process = child.id();
        let delay = Duration::from_micros((luck >> 33) % 300_000);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(delay);
            Command::new("kill")
                .args(["-9", &process.to_string()])
                .status()
                .unwrap();
        });
        let mut last = None;
        for line in lines.map_while(Result::ok) {
            if let Some(height) = line.strip_prefix("durable ") {
                last = height.parse::<u64>().ok().or(last);
            }
        }
        killer.join().unwrap();
        child.wait().unwrap();
        let Some(last) = last else { continue };
        acknowledged += (last + 1).saturating_sub(there);
        let store = open(&path, None, &small()).unwrap().store;
        let state = State::open(store.snapshot().unwrap()).unwrap();
        let tip = state.tip().unwrap();
        lost += last.saturating_sub(tip.height);
        // The commit that was cut may have made it.
        if tip.root != undisturbed.root(tip.height) || state.check().is_err() {
            torn += 1;
        }
        there = tip.height + 1;
    }
    println!(
        "{engine}: {} kills, {acknowledged} blocks acknowledged, {lost} lost, {torn} torn",
        rounds()
    );
    assert_eq!((lost, torn), (0, 0));
    assert!(acknowledged > 0, "nothing was ever acknowledged");
}

fn child(path: &Path, engine: Engine) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kills::the_one_that_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env("MARQUE_TEST_FOLDER", path)
        .env("MARQUE_TEST_ENGINE", engine.name())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "run and killed by the tests above"]
fn the_one_that_is_killed() {
    let folder = std::env::var_os("MARQUE_TEST_FOLDER").unwrap();
    let engine = std::env::var("MARQUE_TEST_ENGINE")
        .unwrap()
        .parse()
        .unwrap();
    let store = open(Path::new(&folder), Some(engine), &small())
        .unwrap()
        .store;
    let mut state = State::open(store.snapshot().unwrap()).unwrap();
    loop {
        let height = state.tip().map_or(0, |tip| tip.height + 1);
        state = commit(&*store, &state, block(height, SIZE));
        let mut out = std::io::stdout().lock();
        writeln!(out, "durable {height}").unwrap();
        out.flush().unwrap();
    }
}
