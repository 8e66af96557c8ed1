//! What aggregations, associations, transactions and transformations become.

use super::*;

#[test]
fn aggregation_add_packs_under_any_instance_key() {
    for parent in [
        PALLET,
        ITEM,
        "https://id.gs1.org/8003/00950600013439211",
        "https://id.gs1.org/8004/95060001343X",
        "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    ] {
        for step in ["packing", "loading", "other"] {
            let packed = report(&of(
                "AggregationEvent",
                "ADD",
                step,
                json!({"parentID": parent, "childEPCs": [OTHER]}),
            ));
            let [
                Operation::Pack {
                    parent: into,
                    children,
                },
            ] = &packed.attempts[..]
            else {
                panic!("{parent}")
            };
            assert_eq!(
                (into, &children[..]),
                (&naming::thing_id(parent).unwrap(), &[thing(OTHER)][..])
            );
            assert_eq!(packed.parent.as_ref(), Some(into));
        }
    }
    let class = json!({"parentID": PRODUCT, "childEPCs": [OTHER]});
    assert!(
        kinds(&of("AggregationEvent", "ADD", "packing", class)).is_empty(),
        "a class holds nothing"
    );
    let classes =
        json!({"parentID": PALLET, "childQuantityList": [{"epcClass": PRODUCT, "quantity": 3}]});
    assert!(
        kinds(&of("AggregationEvent", "ADD", "packing", classes)).is_empty(),
        "a class is not packed"
    );
}

