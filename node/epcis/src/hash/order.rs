//! The canonical order of properties (CBV 2.0, 8.9.2, as the reference vectors have it),
//! and how the value of each is written.

use crate::context::Context;
use crate::decimal::Decimal;
use crate::identifier::canonical_uri;
use crate::timestamp::Timestamp;
use crate::vocabulary::{self, Term, Vocabulary};

/// How a value is written into the pre-hash string.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// CURIEs and URNs in full, identifiers canonical, numbers without needless zeros.
    Plain,
    /// A moment, in UTC with milliseconds.
    Time,
    /// A word of a vocabulary, in full.
    Word(Vocabulary),
}

impl Form {
    /// The value's canonical text; empty if it has none.
    pub fn write(self, text: &str, context: &Context) -> String {
        let text = text.trim();
        match self {
            Self::Time => Timestamp::parse(text).map_or_else(|| text.to_owned(), |t| t.to_string()),
            Self::Word(vocabulary) => plain(Term::read(text, vocabulary, context).iri()),
            Self::Plain => plain(&context.expand(text)),
        }
    }
}

fn plain(text: &str) -> String {
    let text = vocabulary::modernise(text);
    match Decimal::parse(&text) {
        Some(number) => number.as_str().to_owned(),
        None => canonical_uri(&text).into_owned(),
    }
}

/// A property and, if it has members, their order.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub form: Form,
    pub fields: &'static [Field],
}

impl Field {
    pub const fn new(name: &'static str, form: Form) -> Self {
        Self {
            name,
            form,
            fields: &[],
        }
    }
}

const fn plain_field(name: &'static str) -> Field {
    Field::new(name, Form::Plain)
}

const fn parent(name: &'static str, fields: &'static [Field]) -> Field {
    Field {
        name,
        form: Form::Plain,
        fields,
    }
}

const EPCS: &[Field] = &[plain_field("epc")];
const ID: &[Field] = &[plain_field("id")];
const QUANTITIES: &[Field] = &[parent(
    "quantityElement",
    &[
        plain_field("epcClass"),
        plain_field("quantity"),
        plain_field("uom"),
    ],
)];

/// The fields of an event.
pub const EVENT: &[Field] = &[
    Field::new("eventTime", Form::Time),
    plain_field("eventTimeZoneOffset"),
    plain_field("certificationInfo"),
    plain_field("parentID"),
    parent("epcList", EPCS),
    parent("inputEPCList", EPCS),
    parent("childEPCs", EPCS),
    parent("quantityList", QUANTITIES),
    parent("childQuantityList", QUANTITIES),
    parent("inputQuantityList", QUANTITIES),
    parent("outputEPCList", EPCS),
    parent("outputQuantityList", QUANTITIES),
    plain_field("action"),
    plain_field("transformationID"),
    Field::new("bizStep", Form::Word(Vocabulary::BizStep)),
    Field::new("disposition", Form::Word(Vocabulary::Disposition)),
    parent(
        "persistentDisposition",
        &[
            Field::new("set", Form::Word(Vocabulary::Disposition)),
            Field::new("unset", Form::Word(Vocabulary::Disposition)),
        ],
    ),
    parent("readPoint", ID),
    parent("bizLocation", ID),
    parent(
        "sensorElementList",
        &[parent(
            "sensorElement",
            &[
                parent("sensorMetadata", METADATA),
                parent("sensorReport", REPORT),
            ],
        )],
    ),
];

const METADATA: &[Field] = &[
    Field::new("time", Form::Time),
    Field::new("startTime", Form::Time),
    Field::new("endTime", Form::Time),
    plain_field("deviceID"),
    plain_field("deviceMetadata"),
    plain_field("rawData"),
    plain_field("dataProcessingMethod"),
    plain_field("bizRules"),
];

const REPORT: &[Field] = &[
    Field::new("type", Form::Word(Vocabulary::Measurement)),
    Field::new("exception", Form::Word(Vocabulary::SensorException)),
    plain_field("deviceID"),
    plain_field("deviceMetadata"),
    plain_field("rawData"),
    plain_field("dataProcessingMethod"),
    Field::new("time", Form::Time),
    plain_field("microorganism"),
    plain_field("chemicalSubstance"),
    plain_field("value"),
    Field::new("component", Form::Word(Vocabulary::Component)),
    plain_field("stringValue"),
    plain_field("booleanValue"),
    plain_field("hexBinaryValue"),
    plain_field("uriValue"),
    plain_field("minValue"),
    plain_field("maxValue"),
    plain_field("meanValue"),
    plain_field("sDev"),
    plain_field("percRank"),
    plain_field("percValue"),
    plain_field("uom"),
    plain_field("coordinateReferenceSystem"),
];

/// The fields of an error declaration.
pub const DECLARATION: &[Field] = &[
    Field::new("declarationTime", Form::Time),
    Field::new("reason", Form::Word(Vocabulary::ErrorReason)),
    plain_field("correctiveEventIDs"),
];
