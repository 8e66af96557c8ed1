//! What the ledger answered to a transaction.

use marque_primitives::action::{OfferId, RecallId};
use marque_primitives::bounded::Bytes;
use marque_primitives::receipt as raw;
use marque_primitives::refusal::Refusal;
use marque_primitives::{Address, Gas, Hash, Height, Position};

/// The answer to one transaction.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The transaction's id.
    pub transaction: Hash,
    /// The block that holds it.
    pub height: Height,
    /// Its place in the block.
    pub index: u32,
    /// How it went.
    pub status: TransactionStatus,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Which of its actions was refused, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_action: Option<u32>,
    /// Gas used, of the limit.
    pub gas_used: Gas,
    /// What each action left; none if refused, since then nothing of it happened.
    pub actions: Vec<ActionReceipt>,
}

impl Receipt {
    /// Whether its actions were done or kept.
    #[must_use]
    pub fn applied(&self) -> bool {
        self.status == TransactionStatus::Applied
    }
}

/// How a transaction went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TransactionStatus {
    /// All of its actions were done or kept.
    Applied,
    /// One was refused, and nothing of it happened but its nonce and gas.
    Refused,
}

/// What an action left behind.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActionReceipt {
    /// How it went.
    pub outcome: Outcome,
    /// Why a report stayed an observation, if it could have been more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// The event that it wrote, by position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Position>,
    /// The offer that it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferId>,
    /// The recall that it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<RecallId>,
    /// The contract that it deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Address>,
    /// Notes of rules that allowed or held.
    pub notes: Vec<String>,
    /// What contracts emitted.
    pub events: Vec<Emitted>,
    /// A message's answer, encoded by the contract's ABI.
    pub output: Bytes<16384>,
}

/// How an action went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Custody moved or structure changed.
    Accepted,
    /// Kept, nothing moved.
    Observed,
    /// Known already; nothing was written.
    Duplicate,
}

/// An event that a contract emitted.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Emitted {
    /// Which contract.
    pub contract: Address,
    /// Its name, where the contract's interface knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its fields as JSON, where the contract's interface knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<serde_json::Value>,
    /// Its encoding by the contract's ABI: the event's name, then its fields.
    pub data: Bytes<16384>,
}

impl From<raw::Receipt> for Receipt {
    fn from(receipt: raw::Receipt) -> Self {
        let (status, refusal, refused_action) = match receipt.status {
            raw::Status::Applied => (TransactionStatus::Applied, None, None),
            raw::Status::Refused { action, refusal } => {
                (TransactionStatus::Refused, Some(refusal), Some(action))
            }
        };
        Self {
            transaction: receipt.transaction,
            height: receipt.height,
            index: receipt.index,
            status,
            refusal,
            refused_action,
            gas_used: receipt.gas_used,
            actions: receipt.actions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<raw::ActionReceipt> for ActionReceipt {
    fn from(action: raw::ActionReceipt) -> Self {
        let (outcome, refusal) = match action.outcome {
            raw::Outcome::Accepted => (Outcome::Accepted, None),
            raw::Outcome::Observed(refusal) => (Outcome::Observed, refusal),
            raw::Outcome::Duplicate => (Outcome::Duplicate, None),
        };
        Self {
            outcome,
            refusal,
            event: action.event,
            offer: action.offer,
            recall: action.recall,
            contract: action.contract,
            notes: action.notes.iter().map(ToString::to_string).collect(),
            events: action.emitted.into_iter().map(Into::into).collect(),
            output: action.output,
        }
    }
}

impl From<raw::ContractEvent> for Emitted {
    fn from(event: raw::ContractEvent) -> Self {
        Self {
            contract: event.contract,
            name: None,
            fields: None,
            data: event.data,
        }
    }
}
