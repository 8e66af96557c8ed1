//! The rest is stored for good: a change of these texts is a change of the format.

use crate::export::runs::restore;
use crate::map::map;
use crate::{Document, Limits};
use serde_json::{Map, Value, json};

fn rest(event: Value) -> String {
    let mut whole =
        json!({"eventTime": "2026-05-30T07:00:00.000Z", "eventTimeZoneOffset": "+02:00"});
    whole
        .as_object_mut()
        .unwrap()
        .extend(event.as_object().unwrap().clone());
    let document = json!({
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"example": "https://ns.example.com/epcis/"},
        ],
        "epcisBody": {"eventList": [whole]},
    });
    let document = Document::of(&document, &Limits::default()).unwrap();
    let report = map(&document.events[0]).unwrap();
    String::from_utf8(report.detail.open().unwrap().rest.to_vec()).unwrap()
}

#[test]
fn what_the_ledger_gives_back_is_not_kept_twice() {
    assert_eq!(
        rest(json!({
            "type": "ObjectEvent", "action": "OBSERVE", "eventID": "urn:uuid:1", "bizStep": "receiving",
            "disposition": "urn:epcglobal:cbv:disp:in_progress", "persistentDisposition": {"set": ["damaged"]},
            "epcList": ["urn:epc:id:sgtin:9506000.013435.A1"], "readPoint": {"id": "urn:epc:id:sgln:9506000.13437.7"},
            "bizLocation": {"id": "geo:1,2"}, "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:1"}],
            "errorDeclaration": null,
        })),
        r#"{"action":"OBSERVE"}"#
    );
}

#[test]
fn what_it_cannot_give_back_is_kept_as_it_came() {
    assert_eq!(
        rest(json!({
            "type": "ObjectEvent", "action": "ADD", "recordTime": "2026-05-30T08:00:00Z", "bizStep": "private word",
            "quantityList": [{"uom": "KGM", "epcClass": "urn:epc:class:lgtin:9506000.013435.L7", "quantity": 12.50}],
            "readPoint": {"id": "urn:epc:id:sgln:9506000.13437.0", "example:door": 7}, "certificationInfo": "urn:x:c",
            "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:1", "example:line": 2}],
            "sourceList": [{"type": "location", "source": "https://id.gs1.org/414/9506000134376"}],
            "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 4.10, "uom": "CEL"}]}],
            "ilmd": {"example:b": "\u{e9}", "example:a": null}, "example:ext": [1.0, true],
        })),
        concat!(
            r#"{"@context":[{"example":"https://ns.example.com/epcis/"}],"action":"ADD","bizStep":"private word","#,
            r#""bizTransactionList":[{"bizTransaction":"urn:x:1","example:line":2,"type":"po"}],"certificationInfo":"urn:x:c","#,
            r#""example:ext":[1.0,true],"ilmd":{"example:a":null,"example:b":"é"},"#,
            r#""quantityList":[{"epcClass":"urn:epc:class:lgtin:9506000.013435.L7","quantity":12.5,"uom":"KGM"}],"#,
            r#""readPoint":{"example:door":7,"id":"urn:epc:id:sgln:9506000.13437.0"},"recordTime":"2026-05-30T08:00:00Z","#,
            r#""sensorElementList":[{"sensorReport":[{"type":"Temperature","uom":"CEL","value":4.1}]}],"#,
            r#""sourceList":[{"source":"https://id.gs1.org/414/9506000134376","type":"location"}]}"#,
        )
    );
}

#[test]
fn null_takes_away_what_only_the_ledger_says() {
    assert_eq!(
        rest(
            json!({"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "epcList": ["urn:x:1"]})
        ),
        r#"{"action":"OBSERVE","disposition":null}"#
    );
    assert_eq!(
        rest(
            json!({"type": "AggregationEvent", "action": "DELETE", "parentID": "https://id.gs1.org/00/095060001343500019"})
        ),
        r#"{"action":"DELETE","childEPCs":null,"parentID":"https://id.gs1.org/00/095060001343500019"}"#
    );
}

#[test]
fn instances_are_kept_where_the_record_may_not_name_them_all() {
    let list = json!([
        "https://id.gs1.org/01/09506000134352/21/A1",
        "https://id.gs1.org/01/09506000134352"
    ]);
    assert_eq!(
        rest(json!({"type": "ObjectEvent", "action": "DELETE", "epcList": list})),
        r#"{"action":"DELETE","epcList":["https://id.gs1.org/01/09506000134352/21/A1","https://id.gs1.org/01/09506000134352"]}"#
    );
}

#[test]
fn the_sides_of_a_transformation_are_kept_as_runs() {
    let item = "https://id.gs1.org/01/09506000134352/21";
    let list = |from: u32, count: u32| -> Vec<String> {
        (from..from + count)
            .map(|n| format!("{item}/{n:06}"))
            .collect()
    };
    let mut inputs = list(0, 50_000);
    inputs.push("https://id.gs1.org/8004/9506000X1".into());
    for wrong in [
        json!([[format!("{item}/000001"), 100_001]]),
        json!([["urn:x:1", 2]]),
        json!([[item]]),
        json!(7),
    ] {
        let mut event = Map::from_iter([("epcList".to_owned(), json!({"runs": wrong}))]);
        assert!(
            restore(&mut event).is_err(),
            "nobody vouches for what is kept"
        );
    }
    let made = json!({"type": "TransformationEvent", "inputEPCList": inputs, "outputEPCList": list(70_000, 40_000)});
    let kept = rest(made.clone());
    let mut back: Value = serde_json::from_str(&kept).unwrap();
    restore(back.as_object_mut().unwrap()).unwrap();
    for side in ["inputEPCList", "outputEPCList"] {
        let mut sorted = back[side].as_array().unwrap().clone();
        sorted.sort_by_key(ToString::to_string);
        assert_eq!(sorted, *made[side].as_array().unwrap(), "{side}");
    }
    assert_eq!(
        kept,
        format!(
            r#"{{"inputEPCList":{{"runs":[["{item}/000000",50000],["https://id.gs1.org/8004/9506000X1",1]]}},"outputEPCList":{{"runs":[["{item}/070000",40000]]}}}}"#
        )
    );
    let lot = "https://id.gs1.org/01/09506000134352/10/L7";
    let recalled = json!({
        "type": "ObjectEvent", "action": "OBSERVE", "epcList": list(0, 9_000),
        "quantityList": [{"epcClass": lot}], "persistentDisposition": {"set": ["recalled"]},
    });
    assert!(
        rest(recalled).contains(&format!(r#""epcList":{{"runs":[["{item}/000000",9000]]}}"#)),
        "a lot's recall names no instances"
    );
}
