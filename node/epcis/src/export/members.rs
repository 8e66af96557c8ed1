//! The fields of an EPCIS event that the ledger's own words give back.

use crate::event::EventType;
use crate::timestamp::{Timestamp, offset_text};
use crate::vocabulary::{Vocabulary, written};
use marque_primitives::action::{self, Capture};
use marque_primitives::amount::Amount;
use marque_primitives::bounded::List;
use marque_primitives::detail::{Detail, Document, Term};
use marque_primitives::gs1::Serial;
use marque_primitives::json::naming;
use marque_primitives::thing::{Line, Run, Thing, ThingId};
use serde_json::{Map, Number, Value, json};

/// What the ledger has of an event.
pub struct Recorded<'a> {
    pub capture: Option<&'a Capture>,
    /// The instances of its one list; none if they are told otherwise.
    pub instances: &'a [Thing],
    pub detail: &'a Detail,
}

/// The fields; parent, quantities, a transformation's sides, action, sources and
/// destinations are not among them.
pub fn members(recorded: &Recorded<'_>) -> Map<String, Value> {
    let mut event = Map::new();
    let kind = recorded
        .capture
        .map(|capture| event_type(capture.event_type));
    if let Some(kind) = kind {
        event.insert("type".into(), json!(kind.name()));
    }
    if let Some(id) = recorded
        .capture
        .and_then(|capture| capture.event_id.as_ref())
    {
        event.insert("eventID".into(), json!(id.as_str()));
    }
    when_and_why(recorded.detail, &mut event);
    if let Some((epcs, _)) = kind.and_then(lists) {
        instances(recorded.instances, epcs, &mut event);
    }
    if let Some(error) = recorded
        .capture
        .and_then(|capture| capture.declaration.as_ref())
    {
        event.insert("errorDeclaration".into(), declaration(error));
    }
    event
}

/// The names of the lists that hold an event's objects.
pub fn lists(kind: EventType) -> Option<(&'static str, &'static str)> {
    match kind {
        EventType::Object | EventType::Transaction => Some(("epcList", "quantityList")),
        EventType::Aggregation | EventType::Association => Some(("childEPCs", "childQuantityList")),
        EventType::Transformation => None,
    }
}

pub fn event_type(kind: action::EventType) -> EventType {
    match kind {
        action::EventType::ObjectEvent => EventType::Object,
        action::EventType::AggregationEvent => EventType::Aggregation,
        action::EventType::AssociationEvent => EventType::Association,
        action::EventType::TransactionEvent => EventType::Transaction,
        action::EventType::TransformationEvent => EventType::Transformation,
    }
}

/// The list of instances.
pub fn instances(items: &[Thing], epcs: &str, event: &mut Map<String, Value>) {
    let listed: Vec<Value> = items.iter().flat_map(names).map(Value::String).collect();
    if !listed.is_empty() {
        event.insert(epcs.into(), Value::Array(listed));
    }
}

/// Instances into one list, amounts into the other.
pub fn objects(items: &[Thing], (epcs, quantities): (&str, &str), event: &mut Map<String, Value>) {
    instances(items, epcs, event);
    let amounts: Vec<Value> = items.iter().filter_map(quantity).collect();
    if !amounts.is_empty() {
        event.insert(quantities.into(), Value::Array(amounts));
    }
}

/// How many identifiers the things make.
pub fn count(items: &[Thing]) -> u64 {
    let each = items.iter().map(|thing| match thing {
        Thing::Run { run, .. } => run.count(),
        _ => 1,
    });
    each.fold(0, u64::saturating_add)
}

/// The identifiers of a thing, one for each serial.
pub fn names(thing: &Thing) -> Vec<String> {
    match thing {
        Thing::Run { run, .. } => serials(run),
        other => other.id().iter().map(naming::name_of).collect(),
    }
}

