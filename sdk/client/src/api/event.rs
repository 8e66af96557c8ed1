//! Events and refusals.

use super::method::{Page, Recorded, TimeSpan, methods};
use marque_primitives::action::{Capture, Kind, Right};
use marque_primitives::detail::Detail;
use marque_primitives::history::{Counterparty, Decided, Terms};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, Hash, Height, Position, TimeMs};

methods! {
    /// One event.
    "event_get" EventGet(
        /// Its CBV event hash (0x hex or `ni:///sha-256;…`), its eventID, or its position.
        id: String,
    )[] -> Event;
    /// Events that all given filters name, in order of their recording.
    "event_query" EventQuery()[
        /// That name this thing or class, or a range with it.
        epc: String,
        /// That name this lot or items of it.
        lot: String,
        /// Signed for this party, or given to or received by it.
        party: String,
        /// Seen or located thereafter here.
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
        /// Happened within.
        event_time: TimeSpan,
        /// Recorded within.
        record_time: TimeSpan,
        /// Only those that were, or were not, declared to be errors.
        error_declared: bool,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
        /// Also as an EPCIS 2.0 document.
        epcis: bool,
    ] -> Recorded<Event>;
    /// Events as they are recorded, that all given filters name; `event_unsubscribe` ends it.
    /// Each is an `event` notification with an [`Event`].
    "event_subscribe" EventSubscribe()[
        /// From this height on; from the next block on unless given.
        from_height: Height,
        /// That name this thing or class, or a range with it.
        epc: String,
        /// That name this lot or items of it.
        lot: String,
        /// Signed for this party, or given to or received by it.
        party: String,
        /// Seen or located thereafter here.
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
    ] -> String;
    /// Refused transactions, in their order.
    "refusal_query" RefusalQuery()[
        /// By this contract.
        contract: Address,
        /// Of things of this product.
        product: String,
        /// Of transactions of this party.
        party: String,
        /// With this name.
        rule: String,
        /// In blocks made within.
        time: TimeSpan,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Refused>;
}

impl From<EventSubscribe> for EventQuery {
    fn from(asked: EventSubscribe) -> Self {
        Self {
            epc: asked.epc,
            lot: asked.lot,
            party: asked.party,
            place: asked.place,
            biz_step: asked.biz_step,
            disposition: asked.disposition,
            action: asked.action,
            document: asked.document,
            contract: asked.contract,
            event_time: None,
            record_time: None,
            error_declared: None,
            cursor: None,
            limit: None,
            epcis: None,
        }
    }
}

/// What was recorded of one action.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// What it said beyond them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Why a report stayed an observation, if it could have been more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Refusal>,
    /// Recorded out of the order of event times.
    pub late: bool,
    /// The event of the claim that this acceptance completes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Position>,
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The key that signed.
    pub signer: Address,
    /// Which action, from 0.
    pub action: u32,
    /// What kind of action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Why.
    pub refusal: Refusal,
}
