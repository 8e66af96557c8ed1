//! One sequence of nonces.

use std::collections::BTreeMap;
use std::sync::Arc;

use marque_primitives::TimeMs;
use marque_primitives::transaction::Transaction;

/// A waiting transaction.
pub(super) struct Waiting {
    pub(super) transaction: Arc<Transaction>,
    pub(super) arrived: TimeMs,
}

impl Waiting {
    fn bytes(&self) -> usize {
        self.transaction.bytes().len()
    }
}

/// How much of the pool something takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) transactions: usize,
    pub(super) bytes: usize,
}

impl Load {
    pub(super) fn add(&mut self, other: Self) {
        self.transactions = self.transactions.saturating_add(other.transactions);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }

    pub(super) fn sub(&mut self, other: Self) {
        self.transactions = self.transactions.saturating_sub(other.transactions);
        self.bytes = self.bytes.saturating_sub(other.bytes);
    }

    fn one(waiting: &Waiting) -> Self {
        Self {
            transactions: 1,
            bytes: waiting.bytes(),
        }
    }
}

/// A lane's waiting transactions by nonce. From `next` up to `end` there is no gap: below
/// `cursor` they are in flight, from it on they are ready. Above `end` they wait for others.
pub(super) struct LaneQueue {
    /// The next nonce of the durable state.
    pub(super) next: u64,
    /// The next nonce to propose.
    pub(super) cursor: u64,
    /// The first nonce, from `cursor` on, that is missing.
    pub(super) end: u64,
    pub(super) waiting: BTreeMap<u64, Waiting>,
    /// What waits behind the gap.
    gapped: Load,
    /// Whether the account's list of lanes to serve has it.
    pub(super) listed: bool,
}

impl LaneQueue {
    pub(super) fn new(next: u64) -> Self {
        Self {
            next,
            cursor: next,
            end: next,
            waiting: BTreeMap::new(),
            gapped: Load::default(),
            listed: false,
        }
    }

    pub(super) fn gapped(&self) -> Load {
        self.gapped
    }

    pub(super) fn insert(&mut self, nonce: u64, waiting: Waiting) {
        self.gapped.add(Load::one(&waiting));
        self.waiting.insert(nonce, waiting);
        self.close_gap();
    }

    /// The transaction to propose next.
    pub(super) fn ready(&self) -> Option<&Waiting> {
        self.waiting.get(&self.cursor)
    }

    /// The transaction that is farthest behind the gap.
    pub(super) fn farthest(&self) -> Option<&Waiting> {
        let (nonce, waiting) = self.waiting.last_key_value()?;
        (*nonce > self.end).then_some(waiting)
    }

    /// The durable state has gone on to `next`; gives back what it left behind.
    pub(super) fn advance(&mut self, next: u64) -> BTreeMap<u64, Waiting> {
        if next <= self.next {
            return BTreeMap::new();
        }
        for waiting in self.waiting.range(self.end.min(next)..next) {
            self.gapped.sub(Load::one(waiting.1));
        }
        self.next = next;
        self.cursor = self.cursor.max(next);
        self.end = self.end.max(next);
        let after = self.waiting.split_off(&next);
        let passed = std::mem::replace(&mut self.waiting, after);
        self.close_gap();
        passed
    }

    /// What was in flight from this nonce on is ready again.
    pub(super) fn give_back(&mut self, nonce: u64) {
        self.cursor = self.cursor.min(nonce).max(self.next);
    }

    /// Frees a nonce: what is after it waits behind the gap.
    pub(super) fn remove(&mut self, nonce: u64) {
        let Some(removed) = self.waiting.remove(&nonce) else {
            return;
        };
        if nonce >= self.end {
            self.gapped.sub(Load::one(&removed));
            return;
        }
        for (_, waiting) in self.waiting.range(nonce..self.end) {
            self.gapped.add(Load::one(waiting));
        }
        self.cursor = self.cursor.min(nonce);
        self.end = nonce;
    }

    fn close_gap(&mut self) {
        while let Some(waiting) = self.waiting.get(&self.end) {
            self.gapped.sub(Load::one(waiting));
            self.end = self.end.saturating_add(1);
        }
    }
}
