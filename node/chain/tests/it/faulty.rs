//! Stores that fail: one that dies (at its n-th commit it writes nothing, or all of it, and then
//! fails for good), one that panics, one that is slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use marque_state::{Batch, MemoryStore, Snapshot, StateError, Store};

/// What is left of a process that died: the store beneath.
pub struct Dying {
    disk: Arc<MemoryStore>,
    commits: AtomicU64,
    /// The commit at which it dies, from 1.
    at: u64,
    /// Whether that commit reached the disk.
    written: bool,
}

impl Dying {
    pub fn new(disk: Arc<MemoryStore>, at: u64, written: bool) -> Arc<Self> {
        Arc::new(Self {
            disk,
            commits: AtomicU64::new(0),
            at,
            written,
        })
    }

    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    fn dead(&self) -> StateError {
        StateError::Engine {
            engine: "dying",
            doing: "committing",
            source: "the process was killed".into(),
        }
    }
}

impl Store for Dying {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        if self.commits() >= self.at {
            return Err(self.dead());
        }
        self.disk.snapshot()
    }

    fn commit(&self, batch: Batch) -> Result<(), StateError> {
        let number = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        if number < self.at || (number == self.at && self.written) {
            self.disk.commit(batch)?;
        }
        if number >= self.at {
            Err(self.dead())
        } else {
            Ok(())
        }
    }
}

/// A store whose commits take as long as a slow disk's.
pub struct Slow(pub MemoryStore);

impl Store for Slow {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        self.0.snapshot()
    }

    fn commit(&self, batch: Batch) -> Result<(), StateError> {
        std::thread::sleep(std::time::Duration::from_millis(20));
        self.0.commit(batch)
    }
}

/// A store that panics at a commit, once it is told to.
pub struct Panicking {
    disk: MemoryStore,
    pub armed: AtomicBool,
}

impl Panicking {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            disk: MemoryStore::new(),
            armed: AtomicBool::new(false),
        })
    }
}

impl Store for Panicking {
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StateError> {
        self.disk.snapshot()
    }

    fn commit(&self, batch: Batch) -> Result<(), StateError> {
        assert!(!self.armed.load(Ordering::SeqCst), "the store panics");
        self.disk.commit(batch)
    }
}
