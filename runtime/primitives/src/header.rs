//! Block headers: what a certificate signs and a verifier starts from.

use crate::hash::Hash;
use crate::{Height, TimeMs};
use parity_scale_codec::{Decode, Encode};

/// Domain tag of a header's hash: SHA-256 of the tag and the encoded header.
pub const HEADER_TAG: &[u8] = b"marque/header/v1";

/// Version 1 of the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HeaderVersion {
    /// The first.
    #[default]
    #[codec(index = 1)]
    V1,
}

/// A block's header. It names no round, so that a block proposed again keeps its hash.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Header {
    /// The encoding's version.
    pub version: HeaderVersion,
    /// The chain's number.
    pub chain_id: u64,
    /// The block's place; genesis is 0.
    pub height: Height,
    /// The hash of the header before; zero at genesis.
    pub parent: Hash,
    /// The proposer's clock, above the parent's time.
    pub time: TimeMs,
    /// The public key (ed25519) of the original proposer; zero at genesis.
    pub proposer: Hash,
    /// Merkle root of the transactions' ids.
    pub tx_root: Hash,
    /// Merkle root of the receipts' hashes.
    pub receipts_root: Hash,
    /// Merkle root of the events' hashes.
    pub events_root: Hash,
    /// Root of the state after this block.
    pub state_root: Hash,
    /// Hash of the validator set that signs this block.
    pub validators: Hash,
    /// Hash of the validator set that signs the next one.
    pub next_validators: Hash,
}

#[cfg(feature = "host")]
impl Header {
    /// The hash that certificates and child blocks name.
    pub fn hash(&self) -> Hash {
        crate::hash::sha256(&[HEADER_TAG, &self.encode()])
    }
}
