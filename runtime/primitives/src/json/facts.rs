//! Facts as a map: `{"traceabilityLotCode": "TLC-1", "quantity": {"value": "5", "unit": "CS"}}`.

use super::naming;
use crate::amount::Decimal;
use crate::bounded::Text;
use crate::detail::{Fact, FactName, FactValue, Facts};
use crate::gs1::Identifier;
use crate::{TimeMs, thing::Uri};
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

/// Words are a string, the rest says what it is: `{"id": …}`, `{"time": …}`,
/// `{"value": …, "unit": …}`.
impl Serialize for FactValue {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = match self {
            Self::Text(text) => return text.serialize(s),
            Self::Decimal { unit: Some(_), .. } => s.serialize_map(Some(2))?,
            _ => s.serialize_map(Some(1))?,
        };
        match self {
            Self::Text(_) => {}
            Self::Id(id) => map.serialize_entry("id", id)?,
            Self::Time(time) => map.serialize_entry("time", time)?,
            Self::Decimal { value, unit } => {
                map.serialize_entry("value", value)?;
                if let Some(unit) = unit {
                    map.serialize_entry("unit", unit)?;
                }
            }
        }
        map.end()
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    id: Option<String>,
    time: Option<TimeMs>,
    value: Option<Decimal>,
    unit: Option<Text<16>>,
}

impl<'de> Deserialize<'de> for FactValue {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        const FORMS: &str =
            "a fact is words, a number, {\"id\": …}, {\"time\": …} or {\"value\": …, \"unit\": …}";
        let object: Object = match Value::deserialize(d)? {
            Value::String(text) => {
                return Text::new(text).map(Self::Text).map_err(D::Error::custom);
            }
            number @ Value::Number(_) => {
                let value = serde_json::from_value(number).map_err(D::Error::custom)?;
                return Ok(Self::Decimal { value, unit: None });
            }
            object @ Value::Object(_) => {
                serde_json::from_value(object).map_err(D::Error::custom)?
            }
            _ => return Err(D::Error::custom(FORMS)),
        };
        match object {
            Object {
                id: Some(id),
                time: None,
                value: None,
                unit: None,
            } => identifier(&id).map(Self::Id).map_err(D::Error::custom),
            Object {
                time: Some(time),
                id: None,
                value: None,
                unit: None,
            } => Ok(Self::Time(time)),
            Object {
                value: Some(value),
                unit,
                id: None,
                time: None,
            } => Ok(Self::Decimal { value, unit }),
            _ => Err(D::Error::custom(FORMS)),
        }
    }
}

fn identifier(text: &str) -> Result<Uri, String> {
    let identifier: Identifier = text.parse().map_err(|error| super::quoted(text, &error))?;
    naming::uri_of(&identifier).map_err(|error| super::quoted(text, &error))
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.iter().map(|fact| (&fact.name, &fact.value)))
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let facts: Vec<Fact> = Map::deserialize(d)?
            .into_iter()
            .map(|(name, value)| {
                let fact = FactValue::deserialize(value).map_err(|error| {
                    D::Error::custom(alloc::format!("fact \"{name}\": {error}"))
                })?;
                let name = FactName::new(name).map_err(D::Error::custom)?;
                Ok(Fact { name, value: fact })
            })
            .collect::<Result<_, D::Error>>()?;
        Self::new(facts).ok_or_else(|| D::Error::custom("a movement has at most 64 facts"))
    }
}
