//! Items by number.

use super::decode_own;
use super::page::{Page, gather};
use super::region::{Region, region_field};
use crate::buf::Buf;
use crate::bytes::encoded;
use core::marker::PhantomData;
use parity_scale_codec::{Decode, Encode};

/// Items by number, from 0. The length stands under the field's own key, each item under
/// its number, big-endian.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let mut inspections: List<Date> = List::new();
/// inspections.push(&Date::from_ymd(2026, 4, 1).unwrap());
/// inspections.push(&Date::from_ymd(2026, 5, 1).unwrap());
/// let last = inspections.len().checked_sub(1).and_then(|at| inspections.get(at));
/// assert_eq!(last, Date::from_ymd(2026, 5, 1));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List<T> {
    pub(super) region: Region,
    pub(super) types: PhantomData<T>,
}

region_field!(List<T>, List);

impl<T> List<T> {
    fn key(&self, at: u32) -> Buf {
        let mut whole = self.region.key();
        whole.add(&at.to_be_bytes());
        whole
    }
}

impl<T: Encode + Decode> List<T> {
    /// How many items.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let dealers = List::from_iter([Address([7; 20]), Address([8; 20])]);
    /// assert_eq!(dealers.len(), 2);
    /// ```
    pub fn len(&self) -> u32 {
        self.region
            .get(&self.region.key())
            .map_or(0, |bytes| decode_own(&bytes))
    }

    /// Whether there is none.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut notes: List<Words> = List::new();
    /// assert!(notes.is_empty());
    /// notes.push(&"seal broken".into());
    /// assert!(!notes.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item of this number.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let notes = List::from_iter(["seal broken", "seal replaced"].map(Words::from));
    /// assert_eq!(notes.get(1), Some("seal replaced".into()));
    /// assert_eq!(notes.get(2), None);
    /// ```
    pub fn get(&self, at: u32) -> Option<T> {
        self.region
            .get(&self.key(at))
            .map(|bytes| decode_own(&bytes))
    }

    /// Replaces the item of this number; false if there is none.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut notes = List::from_iter(["seal broken"].map(Words::from));
    /// assert!(notes.set(0, &"seal replaced".into()));
    /// assert!(!notes.set(1, &"there is no such note".into()));
    /// assert_eq!(notes.get(0), Some("seal replaced".into()));
    /// ```
    pub fn set(&mut self, at: u32, item: &T) -> bool {
        let there = at < self.len();
        if there {
            self.region.put(&self.key(at), &encoded(item));
        }
        there
    }

    /// Adds an item; its number.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut notes: List<Words> = List::new();
    /// assert_eq!(notes.push(&"seal broken".into()), 0);
    /// assert_eq!(notes.push(&"seal replaced".into()), 1, "what a caller can name it by");
    /// ```
    ///
    /// # Panics
    /// After 2^32 - 1 items.
    pub fn push(&mut self, item: &T) -> u32 {
        let at = self.len();
        let Some(len) = at.checked_add(1) else {
            crate::host::stop("a list holds at most 2^32 - 1 items")
        };
        self.region.put(&self.key(at), &encoded(item));
        self.region.put(&self.region.key(), &encoded(&len));
        at
    }

    /// Takes the last item.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut waiting = List::from_iter([Address([7; 20]), Address([8; 20])]);
    /// assert_eq!(waiting.pop(), Some(Address([8; 20])));
    /// assert_eq!(waiting.len(), 1);
    /// ```
    pub fn pop(&mut self) -> Option<T> {
        let at = self.len().checked_sub(1)?;
        let item = self.get(at);
        self.region.remove(&self.key(at));
        self.region.put(&self.region.key(), &encoded(&at));
        item
    }

    /// Up to `limit` items (256 at most) from number `from` on.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let notes = List::from_iter(["seal broken", "seal replaced", "opened"].map(Words::from));
    /// let first = notes.page(0, 2);
    /// assert!(first.len() == 2 && first.more());
    /// let rest: Vec<Words> = notes.page(2, 2).iter().collect();
    /// assert_eq!(rest, [Words::from("opened")]);
    /// ```
    pub fn page(&self, from: u32, limit: u32) -> Page<T> {
        let (len, mut at) = (self.len(), from);
        gather(limit, &mut |out| {
            let item = (at < len).then(|| self.region.get(&self.key(at)))?;
            out.add(&item?);
            at = at.saturating_add(1);
            Some(())
        })
    }
}

impl<T: Encode + Decode> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        for item in items {
            list.push(&item);
        }
        list
    }
}
