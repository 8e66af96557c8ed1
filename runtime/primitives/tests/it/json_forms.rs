//! The forms that people write, and what is written back.

use marque_primitives::action::Action;
use marque_primitives::detail::{Detail, Place};
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Gas, TimeMs};
use serde_json::{Value, json};

fn canonical<T: serde::Serialize + serde::de::DeserializeOwned>(json: Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(json).unwrap()).unwrap()
}

#[test]
fn the_interface_example_is_read() {
    let text = r#"{"actions": [
      {"commission": {"items": ["https://id.gs1.org/01/09506000134352/21/A1"], "lot": "B7", "expiry": "2027-05-01"}},
      {"pack":       {"parent": "https://id.gs1.org/00/095060001343500019", "children": ["https://id.gs1.org/01/09506000134352/21/A1"]}},
      {"offer":      {"items": ["https://id.gs1.org/00/095060001343500019"], "to": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045", "what": "possession", "place": "https://id.gs1.org/414/9506000134376"}},
      {"commission": {"items": [{"gtin": "09506000134352", "from": "000001", "count": 10000},
                                {"lot": "https://id.gs1.org/01/09506000134352/10/B7", "quantity": "12.5", "unit": "KGM"}]}}
    ]}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    let actions: Vec<Action> = serde_json::from_value(value["actions"].clone()).unwrap();
    let back = serde_json::to_value(&actions).unwrap();
    assert_eq!(back[0], value["actions"][0]);
    assert_eq!(back[1], value["actions"][1]);
    assert_eq!(back[2], value["actions"][2]);
    assert_eq!(
        back[3],
        json!({"commission": {"items": [
            {"gtin": "https://id.gs1.org/01/09506000134352", "from": "000001", "count": 10000},
            {"lot": "https://id.gs1.org/01/09506000134352/10/B7", "quantity": "12500", "unit": "GRM"}]}})
    );
}

#[test]
fn things_are_read_in_every_form() {
    let canonical_item = json!("https://id.gs1.org/01/09506000134352/21/A1");
    for form in [
        "https://id.gs1.org/01/09506000134352/21/A1",
        "https://brand.example/some/path/01/09506000134352/21/A1?linkType=all",
        "urn:epc:id:sgtin:9506000.013435.A1",
        "(01)09506000134352(21)A1",
        "]d2010950600013435221A1",
    ] {
        assert_eq!(canonical::<Thing>(json!(form)), canonical_item, "{form}");
        assert_eq!(canonical::<ThingId>(json!(form)), canonical_item, "{form}");
    }
    // The lot that an item's identifier claims stays with the thing, not with its id.
    let with_lot = json!("https://id.gs1.org/01/09506000134352/10/B7/21/A1");
    assert_eq!(canonical::<Thing>(with_lot.clone()), with_lot);
    assert_eq!(canonical::<ThingId>(with_lot), canonical_item);
    // A range of one is a thing by its name.
    let one = json!({"gtin": "(01)09506000134352", "from": "A1", "count": "1"});
    assert_eq!(canonical::<Thing>(one), canonical_item);
    // A class is kept as it is named.
    let class = json!("https://id.gs1.org/01/09506000134352");
    assert_eq!(canonical::<Thing>(class.clone()), class);
    assert_eq!(canonical::<Thing>(json!({"class": class})), class);
}

#[test]
fn places_and_parties_are_read_in_every_form() {
    let place = json!("https://id.gs1.org/414/9506000134376");
    for form in [
        "9506000134376",
        "(414)9506000134376",
        "urn:epc:id:sgln:9506000.13437.0",
    ] {
        assert_eq!(canonical::<Place>(json!(form)), place, "{form}");
    }
    let party = json!("https://id.gs1.org/417/9506000134376");
    for form in [
        "9506000134376",
        "(417)9506000134376",
        "https://id.gs1.org/414/9506000134376",
    ] {
        assert_eq!(
            canonical::<marque_primitives::action::PartyRef>(json!(form)),
            party,
            "{form}"
        );
    }
    // EPCIS takes any URI for where something was, and what was recorded is read again.
    for uri in [
        "geo:48.1,11.5",
        "https://id.gs1.org/417/9506000134376",
        "urn:uuid:1",
    ] {
        assert_eq!(canonical::<Place>(json!(uri)), json!(uri));
    }
    assert_eq!(
        canonical::<Place>(json!("(417)9506000134376")),
        json!("https://id.gs1.org/417/9506000134376")
    );
}

