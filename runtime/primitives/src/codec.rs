//! The one way in for encoded values from outside: bounded, whole, and in one spelling.

use alloc::vec::Vec;
use parity_scale_codec::{Decode, DecodeLimit, Encode};

/// Nesting allowed in any value.
pub const MAX_DEPTH: u32 = 16;

/// Why bytes are not the value that they were said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// More bytes than the caller takes.
    TooLarge {
        /// Bytes given.
        found: usize,
        /// Bytes taken at most.
        allowed: usize,
    },
    /// Truncated, trailing bytes, an unknown variant, a field out of its range, or nested too deep.
    Malformed,
    /// Another encoding of the same value: compacts and lengths have one spelling here.
    NotCanonical,
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLarge { found, allowed } => {
                write!(f, "{found} bytes where {allowed} is the most")
            }
            Self::Malformed => f.write_str("the bytes are not a well-formed value"),
            Self::NotCanonical => f.write_str("the bytes are not the value's shortest encoding"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Decodes all of `bytes`, at most `max` of them, and refuses every spelling but its own.
pub fn decode<T: Decode + Encode>(bytes: &[u8], max: usize) -> Result<T, DecodeError> {
    if bytes.len() > max {
        return Err(DecodeError::TooLarge {
            found: bytes.len(),
            allowed: max,
        });
    }
    let value = T::decode_all_with_depth_limit(MAX_DEPTH, &mut &*bytes)
        .map_err(|_| DecodeError::Malformed)?;
    let again: Vec<u8> = value.encode();
    if again != bytes {
        return Err(DecodeError::NotCanonical);
    }
    Ok(value)
}
