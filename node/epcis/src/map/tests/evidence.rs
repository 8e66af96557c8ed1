//! What rules read of an event.

use super::*;

#[test]
fn facts_are_named_by_local_names_and_exact() {
    let fields = json!({
        "sourceList": [from("location", PLACE)],
        "ilmd": {
            "cbvmda:lotNumber": "007", "gs1:catchZone": ["21.4R", "27.14.a"], "example:weight": {"gs1:value": "12.50", "gs1:unitCode": "KGM"},
            "example:count": 3, "example:ratio": 0.12345678901, "example:organic": true, "example:when": "2026-05-30T07:00:00+02:00",
            "example:day": "2026-05-30", "example:source": "urn:epc:id:sgln:9506000.13437.0", "example:nothing": null, "example:tree": {"a": {"b": 1}},
        },
        "example:count": 4, "example:link": {"id": ITEM}, "bare": "word",
    });
    let report = report(&object("ADD", "commissioning", fields));
    let facts = &report.detail.open().unwrap().facts;
    let shown: Vec<String> = facts
        .iter()
        .map(|fact| {
            let value = match &fact.value {
                FactValue::Text(text) => format!("{text:?}"),
                FactValue::Id(id) => id.to_string(),
                FactValue::Time(time) => format!("{} ms", time.0),
                FactValue::Decimal { value, unit } => {
                    format!("{value} {}", unit.as_deref().unwrap_or("-"))
                }
            };
            format!("{} = {value}", fact.name)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "bare = \"word\"",
            "catchZone = \"21.4R, 27.14.a\"",
            "count = 3 -",
            "day = \"2026-05-30\"",
            &format!("link = {ITEM}"),
            "lotNumber = \"007\"",
            "organic = \"true\"",
            "ratio = \"0.12345678901\"",
            "source = https://id.gs1.org/414/9506000134376",
            &format!("sourceLocation = {PLACE}"),
            "weight = 12.5 KGM",
            "when = 1780117200000 ms",
        ]
    );
}

#[test]
fn sensors_are_exact_with_span_and_alarm() {
    let fields = json!({"sensorElementList": [
        {"sensorMetadata": {"startTime": "2026-05-15T12:00:00Z", "endTime": "2026-05-15T13:12:00Z"}, "sensorReport": [
            {"type": "Temperature", "value": "58.4", "minValue": 41.0, "maxValue": 58.40, "meanValue": 49.7, "uom": "CEL", "exception": "ALARM_CONDITION"},
            {"type": "example:Shock", "stringValue": "strong", "time": "2026-05-15T12:30:00Z", "exception": "ERROR_CONDITION"},
        ]},
    ]});
    let report = report(&object("OBSERVE", "inspecting", fields));
    let sensors = serde_json::to_value(&*report.detail.open().unwrap().sensors).unwrap();
    assert_eq!(
        sensors[0],
        json!({
            "type": "Temperature", "unit": "CEL", "min": "41", "max": "58.4", "mean": "49.7", "value": "58.4", "alarm": true,
            "from": sensors[0]["from"], "to": sensors[0]["to"],
        })
    );
    let spans: Vec<_> = report
        .detail
        .open()
        .unwrap()
        .sensors
        .iter()
        .map(|s| (s.from.map(|t| t.0), s.to.map(|t| t.0), s.alarm))
        .collect();
    assert_eq!(
        spans,
        [
            (Some(1_778_846_400_000), Some(1_778_850_720_000), true),
            (Some(1_778_848_200_000), None, false)
        ]
    );
    assert_eq!(sensors[1]["type"], "https://ns.example.com/Shock");
}

#[test]
fn a_long_log_is_told_by_its_extremes() {
    let reports: Vec<Value> = (0..300).map(|n| json!({"type": "Temperature", "uom": "CEL", "value": n, "time": format!("2026-05-15T12:{:02}:00Z", n % 60)})).collect();
    let report = report(&object(
        "OBSERVE",
        "inspecting",
        json!({"sensorElementList": [{"sensorReport": reports}]}),
    ));
    let [sensor] = &report.detail.open().unwrap().sensors[..] else {
        panic!()
    };
    assert_eq!(
        (
            sensor.min.unwrap().to_string(),
            sensor.max.unwrap().to_string(),
            sensor.value,
            sensor.mean
        ),
        ("0".into(), "299".into(), None, None)
    );
    assert_eq!(sensor.to.unwrap().0 - sensor.from.unwrap().0, 59 * 60_000);
}
