//! How EPCIS tells an intent: the event type, action and step that stand for an operation.

use super::members::{self, lists};
use super::{ExportError, Surroundings};
use crate::event::{Action, EventType};
use crate::timestamp::Timestamp;
use marque_primitives::Address;
use marque_primitives::action::Kind;
use marque_primitives::date::Date;
use marque_primitives::gs1::{Identifier, LotNumber};
use marque_primitives::history::{Counterparty, Event, Terms};
use marque_primitives::json::naming;
use marque_primitives::thing::Thing;
use serde_json::{Map, Value, json};

/// The EPCIS event of an operation: type, action and, if EPCIS has a word for it, step.
fn shape(record: &Event) -> Option<(EventType, Option<Action>, Option<&'static str>)> {
    use Action::{Add, Delete, Observe};
    use EventType::{Aggregation, Association, Object, Transaction, Transformation};
    let (kind, action, step) = match record.kind {
        Kind::Commission => (Object, Add, Some("commissioning")),
        Kind::Decommission => (Object, Delete, Some("decommissioning")),
        Kind::Offer => (Object, Observe, Some("shipping")),
        Kind::Accept | Kind::Claim => (Object, Observe, Some("receiving")),
        Kind::Withdraw => (Object, Observe, Some("void_shipping")),
        Kind::Reinstate | Kind::Reject | Kind::Release | Kind::Recall | Kind::Lift => {
            (Object, Observe, None)
        }
        Kind::Observe if record.parent.is_some() => (Aggregation, Observe, None),
        Kind::Observe => (Object, Observe, None),
        Kind::Pack => (Aggregation, Add, Some("packing")),
        Kind::Unpack => (Aggregation, Delete, Some("unpacking")),
        Kind::Associate => (Association, Add, None),
        Kind::Dissociate => (Association, Delete, None),
        Kind::Link if record.terms == Some(Terms::Unlink) => (Transaction, Delete, None),
        Kind::Link => (Transaction, Add, None),
        Kind::Transform => return Some((Transformation, None, None)),
        Kind::DeclareError | Kind::Govern | Kind::Register | Kind::Contract | Kind::Credential => {
            return None;
        }
    };
    Some((kind, Some(action), step))
}

/// Fills in what an event needs that no document has said.
pub fn complete(
    record: &Event,
    around: &Surroundings<'_>,
    event: &mut Map<String, Value>,
) -> Result<(), ExportError> {
    let captured = record
        .capture
        .as_ref()
        .map(|capture| members::event_type(capture.event_type));
    let (kind, action, step) = match (shape(record), captured) {
        (Some((kind, action, step)), None) => (kind, action, step),
        // What was reported under a commitment: its type is known, its action is not.
        (Some((kind, action, _)), Some(known)) if kind == known => (kind, action, None),
        (_, Some(known)) => (
            known,
            (known != EventType::Transformation).then_some(Action::Observe),
            None,
        ),
        (None, None) => return Err(ExportError::NoEvent(record.kind)),
    };
    let mut put = |key: &str, value: Value| {
        event.entry(key).or_insert(value);
    };
    put("type", json!(kind.name()));
    put(
        "eventTime",
        json!(Timestamp::from_ms(record.recorded.0).to_string()),
    );
    put("eventTimeZoneOffset", json!("+00:00"));
    if let Some(action) = action {
        put("action", json!(action.name()));
    }
    if let Some(step) = step {
        put("bizStep", json!(step));
    }
    match record.kind {
        Kind::Recall => put("persistentDisposition", json!({"set": ["recalled"]})),
        Kind::Lift => put("persistentDisposition", json!({"unset": ["recalled"]})),
        _ => {}
    }
    terms(record, event);
    sides(record, around, event);
    if let Some(parent) = &record.parent {
        event
            .entry("parentID")
            .or_insert(json!(naming::name_of(parent)));
    }
    let parent = record.parent.clone().map(Thing::from);
    let items: Vec<Thing> = record
        .items
        .iter()
        .filter(|thing| Some(*thing) != parent.as_ref())
        .cloned()
        .collect();
    match lists(kind) {
        Some(names) => members::objects(&items, names, event),
        None => {
            let (inputs, outputs) = record.sides().unwrap_or((&record.items, &[]));
            members::objects(inputs, ("inputEPCList", "inputQuantityList"), event);
            members::objects(outputs, ("outputEPCList", "outputQuantityList"), event);
        }
    }
    Ok(())
}

/// What the operation said beyond its things, where EPCIS has a field for it.
fn terms(record: &Event, event: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        event.entry(key).or_insert(value);
    };
    match &record.terms {
        Some(Terms::Anchor(place)) => put("parentID", json!(naming::place_name(place))),
        Some(Terms::Transformation {
            id, lot, expiry, ..
        }) => {
            if let Some(id) = id {
                put("transformationID", json!(id.as_str()));
            }
            master_data(lot.as_ref(), *expiry, put);
        }
        Some(Terms::Birth { lot, expiry }) => master_data(lot.as_ref(), *expiry, put),
        _ => {}
    }
}

/// Lot and expiry of what begins, by their CBV names (CBV 2.0 section 9.2).
fn master_data(lot: Option<&LotNumber>, expiry: Option<Date>, mut put: impl FnMut(&str, Value)) {
    let lot = lot.map(|lot| ("cbvmda:lotNumber", lot.to_string()));
    let expiry = expiry.map(|date| ("cbvmda:itemExpirationDate", date.to_string()));
    let known = lot.into_iter().chain(expiry);
    let data: Map<String, Value> = known.map(|(key, said)| (key.into(), json!(said))).collect();
    if !data.is_empty() {
        put("ilmd", Value::Object(data));
    }
}

/// Who gave and who received, as far as they have a number.
fn sides(record: &Event, around: &Surroundings<'_>, event: &mut Map<String, Value>) {
    let Some(right) = record.what else { return };
    let number =
        |address: &Address| (around.gln)(address).map(|gln| Identifier::Pgln(gln).to_canonical());
    let party = |party: &Option<Counterparty>| match party {
        Some(Counterparty::Account(address)) => number(address),
        _ => None,
    };
    let roles = [
        (right.possession(), "possessing_party"),
        (right.ownership(), "owning_party"),
    ];
    for (list, name, party) in [
        ("sourceList", "source", party(&record.from)),
        ("destinationList", "destination", party(&record.to)),
    ] {
        let Some(party) = party else { continue };
        let roles = roles.iter().filter(|(has, _)| *has);
        let parties: Vec<Value> = roles
            .map(|(_, role)| json!({"type": role, name: party}))
            .collect();
        event.entry(list).or_insert(Value::Array(parties));
    }
}
