//! Every engine behind the one seam, and what only engines on disk have to answer for.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test that is surprised fails"
)]

mod conformance;
mod copies;
mod crash;
mod folder;
mod forgetful;
mod kills;
mod ledger;
mod snapshots;

use std::sync::Arc;

use marque_store::{MemoryStore, Options, RedbStore, SledStore, Store};
use tempfile::TempDir;

/// A store and what it must be dropped before.
struct Engine {
    store: Arc<dyn Store>,
    _folder: Option<TempDir>,
}

fn memory() -> Engine {
    Engine {
        store: Arc::new(MemoryStore::new()),
        _folder: None,
    }
}

fn redb() -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let store = RedbStore::open(&folder.path().join("data"), &small()).unwrap();
    Engine {
        store: Arc::new(store),
        _folder: Some(folder),
    }
}

fn sled() -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(&folder.path().join("data"), &small()).unwrap();
    Engine {
        store: Arc::new(store),
        _folder: Some(folder),
    }
}

fn small() -> Options {
    Options {
        cache_bytes: 8 << 20,
    }
}

/// Cases of a property test: few, or as many as `MARQUE_CASES` says.
fn cases(few: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("MARQUE_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    proptest::test_runner::Config {
        cases: asked.unwrap_or(few),
        failure_persistence: None,
        ..Default::default()
    }
}
