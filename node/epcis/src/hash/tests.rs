use super::{EventHash, declaration_digest, prehash};
use crate::context::Context;
use serde_json::{Map, Value, json};

fn context() -> std::sync::Arc<Context> {
    Context::epcis()
        .with(&json!({"example": "https://ns.example.com/epcis/"}))
        .unwrap()
}

fn text(event: Value) -> String {
    let Value::Object(event) = event else {
        panic!()
    };
    prehash("ObjectEvent", &event, &context())
}

#[test]
fn a_hash_is_written_and_read() {
    let hash = EventHash::of("eventType=ObjectEvent");
    let text = hash.to_string();
    assert_eq!(
        text,
        "ni:///sha-256;7aa6d15415d4b429d7c4f7b3f1aaebcdbd9a12ad5c6ff4951247b61e621b9659?ver=CBV2.0"
    );
    assert_eq!(EventHash::parse(&text), Some(hash));
    assert_eq!(
        EventHash::parse(&text.replace("?ver=CBV2.0", "")),
        Some(hash)
    );
    for wrong in [
        "",
        "ni:///sha-256;00",
        "ni:///sha-256;zz",
        &text.replace("sha-256", "sha3-256"),
        &format!("{text}x"),
    ] {
        assert_eq!(EventHash::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn lists_follow_the_sensors_and_a_type_stands_before_its_value() {
    assert_eq!(
        text(json!({
            "ilmd": {"example:b": "2", "example:a": 1},
            "sourceList": [{"source": "urn:x:s", "type": "owning_party"}],
            "destinationList": [{"destination": "urn:x:d", "type": "location"}],
            "bizTransactionList": [{"bizTransaction": "urn:x:2"}, {"bizTransaction": "urn:x:1", "type": "po", "example:note": "n"}],
            "sensorElementList": [{"sensorReport": [{"value": 1.50, "type": "Temperature"}]}],
            "example:last": true, "other": "bare", "action": "ADD",
        })),
        "eventType=ObjectEventaction=ADD\
         sensorElementListsensorElementsensorReporttype=https://gs1.org/voc/Temperaturevalue=1.5\
         bizTransactionListbizTransaction=urn:x:2type=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:1{https://ns.example.com/epcis/}note=n\
         destinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=urn:x:d\
         sourceListtype=https://ref.gs1.org/cbv/SDT-owning_partysource=urn:x:s\
         ilmd{https://ns.example.com/epcis/}a=1{https://ns.example.com/epcis/}b=2\
         other=bare{https://ns.example.com/epcis/}last=true"
    );
}

#[test]
fn fields_without_a_place_stand_at_the_end_under_their_parents() {
    // As in the reference vector SensorDataExamples: bizRules is no field of a report.
    assert_eq!(
        text(
            json!({"sensorElementList": [{"sensorReport": [{"type": "Speed", "bizRules": "https://id.example.com/253/4012345000054987", "example:x": 1}]}]})
        ),
        "eventType=ObjectEventsensorElementListsensorElementsensorReporttype=https://gs1.org/voc/Speed{https://ns.example.com/epcis/}x=1\
         sensorElementListsensorElementsensorReportbizRules=https://id.gs1.org/253/4012345000054987"
    );
}

#[test]
fn spelling_does_not_count() {
    let a = text(
        json!({"type": "ObjectEvent", "bizStep": "urn:epcglobal:cbv:bizstep:shipping", "quantityList": [{"quantity": "1.50", "epcClass": "urn:x:y"}], "example:n": 7.0}),
    );
    let b = text(
        json!({"example:n": "007", "quantityList": [{"epcClass": " urn:x:y ", "quantity": 1.5}], "bizStep": "cbv:BizStep-shipping", "recordTime": "2026-01-01T00:00:00Z", "epcList": [], "disposition": null, "rdfs:comment": "x", "eventID": "urn:x:z"}),
    );
    assert_eq!(a, b);
    assert_eq!(
        text(json!({"https://ns.example.com/epcis/f": 1})),
        text(json!({"example:f": 1})),
        "an address is as good as its CURIE"
    );
}

#[test]
fn digits_are_never_rounded() {
    let long = "111100001111000011110000.5";
    assert!(text(json!({"example:code": long})).ends_with(long));
    assert!(text(json!({"example:small": "0.00001"})).ends_with("=0.00001"));
}

#[test]
fn lists_and_trees_in_extensions() {
    assert_eq!(
        text(
            json!({"example:fooList": ["b", "a"], "example:area": [[1, 2], [3, 4]], "example:deep": {"x": {"y": "z"}, "example:e": []}})
        ),
        "eventType=ObjectEvent\
         {https://ns.example.com/epcis/}area=1=2{https://ns.example.com/epcis/}area=3=4{https://ns.example.com/epcis/}deepxy=z\
         {https://ns.example.com/epcis/}fooList{https://ns.example.com/epcis/}foo=a{https://ns.example.com/epcis/}foo=b"
    );
}

#[test]
fn any_change_of_content_changes_the_hash() {
    let whole = json!({
        "eventTime": "2026-05-30T07:00:00Z", "eventTimeZoneOffset": "+02:00", "certificationInfo": "urn:x:c", "parentID": "urn:x:p",
        "epcList": ["urn:x:1"], "childEPCs": ["urn:x:2"], "inputEPCList": ["urn:x:3"], "outputEPCList": ["urn:x:4"],
        "quantityList": [{"epcClass": "urn:x:5", "quantity": 1, "uom": "KGM"}], "action": "ADD", "transformationID": "urn:x:t",
        "bizStep": "packing", "disposition": "active", "persistentDisposition": {"set": ["recalled"], "unset": ["damaged"]},
        "readPoint": {"id": "urn:x:r", "example:f": 1}, "bizLocation": {"id": "urn:x:l"},
        "sensorElementList": [{"sensorMetadata": {"time": "2026-05-30T07:00:00Z", "deviceID": "urn:x:d"}, "sensorReport": [{"type": "Speed", "value": 1}]}],
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:b"}], "sourceList": [{"type": "location", "source": "urn:x:s"}],
        "destinationList": [{"type": "location", "destination": "urn:x:e"}], "ilmd": {"example:i": 1}, "example:ext": {"example:a": [1, 2]},
    });
    let before = text(whole.clone());
    let mut places = Vec::new();
    paths(&whole, String::new(), &mut places);
    assert!(places.len() >= 30, "{}", places.len());
    for path in places {
        let mut changed = whole.clone();
        let value = changed.pointer_mut(&path).unwrap();
        *value = match value {
            Value::Number(_) => json!(99),
            Value::String(text) if text.starts_with("2026") => json!("2026-05-30T07:00:00.001Z"),
            _ => json!("changed"),
        };
        assert_ne!(text(changed), before, "{path}");
    }
}

fn paths(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(key, value)| paths(value, format!("{at}/{key}"), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(i, value)| paths(value, format!("{at}/{i}"), found)),
        _ => found.push(at),
    }
}

#[test]
fn a_declaration_has_one_digest_in_all_its_spellings() {
    let digest = |value: Value| declaration_digest(&value, &context());
    let a = digest(
        json!({"declarationTime": "2020-01-15T00:00:00+01:00", "reason": "incorrect_data", "correctiveEventIDs": ["urn:x:2", "urn:x:1"]}),
    );
    let b = digest(
        json!({"correctiveEventIDs": ["urn:x:1", "urn:x:2"], "reason": "cbv:ER-incorrect_data", "declarationTime": "2020-01-14T23:00:00.000Z"}),
    );
    assert_eq!(a, b);
    let other = json!({"declarationTime": "2020-01-15T00:00:00+01:00", "reason": "did_not_occur"});
    assert_ne!(a, digest(other));
    let empty = Map::new();
    assert_eq!(
        digest(Value::Object(empty)),
        declaration_digest(&Value::Null, &context())
    );
    assert_eq!(
        hex(&a),
        "14c2ce8a2094ba6e3eae0a1c7a10bc90587991d157f2de9c21b0390310d99b41"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
