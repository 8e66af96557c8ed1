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

/// A lane's waiting transactions by nonce. Below `cursor` they are in flight; from `cursor` up
/// to `end` there is no gap.
pub(super) struct LaneQueue {
    /// The next nonce of the durable state.
    pub(super) next: u64,
    /// The next nonce to propose.
    pub(super) cursor: u64,
    /// The first nonce, from `cursor` on, that is missing.
    pub(super) end: u64,
    pub(super) waiting: BTreeMap<u64, Waiting>,
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
            listed: false,
        }
    }

    pub(super) fn insert(&mut self, nonce: u64, waiting: Waiting) {
        self.waiting.insert(nonce, waiting);
        self.close_gap();
    }

    /// The transaction to propose next.
    pub(super) fn ready(&self) -> Option<&Waiting> {
        self.waiting.get(&self.cursor)
    }

    /// The durable state has gone on to `next`; gives back what it left behind.
    pub(super) fn advance(&mut self, next: u64) -> BTreeMap<u64, Waiting> {
        if next <= self.next {
            return BTreeMap::new();
        }
        self.next = next;
        self.cursor = self.cursor.max(next);
        self.end = self.end.max(next);
        let after = self.waiting.split_off(&next);
        self.close_gap();
        std::mem::replace(&mut self.waiting, after)
    }

    /// A nonce is free again: what was proposed after it waits behind the gap.
    pub(super) fn reopen(&mut self, nonce: u64) {
        self.cursor = self.cursor.min(nonce).max(self.next);
        self.end = self.cursor;
        self.close_gap();
    }

    fn close_gap(&mut self) {
        while self.waiting.contains_key(&self.end) {
            self.end = self.end.saturating_add(1);
        }
    }
}
