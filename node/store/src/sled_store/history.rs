//! What commits replaced, for as long as a snapshot needs it.
//!
//! **Invariants.** A commit announces what it will replace before it changes the tree, and becomes
//! the newest version only once it is durable. So whoever reads a row from the tree and then asks
//! what later commits replaced learns the row of their own version: if the row read is newer, what
//! it replaced is known by then; if nothing replaced it, it is the version's own.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Rows by prefixed key as they were before one commit, or several merged ones; `None` for a row
/// that was not there.
pub(super) type Replaced = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// The versions that snapshots may ask for.
#[derive(Default)]
pub(super) struct History(RwLock<Versions>);

#[derive(Default)]
struct Versions {
    /// The newest durable version.
    newest: u64,
    /// How many snapshots are of each version.
    alive: BTreeMap<u64, usize>,
    /// By the version that its commit makes: what it replaced. No two neighbours lie between the
    /// same snapshots, so there are no more of these than of versions alive, plus one.
    replaced: BTreeMap<u64, Replaced>,
}

impl History {
    fn read(&self) -> RwLockReadGuard<'_, Versions> {
        // Nothing panics while it holds the lock.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Versions> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells readers what the next version's commit is about to replace.
    pub(super) fn announce(&self, rows: Replaced) {
        let mut versions = self.write();
        let next = versions.newest.saturating_add(1);
        versions.replaced.insert(next, rows);
    }

    /// The announced commit is durable: new snapshots are of it.
    pub(super) fn publish(&self) {
        let mut versions = self.write();
        versions.newest = versions.newest.saturating_add(1);
        let dropped = versions.tidy();
        drop(versions);
        drop(dropped);
    }

    /// The newest version, kept until [`History::leave`].
    pub(super) fn enter(&self) -> u64 {
        let mut versions = self.write();
        let newest = versions.newest;
        let alive = versions.alive.entry(newest).or_default();
        *alive = alive.saturating_add(1);
        newest
    }

    /// A snapshot of a version is gone.
    pub(super) fn leave(&self, version: u64) {
        let mut versions = self.write();
        if let Some(alive) = versions.alive.get_mut(&version) {
            *alive = alive.saturating_sub(1);
            if *alive > 0 {
                return;
            }
        }
        versions.alive.remove(&version);
        let dropped = versions.tidy();
        drop(versions);
        drop(dropped);
    }

    /// What the tree's row of `key` was at a version: `None` if no later commit replaced it.
    pub(super) fn at(&self, version: u64, key: &[u8]) -> Option<Option<Vec<u8>>> {
        let versions = self.read();
        let mut later = versions.later(version);
        later.find_map(|rows| rows.get(key).cloned())
    }

    /// The rows within bounds that commits after a version replaced, as that version had them.
    pub(super) fn within(&self, version: u64, from: Bound<&[u8]>, to: Bound<&[u8]>) -> Replaced {
        let versions = self.read();
        let mut found = Replaced::new();
        for rows in versions.later(version) {
            for (key, row) in rows.range::<[u8], _>((from, to)) {
                // The earliest commit after the version knows the version's row.
                if !found.contains_key(key) {
                    found.insert(key.clone(), row.clone());
                }
            }
        }
        found
    }

    /// How many rows are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.read().replaced.values().map(BTreeMap::len).sum()
    }
}

impl Versions {
    /// What commits after a version replaced, earliest first.
    fn later(&self, version: u64) -> impl Iterator<Item = &Replaced> {
        let later = (Bound::Excluded(version), Bound::Unbounded);
        self.replaced.range(later).map(|(_, rows)| rows)
    }

    /// Lets go of what no snapshot asks for; gives it back, to be dropped without the lock.
    fn tidy(&mut self) -> Vec<Replaced> {
        let mut dropped = Vec::new();
        // A version that is being committed is not in reach yet.
        let oldest = self.alive.keys().next().copied().unwrap_or(self.newest);
        while let Some(first) = self.replaced.first_entry() {
            if *first.key() > oldest {
                break;
            }
            dropped.push(first.remove());
        }
        // Two neighbours that no snapshot lies between become one; the smaller joins the larger.
        let durable: Vec<u64> = self
            .replaced
            .range(..=self.newest)
            .map(|(version, _)| *version)
            .collect();
        for pair in durable.windows(2) {
            let [earlier, later] = pair else { continue };
            if self.alive.range(*earlier..*later).next().is_some() {
                continue;
            }
            let (Some(older), Some(newer)) =
                (self.replaced.remove(earlier), self.replaced.remove(later))
            else {
                continue;
            };
            self.replaced.insert(*later, merged(older, newer));
        }
        dropped
    }
}

fn merged(mut older: Replaced, mut newer: Replaced) -> Replaced {
    if older.len() < newer.len() {
        newer.extend(older);
        return newer;
    }
    for (key, row) in newer {
        older.entry(key).or_insert(row);
    }
    older
}

#[cfg(test)]
mod tests;
