//! Members without values.

use super::page::{Page, gather};
use super::region::{Region, region_field};
use crate::buf::Buf;
use crate::bytes::length;
use core::marker::PhantomData;
use marque_abi::interface::Describe;
use marque_abi::interface::describe::Shape;
use parity_scale_codec::{Decode, Encode, Error, Input};

/// A set, each member under a storage key of its own; walked in the order of their bytes.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let mut listed = Set::from_iter([Address([7; 20])]);
/// listed.insert(&Address([8; 20]));
/// listed.remove(&Address([7; 20]));
/// let left: Vec<Address> = listed.page(None, 10).iter().collect();
/// assert_eq!(left, [Address([8; 20])]);
/// ```
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
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let listed = Set::from_iter([Address([7; 20])]);
    /// assert!(listed.contains(&Address([7; 20])) && !listed.contains(&Address([8; 20])));
    /// ```
    pub fn contains(&self, member: &T) -> bool {
        self.region.has(&self.key(member))
    }

    /// Makes it a member; whether it was none before.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut seen: Set<Serial> = Set::new();
    /// let first_time = seen.insert(&Serial::new("000001").unwrap());
    /// let again = seen.insert(&Serial::new("000001").unwrap());
    /// assert!(first_time && !again, "a serial is handed in once");
    /// ```
    pub fn insert(&mut self, member: &T) -> bool {
        let key = self.key(member);
        let new = !self.region.has(&key);
        if new {
            self.region.put(&key, &[]);
        }
        new
    }

    /// Takes it out; whether it was a member.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut listed = Set::from_iter([Address([7; 20])]);
    /// assert!(listed.remove(&Address([7; 20])) && !listed.contains(&Address([7; 20])));
    /// assert!(!listed.remove(&Address([8; 20])), "never listed");
    /// ```
    pub fn remove(&mut self, member: &T) -> bool {
        self.region.remove(&self.key(member))
    }

    /// Up to `limit` members (256 at most) behind `after`, or from the first.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let listed = Set::from_iter([7, 8, 9].map(|byte| Address([byte; 20])));
    /// let rest: Vec<Address> = listed.page(Some(&Address([7; 20])), 10).iter().collect();
    /// assert_eq!(rest, [Address([8; 20]), Address([9; 20])]);
    /// ```
    pub fn page(&self, after: Option<&T>, limit: u32) -> Page<T> {
        let name = self.region.key().len();
        let mut at = after.map_or_else(|| self.region.key(), |after| self.key(after));
        gather(limit, &mut |out| {
            at = self.region.after(&at, name)?;
            out.add(at.get(name..)?);
            Some(())
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

/// A set can be an argument of `init`: a list of its members.
impl<T: Describe> Describe for Set<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE, 0);
}

impl<T: Encode + Decode> Decode for Set<T> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let mut set = Self::default();
        for _ in 0..length(input)? {
            set.insert(&T::decode(input)?);
        }
        Ok(set)
    }
}
