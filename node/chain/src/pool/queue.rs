//! Lanes by account, and whose turn it is.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use marque_ledger::Invalid;
use marque_primitives::transaction::Transaction;
use marque_primitives::{Address, Hash, Lane, Nonce, TimeMs};

use super::lane::{LaneQueue, Load, Waiting};
use super::shares::Shares;
use crate::config::PoolLimits;
use crate::error::SubmitError;

/// A key's sequence of nonces for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LaneId {
    pub(crate) account: Address,
    pub(crate) key: Address,
    pub(crate) lane: Lane,
}

impl LaneId {
    pub(crate) fn of(transaction: &Transaction) -> Self {
        let body = transaction.body();
        Self {
            account: body.account,
            key: body.key,
            lane: body.lane,
        }
    }
}

#[derive(Default)]
struct Account {
    /// Lanes that have anything.
    lanes: BTreeSet<LaneId>,
    /// Lanes that have something to propose, each once.
    turn: VecDeque<LaneId>,
    count: usize,
    listed: bool,
}

/// What waits behind gaps may take this part of the pool: nobody knows whether it will ever be
/// ready, so that it must not keep out what is.
const GAPPED_PART: usize = 4;

/// What was dropped, and why.
pub(super) type Dropped = Vec<(Hash, SubmitError)>;

pub(super) struct Queue {
    limits: PoolLimits,
    known: HashSet<Hash>,
    bytes: usize,
    /// What waits behind gaps, in all lanes.
    gapped: Load,
    lanes: HashMap<LaneId, LaneQueue>,
    accounts: HashMap<Address, Account>,
    keys: HashMap<(Address, Address), usize>,
    shares: Shares,
    /// Accounts that have something to propose, each once.
    turn: VecDeque<Address>,
}

impl Queue {
    pub(super) fn new(limits: PoolLimits) -> Self {
        Self {
            shares: Shares::new(&limits),
            limits,
            known: HashSet::new(),
            bytes: 0,
            gapped: Load::default(),
            lanes: HashMap::new(),
            accounts: HashMap::new(),
            keys: HashMap::new(),
            turn: VecDeque::new(),
        }
    }

    pub(super) fn knows(&self, id: &Hash) -> bool {
        self.known.contains(id)
    }

    pub(super) fn has_lane(&self, id: &LaneId) -> bool {
        self.lanes.contains_key(id)
    }

    pub(super) fn has_work(&self) -> bool {
        !self.turn.is_empty()
    }

    pub(super) fn size(&self) -> (usize, usize) {
        (self.known.len(), self.bytes)
    }

    pub(super) fn end(&self, id: &LaneId) -> Option<Nonce> {
        self.lanes.get(id).map(|lane| Nonce(lane.end))
    }

    /// Takes a transaction if quotas and nonce allow it; `next` counts where the lane is empty.
    /// In a full pool whoever takes most gives way to one who takes less, also with this.
    pub(super) fn add(
        &mut self,
        transaction: Arc<Transaction>,
        next: Nonce,
        now: TimeMs,
        dropped: &mut Dropped,
    ) -> Result<(), SubmitError> {
        let id = LaneId::of(&transaction);
        let nonce = transaction.body().nonce;
        let bytes = transaction.bytes().len();
        self.check_quotas(&id)?;
        let lane = self.lanes.get(&id);
        let (next, end) = lane.map_or((next.0, next.0), |lane| (lane.next, lane.end));
        if nonce.0 < next {
            let error = Invalid::NonceTooLow {
                next: Nonce(next),
                found: nonce,
            };
            return Err(error.into());
        }
        if lane.is_some_and(|lane| lane.waiting.contains_key(&nonce.0) || nonce.0 < lane.cursor) {
            return Err(SubmitError::NonceTaken { nonce });
        }
        if nonce.0 > end.saturating_add(self.limits.gap) {
            let error = Invalid::NonceGap {
                next: Nonce(end),
                found: nonce,
            };
            return Err(error.into());
        }
        let gapped = Load {
            transactions: 1,
            bytes,
        };
        if nonce.0 > end && (self.exceeds_part(gapped) || self.is_full(bytes)) {
            return Err(SubmitError::PoolFull);
        }
        self.make_room(&id.account, bytes, dropped)?;
        self.known.insert(transaction.id());
        self.bytes = self.bytes.saturating_add(bytes);
        count(self.keys.entry((id.account, id.key)).or_default());
        self.shares.add(&id.account, bytes);
        let account = self.accounts.entry(id.account).or_default();
        count(&mut account.count);
        account.lanes.insert(id);
        self.lanes.entry(id).or_insert_with(|| LaneQueue::new(next));
        let waiting = Waiting {
            transaction,
            arrived: now,
        };
        self.change(&id, |lane| lane.insert(nonce.0, waiting));
        self.list(id);
        Ok(())
    }

