//! Intents as EPCIS tells them; captured events are in the integration tests.

use super::{ExportError, Surroundings, document, event, hash_of};
use crate::map::map;
use crate::{Document, Limits};
use marque_primitives::action::{Anchor, Kind, Operation, Right};
use marque_primitives::bounded::List;
use marque_primitives::date::Date;
use marque_primitives::detail::{Detail, Evidence, OpenEvidence};
use marque_primitives::gs1::Gln;
use marque_primitives::history::{Counterparty, Event, Terms};
use marque_primitives::json::naming;
use marque_primitives::thing::{Line, Run, Thing};
use marque_primitives::{Address, Hash, Height, TimeMs};
use serde_json::{Value, json};

const ALICE: Address = Address([1; 20]);
const BOB: Address = Address([2; 20]);
const PALLET: &str = "https://id.gs1.org/00/095060001343500019";

fn gln(address: &Address) -> Option<Gln> {
    (*address == BOB).then(|| "9521234000006".parse().unwrap())
}

fn run(count: u64) -> Thing {
    let line = Line::Product("09506000134352".parse().unwrap());
    Thing::Run {
        run: Run::new(line, "000098".parse().unwrap(), count).unwrap(),
        lot: None,
    }
}

fn record(kind: Kind, items: Vec<Thing>) -> Event {
    Event {
        height: Height(12),
        recorded: TimeMs(1_780_000_000_000),
        transaction: Hash([9; 32]),
        action: 0,
        kind,
        signer: ALICE,
        account: ALICE,
        from: Some(Counterparty::Account(ALICE)),
        to: Some(Counterparty::Account(BOB)),
        what: None,
        items: List::new(items).unwrap(),
        parent: None,
        terms: None,
        withheld: None,
        late: false,
        claim: None,
        decided: Vec::new(),
        detail: Detail::default(),
        capture: None,
    }
}

fn exported(record: &Event) -> Value {
    Value::Object(event(record, &Surroundings { gln: &gln }).unwrap())
}

#[test]
fn an_offer_is_a_shipping_with_its_receiver() {
    let offer = Event {
        what: Some(Right::Both),
        ..record(Kind::Offer, vec![run(3)])
    };
    let mut shipped = exported(&offer);
    let hash = shipped["marque:eventHash"].take();
    assert_eq!(
        hash,
        hash_of(shipped.as_object().unwrap()).unwrap().to_string()
    );
    assert_eq!(
        shipped,
        json!({
            "type": "ObjectEvent", "eventTime": "2026-05-28T20:26:40.000Z", "eventTimeZoneOffset": "+00:00",
            "action": "OBSERVE", "bizStep": "shipping",
            "destinationList": [
                {"type": "possessing_party", "destination": "https://id.gs1.org/417/9521234000006"},
                {"type": "owning_party", "destination": "https://id.gs1.org/417/9521234000006"},
            ],
            "epcList": [
                "https://id.gs1.org/01/09506000134352/21/000098",
                "https://id.gs1.org/01/09506000134352/21/000099",
                "https://id.gs1.org/01/09506000134352/21/000100",
            ],
            "recordTime": "2026-05-28T20:26:40.000Z", "marque:height": 12,
            "marque:transaction": "0x0909090909090909090909090909090909090909090909090909090909090909",
            "marque:eventHash": null,
        })
    );
}

#[test]
fn every_operation_of_things_has_an_event_that_reads_and_maps() {
    let document_of = |id: &str| marque_primitives::detail::Document {
        kind: Default::default(),
        id: id.try_into().unwrap(),
    };
    let open = OpenEvidence {
        documents: List::new(vec![document_of("urn:x:po")]).unwrap(),
        ..OpenEvidence::default()
    };
    let linked = Detail {
        evidence: Evidence::Open(open),
        ..Detail::default()
    };
    for kind in Kind::ALL {
        let mut record = record(kind, vec![naming::thing(PALLET).unwrap(), run(1)]);
        if matches!(
            kind,
            Kind::Pack | Kind::Unpack | Kind::Associate | Kind::Dissociate
        ) {
            record.parent = naming::thing_id(PALLET).ok();
        }
        if kind == Kind::Link {
            record.detail = linked.clone();
        }
        if kind == Kind::Transform {
            record.terms = Some(Terms::Transformation {
                id: None,
                used: 1,
                made: 1,
                lot: None,
                expiry: None,
            });
        }
        let around = Surroundings { gln: &gln };
        let told = match event(&record, &around) {
            Ok(told) => told,
            Err(error) => {
                assert!(
                    matches!(
                        kind,
                        Kind::DeclareError
                            | Kind::Govern
                            | Kind::Register
                            | Kind::Contract
                            | Kind::Credential
                    ),
                    "{error}"
                );
                assert_eq!(error, ExportError::NoEvent(kind));
                continue;
            }
        };
        let read = Document::of(&document(vec![told], TimeMs(0)), &Limits::default())
            .unwrap()
            .events
            .remove(0);
        let report = map(&read).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        let first = report.attempts.first().map(|operation| operation.kind());
        let expected = match kind {
            Kind::Offer | Kind::Reinstate | Kind::Reject | Kind::Release | Kind::Observe => None,
            Kind::Claim => Some(Kind::Accept),
            other => Some(other),
        };
        assert_eq!(first, expected, "{kind:?}");
    }
}

