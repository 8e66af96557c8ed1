//! What an exported event says of food.

use super::contents::Portion;
use crate::failure::Failure;
use crate::words;
use marque_epcis::Timestamp;
use marque_epcis::timestamp::offset_minutes;
use marque_primitives::TimeMs;
use marque_primitives::amount::Decimal;
use marque_primitives::gs1::{Gtin, Identifier, LotNumber, Serial};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An EPCIS event.
pub struct Event<'a>(&'a Map<String, Value>);

/// The canonical name of an identifier; any other text as it is.
pub fn canonical(text: &str) -> String {
    match text.parse::<Identifier>() {
        Ok(id) => id.constrained().to_canonical(),
        Err(_) => text.to_owned(),
    }
}

/// Whether a name is that of a logistic unit.
fn is_unit(name: &str) -> bool {
    matches!(name.parse::<Identifier>(), Ok(Identifier::Sscc(_)))
}

impl<'a> Event<'a> {
    /// As it was exported.
    pub fn new(members: &'a Map<String, Value>) -> Self {
        Self(members)
    }

    /// A member that is a text.
    pub fn text(&self, name: &str) -> &'a str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn list(&self, name: &str) -> &'a [Value] {
        let list = self.0.get(name).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    }

    pub fn is_transformation(&self) -> bool {
        self.text("type") == "TransformationEvent"
    }

    fn is_aggregation(&self) -> bool {
        self.text("type") == "AggregationEvent"
    }

    /// Begins something.
    pub fn adds(&self) -> bool {
        self.text("action") == "ADD"
            && matches!(self.text("type"), "ObjectEvent" | "AggregationEvent")
    }

    /// Takes something out of a unit.
    pub fn deletes(&self) -> bool {
        self.text("action") == "DELETE" && self.is_aggregation()
    }

    /// The unit that it is about.
    pub fn parent(&self) -> Option<String> {
        let parent = self
            .is_aggregation()
            .then(|| canonical(self.text("parentID")));
        parent.filter(|parent| !parent.is_empty())
    }

    /// The names of its lists.
    pub fn lists(&self) -> (&'static str, &'static str) {
        match self.is_aggregation() {
            true => ("childEPCs", "childQuantityList"),
            false => ("epcList", "quantityList"),
        }
    }

    /// The logistic units in its list.
    pub fn listed_units(&self) -> Vec<String> {
        let names = self.list(self.lists().0).iter().filter_map(Value::as_str);
        names.map(canonical).filter(|name| is_unit(name)).collect()
    }

    /// The unit that things were put into; with all units: those that are named at all.
    pub fn units(&self, all: bool) -> Vec<String> {
        let mut units = if all { self.listed_units() } else { Vec::new() };
        units.extend(self.parent().filter(|name| is_unit(name)));
        units
    }

    /// The units that it puts together, from outside inwards if all are followed.
    pub fn inside_or_around(&self, inwards: bool) -> Vec<String> {
        match (self.is_aggregation(), inwards) {
            (true, true) => self.listed_units(),
            (true, false) => self.units(false),
            (false, _) => Vec::new(),
        }
    }

    /// The lots that it made something of.
    pub fn lots_used(&self) -> Vec<String> {
        let stated = self.list("inputQuantityList").iter();
        let stated = stated.filter_map(|one| one["epcClass"].as_str());
        let is_lot = |name: &&str| matches!(name.parse(), Ok(Identifier::Lgtin { .. }));
        stated.filter(is_lot).map(canonical).collect()
    }

