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
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let (farm, shop) = (Address([7; 20]), Address([8; 20]));
/// let mut quotas: Map<Address, u32> = Map::new();
/// quotas.insert(&farm, &80);
/// assert_eq!((quotas.get(&farm), quotas.get(&shop)), (Some(80), None));
/// ```
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
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let quotas = Map::from_iter([(Address([7; 20]), 80)]);
    /// let quota = quotas.get(&Address([8; 20])).unwrap_or(10);
    /// assert_eq!(quota, 10, "who has no quota of its own has the least");
    /// ```
    pub fn get(&self, key: &K) -> Option<V> {
        self.region
            .get(&self.key(key))
            .map(|bytes| decode_own(&bytes))
    }

    /// Whether the key has a value.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let quotas = Map::from_iter([(Address([7; 20]), 80)]);
    /// assert!(quotas.contains(&Address([7; 20])) && !quotas.contains(&Address([8; 20])));
    /// ```
    pub fn contains(&self, key: &K) -> bool {
        self.region.has(&self.key(key))
    }

    /// Gives a key its value.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut quotas = Map::from_iter([(Address([7; 20]), 80)]);
    /// quotas.insert(&Address([7; 20]), &90);
    /// assert_eq!(quotas.get(&Address([7; 20])), Some(90));
    /// ```
    pub fn insert(&mut self, key: &K, value: &V) {
        self.region.put(&self.key(key), &encoded(value));
    }

    /// Takes a key out; whether it was there.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut quotas = Map::from_iter([(Address([7; 20]), 80)]);
    /// assert!(quotas.remove(&Address([7; 20])));
    /// assert!(!quotas.remove(&Address([7; 20])), "it is gone already");
    /// ```
    pub fn remove(&mut self, key: &K) -> bool {
        self.region.remove(&self.key(key))
    }

    /// Up to `limit` entries (256 at most) behind the key `after`, or from the first.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let quotas = Map::from_iter([7, 8, 9].map(|byte| (Address([byte; 20]), u32::from(byte))));
    /// let first = quotas.page(None, 2);
    /// let (last, _) = first.iter().last().unwrap();
    /// let rest: Vec<_> = quotas.page(Some(&last), 2).iter().collect();
    /// assert_eq!((first.more(), rest), (true, vec![(Address([9; 20]), 9)]));
    /// ```
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
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let (milk, cheese) = (1u8, 2u8);
    /// let (farm, shop) = (Address([7; 20]), Address([8; 20]));
    /// let sold = Map::from_iter([((milk, farm), 12), ((cheese, farm), 3), ((milk, shop), 5)]);
    /// let of_milk: Vec<(Address, u32)> = sold.page_of(&milk, None, 10).iter().collect();
    /// assert_eq!(of_milk, [(farm, 12), (shop, 5)]);
    /// ```
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
