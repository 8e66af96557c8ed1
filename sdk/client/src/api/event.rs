//! Events and refusals.

use super::method::{Page, methods};
use marque_primitives::action::{Capture, Kind, Right};
use marque_primitives::detail::Detail;
use marque_primitives::history::{Counterparty, Decided};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, Hash, Height, Position, TimeMs};

methods! {
    /// One event.
    "event_get" EventGet(
        /// Its hash (the ledger's, or of a captured event the CBV hash), its eventID, or its
        /// position.
        id: String,
    )[] -> Event;
    /// Events that all given filters name, the newest recorded first.
    "event_query" EventQuery()[
        /// That name this thing, or a range with it.
        epc: String,
        /// That name this lot or items of it.
        lot: String,
        /// Signed for this party, or given to or received by it.
        party: String,
        /// Seen or located here.
        place: String,
        /// CBV business step.
        biz_step: String,
        /// CBV disposition.
        disposition: String,
        /// Kind of action.
        action: Kind,
        /// Of this document.
        document: String,
        /// Decided by this contract.
        contract: Address,
        /// Happened at or after.
        from_event_time: TimeMs,
        /// Happened before.
        to_event_time: TimeMs,
        /// Recorded at or after.
        from_record_time: TimeMs,
        /// Recorded before.
        to_record_time: TimeMs,
        /// Only those that were, or were not, declared to be errors.
        error_declared: bool,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Event>;
    /// Refused transactions, the newest first.
    "refusal_query" RefusalQuery()[
        /// By this contract.
        contract: Address,
        /// Of things of this product.
        product: String,
        /// Of transactions of this party.
        party: String,
        /// With this name.
        rule: String,
        /// At or after.
        from: TimeMs,
        /// Before.
        to: TimeMs,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Refused>;
}

/// What was recorded of one action.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its place in the ledger's sequence.
    pub position: Position,
    /// Its hash, as entries and the header's events root hold it.
    pub hash: Hash,
    /// The block.
    pub height: Height,
    /// The block's time.
    pub recorded: TimeMs,
    /// The transaction.
    pub transaction: Hash,
    /// Which of its actions.
    pub action: u32,
    /// What happened.
    pub kind: Kind,
    /// The key that signed.
    pub signer: Address,
    /// On whose behalf.
    pub account: Address,
    /// Who gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Counterparty>,
    /// Who received or was offered to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Counterparty>,
    /// Which right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Right>,
    /// What the action named.
    pub items: Vec<Thing>,
    /// The unit it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ThingId>,
    /// Why a report stayed an observation, if it could have been more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Refusal>,
    /// Recorded out of the order of event times.
    pub late: bool,
    /// The rules that decided.
    pub decided: Vec<Decided>,
    /// When, where, why and with what evidence.
    pub detail: Detail,
    /// What a captured event is known by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
    /// The event that declared this one to be an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Position>,
}

/// A refused transaction.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// The transaction.
    pub transaction: Hash,
    /// The block.
    pub height: Height,
    /// The block's time.
    pub time: TimeMs,
    /// On whose behalf.
    pub account: Address,
    /// Which action, from 0.
    pub action: u32,
    /// What kind of action.
    pub kind: Kind,
    /// Why.
    pub refusal: Refusal,
}
