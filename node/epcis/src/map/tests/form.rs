//! What things are named, and what is wrong with their form.

use super::*;

#[test]
fn classes_and_patterns_have_no_balance() {
    let quantities = json!([
        {"epcClass": LOT}, {"epcClass": LOT, "quantity": 0}, {"epcClass": PRODUCT, "quantity": 2}, {"epcClass": "urn:epc:idpat:sgtin:4012345.066666.*"},
        {"epcClass": "https://id.gs1.org/8003/00950600013439"}, {"epcClass": "urn:gdst:example.org:product:lot:class:1.2", "quantity": 5, "uom": "KGM"},
    ]);
    let fields = json!({"epcList": [PRODUCT, LOT], "quantityList": quantities, "destinationList": [to("possessing_party", BUYER)]});
    let seen = report(&object("OBSERVE", "shipping", fields));
    assert!(seen.attempts.is_empty());
    assert!(
        seen.items
            .iter()
            .all(|thing| matches!(thing, Thing::Class { .. }))
    );
}

#[test]
fn what_has_no_custody_does_not_hold_up_what_has() {
    let mixed = json!({"epcList": [ITEM, PRODUCT, "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427"], "destinationList": [to("possessing_party", BUYER)]});
    let shipped = report(&object("OBSERVE", "shipping", mixed));
    assert!(
        matches!(&shipped.attempts[..], [Operation::Offer { items, .. }] if items[..] == [thing(ITEM)])
    );
    assert_eq!(shipped.items.len(), 3);
    let waybill = json!({"epcList": ["urn:waybill:42"]});
    assert_eq!(
        kinds(&object("OBSERVE", "receiving", waybill)),
        ["accept", "claim"],
        "the ledger says why not"
    );
}

