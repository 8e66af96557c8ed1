//! Captured events that the ledger holds in parts. Where a report moved some of its things
//! and others were only seen, each part is a record of its own; the document has the event
//! as it came in. That the parts are all of it, the event's own hash says.

use marque_epcis::export::hash_of;
use serde_json::{Map, Value};

/// So many records after the first an event may lie in: what was offered, and what was seen.
const PARTS: usize = 2;

/// The events, with those put together that belong together.
pub fn whole(events: Vec<Map<String, Value>>) -> Vec<Map<String, Value>> {
    let mut whole = Vec::with_capacity(events.len());
    let mut rest = events.as_slice();
    while let Some((event, after)) = rest.split_first() {
        let (event, parts) = joined(event, after);
        whole.push(event);
        rest = after.get(parts..).unwrap_or_default();
    }
    whole
}

/// An event with as many of those after it as make it whole; alone, if none do.
fn joined(event: &Map<String, Value>, after: &[Map<String, Value>]) -> (Map<String, Value>, usize) {
    let is_whole = |event: &Map<String, Value>| {
        let hash = hash_of(event).map(|hash| hash.to_string());
        hash.as_deref() == event.get("marque:eventHash").and_then(Value::as_str)
    };
    let mut all = event.clone();
    if !is_whole(event) {
        for (parts, part) in (1..).zip(after.iter().take(PARTS)) {
            if part.get("marque:transaction") != event.get("marque:transaction") {
                break;
            }
            add(&mut all, part);
            if is_whole(&all) {
                return (all, parts);
            }
        }
    }
    (event.clone(), 0)
}

/// Adds the things of a part, a sighting, to those of the event.
fn add(event: &mut Map<String, Value>, part: &Map<String, Value>) {
    let kind = event.get("type").and_then(Value::as_str);
    let children = matches!(kind, Some("AggregationEvent" | "AssociationEvent"));
    let (epcs, quantities) = match children {
        true => ("childEPCs", "childQuantityList"),
        false => ("epcList", "quantityList"),
    };
    for (from, to) in [("epcList", epcs), ("quantityList", quantities)] {
        let Some(Value::Array(things)) = part.get(from) else {
            continue;
        };
        let list = event.entry(to).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.extend(things.iter().cloned());
        }
    }
}
