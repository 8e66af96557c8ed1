//! When, where, why and with what evidence: the part that every movement shares.

use crate::TimeMs;
use crate::amount::Decimal;
use crate::bounded::{Bytes, List, Text};
use crate::gs1::{Gln, GlnExtension};
use crate::hash::Hash;
use crate::thing::Uri;
use parity_scale_codec::{Decode, Encode, Error, Input};

/// A vocabulary term: the bare CBV word (`in_transit`) or a private URI.
pub type Term = Text<255>;

/// Names a fact: the key data element's name, such as `traceabilityLotCode`.
pub type FactName = Text<64>;

/// Where something is or happened.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum Place {
    /// A registered location: GLN with its extension, if any (SGLN).
    #[codec(index = 0)]
    Gln {
        /// The location.
        gln: Gln,
        /// A place within it.
        extension: Option<GlnExtension>,
    },
    /// `geo:` or any other URI.
    #[codec(index = 1)]
    Uri(Uri),
}

/// A document that a movement belongs to (EPCIS business transaction).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(deny_unknown_fields))]
pub struct Document {
    /// CBV type, such as `po` or `desadv`; empty if none is given.
    #[cfg_attr(feature = "host", serde(rename = "type", default))]
    pub kind: Term,
    /// Its URI.
    pub id: Uri,
}

/// A fact that rules read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum FactValue {
    /// Any words.
    #[codec(index = 0)]
    Text(Text<1024>),
    /// A canonical identifier or other URI.
    #[codec(index = 1)]
    Id(Uri),
    /// A moment.
    #[codec(index = 2)]
    Time(TimeMs),
    /// A number with its UN/ECE unit, if any; not converted.
    #[codec(index = 3)]
    Decimal {
        /// The number.
        value: Decimal,
        /// Its unit's code.
        unit: Option<Text<16>>,
    },
}

/// A named fact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub struct Fact {
    /// Its name, once in a movement.
    pub name: FactName,
    /// Its value.
    pub value: FactValue,
}

/// Facts in ascending order of their names, each name once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode)]
pub struct Facts(List<Fact, 64>);

impl Facts {
    /// Sorts the facts; `None` if a name stands twice or they are more than 64.
    pub fn new(mut facts: alloc::vec::Vec<Fact>) -> Option<Self> {
        facts.sort_by(|a, b| a.name.cmp(&b.name));
        let distinct = facts.is_sorted_by(|a, b| a.name < b.name);
        distinct.then(|| List::new(facts).ok().map(Self))?
    }

    /// The value of a fact.
    pub fn get(&self, name: &str) -> Option<&FactValue> {
        self.0
            .binary_search_by(|fact| fact.name.as_str().cmp(name))
            .ok()
            .and_then(|at| self.0.get(at))
            .map(|fact| &fact.value)
    }

    /// All of them, in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Decode for Facts {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let facts = List::<Fact, 64>::decode(input)?;
        if !facts.is_sorted_by(|a, b| a.name < b.name) {
            return Err(Error::from(
                "facts are not in ascending order of their names",
            ));
        }
        Ok(Self(facts))
    }
}

/// What a sensor reported (EPCIS sensorReport), exact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "host",
    serde(deny_unknown_fields, rename_all = "camelCase", default)
)]
pub struct Sensor {
    /// Measured property, such as `Temperature`; for an alarm, the property it watches.
    #[cfg_attr(feature = "host", serde(rename = "type"))]
    pub kind: Term,
    /// UN/ECE code, such as CEL.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub unit: Option<Text<16>>,
    /// Lowest value in the span.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub min: Option<Decimal>,
    /// Highest value in the span.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub max: Option<Decimal>,
    /// Mean over the span.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub mean: Option<Decimal>,
    /// A single value.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub value: Option<Decimal>,
    /// Start of the span, or the moment of the value.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub from: Option<TimeMs>,
    /// End of the span.
    #[cfg_attr(feature = "host", serde(skip_serializing_if = "Option::is_none"))]
    pub to: Option<TimeMs>,
    /// Whether the device raised an alarm.
    pub alarm: bool,
}

/// The evidence of a movement: open to all, or a salted commitment to it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub enum Evidence {
    /// Read by rules, kept with the event and given back on trace.
    #[codec(index = 0)]
    Open(OpenEvidence),
    /// SHA-256 of salt and evidence; rules see no facts.
    #[codec(index = 1)]
    Commitment(Hash),
}

impl Default for Evidence {
    fn default() -> Self {
        Self::Open(OpenEvidence::default())
    }
}

/// Evidence that anyone may read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode)]
pub struct OpenEvidence {
    /// Key data elements and other named facts.
    pub facts: Facts,
    /// Sensor reports.
    pub sensors: List<Sensor, 256>,
    /// Documents that the movement belongs to.
    pub documents: List<Document, 64>,
    /// What no rule reads: canonical JSON, given back as it came.
    pub rest: Bytes<65536>,
}

/// When, where and why. A field left out is not known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Encode, Decode)]
pub struct Detail {
    /// When it happened; block time if not given.
    pub time: Option<TimeMs>,
    /// The local clock's offset from UTC in minutes, for display.
    pub offset: Option<i16>,
    /// Where it was seen (EPCIS readPoint).
    pub place: Option<Place>,
    /// Where it is thereafter (EPCIS bizLocation).
    pub location: Option<Place>,
    /// CBV business step.
    pub step: Option<Term>,
    /// CBV disposition thereafter.
    pub disposition: Option<Term>,
    /// Persistent dispositions that hold from now on.
    pub set: List<Term, 16>,
    /// Persistent dispositions that end.
    pub unset: List<Term, 16>,
    /// Facts, sensors, documents.
    pub evidence: Evidence,
}

impl Detail {
    /// The evidence if it is open.
    pub fn open(&self) -> Option<&OpenEvidence> {
        match &self.evidence {
            Evidence::Open(open) => Some(open),
            Evidence::Commitment(_) => None,
        }
    }
}
