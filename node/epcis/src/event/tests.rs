use super::{Action, Event, EventType};
use crate::context::Context;
use crate::{Document, Error, Limits};
use serde_json::{Value, json};

fn read(event: Value) -> Result<Event, crate::Invalid> {
    Event::read(event.as_object().unwrap(), Context::epcis())
}

fn with(base: Value, more: Value) -> Value {
    let mut event = base;
    event
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    event
}

fn observed() -> Value {
    json!({"type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-05-30T07:00:00Z", "eventTimeZoneOffset": "+02:00", "epcList": ["urn:x:1"]})
}

#[test]
fn an_event_is_read_whole() {
    let event = read(with(observed(), json!({
        "eventID": " urn:uuid:1 ", "recordTime": "2026-05-30T08:00:00Z", "bizStep": "shipping", "certificationInfo": "urn:x:c",
        "persistentDisposition": {"set": "recalled"}, "readPoint": {"id": "urn:x:r"}, "ilmd": {"a:b": 1}, "my:ext": 2,
        "bizTransactionList": [{"bizTransaction": "urn:x:b"}], "sourceList": [{"type": "location", "source": "urn:x:s"}],
        "quantityList": [{"epcClass": "urn:x:q", "quantity": "1.50", "uom": "KGM"}], "parentID": null,
    }))).unwrap();
    assert_eq!(
        (event.kind, event.action, event.offset),
        (EventType::Object, Some(Action::Observe), 120)
    );
    assert_eq!(
        (event.id.as_deref(), event.step.unwrap().word()),
        (Some("urn:uuid:1"), Some("shipping"))
    );
    assert_eq!(
        event.objects.quantities[0]
            .amount
            .as_ref()
            .unwrap()
            .as_str(),
        "1.5"
    );
    assert_eq!(
        (
            event.set.len(),
            event.ilmd.len(),
            event.extensions.len(),
            event.parent
        ),
        (1, 1, 1, None)
    );
}

#[test]
fn the_type_may_be_spelled_in_full() {
    for kind in [
        json!("epcis:ObjectEvent"),
        json!("https://ref.gs1.org/epcis/ObjectEvent"),
        json!(["x:Y", "ObjectEvent"]),
    ] {
        assert!(read(with(observed(), json!({"type": kind}))).is_ok());
    }
}

#[test]
fn wrong_forms_name_field_and_remedy() {
    let quantity = |q: Value| json!({"quantityList": [{"epcClass": "urn:x:1"}, q]});
    for (more, field) in [
        (json!({"type": "QuantityEvent"}), "type"),
        (json!({"eventTime": null}), "eventTime"),
        (json!({"eventTime": "2026-05-30T07:00:00"}), "eventTime"),
        (json!({"eventTime": 5}), "eventTime"),
        (json!({"eventTimeZoneOffset": null}), "eventTimeZoneOffset"),
        (json!({"eventTimeZoneOffset": "Z"}), "eventTimeZoneOffset"),
        (json!({"recordTime": "yesterday"}), "recordTime"),
        (json!({"action": null}), "action"),
        (json!({"action": "observe"}), "action"),
        (json!({"action": ["ADD"]}), "action"),
        (json!({"eventID": ""}), "eventID"),
        (json!({"epcList": ["urn:x:1", 5]}), "epcList[1]"),
        (json!({"epcList": ["  "]}), "epcList[0]"),
        (json!({"readPoint": "urn:x:1"}), "readPoint"),
        (json!({"readPoint": {}}), "readPoint.id"),
        (quantity(json!({"quantity": 1})), "quantityList[1].epcClass"),
        (
            quantity(json!({"epcClass": "urn:x:1", "quantity": "many"})),
            "quantityList[1].quantity",
        ),
        (
            quantity(json!({"epcClass": "urn:x:1", "quantity": -1})),
            "quantityList[1].quantity",
        ),
        (
            json!({"sourceList": [{"source": "urn:x:1"}]}),
            "sourceList[0].type",
        ),
        (
            json!({"destinationList": [{"type": "location"}]}),
            "destinationList[0].destination",
        ),
        (
            json!({"bizTransactionList": ["urn:x:1"]}),
            "bizTransactionList[0]",
        ),
        (
            json!({"errorDeclaration": {"reason": "other"}}),
            "errorDeclaration.declarationTime",
        ),
        (
            json!({"sensorElementList": [{}]}),
            "sensorElementList[0].sensorReport",
        ),
        (
            json!({"sensorElementList": [{"sensorReport": [{"time": "now"}]}]}),
            "sensorElementList[0].sensorReport[0].time",
        ),
        (
            json!({"sensorElementList": [{"sensorMetadata": {"startTime": "2026-05-30T07:00:00Z", "endTime": "2026-05-30T06:00:00Z"}, "sensorReport": [{}]}]}),
            "sensorElementList[0].sensorMetadata.endTime",
        ),
        (json!({"ilmd": 5}), "ilmd"),
        (
            json!({"type": "AggregationEvent", "action": "ADD", "childEPCs": ["urn:x:1"]}),
            "parentID",
        ),
        (
            json!({"type": "AssociationEvent", "action": "DELETE"}),
            "parentID",
        ),
        (
            json!({"type": "AggregationEvent", "action": "ADD", "parentID": "urn:x:1"}),
            "childEPCs",
        ),
        (json!({"type": "TransactionEvent"}), "bizTransactionList"),
        (
            json!({"type": "TransformationEvent", "inputEPCList": ["urn:x:1"]}),
            "outputEPCList",
        ),
        (
            json!({"type": "TransformationEvent", "outputEPCList": ["urn:x:1"]}),
            "inputEPCList",
        ),
        (
            json!({"type": "TransformationEvent", "transformationID": "urn:x:1"}),
            "inputEPCList",
        ),
    ] {
        let error = read(with(observed(), more.clone())).unwrap_err();
        assert_eq!(error.field, field, "{more}: {error}");
        assert!(!error.reason.is_empty() && !error.remedy.is_empty());
    }
}

