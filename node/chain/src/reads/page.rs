//! Pages of a list.

use std::fmt;
use std::str::FromStr;

use marque_primitives::hash::{from_hex, to_hex};
use parity_scale_codec::{Decode, DecodeAll, Encode};

use crate::error::ChainError;

/// Items on a page unless asked otherwise.
const USUAL: usize = 100;
/// Items on a page at most.
const MOST: usize = 1_000;
/// Bytes of a cursor at most.
const CURSOR: usize = 4_096;

/// Where a list goes on. Opaque: it is written as text and given back as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Vec<u8>);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl FromStr for Cursor {
    type Err = ChainError;

    fn from_str(text: &str) -> Result<Self, ChainError> {
        let bytes = from_hex(text).filter(|bytes| bytes.len() <= CURSOR);
        bytes.map(Self).ok_or(ChainError::BadCursor)
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Where to go on; none: from the beginning.
    pub cursor: Option<Cursor>,
    /// How many items, 1 to 1,000; none: 100.
    pub limit: Option<usize>,
}

impl PageRequest {
    /// The first page.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self {
            cursor: None,
            limit: Some(limit),
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    /// What the cursor of the list with this tag holds.
    pub(super) fn resume<T: Decode>(&self, list: u8) -> Result<Option<T>, ChainError> {
        let Some(Cursor(bytes)) = &self.cursor else {
            return Ok(None);
        };
        let (tag, rest) = bytes.split_first().ok_or(ChainError::BadCursor)?;
        if *tag != list {
            return Err(ChainError::BadCursor);
        }
        T::decode_all(&mut &*rest)
            .map(Some)
            .map_err(|_| ChainError::BadCursor)
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the list goes on; none at its end. A page may be short, even empty, and still go
    /// on, where much had to be looked through.
    pub cursor: Option<Cursor>,
}

impl<T> Page<T> {
    pub(super) fn last(items: Vec<T>) -> Self {
        Self {
            items,
            cursor: None,
        }
    }

    /// A page that goes on.
    pub(super) fn more(items: Vec<T>, list: u8, next: &impl Encode) -> Self {
        let mut bytes = vec![list];
        next.encode_to(&mut bytes);
        Self {
            items,
            cursor: Some(Cursor(bytes)),
        }
    }

    /// Of `limit` and one more found items, each with where it stands: the page that ends with
    /// the last one that fits.
    pub(super) fn cut<K: Encode>(mut found: Vec<(K, T)>, limit: usize, list: u8) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more).map(|(key, _)| key.encode());
        let items = found.into_iter().map(|(_, item)| item).collect();
        let cursor = last.map(|key| Cursor([&[list], key.as_slice()].concat()));
        Self { items, cursor }
    }

    /// The same page of something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            cursor: self.cursor,
        }
    }
}