fn serials(run: &Run) -> Vec<String> {
    match run.first().numeric() {
        Some((digits, first)) if run.count() > 1 => (0..run.count())
            .filter_map(|i| Serial::from_numeric(digits, first.checked_add(u128::from(i))?).ok())
            .map(|serial| item(run.line(), serial))
            .collect(),
        _ => vec![item(run.line(), *run.first())],
    }
}

fn item(line: Line, serial: Serial) -> String {
    naming::name_of(&ThingId::Item { line, serial })
}

fn quantity(thing: &Thing) -> Option<Value> {
    let (class, amount) = match thing {
        Thing::Lot { id, amount } => (naming::lot_name(id), Some(amount)),
        Thing::Class { id, amount } => (id.to_string(), amount.as_ref()),
        _ => return None,
    };
    let mut quantity = Map::from_iter([("epcClass".to_owned(), Value::String(class))]);
    if let Some(Amount { value, unit }) = amount {
        let number = value.to_string().parse::<Number>().ok()?;
        quantity.insert("quantity".into(), Value::Number(number));
        if let Some(code) = unit.code() {
            quantity.insert("uom".into(), json!(code));
        }
    }
    Some(Value::Object(quantity))
}

fn when_and_why(detail: &Detail, event: &mut Map<String, Value>) {
    if let Some(time) = detail.time {
        event.insert(
            "eventTime".into(),
            json!(Timestamp::from_ms(time.0).to_string()),
        );
    }
    if let Some(minutes) = detail.offset {
        event.insert("eventTimeZoneOffset".into(), json!(offset_text(minutes)));
    }
    if let Some(step) = &detail.step {
        event.insert("bizStep".into(), term(step, Vocabulary::BizStep));
    }
    if let Some(disposition) = &detail.disposition {
        event.insert(
            "disposition".into(),
            term(disposition, Vocabulary::Disposition),
        );
    }
    let persistent = [("set", &detail.set), ("unset", &detail.unset)]
        .into_iter()
        .filter(|(_, list)| !list.is_empty());
    let persistent: Map<String, Value> = persistent
        .map(|(name, list)| (name.to_owned(), dispositions(list)))
        .collect();
    if !persistent.is_empty() {
        event.insert("persistentDisposition".into(), Value::Object(persistent));
    }
    for (name, place) in [
        ("readPoint", &detail.place),
        ("bizLocation", &detail.location),
    ] {
        if let Some(place) = place {
            event.insert(name.into(), json!({"id": naming::place_name(place)}));
        }
    }
    let documents = detail
        .open()
        .map(|open| &*open.documents)
        .unwrap_or_default();
    if !documents.is_empty() {
        event.insert(
            "bizTransactionList".into(),
            documents.iter().map(document).collect(),
        );
    }
}

fn term(term: &Term, vocabulary: Vocabulary) -> Value {
    Value::String(written(term, vocabulary))
}

fn dispositions(list: &List<Term, 16>) -> Value {
    list.iter()
        .map(|disposition| term(disposition, Vocabulary::Disposition))
        .collect()
}

fn document(document: &Document) -> Value {
    let mut members = Map::new();
    if !document.kind.is_empty() {
        members.insert(
            "type".into(),
            term(&document.kind, Vocabulary::BusinessTransaction),
        );
    }
    members.insert("bizTransaction".into(), json!(document.id.as_str()));
    Value::Object(members)
}

fn declaration(error: &action::ErrorDeclaration) -> Value {
    let mut members = Map::new();
    members.insert(
        "declarationTime".into(),
        json!(Timestamp::from_ms(error.time.0).to_string()),
    );
    if let Some(reason) = &error.reason {
        members.insert("reason".into(), term(reason, Vocabulary::ErrorReason));
    }
    if !error.corrective.is_empty() {
        let ids: Vec<&str> = error.corrective.iter().map(|id| id.as_str()).collect();
        members.insert("correctiveEventIDs".into(), json!(ids));
    }
    Value::Object(members)
}
