//! Recalls.

use super::method::{Page, methods};
use marque_primitives::action::{RecallId, RecallTarget};
use marque_primitives::{Address, TimeMs};

methods! {
    /// A recall with its acknowledgements.
    "recall_get" RecallGet(
        /// Its number.
        id: RecallId,
    )[] -> Recall;
    /// Recalls by number.
    "recall_list" RecallList()[
        /// Of this brand.
        brand: Address,
        /// Only those that are open, or only those that are lifted.
        open: bool,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Recall>;
}

/// A recall; kept after it is lifted.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Recall {
    /// Its number.
    pub id: RecallId,
    /// The brand.
    pub by: Address,
    /// What is recalled.
    pub target: RecallTarget,
    /// Why.
    pub reason: String,
    /// What holders are to do.
    pub instructions: String,
    /// Who may receive recalled things beside the brand.
    pub collectors: Vec<Address>,
    /// When it was opened.
    pub opened: TimeMs,
    /// When it was lifted.
    pub lifted: Option<TimeMs>,
    /// How many holders have acknowledged it.
    pub acknowledged: u64,
    /// Who acknowledged it and what they did, the first 1,000; not in lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledgements: Vec<Acknowledgement>,
}

/// A holder's word that a recall was acted on.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// Who.
    pub by: Address,
    /// What was done.
    pub note: String,
}
