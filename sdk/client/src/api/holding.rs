//! What parties hold and what waits for them.

use super::method::{Page, methods};
use marque_primitives::action::{OfferId, Right};
use marque_primitives::credential::{CredentialKind, CredentialNumber};
use marque_primitives::date::Date;
use marque_primitives::detail::Document;
use marque_primitives::gs1::LotNumber;
use marque_primitives::record;
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
    /// What other parties say of a party, such as its licences, by issuer and kind.
    "party_credentials" PartyCredentials(
        /// The party's account, GLN or PGLN.
        address: String,
    )[
        /// Of this issuer alone: its account, GLN or PGLN.
        issuer: String,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Credential>;
}

/// A run, asset, unit or quantity by itself, its lot's, product's and parents' state not
/// counted in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// What it is.
    pub thing: Thing,
    /// Whose it was before it was packed, and is when it is unpacked; its parents' custodian
    /// has it while it is packed.
    pub custodian: Option<Address>,
    /// Who owns it; none: someone without an account.
    pub owner: Option<Address>,
    /// What it is packed in.
    pub parent: Option<ThingId>,
    /// The open offer on it.
    pub offer: Option<OfferId>,
    /// Its own status.
    pub status: record::Status,
    /// The lot of items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotNumber>,
    /// Their last good day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Date>,
    /// CBV disposition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<String>,
}

/// An offer as a party sees it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct InboxItem {
    /// Whether it was made to the party or by it.
    pub direction: Direction,
    /// The offer.
    pub offer: Offer,
}

/// Which way an offer goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the party.
    In,
    /// By the party.
    Out,
}

/// What an issuer last said of a party, under one kind.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// Who says it.
    pub issuer: Address,
    /// What it is.
    pub kind: CredentialKind,
    /// What the issuer knows it by.
    pub number: CredentialNumber,
    /// The first moment at which it holds.
    pub from: TimeMs,
    /// The last one; none: until it is revoked.
    pub until: Option<TimeMs>,
    /// From when on it was revoked.
    pub revoked: Option<TimeMs>,
    /// Whether it holds at the time of the newest block.
    pub valid: bool,
    /// The event that wrote it last.
    pub event: Position,
}

/// An open offer.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
