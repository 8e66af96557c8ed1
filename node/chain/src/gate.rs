//! How many reads run contracts at once: blocks always find room in the machine.

use std::sync::{Condvar, Mutex, PoisonError};

/// Stacks of calls that are kept for blocks: one that is proposed, one that is checked, and
/// the ones after them that are executed ahead.
const FOR_BLOCKS: usize = 4;

/// Lets so many in at once; whoever comes then waits.
#[derive(Debug)]
pub(crate) struct Gate {
    free: Mutex<usize>,
    freed: Condvar,
}

/// Room for one stack of calls, until it is dropped.
pub(crate) struct Room<'a>(&'a Gate);

impl Gate {
    /// For a machine that has room for so many stacks of calls.
    pub fn of(stacks: usize) -> Self {
        Self {
            free: Mutex::new(stacks.saturating_sub(FOR_BLOCKS).max(1)),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room. What runs there ends by its gas.
    pub fn enter(&self) -> Room<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.freed.wait_while(free, |free| *free == 0);
        let mut free = waited.unwrap_or_else(PoisonError::into_inner);
        *free = free.saturating_sub(1);
        Room(self)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        let mut free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = free.saturating_add(1);
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests;
