//! Each line of the table by name.

mod evidence;
mod form;
mod object;
mod structure;

use super::map;
use crate::{Captured, Document, Limits, Unmapped};
use marque_primitives::action::{Anchor, Operation, PartyRef, RecallTarget, Report, Right};
use marque_primitives::detail::{FactValue, Place};
use marque_primitives::gs1::Gln;
use marque_primitives::json::naming;
use marque_primitives::thing::Thing;
use serde_json::{Map, Value, json};

const ITEM: &str = "https://id.gs1.org/01/09506000134352/21/A1";
const OTHER: &str = "https://id.gs1.org/01/09506000134352/21/A2";
const LOT: &str = "https://id.gs1.org/01/09506000134352/10/L7";
const PRODUCT: &str = "https://id.gs1.org/01/09506000134352";
const PALLET: &str = "https://id.gs1.org/00/095060001343500019";
const PLACE: &str = "https://id.gs1.org/414/9506000134376";
const SELLER: &str = "https://id.gs1.org/417/9506000134376";
const BUYER: &str = "https://id.gs1.org/417/9521234000006";
const CARRIER: &str = "https://id.gs1.org/417/9521234000105";

/// An event with these fields, and time and offset if they are not among them.
fn event(fields: Value) -> Captured {
    let mut event = json!({"eventTime": "2026-05-30T07:00:00Z", "eventTimeZoneOffset": "+02:00"});
    event
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    let document = json!({
        "@context": [{"example": "https://ns.example.com/"}],
        "type": "EPCISDocument",
        "epcisBody": {"eventList": [event]},
    });
    Document::of(&document, &Limits::default())
        .unwrap()
        .events
        .remove(0)
}

fn object(action: &str, step: &str, more: Value) -> Captured {
    let mut fields = json!({"type": "ObjectEvent", "action": action, "epcList": [ITEM]});
    let fields = fields.as_object_mut().unwrap();
    if !step.is_empty() {
        fields.insert("bizStep".into(), json!(step));
    }
    fields.extend(more.as_object().cloned().unwrap_or_default());
    event(Value::Object(fields.clone()))
}

fn of(kind: &str, action: &str, step: &str, more: Value) -> Captured {
    let mut fields = Map::from_iter([
        ("type".to_owned(), json!(kind)),
        ("action".into(), json!(action)),
        ("bizStep".into(), json!(step)),
    ]);
    fields.extend(more.as_object().unwrap().clone());
    event(Value::Object(fields))
}

fn report(event: &Captured) -> Report {
    map(event).unwrap_or_else(|error| panic!("{error}"))
}

fn kinds(event: &Captured) -> Vec<&'static str> {
    report(event)
        .attempts
        .iter()
        .map(|operation| operation.kind().name())
        .collect()
}

fn thing(text: &str) -> Thing {
    naming::thing(text).unwrap()
}

fn gln(text: &str) -> Gln {
    naming::location(text).unwrap()
}

fn to(kind: &str, id: &str) -> Value {
    json!({"type": kind, "destination": id})
}

fn from(kind: &str, id: &str) -> Value {
    json!({"type": kind, "source": id})
}
