//! The SDK's own growing bytes.
//!
//! `Vec` brings along what to do when memory ends, with text and formatting larger than
//! many contracts. In wasm a buffer lies in memory that is never taken back (the instance
//! is thrown away whole) and whose end stops the call; natively it is a `Vec`.

use parity_scale_codec::Output;

#[cfg(not(target_arch = "wasm32"))]
type Room = alloc::vec::Vec<u8>;
#[cfg(target_arch = "wasm32")]
type Room = crate::wasm::Room;

/// Bytes that can be added to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Buf(Room);

impl Buf {
    /// No bytes.
    pub const fn new() -> Self {
        Self(Room::new())
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) const fn of(room: Room) -> Self {
        Self(room)
    }

    /// A copy of these bytes.
    pub fn copy(bytes: &[u8]) -> Self {
        let mut buf = Self::new();
        buf.add(bytes);
        buf
    }

    /// Adds bytes at the end.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

impl core::ops::Deref for Buf {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Output for Buf {
    fn write(&mut self, bytes: &[u8]) {
        self.add(bytes);
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl From<alloc::vec::Vec<u8>> for Buf {
    fn from(bytes: alloc::vec::Vec<u8>) -> Self {
        Self(bytes)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl From<Buf> for alloc::vec::Vec<u8> {
    fn from(buf: Buf) -> Self {
        buf.0
    }
}
