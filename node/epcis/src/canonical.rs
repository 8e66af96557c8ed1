//! What the ledger keeps of an event beside the movement, and gives back on trace.
//!
//! Fields that the ledger's own words give back without loss are left out: time, places,
//! step, dispositions, documents, and the list of instances where each operation that the
//! event may become names all of them. All others stay as they came: quantities in their
//! own units, sensor elements, master data, certification, sources, destinations,
//! extensions. Long lists of neighbouring serials are kept as runs. Left out is only what [`export`](crate::export) is seen to give back, so an
//! event that comes out hashes as the one that went in.

use crate::Unmapped;
use crate::context::{Context, MAX_NEEDED};
use crate::document::Captured;
use crate::event;
use crate::export::members::{Recorded, members};
use crate::export::runs;
use crate::hash;
use crate::json;
use crate::map::things::{Inexact, refused, things};
use marque_primitives::action::{EventType, Operation, RecallTarget, Report};
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::Thing;
use serde_json::{Map, Value};

/// The rest of a captured event as canonical JSON. `null` stands for a field that the
/// ledger has and the event had not.
pub fn rest(captured: &Captured, report: &Report) -> Result<String, Unmapped> {
    let instances: Vec<Thing> = report
        .items
        .iter()
        .filter(|thing| is_instance(thing))
        .cloned()
        .collect();
    let kept = report
        .attempts
        .iter()
        .all(|operation| names_all(operation, &instances));
    let given = members(&Recorded {
        capture: Some(&report.capture),
        instances: if kept { &instances } else { &[] },
        detail: &report.detail,
    });
    let mut rest = Map::new();
    for (key, value) in &captured.raw {
        let field = if key == "@type" { "type" } else { key.as_str() };
        let known = given
            .get(field)
            .is_some_and(|given| same(field, value, &captured.context, given));
        let said = !value.is_null() || given.contains_key(field);
        if said && !known && field != "@context" {
            let kept = runs(field, value, &captured.context);
            rest.insert(key.clone(), kept.unwrap_or_else(|| value.clone()));
        }
    }
    for field in given
        .keys()
        .filter(|field| !captured.raw.contains_key(*field) && *field != "type")
    {
        rest.insert(field.clone(), Value::Null);
    }
    // Whatever comes out of a parent or is accepted with it was not named.
    let of_parent = matches!(
        report.capture.event_type,
        EventType::AggregationEvent | EventType::AssociationEvent
    );
    if of_parent && !report.attempts.is_empty() && instances.is_empty() {
        rest.entry("childEPCs").or_insert(Value::Null);
    }
    let context = &captured.context;
    if rest.iter().any(|(key, value)| depends(key, value, context)) {
        let needed = context.needed(&rest).ok_or_else(|| {
            let message = format!("its fields use more than {MAX_NEEDED} bytes of its context");
            refused(Invariant::Shape, &message, "@context")
        })?;
        if !needed.is_empty() {
            rest.insert("@context".into(), Value::Array(needed));
        }
    }
    Ok(json::canonical(&Value::Object(rest)))
}

/// Lists of fewer are kept as they came.
const LONG: usize = 64;

/// A long list of instances as runs, if it is seen to come back from them and that is shorter.
fn runs(field: &str, value: &Value, context: &Context) -> Option<Value> {
    let listed = value
        .as_array()
        .filter(|list| list.len() >= LONG && runs::LISTS.contains(&field))?;
    let side = event::Things {
        epcs: listed
            .iter()
            .map(|epc| epc.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        quantities: Vec::new(),
    };
    let things = things(&side, field, "", &mut Inexact::Seen).ok()?;
    if things.len().saturating_mul(2) > listed.len() {
        return None;
    }
    let runs = runs::of(&things)?;
    let given = runs::names_of(&runs).ok()?;
    same(field, value, context, &given).then_some(runs)
}

/// Whether a thing is one that an event lists by its own name.
pub(crate) fn is_instance(thing: &Thing) -> bool {
    !matches!(thing, Thing::Lot { .. } | Thing::Class { .. })
}

/// Whether an operation, once done, is recorded with all the instances.
fn names_all(operation: &Operation, instances: &[Thing]) -> bool {
    let items = match operation {
        Operation::Commission { items, .. }
        | Operation::Decommission { items }
        | Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Withdraw { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items }
        | Operation::Link { items, .. }
        | Operation::Pack {
            children: items, ..
        }
        | Operation::Unpack {
            children: items, ..
        }
        | Operation::Associate {
            children: items, ..
        }
        | Operation::Dissociate {
            children: items, ..
        } => items,
        Operation::Recall {
            target: RecallTarget::Items(items),
            ..
        } => items,
        _ => return false,
    };
    items
        .iter()
        .filter(|thing| is_instance(thing))
        .eq(instances)
}

/// Whether two values of a field say the same.
fn same(field: &str, value: &Value, context: &Context, given: &Value) -> bool {
    let epcis = Context::epcis();
    let single = |value: &Value| Map::from_iter([(field.to_owned(), value.clone())]);
    match field {
        "type" => {
            event::EventType::of(&single(value), context)
                == event::EventType::of(&single(given), epcis)
        }
        "eventID" => value.as_str().map(str::trim) == given.as_str(),
        "recordTime" => false,
        "errorDeclaration" => {
            hash::declaration_digest(value, context) == hash::declaration_digest(given, epcis)
        }
        _ => hash::prehash("", &single(value), context) == hash::prehash("", &single(given), epcis),
    }
}

/// Whether a member needs the document's own context to be understood: it is no field of
/// EPCIS, or uses a prefix that the EPCIS context has not.
fn depends(key: &str, value: &Value, context: &Context) -> bool {
    let foreign =
        |text: &str| context.split(text).is_some() && Context::epcis().split(text).is_none();
    foreign(key)
        || key == "ilmd"
        || key.contains(':')
        || match value {
            Value::String(text) => foreign(text),
            Value::Array(items) => items.iter().any(|item| depends("", item, context)),
            Value::Object(members) => members
                .iter()
                .any(|(key, value)| depends(key, value, context)),
            _ => false,
        }
}

#[cfg(test)]
mod tests;
