//! Things as they stand.

use super::holding::{Held, Offer};
use super::method::{Page, methods};
use marque_primitives::action::RecallId;
use marque_primitives::date::Date;
use marque_primitives::detail::Place;
use marque_primitives::gs1::LotNumber;
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, Hash, Height, TimeMs};

methods! {
    /// How a thing stands.
    "item_get" ItemGet(
        /// The thing.
        id: String,
    )[
        /// As of the block at this height.
        at: Height,
    ] -> Item;
    /// Whether a label agrees with the ledger: the pharmacist's question.
    "item_verify" ItemVerify(
        /// The product.
        gtin: String,
        /// The serial.
        serial: String,
    )[
        /// The lot on the label.
        lot: String,
        /// The last good day on the label.
        expiry: Date,
    ] -> Verification;
    /// Whether a thing may be handed to a consumer now, and the rule that says so.
    "item_sellable" ItemSellable(
        /// The thing.
        id: String,
    )[
        /// Where it would be.
        place: String,
    ] -> Sellable;
    /// What is directly inside a thing.
    "item_children" ItemChildren(
        /// The thing.
        id: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Thing>;
    /// What a party holds.
    "holder_items" HolderItems(
        /// The holder's account, GLN or PGLN.
        address: String,
    )[
        /// Of this product alone.
        gtin: String,
        /// With what stands in the units that it holds.
        expand: bool,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Held>;
}

/// `item_get` with a list of things; an answer each, in order, none for the unknown.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItemGetMany {
    /// The things, 1,000 at most.
    pub id: Vec<String>,
    /// As of the block at this height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Height>,
}

impl super::Method for ItemGetMany {
    const NAME: &'static str = "item_get";
    type Output = Vec<Option<Item>>;
}

/// How a thing stands, its lot, product and parents counted in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The thing.
    pub id: ThingId,
    /// Itself and its neighbours that share one record.
    pub run: Thing,
    /// Never commissioned here: what is said of it is unverified.
    pub external: bool,
    /// Who answers for it.
    pub brand: Option<Address>,
    /// Who has it.
    pub custodian: Option<Address>,
    /// Who owns it; none: someone without an account, or external.
    pub owner: Option<Address>,
    /// The open offer on it.
    pub offer: Option<Offer>,
    /// What it is packed in.
    pub parent: Option<ThingId>,
    /// What that is packed in, and so on outwards.
    pub parents: Vec<ThingId>,
    /// Where it was last said to be.
    pub place: Option<Place>,
    /// Its lot.
    pub lot: Option<LotNumber>,
    /// Its last good day.
    pub expiry: Option<Date>,
    /// CBV disposition.
    pub disposition: Option<String>,
    /// Persistent dispositions.
    pub persistent: Vec<String>,
    /// The worst of its own, its lot's, its product's and its parents'.
    pub status: Status,
    /// Which of them says so.
    pub why: Why,
    /// Open recalls that reach it.
    pub recalls: Vec<RecallId>,
    /// When it last changed hands.
    pub moved: TimeMs,
    /// The end of its history.
    pub history: History,
}

/// An effective status, from best to worst.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Moves freely.
    Active,
    /// Held until released.
    Quarantined,
    /// Called back.
    Recalled,
    /// Decommissioned or used up.
    Ended,
}

/// What gives a thing its status.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// Its own record.
    Own,
    /// Its lot.
    Lot,
    /// Its product.
    Product,
    /// A unit that holds it.
    Parent(ThingId),
}

/// The end of a history.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// How many entries.
    pub length: u64,
    /// Hash of the newest.
    pub head: Hash,
}

/// Whether a label agrees with the ledger.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// The item.
    pub id: ThingId,
    /// Whether it was commissioned here.
    pub known: bool,
    /// Whether it is known and everything given agrees with its record.
    pub matches: bool,
    /// What does not agree.
    pub mismatches: Vec<Mismatch>,
    /// Its effective status, if it is known.
    pub status: Option<Status>,
    /// Which record gives it.
    pub why: Option<Why>,
}

/// A field of a label that is not as recorded.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mismatch {
    /// `serial`, `lot` or `expiry`.
    pub field: String,
    /// What the label says.
    pub given: String,
    /// What the record says; none if it says nothing.
    pub recorded: Option<String>,
}

/// Whether a thing may be handed to a consumer now.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sellable {
    /// Whether its custodian's release would happen.
    pub sellable: bool,
    /// If not: the kernel's or the contract's rule that says so.
    pub refusal: Option<Refusal>,
    /// The contract that rules its movements.
    pub contract: Option<Address>,
}
