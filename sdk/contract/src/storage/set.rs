//! Members without values.

use super::decode_own;
use super::page::{Page, gather};
use super::region::{Region, region_field};
use crate::buf::Buf;
use core::marker::PhantomData;
use parity_scale_codec::{Decode, Encode};

/// A set, each member under a storage key of its own; walked in the order of their bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Set<T> {
    pub(super) region: Region,
    pub(super) types: PhantomData<T>,
}

region_field!(Set<T>, Set);

impl<T: Encode> Set<T> {
    fn key(&self, member: &T) -> Buf {
        let mut whole = self.region.key();
        member.encode_to(&mut whole);
        whole
    }
}

impl<T: Encode + Decode> Set<T> {
    /// Whether it is a member.
    pub fn contains(&self, member: &T) -> bool {
        self.region.has(&self.key(member))
    }

    /// Makes it a member; whether it was none before.
    pub fn insert(&mut self, member: &T) -> bool {
        let key = self.key(member);
        let new = !self.region.has(&key);
        if new {
            self.region.put(&key, &[]);
        }
        new
    }

    /// Takes it out; whether it was a member.
    pub fn remove(&mut self, member: &T) -> bool {
        self.region.remove(&self.key(member))
    }

    /// Up to `limit` members (256 at most) behind `after`, or from the first.
    pub fn page(&self, after: Option<&T>, limit: u32) -> Page<T> {
        let name = self.region.name_len();
        let mut at = after.map_or_else(|| self.region.key(), |after| self.key(after));
        gather(limit, || {
            at = self.region.after(&at, name)?;
            Some(decode_own(&mut at.get(name..).unwrap_or_default()))
        })
    }
}

impl<T: Encode + Decode> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::default();
        for member in members {
            set.insert(&member);
        }
        set
    }
}
