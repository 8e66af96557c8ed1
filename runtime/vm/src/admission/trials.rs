//! Trying code for many at once: few children, a short queue, and a memory.

use super::{Admission, NotAdmitted};
use crate::check::check;
use marque_primitives::hash::{Hash, keccak256};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Children at once.
const CHILDREN: usize = 2;
/// Modules that wait for a child, those that have one counted.
const WAITING: usize = 16;
/// Answers that are remembered.
const REMEMBERED: usize = 1_024;

/// An [`Admission`] that threads share. Only what passed the static check gets to a child,
/// and each module once: what became of it is remembered by its hash.
#[derive(Debug)]
pub struct Trials {
    admission: Admission,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    running: usize,
    waiting: usize,
    answers: BTreeMap<Hash, Option<NotAdmitted>>,
    /// The remembered hashes, oldest first.
    order: VecDeque<Hash>,
}

/// A place in the queue; with `running`, a child's.
struct Turn<'t> {
    trials: &'t Trials,
    running: bool,
}

impl Trials {
    /// Trials with children of this kind.
    pub fn new(admission: Admission) -> Self {
        Self {
            admission,
            state: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    /// Whether the code may enter the pool. Waits for a child: not for an async task.
    ///
    /// # Errors
    /// [`NotAdmitted`]; the node's own troubles are not remembered.
    pub fn admit(&self, code: &[u8]) -> Result<(), NotAdmitted> {
        check(code)?;
        let hash = keccak256(&[code]);
        let mut turn = self.queue()?;
        if let Some(known) = self.turn(&mut turn, &hash) {
            return known.map_or(Ok(()), Err);
        }
        let answer = self.admission.admit(code).map(drop);
        match &answer {
            Err(error) if error.retryable() => {}
            other => self.remember(hash, other.clone().err()),
        }
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> Result<Turn<'_>, NotAdmitted> {
        let mut state = self.state();
        if state.waiting >= WAITING {
            return Err(NotAdmitted::Busy(WAITING));
        }
        state.waiting = state.waiting.saturating_add(1);
        Ok(Turn {
            trials: self,
            running: false,
        })
    }

    /// Waits for a child, or for what another finds out about the same code.
    fn turn(&self, turn: &mut Turn<'_>, hash: &Hash) -> Option<Option<NotAdmitted>> {
        let full =
            |state: &mut State| state.running >= CHILDREN && !state.answers.contains_key(hash);
        let waited = self.ended.wait_while(self.state(), full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = state.answers.get(hash) {
            return Some(known.clone());
        }
        state.running = state.running.saturating_add(1);
        turn.running = true;
        None
    }

    fn remember(&self, hash: Hash, answer: Option<NotAdmitted>) {
        let mut state = self.state();
        if state.answers.insert(hash, answer).is_none() {
            state.order.push_back(hash);
        }
        if state.order.len() > REMEMBERED
            && let Some(oldest) = state.order.pop_front()
        {
            state.answers.remove(&oldest);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.trials.state();
        state.waiting = state.waiting.saturating_sub(1);
        if self.running {
            state.running = state.running.saturating_sub(1);
        }
        drop(state);
        self.trials.ended.notify_all();
    }
}
