//! 32-byte digests. Keccak-256 names transactions, addresses and code; SHA-256 the trees.

use alloc::string::String;
use alloc::vec::Vec;
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

/// A 32-byte digest.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, MaxEncodedLen,
)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Thirty-two zero bytes: the parent of genesis, the head of an empty history.
    pub const ZERO: Self = Self([0; 32]);
}

impl core::fmt::Display for Hash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl core::fmt::Debug for Hash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// `0x` and two lower-case digits a byte.
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len().saturating_mul(2).saturating_add(2));
    text.push_str("0x");
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS[usize::from(nibble)]));
        }
    }
    text
}

/// The bytes of `0x…`, or `None` if it is anything else.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some((nibble(*high)? << 4) | nibble(*low)?),
            _ => None,
        })
        .collect()
}

#[cfg(feature = "host")]
mod host {
    use super::Hash;
    use sha2::Digest as _;

    /// Keccak-256 over the parts, one after the other.
    pub fn keccak256(parts: &[&[u8]]) -> Hash {
        let mut hasher = sha3::Keccak256::new();
        for part in parts {
            hasher.update(part);
        }
        Hash(hasher.finalize().into())
    }

    /// SHA-256 over the parts, one after the other.
    pub fn sha256(parts: &[&[u8]]) -> Hash {
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Hash(hasher.finalize().into())
    }

    impl serde::Serialize for Hash {
        fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.collect_str(self)
        }
    }

    impl<'de> serde::Deserialize<'de> for Hash {
        fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            let text = <alloc::string::String as serde::Deserialize>::deserialize(d)?;
            super::from_hex(&text)
                .and_then(|bytes| bytes.try_into().ok())
                .map(Hash)
                .ok_or_else(|| serde::de::Error::custom("a hash is 0x and 64 hexadecimal digits"))
        }
    }
}
#[cfg(feature = "host")]
pub use host::{keccak256, sha256};
