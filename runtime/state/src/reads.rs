//! What was read of a view, so that an engine is asked for a key once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::StateError;
use crate::view::{Entry, View};

/// Values remembered at most: a bound for memory alone, beyond it the view is asked again.
const MAX_VALUES: usize = 1 << 16;
/// Longer values are not remembered.
const MAX_BYTES: usize = 4096;

/// A view whose values are remembered. Neighbours and ranges pass through.
pub(crate) struct Reads<'a> {
    base: &'a dyn View,
    values: RefCell<BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

impl<'a> Reads<'a> {
    pub(crate) fn new(base: &'a dyn View) -> Self {
        Self {
            base,
            values: RefCell::default(),
        }
    }
}

impl View for Reads<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        if let Some(value) = self.values.borrow().get(key) {
            return Ok(value.clone());
        }
        let value = self.base.get(key)?;
        let mut values = self.values.borrow_mut();
        if values.len() < MAX_VALUES && value.as_ref().is_none_or(|value| value.len() <= MAX_BYTES)
        {
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
