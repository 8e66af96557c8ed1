//! Blocks and what is said of them.

use std::ops::Range;

use marque_primitives::header::Header;
use marque_primitives::{Hash, Height, TimeMs};
use marque_proof::SignedHeader;
use parity_scale_codec::{Decode, Encode};

/// A header and its transactions as they came over the wire: body bytes, then the signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Block {
    /// The header.
    pub header: Header,
    /// In order of their indices.
    pub transactions: Vec<Vec<u8>>,
}

/// The parts of the ledger's sequences that a block wrote: each range is from the first
/// position up to, but without, the next block's first.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode)]
pub struct Spans {
    /// History entries.
    pub entries: Range<u64>,
    /// Events.
    pub events: Range<u64>,
    /// Refused transactions.
    pub refusals: Range<u64>,
    /// How many transactions it holds.
    pub transactions: u32,
}

/// A durable block, as subscribers and readers learn of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Header and certificate.
    pub signed: SignedHeader,
    /// The header's hash.
    pub hash: Hash,
    /// What it wrote.
    pub spans: Spans,
}

impl Committed {
    /// Its height.
    #[must_use]
    pub fn height(&self) -> Height {
        self.signed.header.height
    }

    /// Its time.
    #[must_use]
    pub fn time(&self) -> TimeMs {
        self.signed.header.time
    }
}
