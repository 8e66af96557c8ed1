//! EPCIS documents in.

use super::method::methods;
use super::transaction::Encoded;
use marque_primitives::action::Action;
use marque_primitives::{Address, Hash};

methods! {
    /// Captures an EPCIS 2.0 document, event by event. An event whose signed transaction is
    /// given is sent, in order of eventTime; one whose signature is missing is answered with
    /// the account and the action that it waits for (see `tx_encode`), so that the same
    /// document can be sent again with it.
    "epcis_capture" EpcisCapture(
        /// The document, as JSON-LD: as it is written, since the node reads it by stricter rules
        /// than most (a key that stands twice is an error).
        #[cfg_attr(feature = "schema", schemars(with = "super::schema::Object"))]
        document: Box<serde_json::value::RawValue>,
    )[
        /// Signed transactions, each of one captured event.
        transactions: Vec<Encoded>,
        /// Who answers for events that name nobody: account, GLN or PGLN.
        party: String,
    ] -> Capture;
}

/// What became of a document.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// In their order in the document.
    pub events: Vec<CapturedEvent>,
    /// How many of each.
    pub totals: CaptureTotals,
    /// Contexts that are not built in: what they would expand stays as it is written.
    pub unresolved: Vec<String>,
}

/// What became of an event.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CapturedEvent {
    /// Its own id.
    pub event_id: Option<String>,
    /// Its CBV 2.0 event hash.
    pub hash: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How it ended.
    pub outcome: CaptureOutcome,
    /// The reason's stable name, or what is wrong with the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reason in words, with the values that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The field at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The transaction that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tx: Option<Hash>,
    /// Of a pending event: who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Address>,
    /// Of a pending event: the action that they have to sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
}

/// How an event ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CaptureOutcome {
    /// Custody moved or structure changed.
    Accepted,
    /// Kept, nothing moved.
    Observed,
    /// Recorded before.
    Duplicate,
    /// Not signed yet.
    Pending,
    /// Not kept.
    Refused,
    /// Its form is wrong.
    Invalid,
}

impl CaptureOutcome {
    /// The word that tables and totals have for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Observed => "observed",
            Self::Duplicate => "duplicate",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Invalid => "invalid",
        }
    }
}

/// How many of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaptureTotals {
    /// All events.
    pub events: u64,
    /// Of which custody moved or structure changed.
    pub accepted: u64,
    /// Of which were kept, and nothing moved.
    pub observed: u64,
    /// Of which were recorded before.
    pub duplicate: u64,
    /// Of which are not signed yet.
    pub pending: u64,
    /// Of which were not kept.
    pub refused: u64,
    /// Of which the form is wrong.
    pub invalid: u64,
}

impl CaptureTotals {
    /// Counts an event.
    pub fn count(&mut self, outcome: CaptureOutcome) {
        let counter = match outcome {
            CaptureOutcome::Accepted => &mut self.accepted,
            CaptureOutcome::Observed => &mut self.observed,
            CaptureOutcome::Duplicate => &mut self.duplicate,
            CaptureOutcome::Pending => &mut self.pending,
            CaptureOutcome::Refused => &mut self.refused,
            CaptureOutcome::Invalid => &mut self.invalid,
        };
        *counter = counter.saturating_add(1);
        self.events = self.events.saturating_add(1);
    }
}
