//! The custom section `marque.meta`: what a contract says about itself, read before it is
//! linked. SCALE, the section's version first.

use alloc::string::String;
use alloc::vec::Vec;
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::codec::{self, DecodeError};
use parity_scale_codec::{Decode, Encode};

/// The custom section's name.
pub const SECTION: &str = "marque.meta";

/// The version of the section's own encoding: its first byte.
pub const VERSION: u8 = 1;

/// The longest name or version of a contract, in bytes.
pub const MAX_NAME: usize = 64;

/// The most entries a contract may have.
pub const MAX_ENTRIES: usize = 32;

/// The longest description of messages, queries, events and refusals, in bytes.
pub const MAX_INTERFACE: usize = 64 * 1024;

/// The longest section, in bytes.
pub const MAX_SECTION: usize = MAX_INTERFACE + 4 * 1024;

/// What a contract says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Meta {
    /// [`VERSION`].
    pub version: u8,
    /// The [`ABI_VERSION`](crate::ABI_VERSION) that the contract was built against.
    pub abi: u16,
    /// The contract's name, such as `fresh-food`.
    pub name: Text<MAX_NAME>,
    /// The contract's own version, such as `0.1.0`.
    pub release: Text<MAX_NAME>,
    /// The names of the exports that are entries, ascending.
    pub entries: List<Text<{ crate::entry::MAX_NAME }>, MAX_ENTRIES>,
    /// The contract's messages, queries, events and refusals with their types, in the schema
    /// of the SDK; opaque here.
    pub interface: Bytes<MAX_INTERFACE>,
}

/// Why a metadata section is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MetaError {
    /// The section's bytes are not a [`Meta`].
    Encoding(DecodeError),
    /// Another version of the section's encoding.
    Version(u8),
    /// Built against another table of host calls.
    Abi(u16),
    /// The entries are not names of entries in ascending order.
    Entries,
}

impl core::fmt::Display for MetaError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Encoding(error) => write!(f, "the section {SECTION} cannot be read: {error}"),
            Self::Version(found) => write!(
                f,
                "the section {SECTION} has version {found}; this node reads {VERSION}"
            ),
            Self::Abi(found) => write!(
                f,
                "built against host calls of version {found}; this node has {}: build with the SDK of this version",
                crate::ABI_VERSION
            ),
            Self::Entries => write!(
                f,
                "the section {SECTION} lists entries that are unknown, repeated or unsorted"
            ),
        }
    }
}

impl core::error::Error for MetaError {}

impl Meta {
    /// Reads the section's bytes, all of them, and checks version, ABI and entries.
    pub fn read(section: &[u8]) -> Result<Self, MetaError> {
        // The versions come first, so that a section of another version is told apart
        // from a broken one.
        if let [version, rest @ ..] = section {
            if *version != VERSION {
                return Err(MetaError::Version(*version));
            }
            if let [low, high, ..] = rest {
                let abi = u16::from_le_bytes([*low, *high]);
                if abi != crate::ABI_VERSION {
                    return Err(MetaError::Abi(abi));
                }
            }
        }
        let meta: Self = codec::decode(section, MAX_SECTION).map_err(MetaError::Encoding)?;
        let known = meta
            .entries
            .iter()
            .all(|name| crate::Entry::from_export(name).is_some());
        if !known || !meta.entries.is_sorted_set() {
            return Err(MetaError::Entries);
        }
        Ok(meta)
    }

    /// A module with this as its last section: how one becomes a contract that the SDK's macros
    /// did not link.
    pub fn seal(&self, mut module: Vec<u8>) -> Vec<u8> {
        // The name's length, below 128, is one byte.
        let [name_len, ..] = SECTION.len().to_le_bytes();
        let meta = self.encode();
        let mut left = meta.len().saturating_add(SECTION.len()).saturating_add(1);
        module.push(0);
        while left >= 0x80 {
            let [low, ..] = left.to_le_bytes();
            module.push(low | 0x80);
            left >>= 7;
        }
        let [low, ..] = left.to_le_bytes();
        module.extend_from_slice(&[low, name_len]);
        module.extend_from_slice(SECTION.as_bytes());
        module.extend_from_slice(&meta);
        module
    }

    /// The entries' names.
    pub fn entry_names(&self) -> Vec<String> {
        self.entries
            .iter()
            .map(|name| String::from(name.as_str()))
            .collect()
    }
}

