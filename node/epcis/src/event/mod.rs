//! What an EPCIS event says, typed. Identifiers are texts as they were given; terms are
//! expanded; numbers keep their digits.

mod fields;
mod read;
mod sensor;
#[cfg(test)]
mod tests;

pub use sensor::{SensorElement, SensorReport};

use crate::decimal::Decimal;
use crate::timestamp::Timestamp;
use crate::vocabulary::Term;
use serde_json::{Map, Value};

/// The five event types of EPCIS 2.0 (7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// Something happened to objects.
    Object,
    /// Objects were put into or taken out of a parent.
    Aggregation,
    /// Objects were fixed to a parent, which may be a place.
    Association,
    /// Objects were linked to documents.
    Transaction,
    /// Inputs became outputs.
    Transformation,
}

impl EventType {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Object,
        Self::Aggregation,
        Self::Association,
        Self::Transaction,
        Self::Transformation,
    ];

    /// `ObjectEvent`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "ObjectEvent",
            Self::Aggregation => "AggregationEvent",
            Self::Association => "AssociationEvent",
            Self::Transaction => "TransactionEvent",
            Self::Transformation => "TransformationEvent",
        }
    }
}

/// How an event relates to the life of what it names (EPCIS 2.0, 7.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Begun or added.
    Add,
    /// Seen; neither added nor ended.
    Observe,
    /// Ended or taken away.
    Delete,
}

impl Action {
    /// `ADD`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Observe => "OBSERVE",
            Self::Delete => "DELETE",
        }
    }
}

/// A class and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The class: a lot, a product or a pattern.
    pub class: String,
    /// How much; not known if left out.
    pub amount: Option<Decimal>,
    /// UN/ECE Recommendation 20 code; a count if left out.
    pub uom: Option<String>,
}

/// Instances and quantities on one side of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Things {
    /// Instance-level identifiers.
    pub epcs: Vec<String>,
    /// Class-level identifiers with amounts.
    pub quantities: Vec<Quantity>,
}

impl Things {
    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.epcs.is_empty() && self.quantities.is_empty()
    }
}

/// A typed reference: a business transaction, a source or a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its type; only a business transaction may have none.
    pub kind: Option<Term>,
    /// The document, party or place.
    pub id: String,
}

/// The statement that an event of this content was wrong (EPCIS 2.0, 7.4.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDeclaration {
    /// When it was declared.
    pub time: Timestamp,
    /// Why.
    pub reason: Option<Term>,
    /// The events that take its place.
    pub corrective: Vec<String>,
    /// SHA-256 over its content, whatever its spelling.
    pub digest: [u8; 32],
}

/// An event that has the form that EPCIS 2.0 asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its type.
    pub kind: EventType,
    /// When it happened.
    pub time: Timestamp,
    /// The local clock's offset from UTC in minutes.
    pub offset: i16,
    /// When another repository recorded it.
    pub record_time: Option<Timestamp>,
    /// eventID.
    pub id: Option<String>,
    /// Present if the event declares an event of the same content wrong.
    pub error: Option<ErrorDeclaration>,
    /// What it does; a transformation has none.
    pub action: Option<Action>,
    /// bizStep.
    pub step: Option<Term>,
    /// disposition.
    pub disposition: Option<Term>,
    /// Persistent dispositions that begin.
    pub set: Vec<Term>,
    /// Persistent dispositions that end.
    pub unset: Vec<Term>,
    /// Where it was seen.
    pub read_point: Option<String>,
    /// Where it is thereafter.
    pub location: Option<String>,
    /// bizTransactionList.
    pub documents: Vec<Reference>,
    /// sourceList.
    pub sources: Vec<Reference>,
    /// destinationList.
    pub destinations: Vec<Reference>,
    /// parentID of an aggregation, association or transaction.
    pub parent: Option<String>,
    /// What it is about: epcList and quantityList, or the children.
    pub objects: Things,
    /// What a transformation consumes.
    pub inputs: Things,
    /// What it brings forth.
    pub outputs: Things,
    /// transformationID: joins events that are sides of one transformation.
    pub transformation: Option<String>,
    /// sensorElementList.
    pub sensors: Vec<SensorElement>,
    /// certificationInfo.
    pub certification: Vec<String>,
    /// Instance and lot master data.
    pub ilmd: Map<String, Value>,
    /// Fields that are not of EPCIS, as they came.
    pub extensions: Map<String, Value>,
}
