//! One value under a key of its own.

use super::decode_own;
use super::region::{Region, region_field};
use core::marker::PhantomData;
use parity_scale_codec::{Decode, Encode};

/// A value that is read only when asked for: for what is large or rarely needed. What
/// every call needs is better a plain field.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let mut instructions: Value<Words> = Value::new();
/// assert_eq!(instructions.get(), None);
/// instructions.set(&"keep at 2 to 8 degrees".into());
/// assert_eq!(instructions.get(), Some("keep at 2 to 8 degrees".into()));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value<T> {
    pub(super) region: Region,
    pub(super) types: PhantomData<T>,
}

region_field!(Value<T>, Value);

impl<T: Encode + Decode> Value<T> {
    /// The value, if one was set.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let laboratory = Value::from(Address([9; 20]));
    /// assert_eq!(laboratory.get(), Some(Address([9; 20])));
    /// ```
    pub fn get(&self) -> Option<T> {
        self.region
            .get(&self.region.key())
            .map(|bytes| decode_own(&bytes))
    }

    /// Sets it.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut laboratory = Value::from(Address([9; 20]));
    /// laboratory.set(&Address([8; 20]));
    /// assert_eq!(laboratory.get(), Some(Address([8; 20])));
    /// ```
    pub fn set(&mut self, value: &T) {
        self.region
            .put(&self.region.key(), &crate::bytes::encoded(value));
    }

    /// Removes it; whether there was one.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut laboratory = Value::from(Address([9; 20]));
    /// assert!(laboratory.clear() && laboratory.get().is_none());
    /// assert!(!laboratory.clear(), "there is none any more");
    /// ```
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