#[test]
fn neighbouring_serials_are_one_run() {
    let serials: Vec<String> = (0..5_000)
        .rev()
        .map(|n| format!("{PRODUCT}/21/{n:06}"))
        .collect();
    let mut listed = serials;
    listed.push(ITEM.into());
    let made = report(&object("ADD", "commissioning", json!({"epcList": listed})));
    let counts: Vec<u64> = made
        .items
        .iter()
        .map(|thing| match thing {
            Thing::Run { run, .. } => run.count(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(counts, [5_000, 1]);
    assert!(
        made.detail.open().unwrap().rest.len() < 100,
        "the run gives the list back"
    );
    let twice = json!({"epcList": [ITEM, OTHER, "urn:epc:id:sgtin:9506000.013435.A1", format!("{PRODUCT}/10/L7/21/A2")]});
    let twice = report(&object("ADD", "commissioning", twice));
    assert_eq!(
        twice.items[..],
        [thing(ITEM), thing(&format!("{PRODUCT}/10/L7/21/A2"))],
        "one thing in two spellings"
    );
    let scattered: Vec<String> = (0..1_001)
        .map(|n| format!("{PRODUCT}/21/{:06}", n * 2))
        .collect();
    let scattered = object("ADD", "commissioning", json!({"epcList": scattered}));
    assert_eq!(
        limit(&scattered),
        (
            Some("epcList".into()),
            "1001 things that are no neighbours, 1000 are the most; use one event for each pallet"
                .into()
        )
    );
}

#[test]
fn quantities_of_one_lot_are_summed_in_its_base_unit() {
    let twice = json!({"epcList": [], "quantityList": [{"epcClass": LOT, "quantity": 1, "uom": "KGM"}, {"epcClass": LOT, "quantity": "0.5", "uom": "GRM"}]});
    let [Thing::Lot { amount, .. }] = &report(&object("ADD", "commissioning", twice)).items[..]
    else {
        panic!()
    };
    assert_eq!(amount.to_string(), "1000.5 GRM");
}

#[test]
fn wrong_forms_are_invalid_with_field_and_remedy() {
    let quantity = |q: Value| json!({"epcList": [], "quantityList": [q]});
    for (fields, field, says) in [
        (
            json!({"epcList": ["https://id.gs1.org/01/09506000134353/21/A1"]}),
            "epcList[0]",
            "expected 2",
        ),
        (
            json!({"epcList": [ITEM, "not a uri"]}),
            "epcList[1]",
            "without spaces",
        ),
        (json!({"epcList": [ITEM, "A1"]}), "epcList[1]", "write"),
        (
            json!({"epcList": [format!("urn:x:{}", "y".repeat(300))]}),
            "epcList[0]",
            "255",
        ),
        (
            json!({"readPoint": {"id": "https://id.gs1.org/414/9506000134377"}}),
            "readPoint.id",
            "expected 6",
        ),
        (
            json!({"bizLocation": {"id": "nowhere"}}),
            "bizLocation.id",
            "write",
        ),
        (
            json!({"destinationList": [to("owning_party", "https://id.gs1.org/417/9521234000007")]}),
            "destinationList[0]",
            "expected 6",
        ),
        (
            quantity(json!({"epcClass": LOT, "quantity": 1, "uom": "kg"})),
            "quantityList[0].quantity",
            "UN/ECE",
        ),
        (
            json!({"epcList": [], "quantityList": [{"epcClass": LOT, "quantity": "0.0000000001"}], "destinationList": [to("owning_party", BUYER)]}),
            "quantityList[0].quantity",
            "nine fraction digits",
        ),
        (
            json!({"sourceList": [from("possessing_party", "https://id.gs1.org/417/9506000134377"), from("owning_party", SELLER)]}),
            "sourceList[0]",
            "expected 6",
        ),
        (
            json!({"errorDeclaration": [{"declarationTime": "2026-06-01T00:00:00Z"}]}),
            "errorDeclaration",
            "is a list",
        ),
        (
            quantity(json!({"epcClass": "urn:epc:class:lgtin:6000001.aluminium.1", "quantity": 1})),
            "quantityList[0].epcClass",
            "digits",
        ),
        (
            json!({"eventID": format!("urn:x:{}", "y".repeat(300))}),
            "eventID",
            "255",
        ),
        (
            json!({"bizStep": format!("https://example.com/{}", "y".repeat(300))}),
            "bizStep",
            "255",
        ),
    ] {
        match map(&object("OBSERVE", "shipping", fields)) {
            Err(Unmapped::Invalid(error)) => {
                assert_eq!(error.field, field);
                assert!(error.to_string().contains(says), "{error}");
                assert!(!error.remedy.is_empty());
            }
            other => panic!("{field}: {other:?}"),
        }
    }
}

#[test]
fn persons_and_restricted_products_are_refused_by_the_ledgers_name() {
    for (epc, code) in [
        ("https://id.gs1.org/8018/401234500000067657", 4048),
        ("https://id.gs1.org/01/02012345000001/21/1", 4049),
        ("https://id.gs1.org/8006/020123450000010102/21/1", 4049),
    ] {
        match map(&object("OBSERVE", "inspecting", json!({"epcList": [epc]}))) {
            Err(Unmapped::Refused(refusal)) => assert_eq!(
                (refusal.code, refusal.field.as_deref()),
                (code, Some("epcList[0]"))
            ),
            other => panic!("{epc}: {other:?}"),
        }
    }
}

#[test]
fn a_patient_is_neither_source_nor_destination() {
    let patient = "https://id.gs1.org/8018/401234500000067657";
    for (fields, field) in [
        (
            json!({"sourceList": [from("owning_party", patient)]}),
            "sourceList[0]",
        ),
        (
            json!({"destinationList": [to("owning_party", BUYER), to("possessing_party", patient)]}),
            "destinationList[1]",
        ),
    ] {
        match map(&object("OBSERVE", "dispensing", fields)) {
            Err(Unmapped::Refused(refusal)) => assert_eq!(
                (refusal.code, refusal.field.as_deref()),
                (4048, Some(field))
            ),
            other => panic!("{other:?}"),
        }
    }
}

/// Field and message of what the ledger has no room for.
fn limit(event: &Captured) -> (Option<String>, String) {
    match map(event) {
        Err(Unmapped::Refused(refusal)) => {
            assert_eq!(refusal.name.as_str(), "Shape");
            (
                refusal.field.as_ref().map(ToString::to_string),
                refusal.message.to_string(),
            )
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_too_large_to_keep_is_refused_and_not_invalid() {
    let (_, message) = limit(&object(
        "OBSERVE",
        "shipping",
        json!({"example:big": "x".repeat(70_000)}),
    ));
    assert!(message.contains("65536 are the most"), "{message}");
}

#[test]
fn an_amount_without_an_exact_value_is_seen_without_an_amount() {
    let lot = json!({"epcList": [], "quantityList": [{"epcClass": LOT, "quantity": 0.12345678901, "uom": "KGM"}]});
    let seen = report(&object("OBSERVE", "inspecting", lot.clone()));
    assert!(seen.attempts.is_empty());
    assert!(
        matches!(&seen.items[..], [Thing::Class { id, amount: None }] if id.as_str() == LOT),
        "{:?}",
        seen.items
    );
    let rest = seen.detail.open().unwrap().rest.to_vec();
    assert!(
        String::from_utf8(rest).unwrap().contains("0.12345678901"),
        "it comes back as it was"
    );
    assert!(
        matches!(
            map(&object("ADD", "commissioning", lot)),
            Err(Unmapped::Invalid(_))
        ),
        "what moves has an exact amount"
    );
    let class = json!({"quantityList": [{"epcClass": PRODUCT, "quantity": 0.12345678901}]});
    assert_eq!(
        kinds(&object("ADD", "commissioning", class)),
        ["commission"],
        "a class has no balance that could be inexact"
    );
}
