//! What a captured event says: its type, its error declaration, and what it may stand for.

use super::{Operation, Things};
use crate::TimeMs;
use crate::bounded::List;
use crate::detail::{Detail, Term};
use crate::hash::Hash;
use crate::thing::{ThingId, Uri};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

/// The five EPCIS event types.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, MaxEncodedLen,
)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(missing_docs)] // EPCIS 2.0 section 7.4
pub enum EventType {
    #[codec(index = 0)]
    ObjectEvent,
    #[codec(index = 1)]
    AggregationEvent,
    #[codec(index = 2)]
    TransactionEvent,
    #[codec(index = 3)]
    TransformationEvent,
    #[codec(index = 4)]
    AssociationEvent,
}

/// What a captured event is known by.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CaptureKey"))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct Capture {
    /// The document's event type.
    pub event_type: EventType,
    /// CBV 2.0 event hash (SHA-256).
    pub hash: Hash,
    /// The event's own id.
    pub event_id: Option<Uri>,
    /// Present in an event that declares a recorded one to be an error.
    pub declaration: Option<ErrorDeclaration>,
}

/// EPCIS errorDeclaration (EPCIS 2.0 section 7.4.1.4).
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct ErrorDeclaration {
    /// SHA-256 of its pre-hash text (CBV 2.0 section 8.9.2): with the event hash it tells duplicates.
    pub digest: Hash,
    /// When it was declared.
    pub time: TimeMs,
    /// CBV error reason.
    pub reason: Option<Term>,
    /// Ids of the events that put it right.
    pub corrective: List<Uri, 16>,
}

/// Operations of a captured event at most.
pub const MAX_ATTEMPTS: usize = 16;

/// A captured event: the operations that it may stand for, in order of preference, and
/// what is kept in any case.
///
/// The first operation is tried; where it does not apply (nothing is offered, the receiver
/// is unknown), the next. If none is allowed, the things are observed and the first
/// operation's refusal is the reason. Recalls and lifts of recalls are no alternatives: each
/// is done after what else the event stands for, as far as it is allowed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct Report {
    /// What it is known by.
    pub capture: Capture,
    /// In order of preference; none: an observation from the start.
    #[cfg_attr(feature = "host", serde(default))]
    pub attempts: List<Operation, MAX_ATTEMPTS>,
    /// Everything that the event names, for its observation.
    #[cfg_attr(feature = "host", serde(default))]
    pub items: Things,
    /// The parent that it names.
    #[cfg_attr(feature = "host", serde(default))]
    pub parent: Option<ThingId>,
    /// When, where, why and with what evidence.
    #[cfg_attr(feature = "host", serde(default))]
    pub detail: Detail,
}
