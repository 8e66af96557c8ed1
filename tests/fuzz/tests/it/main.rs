//! Everything that reads what strangers send, given what strangers might send.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that is surprised fails"
)]

mod documents;
mod identifiers;
mod proofs;
mod recovery;
mod transactions;

use peak_alloc::PeakAlloc;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is counted for the whole process: one target runs at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where inputs that fail go.
fn failures() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
