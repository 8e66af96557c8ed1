//! What object events become.

use super::*;

#[test]
fn object_add_with_any_step_is_a_commission() {
    for step in [
        "commissioning",
        "creating_class_instance",
        "encoding",
        "inspecting",
        "https://example.com/step",
        "",
    ] {
        assert_eq!(
            kinds(&object("ADD", step, json!({}))),
            ["commission"],
            "{step}"
        );
    }
    let ilmd = json!({"ilmd": {"cbvmda:lotNumber": "L7", "cbvmda:itemExpirationDate": "2027-05-01", "example:x": 1}});
    let made = report(&object("ADD", "commissioning", ilmd));
    let Some(Operation::Commission {
        items,
        lot,
        expiry,
        owner: None,
    }) = made.attempts.first()
    else {
        panic!()
    };
    assert_eq!(items[..], [thing(ITEM)]);
    assert_eq!(
        (lot.unwrap().to_string(), expiry.unwrap().to_string()),
        ("L7".into(), "2027-05-01".into())
    );
}

#[test]
fn a_lot_is_commissioned_by_its_quantity_and_names_itself() {
    let lot = json!({"epcList": [], "quantityList": [{"epcClass": LOT, "quantity": 1.5, "uom": "TNE"}], "ilmd": {"cbvmda:lotNumber": "other"}});
    let made = report(&object("ADD", "commissioning", lot));
    let Some(Operation::Commission {
        items, lot: None, ..
    }) = made.attempts.first()
    else {
        panic!()
    };
    let [Thing::Lot { amount, .. }] = &items[..] else {
        panic!()
    };
    assert_eq!(amount.to_string(), "1500000 GRM");
}

#[test]
fn object_delete_is_a_decommission_but_killing_a_tag_is_not() {
    for step in [
        "decommissioning",
        "destroying",
        "dispensing",
        "retail_selling",
        "other",
        "",
    ] {
        assert_eq!(
            kinds(&object("DELETE", step, json!({}))),
            ["decommission"],
            "{step}"
        );
    }
    assert!(kinds(&object("DELETE", "killing", json!({}))).is_empty());
    for step in ["decommissioning", "destroying", "killing"] {
        assert!(
            kinds(&object("OBSERVE", step, json!({}))).is_empty(),
            "OBSERVE {step}"
        );
    }
}

#[test]
fn shipping_offers_to_possessing_party_then_location_then_owner() {
    let parties = json!({"destinationList": [to("owning_party", BUYER), to("location", PLACE), to("possessing_party", CARRIER)]});
    for step in ["shipping", "consigning", "departing"] {
        let offered = report(&object("OBSERVE", step, parties.clone()));
        let receivers = offered.attempts.iter().map(|operation| match operation {
            Operation::Offer {
                items,
                to,
                what: Right::Possession,
                deadline: None,
            } if items[..] == [thing(ITEM)] => *to,
            other => panic!("{other:?}"),
        });
        let receivers = receivers.collect::<Vec<_>>();
        assert_eq!(
            receivers,
            [CARRIER, PLACE, BUYER].map(|text| PartyRef::Location(gln(text))),
            "{step}"
        );
    }
}

