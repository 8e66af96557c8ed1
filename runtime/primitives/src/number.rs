//! Newtypes for the ledger's numbers.
//!
//! Arithmetic policy: none of them implements `Add` or `From<u64>`; what has a next value
//! says so with a checked `next`, so that a sum of a height and a time does not compile
//! and an overflow is a case the caller sees.

use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode, MaxEncodedLen)]
        pub struct $name(pub $inner);

        impl $name {
            /// The following value, or `None` at the end of the range.
            pub fn next(self) -> Option<Self> {
                self.0.checked_add(1).map(Self)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// A block's place in the chain; genesis is 0.
    Height(u64)
}
number! {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    TimeMs(u64)
}
number! {
    /// The number of a transaction within a key's lane, from 0 without gaps.
    Nonce(u64)
}
number! {
    /// One of a key's independent sequences of nonces, 0 to 15.
    Lane(u8)
}
number! {
    /// Units of metered work; one is about a tenth of a nanosecond of a server core of 2024.
    Gas(u64)
}
number! {
    /// The place of a history entry or event in the ledger's one sequence of each.
    Position(u64)
}

impl Lane {
    /// How many lanes a key has.
    pub const COUNT: u8 = 16;

    /// Whether the lane exists.
    pub fn is_valid(self) -> bool {
        self.0 < Self::COUNT
    }
}

impl TimeMs {
    /// This moment and `ms` more, at most the end of time.
    pub fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}
