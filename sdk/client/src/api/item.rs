//! Things as they stand.

use super::holding::{Held, Offer};
use super::method::{Page, methods};
use marque_primitives::action::RecallId;
use marque_primitives::bounded::Bytes;
use marque_primitives::date::Date;
use marque_primitives::detail::Place;
use marque_primitives::gs1::LotNumber;
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, Hash, Height, TimeMs};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

methods! {
    /// How a thing stands, or each of a list of things.
    "item_get" ItemGet(
        /// The thing, or a list of things.
        id: OneOrMany,
    )[
        /// As of the block at this height.
        at: Height,
    ] -> Items;
    /// What proves how a thing stands, or that it has no record, to who trusts no node.
    "item_prove" ItemProve(
        /// The thing.
        id: String,
    )[
        /// As of the block at this height, one of the newest 256.
        at: Height,
    ] -> Proof;
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
    ] -> Page<Held>;
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

/// A proof, in the encodings that verifiers hash. `marque-proof` checks it: the header against
/// the chain's genesis and validators (`chain_genesis`), the state against the header.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// The block as of which it speaks.
    pub height: Height,
    /// Its time: a proof says nothing of later.
    pub time: TimeMs,
    /// The header and its certificate, in SCALE.
    pub header: Bytes<PROOF_MAX>,
    /// The leaves of the thing, its lot, its product, and the same of everything that holds it,
    /// with their paths, in SCALE.
    pub state: Bytes<PROOF_MAX>,
    /// The entries of its own history, oldest first, each in SCALE: each names the one before
    /// by its hash, and the record in the state names the last.
    pub history: Vec<Bytes<PROOF_MAX>>,
}

/// Bytes of a part of a proof at most.
pub const PROOF_MAX: usize = 1 << 20;

/// One name or a list of them, 1,000 at most.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// A list.
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match Value::deserialize(d)? {
            Value::String(text) => Ok(Self::One(text)),
            list @ Value::Array(_) => serde_json::from_value(list)
                .map(Self::Many)
                .map_err(D::Error::custom),
            _ => Err(D::Error::custom(
                "expected an identifier or a list of identifiers",
            )),
        }
    }
}

/// An item for one name, a list for a list.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Items {
    /// The one.
    One(Box<Item>),
    /// In the order of the names; none where the ledger has no record.
    Many(Vec<Option<Item>>),
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        let read = if value.is_array() {
            serde_json::from_value(value).map(Self::Many)
        } else {
            serde_json::from_value(value).map(|item| Self::One(Box::new(item)))
        };
        read.map_err(D::Error::custom)
    }
}

/// How a thing stands, its lot, product and parents counted in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// How many entries.
    pub length: u64,
    /// Hash of the newest.
    pub head: Hash,
}

/// Whether a label agrees with the ledger.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Sellable {
    /// Whether its custodian's release would happen.
    pub sellable: bool,
    /// If not: the kernel's or the contract's rule that says so.
    pub refusal: Option<Refusal>,
    /// The contract that rules its movements.
    pub contract: Option<Address>,
}
