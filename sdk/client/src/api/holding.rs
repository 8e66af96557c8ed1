//! What parties hold and what waits for them.

use super::method::{Page, methods};
use marque_primitives::action::{OfferId, Right};
use marque_primitives::detail::Document;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, Position, TimeMs};

methods! {
    /// What waits for a party to accept, then what it has offered.
    "party_inbox" PartyInbox(
        /// The party's account, GLN or PGLN.
        address: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<InboxItem>;
}

/// Something that a party holds.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// What: a thing, a range, or a quantity of a lot.
    pub thing: Thing,
    /// Who owns it.
    pub owner: Option<Address>,
    /// What it is packed in.
    pub parent: Option<ThingId>,
    /// The open offer on it.
    pub offer: Option<OfferId>,
    /// Whether it is quarantined by itself.
    pub quarantined: bool,
}

/// An offer as a party sees it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboxItem {
    /// Whether it was made to the party or by it.
    pub direction: Direction,
    /// The offer.
    pub offer: Offer,
}

/// Which way an offer goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the party.
    In,
    /// By the party.
    Out,
}

/// An open offer.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Its number.
    pub id: OfferId,
    /// Who offers.
    pub from: Address,
    /// Who alone may accept.
    pub to: Address,
    /// Which right.
    pub what: Right,
    /// Until when, by block time.
    pub deadline: Option<TimeMs>,
    /// Whether the deadline has passed, so that it can only be withdrawn.
    pub expired: bool,
    /// When it was made, by block time.
    pub made: TimeMs,
    /// What was offered.
    pub items: Vec<Thing>,
    /// Items and units of it that are still open.
    pub open: u64,
    /// Quantities of lots that are still open.
    pub open_lots: Vec<Thing>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// The event that made it.
    pub event: Position,
}
