//! Text and lists that know their limit, so that no decoder can be made to hold more.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;
use parity_scale_codec::{Decode, Encode, Error, Input};

/// A value was longer than its type allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong {
    /// Bytes of a text or items of a list.
    pub found: usize,
    /// The most that fit.
    pub allowed: usize,
}

impl core::fmt::Display for TooLong {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "{} long where {} is the most; shorten it or split it",
            self.found, self.allowed
        )
    }
}

impl core::error::Error for TooLong {}

/// UTF-8 text of at most `N` bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode)]
pub struct Text<const N: usize>(String);

impl<const N: usize> Text<N> {
    /// Takes the text if it fits.
    pub fn new(text: impl Into<String>) -> Result<Self, TooLong> {
        let text = text.into();
        if text.len() > N {
            return Err(TooLong {
                found: text.len(),
                allowed: N,
            });
        }
        Ok(Self(text))
    }

    /// As much of `text` as fits, cut at a character; for messages, never for names.
    pub fn truncated(text: &str) -> Self {
        let mut end = text.len().min(N);
        while !text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        Self(text.get(..end).unwrap_or_default().into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> Deref for Text<N> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> AsRef<str> for Text<N> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> core::borrow::Borrow<str> for Text<N> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> core::fmt::Display for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const N: usize> core::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl<const N: usize> TryFrom<&str> for Text<N> {
    type Error = TooLong;
    fn try_from(text: &str) -> Result<Self, TooLong> {
        Self::new(text)
    }
}

impl<const N: usize> TryFrom<String> for Text<N> {
    type Error = TooLong;
    fn try_from(text: String) -> Result<Self, TooLong> {
        Self::new(text)
    }
}

impl<const N: usize> Decode for Text<N> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let bytes = bounded_bytes::<I, N>(input)?;
        String::from_utf8(bytes)
            .map(Self)
            .map_err(|_| Error::from("text is not UTF-8"))
    }
}

/// At most `N` items in the order given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode)]
pub struct List<T, const N: usize>(Vec<T>);

impl<T, const N: usize> List<T, N> {
    /// Takes the items if they fit.
    pub fn new(items: Vec<T>) -> Result<Self, TooLong> {
        if items.len() > N {
            return Err(TooLong {
                found: items.len(),
                allowed: N,
            });
        }
        Ok(Self(items))
    }

    /// The items, no longer bounded.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }

    /// Adds an item if there is room.
    pub fn push(&mut self, item: T) -> Result<(), TooLong> {
        if self.0.len() >= N {
            return Err(TooLong {
                found: self.0.len().saturating_add(1),
                allowed: N,
            });
        }
        self.0.push(item);
        Ok(())
    }

    /// Keeps the items that `keep` says yes to.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
    }
}

impl<T: Ord, const N: usize> List<T, N> {
    /// Whether the items ascend strictly, as the encodings of sets and maps must.
    pub fn is_sorted_set(&self) -> bool {
        self.0.is_sorted_by(|a, b| a < b)
    }

    /// Inserts into a sorted set; false if it was there already.
    pub fn insert_sorted(&mut self, item: T) -> Result<bool, TooLong> {
        match self.0.binary_search(&item) {
            Ok(_) => Ok(false),
            Err(_) if self.0.len() >= N => Err(TooLong {
                found: self.0.len().saturating_add(1),
                allowed: N,
            }),
            Err(at) => {
                self.0.insert(at, item);
                Ok(true)
            }
        }
    }

    /// Removes from a sorted set; false if it was not there.
    pub fn remove_sorted(&mut self, item: &T) -> bool {
        match self.0.binary_search(item) {
            Ok(at) => {
                self.0.remove(at);
                true
            }
            Err(_) => false,
        }
    }
}

impl<T, const N: usize> Default for List<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const N: usize> Deref for List<T, N> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a List<T, N> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T, const N: usize> TryFrom<Vec<T>> for List<T, N> {
    type Error = TooLong;
    fn try_from(items: Vec<T>) -> Result<Self, TooLong> {
        Self::new(items)
    }
}

impl<T: Decode, const N: usize> Decode for List<T, N> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let len = bounded_len::<I, N>(input)?;
        input.descend_ref()?;
        // Grown as items arrive: the stated length is a claim, not a fact.
        let mut items = Vec::new();
        for _ in 0..len {
            items.push(T::decode(input)?);
        }
        input.ascend_ref();
        Ok(Self(items))
    }
}

/// Opaque bytes of at most `N`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode)]
pub struct Bytes<const N: usize>(Vec<u8>);

impl<const N: usize> Bytes<N> {
    /// Takes the bytes if they fit.
    pub fn new(bytes: Vec<u8>) -> Result<Self, TooLong> {
        if bytes.len() > N {
            return Err(TooLong {
                found: bytes.len(),
                allowed: N,
            });
        }
        Ok(Self(bytes))
    }

    /// The bytes, no longer bounded.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl<const N: usize> Deref for Bytes<N> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const N: usize> core::fmt::Debug for Bytes<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<const N: usize> Decode for Bytes<N> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        bounded_bytes::<I, N>(input).map(Self)
    }
}

fn bounded_len<I: Input, const N: usize>(input: &mut I) -> Result<usize, Error> {
    let len = parity_scale_codec::Compact::<u32>::decode(input)?.0 as usize;
    if len > N {
        return Err(Error::from("longer than its type allows"));
    }
    Ok(len)
}

fn bounded_bytes<I: Input, const N: usize>(input: &mut I) -> Result<Vec<u8>, Error> {
    let len = bounded_len::<I, N>(input)?;
    if input.remaining_len()?.is_some_and(|left| left < len) {
        return Err(Error::from("shorter than it says"));
    }
    let mut bytes = alloc::vec![0u8; len];
    input.read(&mut bytes)?;
    Ok(bytes)
}

#[cfg(feature = "host")]
mod json {
    use super::{Bytes, List, Text};
    use alloc::string::String;
    use alloc::vec::Vec;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    impl<const N: usize> Serialize for Text<N> {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.serialize_str(&self.0)
        }
    }

    impl<'de, const N: usize> Deserialize<'de> for Text<N> {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            Self::new(String::deserialize(d)?).map_err(D::Error::custom)
        }
    }

    impl<T: Serialize, const N: usize> Serialize for List<T, N> {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            self.0.serialize(s)
        }
    }

    impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for List<T, N> {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            Self::new(Vec::deserialize(d)?).map_err(D::Error::custom)
        }
    }

    impl<const N: usize> Serialize for Bytes<N> {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.serialize_str(&crate::hash::to_hex(&self.0))
        }
    }

    impl<'de, const N: usize> Deserialize<'de> for Bytes<N> {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            let text = String::deserialize(d)?;
            let bytes = crate::hash::from_hex(&text).ok_or_else(|| {
                D::Error::custom("bytes are written as 0x and hexadecimal digits")
            })?;
            Self::new(bytes).map_err(D::Error::custom)
        }
    }
}