#[test]
fn quantities_come_out_in_the_base_unit() {
    let lot = json!({"lot": "https://id.gs1.org/01/09506000134352/10/L7", "quantity": "12.50", "unit": "KGM"});
    let lot: Thing = serde_json::from_value(lot).unwrap();
    let made = exported(&record(Kind::Commission, vec![lot]));
    assert_eq!(
        made["quantityList"].to_string(),
        r#"[{"epcClass":"https://id.gs1.org/01/09506000134352/10/L7","quantity":12500,"uom":"GRM"}]"#
    );
}

#[test]
fn a_commitment_is_told_without_what_it_hides() {
    let mut shipped = record(Kind::Offer, vec![run(1)]);
    shipped.detail.evidence = Evidence::Commitment(Hash([3; 32]));
    assert_eq!(exported(&shipped)["bizStep"], "shipping");
}

#[test]
fn too_many_things_for_a_list_are_refused() {
    let many = record(Kind::Commission, vec![run(100_001)]);
    let error = event(&many, &Surroundings { gln: &gln }).unwrap_err();
    assert_eq!(error, ExportError::TooMany(100_001));
}

/// The event as EPCIS has it, and the operation that it would be read as.
fn told(record: &Event) -> (Value, Operation) {
    let around = Surroundings { gln: &gln };
    let event = event(record, &around).unwrap();
    let document = document(vec![event.clone()], TimeMs(0));
    let read = Document::of(&document, &Limits::default())
        .unwrap()
        .events
        .remove(0);
    let operation = map(&read).unwrap().attempts[0].clone();
    (Value::Object(event), operation)
}

#[test]
fn an_ended_tie_is_a_delete() {
    let open = OpenEvidence {
        documents: List::new(vec![marque_primitives::detail::Document {
            kind: Default::default(),
            id: "urn:x:po".try_into().unwrap(),
        }])
        .unwrap(),
        ..OpenEvidence::default()
    };
    let mut tie = record(Kind::Link, vec![run(1)]);
    tie.detail.evidence = Evidence::Open(open);
    assert_eq!(told(&tie).0["action"], "ADD");
    tie.terms = Some(Terms::Unlink);
    let (event, operation) = told(&tie);
    assert_eq!(event["action"], "DELETE");
    assert!(matches!(operation, Operation::Link { unlink: true, .. }));
}

#[test]
fn a_place_that_something_hangs_on_is_the_parent() {
    let place = naming::place("9521234000006").unwrap();
    let hung = Event {
        terms: Some(Terms::Anchor(place.clone())),
        ..record(Kind::Associate, vec![run(1)])
    };
    let (_, operation) = told(&hung);
    let Operation::Associate { parent, .. } = operation else {
        panic!("{operation:?}");
    };
    assert_eq!(parent, Anchor::Place(place));
}

#[test]
fn a_transformation_tells_its_sides_and_what_survives() {
    let thing = |serial: u64| -> Thing {
        naming::thing(&format!(
            "https://id.gs1.org/01/09506000134352/21/{serial:06}"
        ))
        .unwrap()
    };
    let made = Event {
        terms: Some(Terms::Transformation {
            id: Some("urn:vat:7".try_into().unwrap()),
            used: 1,
            made: 1,
            lot: Some("L7".parse().unwrap()),
            expiry: Date::from_ymd(2027, 5, 1),
        }),
        ..record(Kind::Transform, vec![thing(1), thing(3), thing(5)])
    };
    let (event, operation) = told(&made);
    assert_eq!(event["transformationID"], "urn:vat:7");
    assert_eq!(
        operation,
        Operation::Transform {
            id: Some("urn:vat:7".try_into().unwrap()),
            inputs: List::new(vec![thing(1), thing(3)]).unwrap(),
            outputs: List::new(vec![thing(3), thing(5)]).unwrap(),
            lot: Some("L7".parse().unwrap()),
            expiry: Date::from_ymd(2027, 5, 1),
        }
    );
}

#[test]
fn a_commission_tells_lot_and_expiry() {
    let made = Event {
        terms: Some(Terms::Birth {
            lot: Some("L7".parse().unwrap()),
            expiry: Date::from_ymd(2027, 5, 1),
        }),
        ..record(Kind::Commission, vec![run(1)])
    };
    let (_, operation) = told(&made);
    let Operation::Commission { lot, expiry, .. } = operation else {
        panic!("{operation:?}");
    };
    assert_eq!(lot, Some("L7".parse().unwrap()));
    assert_eq!(expiry, Date::from_ymd(2027, 5, 1));
}
