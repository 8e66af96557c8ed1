//! Writes held in memory over a view, with savepoints.

use crate::StateError;
use crate::changes::{Changes, Layered};
use crate::reads::Reads;
use crate::view::{Entry, View};

/// A place in an overlay's life to which it can go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Savepoint(usize);

/// What execution writes on: reads fall through to the base, each key's once; writes stay here
/// until [`Overlay::into_writes`].
///
/// Savepoints nest as marks in one undo log, so that taking one costs nothing and rolling back
/// costs what was written since.
pub struct Overlay<'a> {
    base: Reads<'a>,
    changes: Changes,
    log: Vec<Written>,
}

/// A write, as the undo log keeps it.
struct Written {
    key: Vec<u8>,
    /// What the changes said of the key before.
    before: Option<Option<Vec<u8>>>,
}

impl<'a> Overlay<'a> {
    /// An overlay without writes.
    #[must_use]
    pub fn new(base: &'a dyn View) -> Self {
        Self {
            base: Reads::new(base),
            changes: Changes::new(),
            log: Vec::new(),
        }
    }

    /// Sets `key`, which must not be empty, to `value`.
    pub fn set(&mut self, key: &[u8], value: Vec<u8>) {
        self.write(key, Some(value));
    }

    /// Removes `key`; removing what is not there changes nothing.
    pub fn remove(&mut self, key: &[u8]) {
        self.write(key, None);
    }

    fn write(&mut self, key: &[u8], value: Option<Vec<u8>>) {
        let before = self.changes.insert(key.to_vec(), value);
        self.log.push(Written {
            key: key.to_vec(),
            before,
        });
    }

    /// Marks the present state of the overlay.
    #[must_use]
    pub fn savepoint(&self) -> Savepoint {
        Savepoint(self.log.len())
    }

    /// Undoes every write since `savepoint`. Savepoints taken after it are void; rolling back to
    /// one of those later undoes nothing.
    pub fn rollback_to(&mut self, savepoint: Savepoint) {
        while self.log.len() > savepoint.0 {
            let Some(Written { key, before }) = self.log.pop() else {
                break;
            };
            match before {
                Some(before) => drop(self.changes.insert(key, before)),
                None => self.changes.forget(&key),
            }
        }
    }

    /// How many keys have been written since the overlay was made and not rolled back.
    #[must_use]
    pub fn written(&self) -> usize {
        self.changes.len()
    }

    /// All keys written, whether or not they differ from the base: [`crate::State::prepare`] reads
    /// the rows anyway and passes over what did not change.
    #[must_use]
    pub fn into_writes(self) -> Changes {
        self.changes
    }

    fn layered(&self) -> Layered<'_> {
        Layered::new(&self.base, &self.changes)
    }
}

impl View for Overlay<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.layered().get(key)
    }

    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.layered().after(key)
    }

    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.layered().before(key)
    }

    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        self.layered().scan(from, to, limit)
    }
}
