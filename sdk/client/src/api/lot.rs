//! Lots: how they stand, who holds them, where they came from and went.

use super::holding::Held;
use super::item::{History, Status};
use super::method::{Page, methods};
use marque_primitives::action::RecallId;
use marque_primitives::date::Date;
use marque_primitives::thing::{LotId, Thing};
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
    ] -> Page<Linked>;
    /// Downstream, through packing and transformations: all that a recall of a lot touches.
    "recall_reach" RecallReach(
        /// GTIN and lot number.
        lot: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<Linked>;
}

/// How a lot stands.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
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

/// Something that a lot was made from, or that was made of it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Linked {
    /// The thing or quantity.
    pub thing: Thing,
    /// How many transformations lie between.
    pub depth: u32,
    /// The transformation that links it to the one before.
    pub event: Option<Position>,
    /// Who has it now.
    pub custodian: Option<Address>,
}
