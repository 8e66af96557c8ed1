//! What rules read of an event: named facts and sensor reports, exact.

use crate::context::Context;
use crate::event::{Event, Reference, SensorElement, SensorReport};
use crate::identifier;
use crate::timestamp::Timestamp;
use crate::vocabulary::Term;
use marque_primitives::TimeMs;
use marque_primitives::amount::Decimal;
use marque_primitives::bounded::{List, Text};
use marque_primitives::detail::{Fact, FactValue, Facts, Sensor};
use marque_primitives::gs1::Identifier;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Facts that one movement carries at most.
const MAX_FACTS: usize = 64;
/// Sensor reports that one movement carries at most.
const MAX_SENSORS: usize = 256;

/// The facts of an event, named by the local names of their fields: first its sources and
/// destinations (`sourceOwningParty`), then the master data of what it makes, then its own
/// extensions. Of two with one name the first stays; what is not scalar stays in the rest.
pub fn facts(event: &Event, context: &Context) -> Facts {
    let mut facts = BTreeMap::new();
    parties(&event.sources, "source", &mut facts);
    parties(&event.destinations, "destination", &mut facts);
    for members in [&event.ilmd, &event.extensions] {
        for (key, value) in members {
            let Some(value) = fact(value, context) else {
                continue;
            };
            if facts.len() < MAX_FACTS {
                facts.entry(local(key, context).to_owned()).or_insert(value);
            }
        }
    }
    let named = facts.into_iter().filter_map(|(name, value)| {
        Some(Fact {
            name: Text::new(name).ok()?,
            value,
        })
    });
    Facts::new(named.collect()).unwrap_or_default()
}

fn parties(references: &[Reference], side: &str, facts: &mut BTreeMap<String, FactValue>) {
    for reference in references {
        let name = match reference.kind.as_ref().and_then(Term::word) {
            Some("owning_party") => "OwningParty",
            Some("possessing_party") => "PossessingParty",
            Some("location") => "Location",
            _ => continue,
        };
        if let Some(id) = id(&reference.id) {
            facts.entry(format!("{side}{name}")).or_insert(id);
        }
    }
}

fn local<'a>(key: &'a str, context: &Context) -> &'a str {
    match context.split(key) {
        Some((_, local)) => local,
        None => key.rsplit([':', '/', '#']).next().unwrap_or(key),
    }
}

fn fact(value: &Value, context: &Context) -> Option<FactValue> {
    match value {
        Value::Null => None,
        Value::Bool(truth) => text(&truth.to_string()),
        Value::Number(number) => {
            let digits = number.to_string();
            decimal(&digits, None).or_else(|| text(&digits))
        }
        Value::String(words) => scalar(words.trim()),
        Value::Array(items) => list(items),
        Value::Object(members) => measured(members, context),
    }
}

/// A moment, an identifier or words; digits in quotes are words, since `007` is a code.
fn scalar(words: &str) -> Option<FactValue> {
    match Timestamp::parse(words) {
        Some(time) => Some(FactValue::Time(TimeMs(time.ms()))),
        None if words.contains(':') => id(words).or_else(|| text(words)),
        None => text(words),
    }
}

fn text(words: &str) -> Option<FactValue> {
    Text::new(words)
        .ok()
        .filter(|words| !words.is_empty())
        .map(FactValue::Text)
}

fn id(words: &str) -> Option<FactValue> {
    let id = words.parse::<Identifier>().ok()?;
    Text::new(id.to_canonical()).ok().map(FactValue::Id)
}

fn decimal(digits: &str, unit: Option<&str>) -> Option<FactValue> {
    let value = Decimal::parse(digits).ok()?;
    let unit = unit.map(Text::new).transpose().ok()?;
    Some(FactValue::Decimal { value, unit })
}

/// A list of words is one text.
fn list(items: &[Value]) -> Option<FactValue> {
    let words: Option<Vec<String>> = items
        .iter()
        .map(|item| match item {
            Value::String(words) => Some(words.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    match words?.as_slice() {
        [] => None,
        [one] => scalar(one),
        many => text(&many.join(", ")),
    }
}

/// A value with its unit, as the Web Vocabulary writes quantities, or a reference.
fn measured(members: &Map<String, Value>, context: &Context) -> Option<FactValue> {
    let named = |names: &[&str]| {
        let found = members
            .iter()
            .find(|(key, _)| names.contains(&local(key, context)));
        found.map(|(_, value)| match value {
            Value::String(words) => words.trim().to_owned(),
            other => other.to_string(),
        })
    };
    if let Some(value) = named(&["value"]) {
        return decimal(
            &value,
            named(&["unitCode", "uom", "measurementUnitCode"]).as_deref(),
        );
    }
    match members.len() {
        1 => named(&["id", "@id"]).as_deref().and_then(id),
        _ => None,
    }
}

/// The sensor reports of an event. More than fit are told by property and unit: the lowest
/// and highest value, the span, and whether any of them was an alarm.
pub fn sensors(event: &Event) -> List<Sensor, MAX_SENSORS> {
    let each = event
        .sensors
        .iter()
        .flat_map(|element| element.reports.iter().map(|report| sensor(element, report)));
    let each: Vec<Sensor> = each.collect();
    match List::new(each.clone()) {
        Ok(list) => list,
        Err(_) => summary(each),
    }
}

fn sensor(element: &SensorElement, report: &SensorReport) -> Sensor {
    let value = |decimal: &Option<crate::decimal::Decimal>| {
        decimal
            .as_ref()
            .and_then(|d| Decimal::parse(d.as_str()).ok())
    };
    let time = |t: Timestamp| TimeMs(t.ms());
    let moment = report.time.or(element.time);
    Sensor {
        kind: Text::truncated(report.kind.as_ref().map_or("", super::term_text)),
        unit: report.uom.as_deref().and_then(|uom| Text::new(uom).ok()),
        min: value(&report.min),
        max: value(&report.max),
        mean: value(&report.mean),
        value: value(&report.value),
        from: moment.or(element.start).map(time),
        to: if moment.is_none() {
            element.end.map(time)
        } else {
            None
        },
        alarm: report.exception.as_ref().and_then(Term::word) == Some("ALARM_CONDITION"),
    }
}

fn summary(each: Vec<Sensor>) -> List<Sensor, MAX_SENSORS> {
    let mut summaries: BTreeMap<_, Sensor> = BTreeMap::new();
    for sensor in each {
        let sum = summaries
            .entry((sensor.kind.clone(), sensor.unit.clone()))
            .or_insert_with(|| Sensor {
                kind: sensor.kind.clone(),
                unit: sensor.unit.clone(),
                ..Sensor::default()
            });
        sum.min = [sum.min, sensor.min, sensor.value]
            .into_iter()
            .flatten()
            .min();
        sum.max = [sum.max, sensor.max, sensor.value]
            .into_iter()
            .flatten()
            .max();
        sum.from = [sum.from, sensor.from].into_iter().flatten().min();
        sum.to = [sum.to, sensor.to, sensor.from].into_iter().flatten().max();
        sum.alarm |= sensor.alarm;
    }
    let mut list = List::default();
    for sensor in summaries.into_values() {
        if list.push(sensor).is_err() {
            break;
        }
    }
    list
}

/// The canonical URI of a document's name.
pub fn document_id(text: &str) -> String {
    identifier::canonical_uri(text).into_owned()
}
