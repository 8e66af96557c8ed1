//! Values by key.

use super::decode_own;
use super::page::{Page, gather};
use super::region::{Region, region_field};
use crate::buf::Buf;
use crate::bytes::encoded;
use core::marker::PhantomData;
use parity_scale_codec::{Decode, Encode};

/// Values by key, each under a storage key of its own.
///
/// Walked in the order of the keys' SCALE bytes: of addresses, hashes and text of one
/// length that is their own order, of numbers it is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Map<K, V> {
    pub(super) region: Region,
    pub(super) types: PhantomData<(K, V)>,
}

region_field!(Map<K, V>, Map);

impl<K: Encode, V> Map<K, V> {
    fn key(&self, key: &K) -> Buf {
        let mut whole = self.region.key();
        key.encode_to(&mut whole);
        whole
    }
}

impl<K: Encode + Decode, V: Encode + Decode> Map<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<V> {
        self.region
            .get(&self.key(key))
            .map(|bytes| decode_own(&bytes))
    }

    /// Whether the key has a value.
    pub fn contains(&self, key: &K) -> bool {
        self.region.has(&self.key(key))
    }

    /// Gives a key its value.
    pub fn insert(&mut self, key: &K, value: &V) {
        self.region.put(&self.key(key), &encoded(value));
    }

    /// Takes a key out; whether it was there.
    pub fn remove(&mut self, key: &K) -> bool {
        self.region.remove(&self.key(key))
    }

    /// Up to `limit` entries (256 at most) behind the key `after`, or from the first.
    pub fn page(&self, after: Option<&K>, limit: u32) -> Page<(K, V)> {
        let name = self.region.key().len();
        let mut at = after.map_or_else(|| self.region.key(), |after| self.key(after));
        gather(limit, &mut |out| {
            at = self.region.after(&at, name)?;
            out.add(at.get(name..)?);
            out.add(&self.region.get(&at)?);
            Some(())
        })
    }
}

impl<A: Encode + Decode, B: Encode + Decode, V: Encode + Decode> Map<(A, B), V> {
    /// Of keys that begin with `first`: the second part of the one behind `after`, or of the
    /// first; far less code than a page, for who looks at one entry after the other.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// /// How many members a group has.
    /// fn members(of: &Map<(u8, Address), bool>, group: u8) -> usize {
    ///     let next = |last: &Address| of.next_of(&group, Some(last));
    ///     core::iter::successors(of.next_of(&group, None), next).count()
    /// }
    /// let groups = [((1, Address([1; 20])), true), ((2, Address([2; 20])), true), ((2, Address([3; 20])), true)];
    /// assert_eq!(members(&Map::from_iter(groups), 2), 2);
    /// ```
    pub fn next_of(&self, first: &A, after: Option<&B>) -> Option<B> {
        let mut at = self.region.key();
        first.encode_to(&mut at);
        let under = at.len();
        if let Some(after) = after {
            after.encode_to(&mut at);
        }
        let found = self.region.after(&at, under)?;
        Some(decode_own(found.get(under..)?))
    }

    /// Of keys that begin with `first`: up to `limit` entries (256 at most) behind the one
    /// with the second part `after`, or from the first.
    pub fn page_of(&self, first: &A, after: Option<&B>, limit: u32) -> Page<(B, V)> {
        let mut at = self.region.key();
        first.encode_to(&mut at);
        let under = at.len();
        if let Some(after) = after {
            after.encode_to(&mut at);
        }
        gather(limit, &mut |out| {
            at = self.region.after(&at, under)?;
            out.add(at.get(under..)?);
            out.add(&self.region.get(&at)?);
            Some(())
        })
    }
}

impl<K: Encode + Decode, V: Encode + Decode> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        for (key, value) in entries {
            map.insert(&key, &value);
        }
        map
    }
}
