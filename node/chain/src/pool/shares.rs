//! Who takes how much of the pool: where it is full, whoever takes most gives way first.

use std::collections::{BTreeSet, HashMap};

use marque_primitives::Address;

use crate::config::PoolLimits;

/// What each account's transactions weigh. One weighs its bytes, or its share of the places
/// where that is more: a pool fills by either.
pub(super) struct Shares {
    place: usize,
    weights: HashMap<Address, usize>,
    /// The same, ascending.
    order: BTreeSet<(usize, Address)>,
}

impl Shares {
    pub(super) fn new(limits: &PoolLimits) -> Self {
        Self {
            place: limits.bytes.checked_div(limits.transactions).unwrap_or(0),
            weights: HashMap::new(),
            order: BTreeSet::new(),
        }
    }

    /// What an account has with one more transaction of so many bytes.
    pub(super) fn with(&self, account: &Address, bytes: usize) -> usize {
        let before = self.weights.get(account).copied().unwrap_or(0);
        before.saturating_add(self.weight(bytes))
    }

    pub(super) fn add(&mut self, account: &Address, bytes: usize) {
        self.set(account, self.with(account, bytes));
    }

    pub(super) fn sub(&mut self, account: &Address, bytes: usize) {
        let before = self.weights.get(account).copied().unwrap_or(0);
        self.set(account, before.saturating_sub(self.weight(bytes)));
    }

    /// The account that takes most, and how much.
    pub(super) fn heaviest(&self) -> Option<(usize, Address)> {
        self.order.last().copied()
    }

    fn weight(&self, bytes: usize) -> usize {
        bytes.max(self.place)
    }

    fn set(&mut self, account: &Address, weight: usize) {
        if let Some(before) = self.weights.remove(account) {
            self.order.remove(&(before, *account));
        }
        if weight > 0 {
            self.weights.insert(*account, weight);
            self.order.insert((weight, *account));
        }
    }
}
