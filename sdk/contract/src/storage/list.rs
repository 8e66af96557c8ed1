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
    pub fn len(&self) -> u32 {
        self.region
            .get(&self.region.key())
            .map_or(0, |bytes| decode_own(&bytes))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item of this number.
    pub fn get(&self, at: u32) -> Option<T> {
        self.region
            .get(&self.key(at))
            .map(|bytes| decode_own(&bytes))
    }

    /// Replaces the item of this number; false if there is none.
    pub fn set(&mut self, at: u32, item: &T) -> bool {
        let there = at < self.len();
        if there {
            self.region.put(&self.key(at), &encoded(item));
        }
        there
    }

    /// Adds an item; its number.
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
    pub fn pop(&mut self) -> Option<T> {
        let at = self.len().checked_sub(1)?;
        let item = self.get(at);
        self.region.remove(&self.key(at));
        self.region.put(&self.region.key(), &encoded(&at));
        item
    }

    /// Up to `limit` items (256 at most) from number `from` on.
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
