//! Events back out, as EPCIS 2.0 JSON-LD.

pub(crate) mod members;
pub(crate) mod runs;
mod synthesis;
#[cfg(test)]
mod tests;

use crate::canonical::is_instance;
use crate::context::Context;
use crate::event::EventType;
use crate::hash::{EventHash, prehash};
use crate::json;
use crate::timestamp::Timestamp;
use marque_primitives::action::Kind;
use marque_primitives::gs1::{Gln, Identifier};
use marque_primitives::history::Event;
use marque_primitives::json::naming;
use marque_primitives::thing::Thing;
use marque_primitives::{Address, TimeMs};
use members::{Recorded, members};
use serde_json::{Map, Value, json};

/// The context that every exported document names.
pub const EPCIS_CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
/// The namespace of the ledger's own fields, `marque:height` and the like.
pub const NAMESPACE: &str = "urn:marque:";
/// The ledger's own fields of an event; no part of its hash.
const OWN: [&str; 4] = [
    "marque:height",
    "marque:eventHash",
    "marque:transaction",
    "marque:withheld",
];

/// Why a record has no EPCIS event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// EPCIS has no event for it.
    #[error("EPCIS has no event for a {}", .0.name())]
    NoEvent(Kind),
    /// More things than one event lists.
    #[error("the event names {0} things, {MAX_EPCS} can be listed; ask for the items' own traces")]
    TooMany(u64),
    /// What is kept beside the movement is no JSON object.
    #[error("what is kept beside the movement cannot be read")]
    Rest,
}

/// Identifiers that one exported event lists at most; a range of serials counts as many.
pub const MAX_EPCS: u64 = 100_000;

/// What an exporter knows beside the event.
pub struct Surroundings<'a> {
    /// A number that stands for a party, if it registered one.
    pub gln: &'a dyn Fn(&Address) -> Option<Gln>,
}

/// The EPCIS event of a record: as it was captured, or as EPCIS tells an intent, with
/// recordTime, the ledger's height and the event hash.
pub fn event(record: &Event, around: &Surroundings<'_>) -> Result<Map<String, Value>, ExportError> {
    let count = members::count(&record.items);
    if count > MAX_EPCS {
        return Err(ExportError::TooMany(count));
    }
    let rest = record
        .detail
        .open()
        .map(|open| &open.rest)
        .filter(|rest| record.capture.is_some() && !rest.is_empty());
    let rest = rest.map(|rest| read(rest)).transpose()?;
    let parent = rest
        .as_ref()
        .and_then(|rest| rest.get("parentID")?.as_str()?.parse::<Identifier>().ok());
    let parent = parent.and_then(|id| naming::thing_of(&id.constrained()).ok());
    // An observation names the parent among its things.
    let own = |thing: &&Thing| is_instance(thing) && Some(*thing) != parent.as_ref();
    let instances: Vec<Thing> = record.items.iter().filter(own).cloned().collect();
    let mut event = members(&Recorded {
        capture: record.capture.as_ref(),
        instances: if rest.is_some() { &instances } else { &[] },
        detail: &record.detail,
    });
    match rest {
        Some(rest) => give_back(rest, &mut event)?,
        None => synthesis::complete(record, around, &mut event)?,
    }
    event.insert("recordTime".into(), time(record.recorded));
    event.insert("marque:height".into(), json!(record.height.0));
    event.insert(
        "marque:transaction".into(),
        json!(record.transaction.to_string()),
    );
    if let Some(refusal) = &record.withheld {
        event.insert("marque:withheld".into(), json!(refusal.name.as_str()));
    }
    let hash = match &record.capture {
        Some(capture) => Some(EventHash(capture.hash.0)),
        None => hash_of(&event),
    };
    if let Some(hash) = hash {
        event.insert("marque:eventHash".into(), json!(hash.to_string()));
    }
    Ok(event)
}

fn read(rest: &[u8]) -> Result<Map<String, Value>, ExportError> {
    match json::read(rest, 64) {
        Ok(Value::Object(rest)) => Ok(rest),
        _ => Err(ExportError::Rest),
    }
}

/// Puts the rest of a captured event over what the ledger knows.
fn give_back(rest: Map<String, Value>, event: &mut Map<String, Value>) -> Result<(), ExportError> {
    for (key, value) in rest {
        match value {
            Value::Null => event.remove(&key),
            value => event.insert(key, value),
        };
    }
    runs::restore(event)
}

/// The CBV hash of an exported event without the ledger's own fields.
pub fn hash_of(event: &Map<String, Value>) -> Option<EventHash> {
    let mut event = event.clone();
    event.retain(|key, _| !OWN.contains(&key.as_str()));
    let context = match event.get("@context") {
        Some(local) => Context::epcis().with(local).ok()?,
        None => std::sync::Arc::clone(Context::epcis()),
    };
    let kind = EventType::of(&event, &context)?;
    Some(EventHash::of(&prehash(kind.name(), &event, &context)))
}

/// A document of exported events. It tells readers to leave the ledger's own fields out of
/// the hash, so that every event hashes as it did when it came in.
pub fn document(events: Vec<Map<String, Value>>, created: TimeMs) -> Value {
    json!({
        "@context": [EPCIS_CONTEXT, {"marque": NAMESPACE}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": time(created),
        "marque:ignoreFields": OWN,
        "epcisBody": {"eventList": events},
    })
}

fn time(time: TimeMs) -> Value {
    Value::String(Timestamp::from_ms(time.0).to_string())
}
