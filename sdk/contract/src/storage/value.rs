//! One value under a key of its own.

use super::decode_own;
use super::region::{Region, region_field};
use core::marker::PhantomData;
use parity_scale_codec::{Decode, Encode};

/// A value that is read only when asked for: for what is large or rarely needed. What
/// every call needs is better a plain field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value<T> {
    pub(super) region: Region,
    pub(super) types: PhantomData<T>,
}

region_field!(Value<T>, Value);

impl<T: Encode + Decode> Value<T> {
    /// The value, if one was set.
    pub fn get(&self) -> Option<T> {
        self.region
            .get(&self.region.key())
            .map(|bytes| decode_own(&bytes))
    }

    /// Sets it.
    pub fn set(&mut self, value: &T) {
        self.region
            .put(&self.region.key(), &crate::bytes::encoded(value));
    }

    /// Removes it; whether there was one.
    pub fn clear(&mut self) -> bool {
        self.region.remove(&self.region.key())
    }
}

impl<T: Encode + Decode> From<T> for Value<T> {
    fn from(value: T) -> Self {
        let mut this = Self::default();
        this.set(&value);
        this
    }
}
