//! The instance and lot master data that operations carry.

use crate::context::Context;
use marque_primitives::date::Date;
use marque_primitives::gs1::LotNumber;
use serde_json::{Map, Value};

/// Lot and expiry of what an event brings into being.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ilmd {
    /// The lot of serialised things.
    pub lot: Option<LotNumber>,
    /// The last day on which they are good.
    pub expiry: Option<Date>,
}

/// Namespaces whose words mean what GS1 says: CBV master data and the Web Vocabulary.
const NAMESPACES: [&str; 3] = [
    "urn:epcglobal:cbv:mda:",
    "https://gs1.org/voc/",
    "https://ref.gs1.org/voc/",
];
const LOT: [&str; 3] = ["lotNumber", "hasBatchLotNumber", "batchLotNumber"];
const EXPIRY: [&str; 4] = [
    "itemExpirationDate",
    "expirationDate",
    "expirationDateTime",
    "useByDate",
];

impl Ilmd {
    /// Reads what is there; what has another form stays a fact.
    pub fn read(members: &Map<String, Value>, context: &Context) -> Self {
        let find = |names: &[&str]| {
            members.iter().find_map(|(key, value)| {
                let iri = context.expand(key);
                let known = NAMESPACES
                    .iter()
                    .filter_map(|ns| iri.strip_prefix(ns))
                    .any(|local| names.contains(&local));
                if known {
                    value.as_str().map(str::trim)
                } else {
                    None
                }
            })
        };
        Self {
            lot: find(&LOT).and_then(|text| LotNumber::new(text).ok()),
            expiry: find(&EXPIRY).and_then(Date::parse),
        }
    }
}
