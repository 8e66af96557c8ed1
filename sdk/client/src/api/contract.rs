//! Contracts: what they are and what they answer.

use super::method::{Page, methods};
use marque_primitives::action::Kind;
use marque_primitives::{Address, Hash};

methods! {
    /// A contract.
    "contract_get" ContractGet(
        /// Its address.
        address: Address,
    )[] -> Contract;
    /// Contracts, without their interfaces.
    "contract_list" ContractList()[
        /// Of this brand.
        brand: Address,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Contract>;
    /// Asks a contract; never changes state.
    "contract_query" ContractQuery(
        /// Which contract.
        address: Address,
        /// The query's name.
        message: String,
    )[
        /// Its arguments by name or by position, as the contract's interface says.
        args: serde_json::Value,
    ] -> serde_json::Value;
}

/// A contract.
#[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// Its address.
    pub address: Address,
    /// Who deployed it and may upgrade it.
    pub brand: Address,
    /// Its name, from its metadata.
    pub name: String,
    /// Keccak-256 of its code.
    pub code: Hash,
    /// Counts its upgrades, from 1.
    pub version: u32,
    /// The movements that it has rules for.
    pub rules: Vec<Kind>,
    /// What it takes and answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<Interface>,
}

/// What can be asked of a contract, what it emits and why it refuses.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Interface {
    /// What the contract is for.
    pub docs: String,
    /// The contract's own version, such as `0.1.0`.
    pub release: String,
    /// The arguments of its deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<Function>,
    /// What it can be told, in transactions.
    pub messages: Vec<Function>,
    /// What it can be asked.
    pub queries: Vec<Function>,
    /// What its rules demand.
    pub rules: Vec<Rule>,
    /// Why it refuses.
    pub refusals: Vec<RefusalKind>,
}

/// A message or query.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does.
    pub docs: String,
    /// Name, arguments with their types, and what it answers: `limit(gtin: Gtin) -> Decimal`.
    pub signature: String,
}

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The kind of movement.
    pub kind: String,
    /// What it demands.
    pub docs: String,
}

/// A way in which a contract refuses.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefusalKind {
    /// Its stable number.
    pub code: u32,
    /// Its stable name.
    pub name: String,
    /// What happened; `{field}` stands for a value.
    pub message: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}
