//! What a chain begins with.

use crate::hash::{Hash, sha256};
use crate::record::Quota;
use crate::{Address, TimeMs};
use alloc::vec::Vec;
use parity_scale_codec::{Decode, Encode};

/// Domain tag of the genesis hash: SHA-256 of the tag and the encoded genesis.
pub const GENESIS_TAG: &[u8] = b"marque/genesis/v1";

/// A validator's public key and voting power.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// ed25519 public key.
    pub key: Hash,
    /// Votes, at least 1.
    pub power: u64,
}

/// The first state's parameters; its hash names the chain.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Genesis {
    /// The chain's number, chosen by its operators.
    pub chain_id: u64,
    /// 32 random bytes, so that no two chains share a hash.
    pub seed: Hash,
    /// When it begins.
    pub time: TimeMs,
    /// Who licenses prefixes and registers parties.
    pub registrar: Address,
    /// Who signs blocks.
    pub validators: Vec<Validator>,
    /// Gas of a block at most.
    pub block_gas: u64,
    /// Blocks from the storing of code until contracts can have it; 0 with one validator.
    pub contract_delay: u64,
    /// Milliseconds between heartbeat blocks; 0 makes none.
    pub heartbeat: u64,
    /// Tells clients that they may register what documents name; never set on a real chain.
    #[serde(default)]
    pub development: bool,
    /// What accounts may use; without it, as much as blocks hold.
    #[serde(default)]
    pub quota: Quota,
}

impl Genesis {
    /// The chain's name in every transaction and vote.
    pub fn hash(&self) -> Hash {
        sha256(&[GENESIS_TAG, &self.encode()])
    }
}

/// The hash of a validator set, as headers name it.
pub fn validators_hash(validators: &[Validator]) -> Hash {
    sha256(&[b"marque/validators/v1", &validators.encode()])
}
