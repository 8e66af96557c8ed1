//! Sending transactions, and what became of them.

use super::method::methods;
use super::receipt::Receipt;
use marque_primitives::bounded::Bytes;
use marque_primitives::transaction::{Expiry, MAX_TRANSACTION};
use marque_primitives::{Address, Gas, Hash, Lane, Nonce};

/// An encoded transaction, 0x hex on the wire. Its type takes more than a transaction may
/// have, so that one that is too large is refused by that name (1005).
pub type Encoded = Bytes<{ 2 * MAX_TRANSACTION }>;

methods! {
    /// Takes a signed transaction; its hash. A known one gives the same hash again.
    "tx_submit" TxSubmit(
        /// Body and signature.
        transaction: Encoded,
    )[] -> Hash;
    /// The same; the receipt, once its block is durable.
    "tx_submitAndWait" TxSubmitAndWait(
        /// Body and signature.
        transaction: Encoded,
    )[] -> Receipt;
    /// The receipt that a transaction would get now. Nothing is kept.
    "tx_dryRun" TxDryRun(
        /// A body with or without its signature as 0x hex, or a transaction as JSON.
        #[cfg_attr(feature = "schema", schemars(with = "super::schema::AnyTransaction"))]
        transaction: serde_json::Value,
    )[
        /// For JSON: on whose behalf.
        account: Address,
        /// For JSON: the key that would sign; the account's own unless given.
        key: Address,
        /// For JSON: the most that it may use; the block's limit unless given.
        gas_limit: Gas,
    ] -> DryRun;
    /// A transaction's receipt.
    "tx_receipt" TxReceipt(
        /// The transaction's id.
        hash: Hash,
    )[] -> Receipt;
    /// The next nonce of a lane, the pool counted.
    "tx_nonce" TxNonce(
        /// On whose behalf.
        account: Address,
    )[
        /// The key that signs; the account's own unless given.
        key: Address,
        /// Which of the key's lanes; 0 unless given.
        lane: Lane,
    ] -> Nonce;
    /// The bytes to sign for a transaction written as JSON, so that a client in any language
    /// can sign without SCALE: sign `digest`, append the 65 signature bytes to `body`.
    "tx_encode" TxEncode(
        /// `{"actions": […]}`.
        #[cfg_attr(feature = "schema", schemars(with = "super::schema::Draft"))]
        transaction: serde_json::Value,
        /// On whose behalf.
        account: Address,
    )[
        /// The key that signs; the account's own unless given.
        key: Address,
        /// Which of the key's lanes; 0 unless given.
        lane: Lane,
        /// Its number; the lane's next unless given.
        nonce: Nonce,
        /// When it stops being valid; never unless given.
        expiry: Expiry,
        /// The most that it may use; half again of what a dry run uses unless given.
        gas_limit: Gas,
    ] -> EncodedBody;
}

/// What a transaction would do.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    /// The receipt that it would get.
    pub receipt: Receipt,
    /// What contracts said to their developers.
    pub log: Vec<LogLine>,
}

/// What a contract said to its developer.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Which contract.
    pub contract: Address,
    /// What it said.
    pub line: String,
}

/// What is to be signed.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EncodedBody {
    /// The encoded body.
    pub body: Encoded,
    /// Keccak-256 of a domain tag and the body: what the key signs.
    pub digest: Hash,
    /// The transaction's id: the same digest.
    pub id: Hash,
    /// The nonce that it has.
    pub nonce: Nonce,
    /// The gas limit that it has.
    pub gas_limit: Gas,
}
