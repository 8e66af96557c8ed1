//! What waits for a block: admission by quota and nonce, fair order, and who waits for receipts.
//!
//! Nothing is hashed, verified or read from a store under the pool's lock. The pool holds a
//! transaction from its admission until its block is durable, so that a lane's next nonce
//! counts what is in flight.
//!
//! It is memory alone: a restart drops whatever no durable block holds, and who sent it sends
//! the same bytes again. They have the same id, and what a block does hold is never done twice.
//!
//! Full, it makes room for an account that has less in it than the one that has most, whose
//! last transaction gives way (`shares.rs`).

mod lane;
mod queue;
mod shares;
mod waiters;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use marque_ledger::Invalid;
use marque_primitives::transaction::Transaction;
use marque_primitives::{Address, Hash, Lane, Nonce, TimeMs};

use crate::config::PoolLimits;
use crate::error::{ChainError, SubmitError};

pub(crate) use queue::LaneId;
use queue::{Dropped, Queue};
pub(crate) use waiters::{Place, Waiters};

/// Why the pool did not take a transaction.
#[derive(Debug)]
pub(crate) enum Refused {
    /// A block became durable since the lane's next nonce was read: read it again.
    Stale,
    /// For good.
    Because(SubmitError),
}

/// What is to be a block.
pub(crate) struct Proposal {
    pub(crate) transactions: Vec<Arc<Transaction>>,
    /// Whether someone wants a block even if it is empty.
    pub(crate) empty: bool,
}

/// Why [`Pool::wait`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// There are transactions to propose, or an empty block is wanted.
    Work,
    /// The time is over.
    Time,
    /// Nothing is taken any more.
    Closed,
}

struct Inner {
    queue: Queue,
    /// The durable height that lanes without transactions are judged by.
    height: u64,
    empty_block: bool,
    closed: bool,
    swept: TimeMs,
}

impl Inner {
    /// Whether it was time to look for what has expired.
    fn sweep(&mut self, now: TimeMs, dropped: &mut Dropped) -> bool {
        // A clock may also jump back.
        let due = now.0.abs_diff(self.swept.0) >= SWEEP;
        if due {
            self.swept = now;
            self.queue.sweep(self.height, now, dropped);
        }
        due
    }
}

pub(crate) struct Pool {
    inner: Mutex<Inner>,
    work: Condvar,
    pub(crate) waiters: Waiters,
}

/// How often the pool looks for what has expired, in milliseconds of the clock.
const SWEEP: u64 = 1_000;

