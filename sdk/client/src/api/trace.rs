//! Journeys.

use super::event::{Event, Refused};
use super::method::{Page, methods};
use marque_primitives::history::Role;
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Hash, Position};

methods! {
    /// A thing's or lot's journey, oldest first, its parents' moves merged in while packed.
    "item_trace" ItemTrace(
        /// The thing or lot.
        id: String,
    )[
        /// With refused transactions, beside the chain.
        include_refused: bool,
        /// Where to go on.
        cursor: String,
        /// How many.
        limit: u32,
    ] -> Page<TraceLine>;
}

/// One line of a journey.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TraceLine {
    /// An entry of the hash-chained history: the thing's own, or its parent's while packed.
    Entry(TraceEntry),
    /// Beside the chain: a sighting by others, a recall of the lot or product.
    Beside(Event),
    /// Beside the chain: a refused transaction.
    Refused(Refused),
}

/// An entry with its event.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceEntry {
    /// Its place in the ledger's sequence.
    pub position: Position,
    /// Its hash: the head of the history then.
    pub hash: Hash,
    /// Its place in the history of its own subject, from 0.
    pub index: u64,
    /// What the entry is about: a range that holds the thing, or its parent.
    pub subject: Thing,
    /// The parent whose entry it is; none: the thing's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<ThingId>,
    /// What part it had.
    pub role: Role,
    /// Whether the ledger inferred it from a movement of the thing by its own name.
    pub inferred: bool,
    /// The event.
    pub event: Event,
}
