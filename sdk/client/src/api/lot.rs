//! Lots: how they stand, who holds them, where they came from and went.

use super::holding::Held;
use super::item::{History, Status};
use super::method::{Page, methods};
use marque_primitives::action::RecallId;
use marque_primitives::date::Date;
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Address, Position, TimeMs, Unit};

methods! {
    /// How a lot stands, and its quantities by holder.
    "lot_get" LotGet(
        /// GTIN and lot number.
        lot: String,
    )[
        /// Where to go on with the quantities.
        cursor: String,
        /// How many of them.
        limit: u32,
    ] -> Lot;
    /// The serialised items of a lot.
    "lot_items" LotItems(
        /// GTIN and lot number.
        lot: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Held>;
    /// Upstream through transformations: what a lot was made from.
    "lot_origins" LotOrigins(
        /// GTIN and lot number.
        lot: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<LotLink>;
    /// Downstream, through packing and transformations: all that a recall of a lot touches.
    "recall_reach" RecallReach(
        /// GTIN and lot number.
        lot: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Reached>;
}

/// How a lot stands.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lot {
    /// The lot.
    pub lot: LotId,
    /// The licensee; none: external.
    pub brand: Option<Address>,
    /// Its last good day.
    pub expiry: Option<Date>,
    /// What its quantities are counted in.
    pub unit: Option<Unit>,
    /// The worst of its own and its product's.
    pub status: Status,
    /// Open recalls of it and of its product.
    pub recalls: Vec<RecallId>,
    /// When it began.
    pub created: TimeMs,
    /// The end of its history.
    pub history: History,
    /// Its quantities, by who has, owns and has packed them.
    pub holdings: Page<Held>,
}

/// A step from one lot through a transformation.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LotLink {
    /// The lot at which the step begins.
    pub from: LotId,
    /// The lot to which it leads, if what it leads to has one.
    pub lot: Option<LotId>,
    /// What the transformation used.
    pub thing: Thing,
    /// The event that says so.
    pub event: Position,
    /// Steps from the lot that was asked for, from 1.
    pub depth: u32,
}

/// Something that a lot, or what was made of it, is in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// The lot that was asked for, or one made of it.
    pub lot: LotId,
    /// Items or a quantity of it.
    pub thing: Thing,
    /// Who has it, its parents counted in.
    pub holder: Option<Address>,
    /// What holds it, from the inside out.
    pub parents: Vec<ThingId>,
}
