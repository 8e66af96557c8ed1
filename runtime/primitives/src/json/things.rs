//! Things: a name, a range of serials, a quantity of a lot or class.

use super::{integer, naming};
use crate::amount::{Amount, Decimal};
use crate::gs1::{Gtin, Identifier, LotNumber, Serial};
use crate::thing::{Line, LotId, Run, Thing, Uri};
use alloc::string::{String, ToString};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// `{"gtin": …, "from": "000001", "count": 10000}`; `grai` for returnable assets.
#[derive(serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ThingRange"))]
#[serde(deny_unknown_fields)]
pub(super) struct Range {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    gtin: Option<Gtin>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    grai: Option<Line>,
    from: Serial,
    #[serde(with = "integer")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "crate::Position", description = "How many")
    )]
    count: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    lot: Option<LotNumber>,
}

impl Range {
    fn into_thing(self) -> Result<Thing, &'static str> {
        let line = match (self.gtin, self.grai) {
            (Some(gtin), None) => Line::Product(gtin),
            (None, Some(line @ Line::Returnable(_))) => line,
            _ => return Err("a range names either `gtin` or `grai`"),
        };
        let run = Run::new(line, self.from, self.count).ok_or(
            "a range counts at least 1, begins with a serial of digits alone, and its last serial has as \
             many digits as the first",
        )?;
        Ok(Thing::Run { run, lot: self.lot })
    }
}

/// `{"lot": "https://id.gs1.org/01/…/10/…", "quantity": "12.5", "unit": "KGM"}`.
#[derive(serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct LotQuantity {
    lot: LotId,
    quantity: Decimal,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    unit: Option<String>,
}

/// `{"class": "https://id.gs1.org/01/…", "quantity": "3"}`: for observations.
#[derive(serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ClassQuantity"))]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    class: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    quantity: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    unit: Option<String>,
}

impl Class {
    fn into_thing(self) -> Result<Thing, String> {
        let amount = match (self.quantity, &self.unit) {
            (Some(value), unit) => {
                Some(Amount::new(value, unit.as_deref()).map_err(|error| error.to_string())?)
            }
            (None, None) => None,
            (None, Some(_)) => return Err("`unit` stands beside a `quantity`".into()),
        };
        let id = class_id(&self.class)?;
        Ok(Thing::Class { id, amount })
    }
}

/// The canonical name of a class; an EPC pattern that no key stands for, as it is.
fn class_id(text: &str) -> Result<Uri, String> {
    match text.parse::<Identifier>() {
        Ok(identifier) => naming::uri_of(&identifier).map_err(|error| super::quoted(text, &error)),
        Err(_) if text.starts_with("urn:epc:idpat:") => {
            Uri::new(text).map_err(|error| super::quoted(text, &error))
        }
        Err(error) => Err(super::quoted(text, &error)),
    }
}

impl Serialize for Thing {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Run { run, lot } => match (run.count(), run.line(), lot) {
                (1, Line::Product(gtin), Some(lot)) => s.collect_str(&Identifier::Sgtin {
                    gtin,
                    serial: *run.first(),
                    lot: Some(*lot),
                    variant: None,
                }),
                (1, ..) => self.id().serialize(s),
                (count, line, lot) => {
                    let (gtin, grai) = match line {
                        Line::Product(gtin) => (Some(gtin), None),
                        Line::Returnable(_) => (None, Some(line)),
                    };
                    Range {
                        gtin,
                        grai,
                        from: *run.first(),
                        count,
                        lot: *lot,
                    }
                    .serialize(s)
                }
            },
            Self::Asset(_) | Self::Unit(_) | Self::Opaque(_) => self.id().serialize(s),
            Self::Lot { id, amount } => LotQuantity {
                lot: id.clone(),
                quantity: amount.value,
                unit: amount.unit.code().map(Into::into),
            }
            .serialize(s),
            Self::Class { id, amount }
                if amount.is_none() && naming::thing(id).as_ref() == Ok(self) =>
            {
                s.serialize_str(id)
            }
            Self::Class { id, amount } => Class {
                class: id.to_string(),
                quantity: amount.as_ref().map(|amount| amount.value),
                unit: amount
                    .as_ref()
                    .and_then(|amount| amount.unit.code())
                    .map(Into::into),
            }
            .serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Thing {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        let Value::Object(fields) = &value else {
            let Value::String(text) = value else {
                return Err(D::Error::custom(
                    "a thing is named by its identifier, or by an object with `gtin`, `grai`, `lot` or `class`",
                ));
            };
            return naming::thing(&text)
                .map_err(|error| D::Error::custom(super::quoted(&text, &error)));
        };
        if fields.contains_key("gtin") || fields.contains_key("grai") {
            let range: Range = serde_json::from_value(value).map_err(D::Error::custom)?;
            return range.into_thing().map_err(D::Error::custom);
        }
        if fields.contains_key("class") {
            let class: Class = serde_json::from_value(value).map_err(D::Error::custom)?;
            return class.into_thing().map_err(D::Error::custom);
        }
        let lot: LotQuantity = serde_json::from_value(value).map_err(D::Error::custom)?;
        let amount = Amount::new(lot.quantity, lot.unit.as_deref()).map_err(D::Error::custom)?;
        Ok(Self::Lot {
            id: lot.lot,
            amount,
        })
    }
}
