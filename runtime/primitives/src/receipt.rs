//! What the ledger answers to a transaction.

use crate::action::{OfferId, RecallId};
use crate::bounded::{Bytes, List, Text};
use crate::hash::Hash;
use crate::refusal::Refusal;
use crate::{Address, Gas, Height, Position};
use alloc::vec::Vec;
use parity_scale_codec::{Decode, Encode};

/// How a transaction went.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum Status {
    /// All of its actions were done or kept.
    #[codec(index = 0)]
    Applied,
    /// An action was refused; nothing of the transaction happened but its nonce and gas.
    #[codec(index = 1)]
    Refused {
        /// Which action, from 0.
        action: u32,
        /// Why.
        refusal: Refusal,
    },
}

/// How an action went.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub enum Outcome {
    /// Custody moved or structure changed.
    #[codec(index = 0)]
    Accepted,
    /// Kept, nothing moved; the reason is that of the operation that was not allowed, or
    /// none where the event is an observation by its nature.
    #[codec(index = 1)]
    Observed(Option<Refusal>),
    /// Known already; nothing was written.
    #[codec(index = 2)]
    Duplicate,
}

/// An event that a contract emitted.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct ContractEvent {
    /// Which contract.
    pub contract: Address,
    /// Its encoding by the contract's ABI: the event's name, then its fields.
    pub data: Bytes<16384>,
}

/// What an action left behind.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct ActionReceipt {
    /// How it went.
    pub outcome: Outcome,
    /// The ledger's event, if one was written.
    pub event: Option<Position>,
    /// The offer that it opened.
    pub offer: Option<OfferId>,
    /// The recall that it opened.
    pub recall: Option<RecallId>,
    /// The contract that it deployed.
    pub contract: Option<Address>,
    /// Notes of rules that allowed or held.
    pub notes: List<Text<255>, 16>,
    /// What contracts emitted.
    pub emitted: Vec<ContractEvent>,
    /// A message's answer, encoded by the contract's ABI.
    pub output: Bytes<16384>,
}

/// The answer to one transaction; its hash is a leaf of the header's receipts root.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Receipt {
    /// The transaction's id.
    pub transaction: Hash,
    /// The block that holds it.
    pub height: Height,
    /// Its place in the block.
    pub index: u32,
    /// How it went.
    pub status: Status,
    /// Gas used, of the limit.
    pub gas_used: Gas,
    /// What each action left; empty if refused.
    pub actions: Vec<ActionReceipt>,
}
