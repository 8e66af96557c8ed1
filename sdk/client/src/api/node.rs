//! The node itself.

use super::method::methods;
use marque_primitives::{Gas, Hash, Height, TimeMs};

methods! {
    /// How the node is.
    "node_health" NodeHealth()[] -> Health;
    /// What the node is, and its limits.
    "node_info" NodeInfo()[] -> Info;
}

/// How a node is.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Whether it takes transactions.
    pub status: HealthStatus,
    /// Its newest block.
    pub height: Height,
    /// That block's time; none after a fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeMs>,
    /// Blocks that it knows to be behind its network.
    pub lag: u64,
    /// What waits for a block.
    pub pool: Pool,
    /// Why it stopped, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// Whether a node works.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum HealthStatus {
    /// It does.
    Ok,
    /// It stopped; what it shows is durable all the same.
    Faulted,
}

/// What waits for a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// Transactions.
    pub transactions: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What a node is.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// The software's version.
    pub version: String,
    /// The chain's number.
    pub chain_id: u64,
    /// The chain's genesis hash.
    pub genesis: Hash,
    /// Whether it is a development chain, on which documents' parties may be registered.
    pub development: bool,
    /// The storage engine.
    pub store: String,
    /// How blocks are agreed on.
    pub consensus: String,
    /// What it takes at most.
    pub limits: Limits,
}

/// What a node takes at most.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Bytes of a request.
    pub request_bytes: u32,
    /// Bytes of an answer.
    pub response_bytes: u32,
    /// Requests in one batch.
    pub batch: u32,
    /// Connections at a time.
    pub connections: u32,
    /// Subscriptions of one connection.
    pub subscriptions: u32,
    /// Bytes of a transaction.
    pub transaction_bytes: u32,
    /// Actions of a transaction.
    pub actions: u32,
    /// Things of an action.
    pub things: u32,
    /// Items of a list unless asked otherwise.
    pub page: u32,
    /// Items of a list when asked.
    pub page_max: u32,
    /// Gas of a block.
    pub block_gas: Gas,
}