fn document(text: &str) -> Result<Document, Error> {
    Document::read(text.as_bytes(), &Limits::default())
}

#[test]
fn documents_come_in_four_shapes() {
    let event = observed().to_string();
    for (shape, count) in [
        (
            format!(r#"{{"type":"EPCISDocument","epcisBody":{{"eventList":[{event},{event}]}}}}"#),
            2,
        ),
        (
            format!(
                r#"{{"type":"EPCISQueryDocument","epcisBody":{{"queryResults":{{"resultsBody":{{"eventList":[{event}]}}}}}}}}"#
            ),
            1,
        ),
        (format!(r#"{{"epcisBody":{{"event":{event}}}}}"#), 1),
        (event.clone(), 1),
        (format!("[{event},{event},5]"), 3),
        (r#"{"epcisBody":{"eventList":[]}}"#.to_owned(), 0),
    ] {
        let document = document(&shape).unwrap();
        assert_eq!(document.events.len(), count);
        let hashes: Vec<_> = document
            .events
            .iter()
            .filter_map(|event| event.hash)
            .collect();
        assert!(
            hashes.windows(2).all(|pair| pair[0] == pair[1]),
            "the shape does not count"
        );
    }
    for none in [
        "{}",
        "5",
        r#"{"epcisBody":{}}"#,
        r#"{"epcisBody":{"eventList":"x"}}"#,
        r#"{"type":"EPCISMasterDataDocument"}"#,
    ] {
        assert!(
            matches!(document(none), Err(Error::NotEpcis { .. })),
            "{none}"
        );
    }
}

#[test]
fn a_wrong_event_does_not_take_the_others_along() {
    let document = document(&format!(
        r#"[{}, {{"type":"ObjectEvent","eventID":"urn:x:9"}}]"#,
        observed()
    ))
    .unwrap();
    assert!(document.events[0].event.is_ok());
    let wrong = &document.events[1];
    assert_eq!(
        (
            wrong.id.as_deref(),
            wrong.event.as_ref().unwrap_err().field.as_str()
        ),
        (Some("urn:x:9"), "eventTime")
    );
    assert!(wrong.hash.is_some(), "it is still told by its hash");
}

#[test]
fn limits_hold_before_anything_is_read() {
    let limits = Limits {
        bytes: 10,
        depth: 4,
        events: 1,
    };
    assert_eq!(
        Document::read(b"[1,2,3,4,5,6]", &limits).unwrap_err(),
        Error::TooLarge {
            size: 13,
            limit: 10
        }
    );
    assert_eq!(
        Document::read(b"[{},{}]", &limits).unwrap_err(),
        Error::TooManyEvents { count: 2, limit: 1 }
    );
    assert!(matches!(
        Document::read(b"[[[[[", &limits),
        Err(Error::TooDeep { limit: 4, .. })
    ));
}

#[test]
fn an_event_may_bring_its_own_context() {
    let event = with(
        observed(),
        json!({"@context": [{"my": "https://my.example/"}], "my:f": 1}),
    );
    let plain = with(observed(), json!({"https://my.example/f": 1}));
    let document = document(&format!("[{event},{plain}]")).unwrap();
    assert_eq!(document.events[0].hash, document.events[1].hash);
}

#[test]
fn only_extensions_can_be_told_to_be_ignored() {
    let ignore = |names: Value| {
        let event = with(observed(), json!({"repo:captureID": "42"}));
        let document = json!({"@context": [{"repo": "https://repo.example/"}], "repo:ignoreFields": names, "epcisBody": {"eventList": [event]}});
        Document::of(&document, &Limits::default())
            .unwrap()
            .events
            .remove(0)
    };
    let plain = document(&observed().to_string()).unwrap().events.remove(0);
    let ignored = ignore(json!(["repo:captureID", "action", "epcList"]));
    assert_eq!(ignored.hash, plain.hash);
    assert!(!ignored.raw.contains_key("repo:captureID") && ignored.raw.contains_key("action"));
    assert_ne!(ignore(json!([])).hash, plain.hash);
}
