//! What was read of a view, so that an engine is asked for a key once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::StateError;
use crate::view::{Entry, View};

/// Bytes remembered at most: a bound for memory alone, beyond it the view is asked again.
const ROOM: usize = 64 << 20;
/// Longer values are not remembered.
const LONGEST: usize = 4096;
/// What a remembered value takes beside its bytes and its key's.
const OVERHEAD: usize = 64;

/// A view whose values are remembered. Neighbours and ranges pass through.
pub(crate) struct Reads<'a> {
    base: &'a dyn View,
    values: RefCell<BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
    /// What is left of [`ROOM`].
    room: Cell<usize>,
}

impl<'a> Reads<'a> {
    pub(crate) fn new(base: &'a dyn View) -> Self {
        Self {
            base,
            values: RefCell::default(),
            room: Cell::new(ROOM),
        }
    }
}

impl View for Reads<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        if let Some(value) = self.values.borrow().get(key) {
            return Ok(value.clone());
        }
        let value = self.base.get(key)?;
        let bytes = value.as_ref().map_or(0, Vec::len);
        let taken = bytes.saturating_add(key.len()).saturating_add(OVERHEAD);
        if bytes <= LONGEST
            && let Some(left) = self.room.get().checked_sub(taken)
        {
            self.room.set(left);
            let mut values = self.values.borrow_mut();
            values.insert(key.to_vec(), value.clone());
        }
        Ok(value)
    }

    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.base.after(key)
    }

    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.base.before(key)
    }

    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        self.base.scan(from, to, limit)
    }
}
