//! A set of changes, and the view that it makes of the state below it.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::ops::Bound;

use crate::StateError;
use crate::view::{Entry, View};

/// A key that gets another value, or is made or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// The key.
    pub key: &'a [u8],
    /// Its value so far.
    pub before: Option<&'a [u8]>,
    /// Its value from now on.
    pub after: Option<&'a [u8]>,
}

/// New values by key, ascending; `None` removes the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl Changes {
    /// No change.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What happens to `key`: `None` nothing, `Some(None)` it is removed, else its new value.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<Option<&[u8]>> {
        self.0.get(key).map(Option::as_deref)
    }

    /// Sets or removes a key; gives back what this set said of it before.
    pub fn insert(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) -> Option<Option<Vec<u8>>> {
        self.0.insert(key, value)
    }

    /// Forgets the change of `key`.
    pub fn forget(&mut self, key: &[u8]) {
        self.0.remove(key);
    }

    /// All changes in ascending order of keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], Option<&[u8]>)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_slice(), value.as_deref()))
    }

    /// How many keys change.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn first_set(&self, from: Bound<&[u8]>) -> Option<(&[u8], &[u8])> {
        let mut range = self.0.range::<[u8], _>((from, Bound::Unbounded));
        range.find_map(|(key, value)| Some((key.as_slice(), value.as_deref()?)))
    }

    fn last_set(&self, to: Bound<&[u8]>) -> Option<(&[u8], &[u8])> {
        let range = self.0.range::<[u8], _>((Bound::Unbounded, to));
        range
            .rev()
            .find_map(|(key, value)| Some((key.as_slice(), value.as_deref()?)))
    }
}

impl FromIterator<(Vec<u8>, Option<Vec<u8>>)> for Changes {
    fn from_iter<I: IntoIterator<Item = (Vec<u8>, Option<Vec<u8>>)>>(changes: I) -> Self {
        Self(changes.into_iter().collect())
    }
}

impl IntoIterator for Changes {
    type Item = (Vec<u8>, Option<Vec<u8>>);
    type IntoIter = btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The state that `changes` make of `base`, for instance what block N + 1 executes on while
/// block N is being written.
#[derive(Clone, Copy)]
pub struct Layered<'a> {
    base: &'a dyn View,
    changes: &'a Changes,
}

impl<'a> Layered<'a> {
    /// `changes` over `base`.
    #[must_use]
    pub fn new(base: &'a dyn View, changes: &'a Changes) -> Self {
        Self { base, changes }
    }
}

fn owned((key, value): (&[u8], &[u8])) -> Entry {
    (key.to_vec(), value.to_vec())
}

impl View for Layered<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        match self.changes.get(key) {
            Some(value) => Ok(value.map(<[u8]>::to_vec)),
            None => self.base.get(key),
        }
    }

    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        let ours = self.changes.first_set(Bound::Excluded(key));
        let mut theirs = self.base.after(key)?;
        while let Some((below, _)) = &theirs {
            match self.changes.get(below) {
                Some(None) => theirs = self.base.after(below)?,
                // Overridden: `ours` is this very key, or a smaller one.
                Some(Some(_)) => return Ok(ours.map(owned)),
                None => break,
            }
        }
        Ok(match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours.0 > theirs.0.as_slice() => Some(theirs),
            (Some(ours), _) => Some(owned(ours)),
            (None, theirs) => theirs,
        })
    }

    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        let ours = self.changes.last_set(Bound::Excluded(key));
        let mut theirs = self.base.before(key)?;
        while let Some((below, _)) = &theirs {
            match self.changes.get(below) {
                Some(None) => theirs = self.base.before(below)?,
                Some(Some(_)) => return Ok(ours.map(owned)),
                None => break,
            }
        }
        Ok(match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours.0 < theirs.0.as_slice() => Some(theirs),
            (Some(ours), _) => Some(owned(ours)),
            (None, theirs) => theirs,
        })
    }

    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        let mut found: Vec<Entry> = Vec::new();
        let mut from = from.to_vec();
        let end = to.map_or(Bound::Unbounded, Bound::Excluded);
        while found.len() < limit && to.is_none_or(|to| from.as_slice() < to) {
            let page = self
                .base
                .scan(&from, to, limit.saturating_sub(found.len()))?;
            // A full page speaks for the keys up to its last one, a short page for all of them.
            let full = found.len().saturating_add(page.len()) >= limit;
            let last = page.last().filter(|_| full).map(|(key, _)| key.clone());
            let until = last.as_deref().map_or(end, Bound::Included);
            let mut ours = self
                .changes
                .0
                .range::<[u8], _>((Bound::Included(from.as_slice()), until))
                .peekable();
            for entry in page {
                while let Some((key, value)) = ours.next_if(|(key, _)| **key < entry.0) {
                    found.extend(value.as_ref().map(|value| (key.clone(), value.clone())));
                }
                match ours.next_if(|(key, _)| **key == entry.0) {
                    Some((key, value)) => {
                        found.extend(value.as_ref().map(|value| (key.clone(), value.clone())))
                    }
                    None => found.push(entry),
                }
            }
            for (key, value) in ours {
                found.extend(value.as_ref().map(|value| (key.clone(), value.clone())));
            }
            found.truncate(limit);
            let Some(last) = last else { break };
            from = last;
            from.push(0);
        }
        Ok(found)
    }
}