    /// Changes a lane, if it is there, and keeps the count of what waits behind gaps.
    fn change<T>(&mut self, id: &LaneId, change: impl FnOnce(&mut LaneQueue) -> T) -> Option<T> {
        let lane = self.lanes.get_mut(id)?;
        self.gapped.sub(lane.gapped());
        let changed = change(lane);
        self.gapped.add(lane.gapped());
        Some(changed)
    }

    /// Whether what waits behind gaps takes more than its part with this.
    fn exceeds_part(&self, more: Load) -> bool {
        let mut gapped = self.gapped;
        gapped.add(more);
        gapped.transactions > self.limits.transactions / GAPPED_PART
            || gapped.bytes > self.limits.bytes / GAPPED_PART
    }

    /// Whether there is no place for a transaction of so many bytes.
    fn is_full(&self, bytes: usize) -> bool {
        self.known.len() >= self.limits.transactions
            || self.bytes.saturating_add(bytes) > self.limits.bytes
    }

    /// Drops the last of what the heaviest account has waiting until there is a place, as long
    /// as that account has more than the one that asks would have.
    fn make_room(
        &mut self,
        account: &Address,
        bytes: usize,
        dropped: &mut Dropped,
    ) -> Result<(), SubmitError> {
        while self.is_full(bytes) {
            let own = self.shares.with(account, bytes);
            let heavier = self.shares.heaviest().filter(|(weight, _)| *weight > own);
            let last = heavier.and_then(|(_, heavier)| self.last_of(&heavier));
            let last = last.ok_or(SubmitError::PoolFull)?;
            self.remove(&last, dropped);
            dropped.push((last.id(), SubmitError::Crowded));
        }
        Ok(())
    }

    /// The last transaction of one of an account's lanes, unless all are in flight.
    fn last_of(&self, account: &Address) -> Option<Arc<Transaction>> {
        let lanes = &self.accounts.get(account)?.lanes;
        lanes.iter().rev().find_map(|id| {
            let lane = self.lanes.get(id)?;
            let (_, last) = lane.waiting.range(lane.cursor..).next_back()?;
            Some(last.transaction.clone())
        })
    }

    fn check_quotas(&self, id: &LaneId) -> Result<(), SubmitError> {
        let PoolLimits {
            per_account,
            per_key,
            ..
        } = self.limits;
        if self
            .accounts
            .get(&id.account)
            .is_some_and(|account| account.count >= per_account)
        {
            return Err(SubmitError::Quota {
                whose: "account",
                allowed: per_account,
            });
        }
        if self
            .keys
            .get(&(id.account, id.key))
            .is_some_and(|count| *count >= per_key)
        {
            return Err(SubmitError::Quota {
                whose: "key",
                allowed: per_key,
            });
        }
        Ok(())
    }

    /// Gives lane and account a turn if there is something to propose.
    fn list(&mut self, id: LaneId) {
        let Some(lane) = self.lanes.get_mut(&id) else {
            return;
        };
        if lane.ready().is_none() {
            return;
        }
        let account = self.accounts.entry(id.account).or_default();
        if !lane.listed {
            lane.listed = true;
            account.turn.push_back(id);
        }
        if !account.listed {
            account.listed = true;
            self.turn.push_back(id.account);
        }
    }

    /// One transaction of each account in turn, and of its lanes in turn.
    pub(super) fn take(&mut self, most: usize, bytes: usize) -> Vec<Arc<Transaction>> {
        let mut taken = Vec::new();
        let mut left = bytes;
        while taken.len() < most {
            let Some(address) = self.turn.front().copied() else {
                break;
            };
            let Some(transaction) = self.next_of(&address, left, taken.is_empty()) else {
                break;
            };
            left = left.saturating_sub(transaction.as_ref().map_or(0, |found| found.bytes().len()));
            taken.extend(transaction);
            self.turn.pop_front();
            let Some(account) = self.accounts.get_mut(&address) else {
                continue;
            };
            account.listed = !account.turn.is_empty();
            if account.listed {
                self.turn.push_back(address);
            } else if account.count == 0 {
                self.accounts.remove(&address);
            }
        }
        taken
    }

    /// The account's next transaction, `Some(None)` if it has none after all, `None` if it does
    /// not fit.
    fn next_of(
        &mut self,
        address: &Address,
        bytes: usize,
        first: bool,
    ) -> Option<Option<Arc<Transaction>>> {
        let Some(account) = self.accounts.get_mut(address) else {
            return Some(None);
        };
        while let Some(id) = account.turn.front().copied() {
            let Some(lane) = self.lanes.get_mut(&id) else {
                account.turn.pop_front();
                continue;
            };
            let Some(ready) = lane.ready() else {
                lane.listed = false;
                account.turn.pop_front();
                continue;
            };
            if !first && ready.transaction.bytes().len() > bytes {
                return None;
            }
            let transaction = ready.transaction.clone();
            lane.cursor = lane.cursor.saturating_add(1);
            lane.listed = lane.ready().is_some();
            account.turn.pop_front();
            if lane.listed {
                account.turn.push_back(id);
            }
            return Some(Some(transaction));
        }
        Some(None)
    }