#[test]
fn anchors_say_what_they_are_only_where_a_name_does_not() {
    use marque_primitives::action::Anchor;
    for form in [
        json!("https://id.gs1.org/414/9506000134376"),
        json!("geo:48.1,11.5"),
        json!("https://id.gs1.org/8004/9506000A-1"),
        json!("urn:uuid:1"),
        json!({"place": "urn:uuid:1"}),
        json!({"thing": "geo:48.1,11.5"}),
    ] {
        assert_eq!(canonical::<Anchor>(form.clone()), form);
    }
    assert_eq!(
        canonical::<Anchor>(json!({"thing": "urn:uuid:1"})),
        json!("urn:uuid:1")
    );
}

#[test]
fn times_are_rfc_3339_or_milliseconds() {
    let written = json!("2026-05-01T08:00:00.123Z");
    for form in [
        json!("2026-05-01T08:00:00.123Z"),
        json!("2026-05-01T10:00:00.123999+02:00"),
        json!("2026-05-01t08:00:00.123z"),
        json!(1_777_622_400_123_u64),
        json!("1777622400123"),
    ] {
        assert_eq!(canonical::<TimeMs>(form.clone()), written, "{form}");
    }
    assert_eq!(
        canonical::<TimeMs>(json!("2026-12-31T23:59:60Z")),
        json!("2027-01-01T00:00:00.000Z")
    );
    // Beyond the calendar of RFC 3339.
    assert_eq!(
        canonical::<TimeMs>(json!(u64::MAX)),
        json!("18446744073709551615")
    );
    for wrong in [
        json!("2026-05-01"),
        json!("2026-02-29T00:00:00Z"),
        json!("2026-05-01T24:00:00Z"),
        json!("2026-05-01T08:60:00Z"),
        json!("2026-05-01T08:00:61Z"),
        json!("2026-05-01T08:00:00"),
        json!("2026-05-01T08:00:00.Z"),
        json!("2026-05-01T08:00:00+2:00"),
        json!("1969-12-31T23:59:59Z"),
        json!("1970-01-01T00:00:00+00:01"),
        json!(-1),
        json!(1.5),
        json!(true),
    ] {
        assert!(
            serde_json::from_value::<TimeMs>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn a_local_clock_is_kept() {
    let local = json!({"time": "2026-05-01T10:00:00.000+02:00"});
    let detail: Detail = serde_json::from_value(local.clone()).unwrap();
    assert_eq!(
        (detail.time, detail.offset),
        (Some(TimeMs(1_777_622_400_000)), Some(120))
    );
    assert_eq!(serde_json::to_value(&detail).unwrap(), local);
    // An offset of nothing is still a statement, Z is none.
    let zero = json!({"time": "2026-05-01T08:00:00.000+00:00"});
    assert_eq!(canonical::<Detail>(zero.clone()), zero);
    let unknown = json!({"time": "2026-05-01T08:00:00.000Z"});
    assert_eq!(
        serde_json::from_value::<Detail>(unknown.clone())
            .unwrap()
            .offset,
        None
    );
    assert_eq!(canonical::<Detail>(unknown.clone()), unknown);
}

#[test]
fn integers_above_two_to_the_53_are_text() {
    let most = (1_u64 << 53) - 1;
    assert_eq!(canonical::<Gas>(json!(most)), json!(most));
    assert_eq!(canonical::<Gas>(json!(most + 1)), json!("9007199254740992"));
    assert_eq!(canonical::<Gas>(json!("7")), json!(7));
    for wrong in [
        json!("0x7"),
        json!("-7"),
        json!(""),
        json!(7.5),
        json!(-7),
        json!("18446744073709551616"),
        json!([]),
    ] {
        assert!(
            serde_json::from_value::<Gas>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn facts_are_words_numbers_ids_and_times() {
    let facts = json!({"facts": {
        "traceabilityLotCode": "TLC-1",
        "quantity": {"value": "5", "unit": "CS"},
        "count": 7,
        "origin": {"id": "urn:epc:id:sgln:9506000.13437.0"},
        "harvested": {"time": "2026-05-01T10:00:00+02:00"}
    }});
    assert_eq!(
        canonical::<Detail>(facts),
        json!({"facts": {
            "count": {"value": "7"},
            "harvested": {"time": "2026-05-01T08:00:00.000Z"},
            "origin": {"id": "https://id.gs1.org/414/9506000134376"},
            "quantity": {"value": "5", "unit": "CS"},
            "traceabilityLotCode": "TLC-1"
        }})
    );
}

#[test]
fn what_no_rule_reads_comes_back_as_it_was() {
    let rest = json!({"rest": {"b": {"z": 1, "a": [1.50, "é"]}, "a": null}});
    assert_eq!(canonical::<Detail>(rest.clone()), rest);
    // Bytes that are no JSON of ours are shown as bytes.
    let bytes = json!({"rest": "0x7b20227822203a317d"});
    assert_eq!(canonical::<Detail>(bytes.clone()), bytes);
}
