//! Each line of the table by name.

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
}

#[test]
fn shipping_to_nobody_is_an_observation_in_transit() {
    for step in ["shipping", "consigning"] {
        let shipped = report(&object("OBSERVE", step, json!({})));
        assert!(shipped.attempts.is_empty());
        assert_eq!(shipped.detail.disposition.as_deref(), Some("in_transit"));
    }
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
        matches!(&gone.attempts[..], [Operation::Transform { .. }, Operation::Decommission { items }] if items[..] == [thing(ITEM)])
    );
    let classes = transformed(
        json!({"inputQuantityList": [{"epcClass": PRODUCT}], "outputQuantityList": [{"epcClass": PRODUCT, "quantity": 3}]}),
    );
    assert!(classes.attempts.is_empty(), "classes alone are observed");
}

#[test]
fn recalled_as_persistent_disposition_recalls_what_is_only_observed() {
    let target = |fields: Value| {
        let mut fields = fields;
        fields["persistentDisposition"] = json!({"set": ["recalled"]});
        match &report(&object("OBSERVE", "inspecting", fields)).attempts[..] {
            [Operation::Recall { target, .. }] => target.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(target(json!({})), RecallTarget::Items(items) if items[..] == [thing(ITEM)]));
    let quantities =
        |class| json!({"epcList": [], "quantityList": [{"epcClass": class, "quantity": 5}]});
    assert_eq!(
        target(quantities(LOT)),
        RecallTarget::Lot(naming::lot(LOT).unwrap())
    );
    assert_eq!(
        target(json!({"epcList": [LOT]})),
        RecallTarget::Lot(naming::lot(LOT).unwrap())
    );
    assert_eq!(
        target(quantities(PRODUCT)),
        RecallTarget::Product(naming::product(PRODUCT).unwrap())
    );

    let shipped = json!({"persistentDisposition": {"set": ["recalled"]}, "destinationList": [to("possessing_party", BUYER)]});
    let shipped = report(&object("OBSERVE", "shipping", shipped));
    assert!(
        matches!(shipped.attempts[..], [Operation::Offer { .. }]),
        "a movement stays one"
    );
    assert_eq!(shipped.detail.set[0].as_str(), "recalled");
    let lifted = report(&object(
        "OBSERVE",
        "inspecting",
        json!({"persistentDisposition": {"unset": ["recalled"]}}),
    ));
    assert!(lifted.attempts.is_empty());
    assert_eq!(lifted.detail.unset[0].as_str(), "recalled");
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
    let error = map(&object(
        "ADD",
        "commissioning",
        json!({"epcList": scattered}),
    ))
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("too many things that are no neighbours"),
        "{error}"
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
            quantity(json!({"epcClass": LOT, "quantity": "0.0000000001"})),
            "quantityList[0].quantity",
            "nine fraction digits",
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
        (json!({"example:big": "x".repeat(70_000)}), "", "65536"),
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