    pub(super) fn give_back(&mut self, transaction: &Transaction) {
        let id = LaneId::of(transaction);
        self.change(&id, |lane| lane.give_back(transaction.body().nonce.0));
        self.list(id);
    }

    /// Forgets one transaction; its nonce is free again. What then waits behind the gap gives
    /// way, the farthest first, where such things take more than their part.
    pub(super) fn remove(&mut self, transaction: &Transaction, dropped: &mut Dropped) {
        let id = LaneId::of(transaction);
        self.remove_one(&id, transaction);
        while self.exceeds_part(Load::default())
            && let Some(farthest) = self.lanes.get(&id).and_then(LaneQueue::farthest)
        {
            let farthest = farthest.transaction.clone();
            self.remove_one(&id, &farthest);
            let nonce = farthest.body().nonce;
            dropped.push((farthest.id(), SubmitError::Abandoned { nonce }));
        }
        self.list(id);
    }

    fn remove_one(&mut self, id: &LaneId, transaction: &Transaction) {
        let nonce = transaction.body().nonce.0;
        let same = |waiting: &Waiting| waiting.transaction.id() == transaction.id();
        let removed = self.change(id, |lane| {
            let found = lane.waiting.get(&nonce).is_some_and(same);
            if found {
                lane.remove(nonce);
            }
            found
        });
        if removed == Some(true) {
            self.forget(id, transaction);
        }
    }

    /// A durable block holds the transaction.
    pub(super) fn settle(&mut self, transaction: &Transaction, dropped: &mut Dropped) {
        let id = LaneId::of(transaction);
        let next = transaction.body().nonce.0.saturating_add(1);
        let Some(passed) = self.change(&id, |lane| lane.advance(next)) else {
            return;
        };
        for (nonce, passed) in passed {
            let passed = passed.transaction;
            if passed.id() != transaction.id() {
                let error = Invalid::NonceTooLow {
                    next: Nonce(next),
                    found: Nonce(nonce),
                };
                dropped.push((passed.id(), error.into()));
            }
            self.forget(&id, &passed);
        }
        self.list(id);
    }

    /// Drops what has expired, and what waited too long behind a gap. What is in flight stays.
    pub(super) fn sweep(&mut self, height: u64, now: TimeMs, dropped: &mut Dropped) {
        let patience = self.limits.patience;
        let mut gone = Vec::new();
        for lane in self.lanes.values() {
            for (nonce, waiting) in lane.waiting.range(lane.cursor..) {
                let expiry = waiting.transaction.body().expiry;
                // A clock that jumped back must not make it wait for as long again.
                let waited = now.0.abs_diff(waiting.arrived.0);
                let late = waited > patience && *nonce >= lane.end;
                if expiry.height.0 <= height || expiry.time < now {
                    gone.push((waiting.transaction.clone(), Invalid::Expired.into()));
                } else if late {
                    let error = SubmitError::Abandoned {
                        nonce: Nonce(*nonce),
                    };
                    gone.push((waiting.transaction.clone(), error));
                }
            }
        }
        for (transaction, error) in gone {
            self.remove(&transaction, dropped);
            dropped.push((transaction.id(), error));
        }
    }

    /// Takes a transaction that is no longer in its lane off the counts.
    fn forget(&mut self, id: &LaneId, transaction: &Transaction) {
        self.known.remove(&transaction.id());
        let bytes = transaction.bytes().len();
        self.bytes = self.bytes.saturating_sub(bytes);
        self.shares.sub(&id.account, bytes);
        if let Some(count) = self.keys.get_mut(&(id.account, id.key)) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.keys.remove(&(id.account, id.key));
            }
        }
        if self
            .lanes
            .get(id)
            .is_some_and(|lane| lane.waiting.is_empty())
        {
            self.lanes.remove(id);
            if let Some(account) = self.accounts.get_mut(&id.account) {
                account.lanes.remove(id);
            }
        }
        if let Some(account) = self.accounts.get_mut(&id.account) {
            account.count = account.count.saturating_sub(1);
            // One that is listed goes when its turn comes.
            if account.count == 0 && !account.listed {
                self.accounts.remove(&id.account);
            }
        }
    }
}

fn count(number: &mut usize) {
    *number = number.saturating_add(1);
}
