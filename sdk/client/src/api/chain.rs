//! Headers and blocks.

use super::method::{At, methods};
use marque_primitives::bounded::Bytes;
use marque_primitives::genesis::Genesis;
use marque_primitives::header::{Header, HeaderVersion};
use marque_primitives::transaction::Body;
use marque_primitives::{Hash, Height, TimeMs};

methods! {
    /// The newest header.
    "chain_head" ChainHead()[] -> BlockHeader;
    /// A header.
    "chain_header" ChainHeader()[
        /// Which; the newest unless given.
        at: At,
    ] -> BlockHeader;
    /// A block with its transactions.
    "chain_block" ChainBlock()[
        /// Which; the newest unless given.
        at: At,
    ] -> Block;
    /// What the chain begins with: its number, registrar, validators and bounds.
    "chain_genesis" ChainGenesis()[] -> Genesis;
    /// Headers as they commit; `chain_unsubscribeHeads` ends it. Each is a
    /// `chain_heads` notification with a [`BlockHeader`].
    "chain_subscribeHeads" ChainSubscribeHeads()[
        /// From this height on; from the next block on unless given.
        from_height: Height,
    ] -> String;
}

/// A header, its hash and its certificate.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BlockHeader {
    /// SHA-256 of a tag and the encoded header.
    pub hash: Hash,
    /// The encoding's version.
    pub version: HeaderVersion,
    /// The chain's number.
    pub chain_id: u64,
    /// The block's place; genesis is 0.
    pub height: Height,
    /// The hash of the header before.
    pub parent: Hash,
    /// The proposer's clock, above the parent's time.
    pub time: TimeMs,
    /// The public key (ed25519) of the original proposer.
    pub proposer: Hash,
    /// Merkle root of the transactions' ids.
    pub tx_root: Hash,
    /// Merkle root of the receipts' hashes.
    pub receipts_root: Hash,
    /// Merkle root of the events' hashes.
    pub events_root: Hash,
    /// Root of the state after this block.
    pub state_root: Hash,
    /// Hash of the validator set that signed this block.
    pub validators: Hash,
    /// Hash of the validator set that signs the next one.
    pub next_validators: Hash,
    /// Who signed.
    pub certificate: Certificate,
}

impl BlockHeader {
    /// A header with what belongs to it.
    #[must_use]
    pub fn new(header: &Header, certificate: Certificate) -> Self {
        Self {
            hash: header.hash(),
            version: header.version,
            chain_id: header.chain_id,
            height: header.height,
            parent: header.parent,
            time: header.time,
            proposer: header.proposer,
            tx_root: header.tx_root,
            receipts_root: header.receipts_root,
            events_root: header.events_root,
            state_root: header.state_root,
            validators: header.validators,
            next_validators: header.next_validators,
            certificate,
        }
    }

    /// The header alone, whose hash can be computed again.
    #[must_use]
    pub fn header(&self) -> Header {
        Header {
            version: self.version,
            chain_id: self.chain_id,
            height: self.height,
            parent: self.parent,
            time: self.time,
            proposer: self.proposer,
            tx_root: self.tx_root,
            receipts_root: self.receipts_root,
            events_root: self.events_root,
            state_root: self.state_root,
            validators: self.validators,
            next_validators: self.next_validators,
        }
    }
}

/// Signatures by more than two thirds of the power.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// The round that decided.
    pub round: u32,
    /// In ascending order of signers.
    pub signatures: Vec<CommitSignature>,
}

/// One validator's signature.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommitSignature {
    /// The validator's place in its set.
    pub signer: u16,
    /// ed25519, 64 bytes.
    pub signature: Bytes<64>,
}

/// A block.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its header.
    pub header: BlockHeader,
    /// In order of their indices.
    pub transactions: Vec<BlockTransaction>,
}

/// A transaction of a block.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BlockTransaction {
    /// Its id.
    pub hash: Hash,
    /// What was signed.
    pub body: Body,
    /// r, s and the recovery id, 65 bytes.
    pub signature: Bytes<65>,
}