/// The parts of a section, known when the contract is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The contract's name.
    pub name: &'a str,
    /// The contract's own version.
    pub release: &'a str,
    /// The exports' names, ascending.
    pub entries: &'a [&'a str],
    /// The description of the contract's interface.
    pub interface: &'a [u8],
}

impl Parts<'_> {
    /// How many bytes [`encode`](Self::encode) fills.
    pub const fn encoded_len(&self) -> usize {
        let mut len = 3 + sized(self.name.len()) + sized(self.release.len());
        len += compact_len(self.entries.len());
        let mut rest = self.entries;
        while let [name, tail @ ..] = rest {
            len += sized(name.len());
            rest = tail;
        }
        len + sized(self.interface.len())
    }

    /// The section's bytes, computed by the compiler. `N` is [`encoded_len`](Self::encoded_len).
    #[allow(
        clippy::panic,
        reason = "evaluated by the compiler: a wrong length or a name over its limit does not compile"
    )]
    pub const fn encode<const N: usize>(&self) -> [u8; N] {
        assert!(
            self.name.len() <= MAX_NAME,
            "the contract's name is longer than 64 bytes"
        );
        assert!(
            self.release.len() <= MAX_NAME,
            "the contract's version is longer than 64 bytes"
        );
        assert!(
            self.entries.len() <= MAX_ENTRIES,
            "the contract has more than 32 entries"
        );
        assert!(
            self.interface.len() <= MAX_INTERFACE,
            "the contract's interface is longer than 64 KiB"
        );
        assert!(N == self.encoded_len(), "N must be encoded_len()");
        let mut out = Writer {
            bytes: [0; N],
            at: 0,
        };
        out.byte(VERSION);
        let [low, high] = crate::ABI_VERSION.to_le_bytes();
        out.byte(low);
        out.byte(high);
        out.sized(self.name.as_bytes());
        out.sized(self.release.as_bytes());
        out.compact(self.entries.len());
        let mut rest = self.entries;
        while let [name, tail @ ..] = rest {
            out.sized(name.as_bytes());
            rest = tail;
        }
        out.sized(self.interface);
        out.bytes
    }
}

/// Puts the metadata section into the contract that this is expanded in.
///
/// `embed_meta!(name, release, entries, interface)`: constants of type `&str`, `&str`,
/// `&[&str]` and `&[u8]`. Outside wasm it only checks that they fit.
#[macro_export]
macro_rules! embed_meta {
    ($name:expr, $release:expr, $entries:expr, $interface:expr $(,)?) => {
        const _: () = {
            const PARTS: $crate::meta::Parts<'static> = $crate::meta::Parts {
                name: $name,
                release: $release,
                entries: $entries,
                interface: $interface,
            };
            const LEN: usize = PARTS.encoded_len();
            const BYTES: [u8; LEN] = PARTS.encode::<LEN>();
            #[cfg(target_arch = "wasm32")]
            #[used]
            #[unsafe(link_section = "marque.meta")]
            static SECTION: [u8; LEN] = BYTES;
            #[cfg(not(target_arch = "wasm32"))]
            const _CHECKED: [u8; LEN] = BYTES;
        };
    };
}

const fn compact_len(value: usize) -> usize {
    match value {
        0..64 => 1,
        64..16_384 => 2,
        _ => 4,
    }
}

const fn sized(len: usize) -> usize {
    compact_len(len) + len
}

struct Writer<const N: usize> {
    bytes: [u8; N],
    at: usize,
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "compile-time evaluation of lengths below 2^30, masked to a byte"
)]
impl<const N: usize> Writer<N> {
    const fn byte(&mut self, byte: u8) {
        self.bytes[self.at] = byte;
        self.at += 1;
    }

    /// SCALE's compact form of a length below 2^30.
    const fn compact(&mut self, value: usize) {
        let tagged = match compact_len(value) {
            1 => value << 2,
            2 => (value << 2) | 1,
            _ => (value << 2) | 2,
        };
        let mut at = 0;
        while at < compact_len(value) {
            self.byte(((tagged >> (8 * at)) & 0xff) as u8);
            at += 1;
        }
    }

    const fn sized(&mut self, bytes: &[u8]) {
        self.compact(bytes.len());
        let mut rest = bytes;
        while let [byte, tail @ ..] = rest {
            self.byte(*byte);
            rest = tail;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says no by panicking")]
mod tests;