    /// The critical tracking event that it is, if it is one.
    pub fn critical(&self) -> Option<&'static str> {
        let step = self.text("bizStep").rsplit(['/', ':', '-']).next();
        let catch = self.0.get("ilmd").and_then(Value::as_object);
        let caught = catch.is_some_and(|it| it.keys().any(|key| key.ends_with("catchZone")));
        let cooled = self.list("sensorElementList").iter().any(|element| {
            let reports = element.get("sensorReport").and_then(Value::as_array);
            let mut reports = reports.into_iter().flatten();
            reports.any(|report| {
                report["type"]
                    .as_str()
                    .is_some_and(|kind| kind.ends_with("Temperature"))
            })
        });
        let observed = self.text("action") == "OBSERVE";
        let object = self.text("type") == "ObjectEvent";
        match step.unwrap_or_default() {
            _ if object && self.adds() && caught => Some("First Land-Based Receiving"),
            "creating_class_instance" | "harvesting" if object && self.adds() => Some("Harvesting"),
            _ if object && self.adds() => Some("Initial Packing"),
            "cooling" if observed => Some("Cooling"),
            "other" if observed && cooled => Some("Cooling"),
            "shipping" | "consigning" | "departing" if observed => Some("Shipping"),
            "transporting" if observed && !self.list("destinationList").is_empty() => {
                Some("Shipping")
            }
            "receiving" | "accepting" | "collecting" if observed => Some("Receiving"),
            _ => None,
        }
    }

    /// When it happened, by the clock where it was.
    pub fn date(&self) -> String {
        let offset = offset_minutes(self.text("eventTimeZoneOffset"));
        match Timestamp::parse(self.text("eventTime")) {
            Some(time) => words::moment(TimeMs(time.ms()), offset),
            None => String::new(),
        }
    }

    /// Where it happened.
    pub fn place(&self) -> Option<String> {
        let id = |name: &str| Some(self.0.get(name)?.get("id")?.as_str()?.to_owned());
        id("readPoint").or_else(|| id("bizLocation"))
    }

    /// The place of a side, else its party.
    pub fn side(&self, list: &str, name: &str) -> Option<String> {
        let of = |role: &str| {
            let mut side = self.list(list).iter();
            let found = side.find(|one| {
                one["type"]
                    .as_str()
                    .is_some_and(|kind| kind.ends_with(role))
            })?;
            Some(found.get(name)?.as_str()?.to_owned())
        };
        of("location")
            .or_else(|| of("possessing_party"))
            .or_else(|| of("owning_party"))
    }

    /// Types and numbers of the reference documents.
    pub fn documents(&self) -> (String, String) {
        let of = |name: &str| {
            let texts = self.list("bizTransactionList").iter();
            let texts = texts.map(|one| one[name].as_str().unwrap_or_default());
            texts.collect::<Vec<_>>().join("; ")
        };
        (of("type"), of("bizTransaction"))
    }

    /// How much of which lots a pair of lists names. Items are counted by lot: the one that
    /// the event says, else the one on record.
    pub fn portions(
        &self,
        (epcs, quantities): (&str, &str),
        lot_of: impl Fn(Gtin, Serial) -> Result<Option<LotNumber>, Failure>,
    ) -> Result<Vec<Portion>, Failure> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for name in self.list(epcs).iter().filter_map(Value::as_str) {
            let class = match name.parse::<Identifier>() {
                Ok(Identifier::Sgtin {
                    gtin, serial, lot, ..
                }) => {
                    let lot = match lot {
                        Some(lot) => Some(lot),
                        None => lot_of(gtin, serial)?,
                    };
                    class_of(gtin, lot)
                }
                Ok(Identifier::Sscc(_)) | Err(_) => continue,
                Ok(other) => other.constrained().to_canonical(),
            };
            let count = counts.entry(class).or_default();
            *count = count.saturating_add(1);
        }
        let counted = counts.into_iter().map(|(class, count)| Portion {
            class,
            quantity: Some(Decimal::from_integer(count)),
            unit: "EA".into(),
        });
        let stated = self.list(quantities).iter().map(|one| Portion {
            class: canonical(one["epcClass"].as_str().unwrap_or_default()),
            quantity: one.get("quantity").and_then(decimal),
            unit: one["uom"].as_str().unwrap_or("EA").to_owned(),
        });
        Ok(counted.chain(stated).collect())
    }
}

fn class_of(gtin: Gtin, lot: Option<LotNumber>) -> String {
    let variant = None;
    match lot {
        Some(lot) => Identifier::Lgtin { gtin, lot, variant },
        None => Identifier::Gtin { gtin, variant },
    }
    .to_canonical()
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