impl Pool {
    pub(crate) fn new(limits: PoolLimits, height: u64) -> Self {
        let inner = Inner {
            queue: Queue::new(limits),
            height,
            empty_block: false,
            closed: false,
            swept: TimeMs(0),
        };
        Self {
            inner: Mutex::new(inner),
            work: Condvar::new(),
            waiters: Waiters::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic under the lock leaves counts at worst, never a transaction twice.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a transaction waits or is in flight.
    pub(crate) fn knows(&self, id: &Hash) -> bool {
        self.lock().queue.knows(id)
    }

    /// Takes a transaction whose signature is checked. `next` is its lane's next nonce in the
    /// state of the durable block at `height`.
    pub(crate) fn admit(
        &self,
        transaction: Arc<Transaction>,
        next: Nonce,
        height: u64,
        now: TimeMs,
    ) -> Result<(), Refused> {
        let mut inner = self.lock();
        if inner.closed {
            return Err(Refused::Because(ChainError::Stopped.into()));
        }
        if inner.queue.knows(&transaction.id()) {
            return Ok(());
        }
        if inner.height != height && !inner.queue.has_lane(&LaneId::of(&transaction)) {
            return Err(Refused::Stale);
        }
        let idle = !inner.queue.has_work();
        let mut dropped = Vec::new();
        let queue = &mut inner.queue;
        let mut added = queue.add(transaction.clone(), next, now, &mut dropped);
        if matches!(added, Err(SubmitError::PoolFull)) && inner.sweep(now, &mut dropped) {
            added = inner.queue.add(transaction, next, now, &mut dropped);
        }
        let wake = idle && inner.queue.has_work();
        drop(inner);
        if wake {
            self.work.notify_one();
        }
        self.tell(dropped);
        added.map_err(Refused::Because)
    }

    fn tell(&self, dropped: Dropped) {
        for (id, error) in dropped {
            self.waiters.answer(&id, Err(error));
        }
    }

    /// Up to `most` transactions of at most `bytes` together, each account in turn, nonces in
    /// order. They stay in the pool, in flight, until [`Pool::settle`] or [`Pool::give_back`].
    pub(crate) fn take(&self, most: usize, bytes: usize) -> Proposal {
        let mut inner = self.lock();
        Proposal {
            transactions: inner.queue.take(most, bytes),
            empty: std::mem::take(&mut inner.empty_block),
        }
    }

    /// Makes transactions that were left out of a block wait again, in their place.
    pub(crate) fn give_back<'a>(
        &self,
        transactions: impl IntoIterator<Item = &'a Arc<Transaction>>,
    ) {
        let mut inner = self.lock();
        for transaction in transactions {
            inner.queue.give_back(transaction);
        }
    }

    /// Forgets transactions that no block may hold, and tells who waits for them.
    pub(crate) fn drop_invalid(&self, transactions: &[(Arc<Transaction>, Invalid)]) {
        let mut inner = self.lock();
        let mut dropped = Vec::new();
        for (transaction, _) in transactions {
            inner.queue.remove(transaction, &mut dropped);
        }
        drop(inner);
        self.tell(dropped);
        for (transaction, invalid) in transactions {
            self.waiters
                .answer(&transaction.id(), Err((*invalid).into()));
        }
    }

    /// A block is durable: forgets its transactions and whatever it made invalid.
    pub(crate) fn settle(&self, height: u64, now: TimeMs, transactions: &[Arc<Transaction>]) {
        let mut inner = self.lock();
        inner.height = height;
        let idle = !inner.queue.has_work();
        let mut dropped = Vec::new();
        for transaction in transactions {
            inner.queue.settle(transaction, &mut dropped);
        }
        inner.sweep(now, &mut dropped);
        let wake = idle && inner.queue.has_work();
        drop(inner);
        if wake {
            self.work.notify_one();
        }
        self.tell(dropped);
    }

    /// Forgets what has expired, and what waited too long behind a gap, if it is time to look:
    /// for a chain whose next block may never come.
    pub(crate) fn sweep(&self, now: TimeMs) {
        let mut dropped = Vec::new();
        self.lock().sweep(now, &mut dropped);
        self.tell(dropped);
    }

    /// The next nonce of a lane with its waiting transactions counted, if it has any.
    pub(crate) fn next_nonce(&self, account: &Address, key: &Address, lane: Lane) -> Option<Nonce> {
        self.lock().queue.end(&LaneId {
            account: *account,
            key: *key,
            lane,
        })
    }

    /// Waits until there is something to propose, at most for `time`.
    pub(crate) fn wait(&self, time: Duration) -> Wake {
        let idle =
            |inner: &mut Inner| !inner.closed && !inner.empty_block && !inner.queue.has_work();
        let waited = self.work.wait_timeout_while(self.lock(), time, idle);
        let inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        if inner.closed {
            Wake::Closed
        } else if inner.empty_block || inner.queue.has_work() {
            Wake::Work
        } else {
            Wake::Time
        }
    }

    /// Asks for a block even if it is empty.
    pub(crate) fn want_block(&self) {
        self.lock().empty_block = true;
        self.work.notify_one();
    }

    /// Takes nothing any more; who waits is told once the blocks in work are done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
    }

    /// Whether nothing is taken any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Transactions and their bytes.
    pub(crate) fn size(&self) -> (usize, usize) {
        self.lock().queue.size()
    }
}

#[cfg(test)]
mod tests;
