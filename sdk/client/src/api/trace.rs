//! Journeys.

use super::event::{Event, Refused};
use super::method::{Recorded, methods};
use marque_primitives::action::Kind;
use marque_primitives::history::Role;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Hash, Position};

methods! {
    /// A thing's or lot's journey, oldest first, its parents' moves merged in while packed.
    "item_trace" ItemTrace(
        /// The thing or lot.
        id: String,
    )[
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
        /// With refused transactions, beside the chain.
        include_refused: bool,
        /// Also as an EPCIS 2.0 document.
        epcis: bool,
    ] -> Recorded<TraceLine>;
}

/// One line of a journey: something recorded, or something refused.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TraceLine {
    /// How it belongs to the journey.
    pub source: TraceSource,
    /// The parent in whose history it stands, for lines of [`TraceSource::Parent`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<ThingId>,
    /// Its entry in a hash-chained history; none for what stands beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<TraceEntry>,
    /// What was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// What was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

/// How a line belongs to a journey. The first two are proved by histories; the rest stand
/// beside the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TraceSource {
    /// It stands in the thing's own history.
    Own,
    /// It stands in the history of what held the thing at that time.
    Parent,
    /// It speaks of the lot as a whole.
    Lot,
    /// It speaks of the product as a whole.
    Product,
    /// A sighting by someone else.
    Beside,
    /// A transaction that was refused; nothing of it happened.
    Refused,
}

/// One line of a hash-chained history.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TraceEntry {
    /// Its place in the ledger's sequence.
    pub position: Position,
    /// Its hash: the head of the history that ends with it.
    pub hash: Hash,
    /// Its place in that history, from 0.
    pub index: u64,
    /// What it is about: a range that holds the thing, or what held it.
    pub subject: Thing,
    /// What part that had.
    pub role: Role,
    /// What happened to it.
    pub kind: Kind,
    /// Whether the ledger inferred it from a movement of the thing by its own name.
    pub inferred: bool,
}