#[test]
fn aggregation_delete_unpacks_and_none_named_is_all() {
    let some = report(&of(
        "AggregationEvent",
        "DELETE",
        "unpacking",
        json!({"parentID": PALLET, "childEPCs": [ITEM]}),
    ));
    let all = report(&of(
        "AggregationEvent",
        "DELETE",
        "unloading",
        json!({"parentID": PALLET}),
    ));
    let children = |report: &Report| match &report.attempts[..] {
        [Operation::Unpack { children, .. }] => children.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!((children(&some), children(&all)), (1, 0));
    let classes =
        json!({"parentID": PALLET, "childQuantityList": [{"epcClass": PRODUCT, "quantity": 3}]});
    assert!(
        kinds(&of("AggregationEvent", "DELETE", "unpacking", classes)).is_empty(),
        "classes are not everything"
    );
}

#[test]
fn aggregation_observe_accepts_the_parent_on_receiving_and_else_observes() {
    let seen = json!({"parentID": PALLET, "childEPCs": [ITEM]});
    for step in ["receiving", "accepting", "collecting"] {
        let received = report(&of("AggregationEvent", "OBSERVE", step, seen.clone()));
        let [
            Operation::Accept { items },
            Operation::Claim {
                what: Right::Possession,
                ..
            },
        ] = &received.attempts[..]
        else {
            panic!()
        };
        assert_eq!(items[..], [thing(PALLET)]);
    }
    for (step, fields) in [
        ("shipping", seen.clone()),
        ("inspecting", seen),
        ("receiving", json!({"childEPCs": [ITEM]})),
    ] {
        assert!(
            kinds(&of("AggregationEvent", "OBSERVE", step, fields)).is_empty(),
            "{step}"
        );
    }
}

#[test]
fn association_ties_to_things_and_places() {
    let anchor = |parent: &str| {
        let tied =
            json!({"parentID": parent, "childQuantityList": [{"epcClass": LOT, "quantity": 2}]});
        match report(&of("AssociationEvent", "ADD", "assembling", tied))
            .attempts
            .first()
        {
            Some(Operation::Associate { parent, children }) if children.len() == 1 => {
                parent.clone()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(anchor(ITEM), Anchor::Thing(naming::thing_id(ITEM).unwrap()));
    assert_eq!(anchor(PLACE), Anchor::Place(naming::place(PLACE).unwrap()));
    assert_eq!(
        anchor("geo:47.5,11.1"),
        Anchor::Place(naming::place("geo:47.5,11.1").unwrap())
    );
    for (children, count) in [
        (json!({"parentID": ITEM}), 0),
        (json!({"parentID": ITEM, "childEPCs": [OTHER]}), 1),
    ] {
        let [Operation::Dissociate { children, .. }] =
            &report(&of("AssociationEvent", "DELETE", "removing", children)).attempts[..]
        else {
            panic!()
        };
        assert_eq!(children.len(), count);
    }
    assert!(
        kinds(&of(
            "AssociationEvent",
            "OBSERVE",
            "inspecting",
            json!({"parentID": ITEM, "childEPCs": [OTHER]})
        ))
        .is_empty()
    );
}

#[test]
fn transaction_links_documents_and_never_moves_custody() {
    let documents =
        json!([{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:9506000134376:PO1"}]);
    for (action, ends) in [("ADD", false), ("OBSERVE", false), ("DELETE", true)] {
        for step in ["shipping", "receiving", "retail_selling"] {
            let fields = json!({"bizTransactionList": documents, "epcList": [ITEM], "parentID": PALLET, "destinationList": [to("possessing_party", BUYER)]});
            let linked = report(&of("TransactionEvent", action, step, fields));
            let [
                Operation::Link {
                    items,
                    parent,
                    unlink,
                },
            ] = &linked.attempts[..]
            else {
                panic!()
            };
            assert_eq!((items.len(), parent.is_some(), *unlink), (1, true, ends));
        }
    }
    let alone = report(&of(
        "TransactionEvent",
        "ADD",
        "other",
        json!({"bizTransactionList": documents}),
    ));
    assert!(
        matches!(&alone.attempts[..], [Operation::Link { items, parent: None, .. }] if items.is_empty())
    );
    let document = &alone.detail.open().unwrap().documents[0];
    assert_eq!(
        (document.kind.as_str(), document.id.as_str()),
        ("po", "urn:epcglobal:cbv:bt:9506000134376:PO1")
    );
}

fn transformed(fields: Value) -> Report {
    let mut all = json!({"type": "TransformationEvent", "bizStep": "repairing"});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    report(&event(all))
}

#[test]
fn transformation_with_any_step_transforms() {
    let made = transformed(json!({
        "inputEPCList": [ITEM], "inputQuantityList": [{"epcClass": PRODUCT, "quantity": 16, "uom": "EA"}],
        "outputEPCList": [ITEM, OTHER], "transformationID": "urn:epc:id:gdti:4012345.55555.1234",
        "ilmd": {"gs1:hasBatchLotNumber": "L7", "gs1:expirationDate": "2027-05-01"},
    }));
    let [
        Operation::Transform {
            id,
            inputs,
            outputs,
            lot,
            expiry,
        },
    ] = &made.attempts[..]
    else {
        panic!()
    };
    assert_eq!(
        id.as_deref(),
        Some("https://id.gs1.org/253/40123455555541234")
    );
    assert_eq!(
        (inputs.len(), outputs.len()),
        (2, 2),
        "raw material without a record is named too"
    );
    assert!(
        inputs.contains(&thing(ITEM)) && outputs.contains(&thing(ITEM)),
        "what is on both sides survives"
    );
    assert_eq!(
        (lot.unwrap().to_string(), expiry.unwrap().to_string()),
        ("L7".into(), "2027-05-01".into())
    );
    assert_eq!(made.items.len(), 3);
}

#[test]
fn a_side_of_a_transformation_may_come_later() {
    let open = transformed(json!({"inputEPCList": [ITEM], "transformationID": "urn:uuid:1"}));
    assert!(
        matches!(&open.attempts[..], [Operation::Transform { outputs, .. }] if outputs.is_empty())
    );
}

#[test]
fn what_becomes_something_without_a_record_ends_all_the_same() {
    let gone = transformed(
        json!({"inputEPCList": [ITEM], "outputQuantityList": [{"epcClass": PRODUCT, "quantity": 3}]}),
    );
    assert!(
        matches!(&gone.attempts[..], [Operation::Decommission { items }] if items[..] == [thing(ITEM)])
    );
    let classes = transformed(
        json!({"inputQuantityList": [{"epcClass": PRODUCT}], "outputQuantityList": [{"epcClass": PRODUCT, "quantity": 3}]}),
    );
    assert!(classes.attempts.is_empty(), "classes alone are observed");
}