#[test]
fn ownership_goes_along_where_the_owning_parties_differ() {
    let what = |sources: Value, destinations: Value| {
        let shipped = object(
            "OBSERVE",
            "shipping",
            json!({"sourceList": sources, "destinationList": destinations}),
        );
        report(&shipped)
            .attempts
            .iter()
            .map(|operation| match operation {
                Operation::Offer { what, .. } => *what,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        what(
            json!([from("owning_party", SELLER)]),
            json!([to("owning_party", BUYER)])
        ),
        [Right::Both]
    );
    assert_eq!(
        what(
            json!([from("owning_party", BUYER)]),
            json!([to("owning_party", BUYER)])
        ),
        [Right::Possession]
    );
    assert_eq!(
        what(json!([]), json!([to("owning_party", BUYER)])),
        [Right::Possession],
        "who owned it is not said"
    );
    assert_eq!(
        what(
            json!([from("owning_party", SELLER)]),
            json!([to("owning_party", BUYER), to("possessing_party", CARRIER)])
        ),
        [Right::Possession, Right::Both],
        "a carrier does not become the owner"
    );
    assert_eq!(
        what(
            json!([from("owning_party", SELLER)]),
            json!([to("location", PLACE), to("owning_party", BUYER)])
        ),
        [Right::Both, Right::Possession],
        "the buyer's warehouse has another number than the buyer"
    );
}

#[test]
fn shipping_to_nobody_is_an_observation_in_transit() {
    for step in ["shipping", "consigning"] {
        let shipped = report(&object("OBSERVE", step, json!({})));
        assert!(shipped.attempts.is_empty());
        assert_eq!(shipped.detail.disposition.as_deref(), Some("in_transit"));
    }
    let nobody = json!({"destinationList": [to("owning_party", "urn:epc:id:consumer"), to("location", "geo:1,2")]});
    let nobody = report(&object("OBSERVE", "shipping", nobody));
    assert_eq!(nobody.detail.disposition.as_deref(), Some("in_transit"));
    let known = report(&object(
        "OBSERVE",
        "shipping",
        json!({"disposition": "damaged"}),
    ));
    assert_eq!(known.detail.disposition.as_deref(), Some("damaged"));
    assert_eq!(
        report(&object("OBSERVE", "departing", json!({})))
            .detail
            .disposition,
        None
    );
}

#[test]
fn void_shipping_withdraws() {
    assert_eq!(
        kinds(&object("OBSERVE", "void_shipping", json!({}))),
        ["withdraw"]
    );
}

#[test]
fn receiving_accepts_or_claims() {
    for step in ["receiving", "accepting", "collecting"] {
        assert_eq!(
            kinds(&object("OBSERVE", step, json!({}))),
            ["accept", "claim"],
            "{step}"
        );
    }
    let claimed = |destination: &str| {
        let parties = json!({
            "sourceList": [from("owning_party", SELLER)],
            "destinationList": [to("possessing_party", destination), to("owning_party", BUYER)],
        });
        match report(&object("OBSERVE", "receiving", parties))
            .attempts
            .get(1)
        {
            Some(Operation::Claim { what, .. }) => *what,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        (claimed(BUYER), claimed(CARRIER)),
        (Right::Both, Right::Possession)
    );
    let bought = json!({"sourceList": [from("owning_party", SELLER)], "destinationList": [to("location", PLACE), to("owning_party", BUYER)]});
    let bought = report(&object("OBSERVE", "receiving", bought));
    assert!(
        matches!(
            bought.attempts[1],
            Operation::Claim {
                what: Right::Both,
                ..
            }
        ),
        "a receiver named as the owner alone gets what was offered to it"
    );
}

#[test]
fn selling_offers_to_a_registered_party_and_else_releases() {
    for step in ["retail_selling", "dispensing"] {
        assert_eq!(
            kinds(&object("OBSERVE", step, json!({}))),
            ["release"],
            "{step}"
        );
        let sold = json!({"destinationList": [to("owning_party", BUYER)]});
        assert_eq!(kinds(&object("OBSERVE", step, sold)), ["offer", "release"]);
        let part = json!({"disposition": "partially_dispensed"});
        assert!(kinds(&object("OBSERVE", step, part)).is_empty());
    }
    let consumer = json!({"destinationList": [to("owning_party", "urn:epc:id:consumer")]});
    assert_eq!(
        kinds(&object("OBSERVE", "retail_selling", consumer)),
        ["release"],
        "a buyer without a number"
    );
}

#[test]
fn every_other_step_observes() {
    for step in [
        "arriving",
        "transporting",
        "staging_outbound",
        "storing",
        "stocking",
        "stock_taking",
        "cycle_counting",
        "holding",
        "reserving",
        "inspecting",
        "sampling",
        "sensor_reporting",
        "entering_exiting",
        "picking",
        "repairing",
        "other",
        "loading",
        "unloading",
        "installing",
        "removing",
        "packing",
        "unpacking",
        "assembling",
        "https://example.com/step",
        "private",
        "",
    ] {
        let seen = report(&object(
            "OBSERVE",
            step,
            json!({"destinationList": [to("possessing_party", BUYER)]}),
        ));
        assert!(seen.attempts.is_empty(), "{step}");
        assert_eq!(seen.items[..], [thing(ITEM)]);
    }
}

#[test]
fn an_object_event_without_objects_is_about_its_place() {
    for step in ["shipping", "receiving", "sensor_reporting"] {
        let seen = report(&object(
            "OBSERVE",
            step,
            json!({"epcList": [], "readPoint": {"id": PLACE}}),
        ));
        assert!(seen.attempts.is_empty() && seen.items.is_empty());
        assert_eq!(
            seen.detail.place,
            Some(Place::Gln {
                gln: gln(PLACE),
                extension: None
            })
        );
    }
}

#[test]
fn recalled_as_persistent_disposition_recalls_what_is_named() {
    let targets = |fields: Value| {
        let mut fields = fields;
        fields["persistentDisposition"] = json!({"set": ["recalled"]});
        let recalled = report(&object("OBSERVE", "inspecting", fields));
        let targets = recalled.attempts.iter().map(|operation| match operation {
            Operation::Recall { target, .. } => target.clone(),
            other => panic!("{other:?}"),
        });
        targets.collect::<Vec<_>>()
    };
    let items = |names: &[&str]| {
        let things = names.iter().map(|name| thing(name)).collect::<Vec<_>>();
        RecallTarget::Items(things.try_into().unwrap())
    };
    let lot = |name: &str| RecallTarget::Lot(naming::lot(name).unwrap());
    let other = "https://id.gs1.org/01/09506000134352/10/L8";
    assert_eq!(targets(json!({})), [items(&[ITEM])]);
    let quantities =
        |class| json!({"epcList": [], "quantityList": [{"epcClass": class, "quantity": 5}]});
    assert_eq!(targets(quantities(LOT)), [lot(LOT)]);
    assert_eq!(targets(json!({"epcList": [LOT]})), [lot(LOT)]);
    assert_eq!(
        targets(json!({"epcList": [PRODUCT]})),
        [RecallTarget::Product(naming::product(PRODUCT).unwrap())]
    );
    assert_eq!(
        targets(quantities(PRODUCT)),
        [],
        "five of a product are not all of it"
    );
    let both = json!([{"epcClass": LOT, "quantity": 5}, {"epcClass": other}]);
    assert_eq!(
        targets(json!({"epcList": [ITEM, PALLET], "quantityList": both})),
        [items(&[ITEM, PALLET]), lot(LOT), lot(other)],
        "lots beside things, each of them"
    );
    let many: Vec<Value> = (0..17)
        .map(|n| json!({"epcClass": format!("{LOT}{n}")}))
        .collect();
    let many = json!({"epcList": [], "quantityList": many, "persistentDisposition": {"set": ["recalled"]}});
    let error = map(&object("OBSERVE", "inspecting", many)).unwrap_err();
    assert!(error.to_string().contains("16 are the most"), "{error}");
}

#[test]
fn a_recall_follows_what_else_an_event_stands_for() {
    let recalled = |more: Value| {
        let mut fields = json!({"persistentDisposition": {"set": ["recalled"]}});
        fields
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        fields
    };
    let shipped = recalled(json!({"destinationList": [to("possessing_party", BUYER)]}));
    let shipped = object("OBSERVE", "shipping", shipped);
    assert_eq!(kinds(&shipped), ["offer", "recall"]);
    assert_eq!(report(&shipped).detail.set[0].as_str(), "recalled");
    let received = object("OBSERVE", "receiving", recalled(json!({})));
    assert_eq!(kinds(&received), ["accept", "claim", "recall"]);
    let lifted = json!({"persistentDisposition": {"unset": ["recalled"]}, "quantityList": [{"epcClass": LOT}]});
    let lifted = report(&object("OBSERVE", "inspecting", lifted));
    let [
        Operation::LiftOf {
            target: RecallTarget::Items(items),
        },
        Operation::LiftOf {
            target: RecallTarget::Lot(lot),
        },
    ] = &lifted.attempts[..]
    else {
        panic!("{:?}", lifted.attempts)
    };
    assert_eq!(
        (&items[..], lot),
        (&[thing(ITEM)][..], &naming::lot(LOT).unwrap())
    );
    assert_eq!(lifted.detail.unset[0].as_str(), "recalled");
    let both = json!({"persistentDisposition": {"set": ["recalled"], "unset": ["recalled"]}});
    assert!(
        kinds(&object("OBSERVE", "inspecting", both)).is_empty(),
        "who says both says neither"
    );
    let linked = recalled(
        json!({"epcList": [ITEM], "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:1"}]}),
    );
    assert_eq!(
        kinds(&of("TransactionEvent", "ADD", "other", linked)),
        ["link", "recall"]
    );
}

#[test]
fn an_error_declaration_is_that_and_nothing_else() {
    let fields = json!({"eventID": "urn:uuid:1", "errorDeclaration": {
        "declarationTime": "2026-06-01T00:00:00Z", "reason": "urn:epcglobal:cbv:er:incorrect_data", "correctiveEventIDs": ["urn:uuid:2"],
    }, "destinationList": [to("possessing_party", BUYER)]});
    let declared = object("OBSERVE", "shipping", fields);
    let report = report(&declared);
    let [
        Operation::DeclareError {
            event,
            event_id,
            reason,
            corrective,
        },
    ] = &report.attempts[..]
    else {
        panic!()
    };
    assert_eq!(event.0, declared.hash.unwrap().0);
    assert_eq!(
        (
            event_id.as_deref(),
            reason.as_deref(),
            corrective[0].as_str()
        ),
        (Some("urn:uuid:1"), Some("incorrect_data"), "urn:uuid:2")
    );
    assert!(report.capture.declaration.is_some());
}
