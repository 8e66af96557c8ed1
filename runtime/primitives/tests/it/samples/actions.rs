//! Actions and what stands in them.

use super::{
    address, extension, gln, gtin, hash, item, list, lot, lot_number, range, serial, text, unit,
};
use marque_primitives::action::{
    Action, Anchor, Capture, CodeSource, ContractAction, ErrorDeclaration, EventType, Kind,
    LicenceKey, Operation, PartyRef, RecallId, RecallTarget, Registration, Report, Right, Scope,
    Target,
};
use marque_primitives::bounded::Bytes;
use marque_primitives::date::Date;
use marque_primitives::detail::{
    Detail, Document, Evidence, Fact, FactValue, Facts, OpenEvidence, Place, Sensor,
};
use marque_primitives::gs1::{CompanyPrefix, Giai, GraiType};
use marque_primitives::thing::{Line, Run, Thing};
use marque_primitives::{Amount, Decimal, TimeMs};

/// Things of every kind.
pub fn things() -> Vec<Thing> {
    let asset_type = GraiType::new("9506000134376").unwrap();
    vec![
        item().into(),
        range(),
        Thing::Run {
            run: Run::single(Line::Product(gtin()), serial("A2/3")),
            lot: Some(lot_number()),
        },
        Thing::Run {
            run: Run::single(Line::Returnable(asset_type), serial("R1")),
            lot: None,
        },
        Thing::Run {
            run: Run::new(Line::Returnable(asset_type), serial("01"), 5).unwrap(),
            lot: None,
        },
        Thing::Asset(Giai::new("9506000A-1").unwrap()),
        unit().into(),
        Thing::Opaque(text("urn:gdst:example:lot:1")),
        Thing::Lot {
            id: lot(),
            amount: Amount::new("12.5".parse().unwrap(), Some("KGM")).unwrap(),
        },
        Thing::Lot {
            id: lot(),
            amount: Amount::count(3),
        },
        Thing::Class {
            id: text("https://id.gs1.org/01/09506000134352"),
            amount: None,
        },
        Thing::Class {
            id: text("https://id.gs1.org/01/09506000134352/10/B7"),
            amount: Some(Amount::new("2".parse().unwrap(), Some("CS")).unwrap()),
        },
    ]
}

/// A detail with every field but a commitment.
pub fn detail() -> Detail {
    let facts = Facts::new(vec![
        fact("traceabilityLotCode", FactValue::Text(text("TLC-1"))),
        fact(
            "quantity",
            FactValue::Decimal {
                value: decimal("5"),
                unit: Some(text("CS")),
            },
        ),
        fact(
            "ratio",
            FactValue::Decimal {
                value: decimal("0.25"),
                unit: None,
            },
        ),
        fact("harvested", FactValue::Time(TimeMs(1_777_622_400_000))),
        fact(
            "source",
            FactValue::Id(text("https://id.gs1.org/414/9506000134376")),
        ),
    ]);
    Detail {
        time: Some(TimeMs(1_777_622_400_123)),
        offset: Some(120),
        place: Some(Place::Gln {
            gln: gln(),
            extension: Some(extension()),
        }),
        location: Some(Place::Uri(text("geo:48.137,11.575"))),
        step: Some(text("shipping")),
        disposition: Some(text("in_transit")),
        set: list(vec![text("completeness_verified")]),
        unset: list(vec![text("needs_replacement")]),
        evidence: Evidence::Open(OpenEvidence {
            facts: facts.unwrap(),
            sensors: list(vec![Sensor {
                kind: text("Temperature"),
                unit: Some(text("CEL")),
                min: Some(decimal("-1.5")),
                max: Some(decimal("8.25")),
                mean: Some(decimal("4")),
                value: Some(decimal("4.1")),
                from: Some(TimeMs(1_777_620_000_000)),
                to: Some(TimeMs(1_777_622_000_000)),
                alarm: true,
            }]),
            documents: list(vec![Document {
                kind: text("desadv"),
                id: text("urn:uuid:00000000-0000-4000-8000-000000000001"),
            }]),
            rest: Bytes::new(br#"{"a":[1,2.50],"ilmd":{"ex:x":"y"}}"#.to_vec()).unwrap(),
        }),
    }
}

fn fact(name: &str, value: FactValue) -> Fact {
    Fact {
        name: text(name),
        value,
    }
}

fn decimal(digits: &str) -> Decimal {
    digits.parse().unwrap()
}

pub fn capture() -> Capture {
    Capture {
        event_type: EventType::ObjectEvent,
        hash: hash(7),
        event_id: Some(text("urn:uuid:00000000-0000-4000-8000-000000000002")),
        declaration: Some(ErrorDeclaration {
            digest: hash(8),
            time: TimeMs(1_777_622_500_000),
            reason: Some(text("incorrect_data")),
            corrective: list(vec![text("urn:uuid:00000000-0000-4000-8000-000000000003")]),
        }),
    }
}

pub fn scope() -> Scope {
    Scope {
        administer: true,
        kinds: Some(list(vec![Kind::Observe, Kind::Pack])),
        messages: Some(list(vec![text("release_lot")])),
        products: Some(list(vec![gtin()])),
        places: Some(list(vec![gln()])),
        expires: Some(TimeMs(1_800_000_000_000)),
    }
}

fn operations() -> Vec<Operation> {
    let items = || list(vec![item().into()]);
    let party = || PartyRef::Account(address(1));
    let expiry = Date::from_ymd(2027, 5, 1);
    vec![
        Operation::Commission {
            items: list(things()),
            lot: Some(lot_number()),
            expiry,
            owner: Some(PartyRef::Location(gln())),
        },
        Operation::Decommission { items: items() },
        Operation::Reinstate { items: items() },
        Operation::Offer {
            items: items(),
            to: party(),
            what: Right::Both,
            deadline: Some(TimeMs(1_777_700_000_000)),
        },
        Operation::Accept { items: items() },
        Operation::Reject { items: items() },
        Operation::Withdraw { items: items() },
        Operation::Claim {
            items: items(),
            what: Right::Ownership,
        },
        Operation::Release { items: items() },
        Operation::Pack {
            parent: unit(),
            children: items(),
        },
        Operation::Unpack {
            parent: unit(),
            children: items(),
        },
        Operation::Observe {
            items: items(),
            parent: Some(unit()),
        },
        Operation::Associate {
            parent: Anchor::Thing(item()),
            children: items(),
        },
        Operation::Dissociate {
            parent: Anchor::Place(Place::Gln {
                gln: gln(),
                extension: None,
            }),
            children: items(),
        },
        Operation::Transform {
            id: Some(text("urn:uuid:00000000-0000-4000-8000-000000000004")),
            inputs: items(),
            outputs: list(vec![range()]),
            lot: Some(lot_number()),
            expiry,
        },
        Operation::Recall {
            target: RecallTarget::Lot(lot()),
            reason: text("Listeria found"),
            instructions: text("Return to the brand"),
            collectors: list(vec![party()]),
        },
        Operation::Lift {
            recall: RecallId(3),
        },
        Operation::Link {
            items: items(),
            parent: Some(unit()),
            unlink: true,
        },
        Operation::DeclareError {
            event: hash(9),
            event_id: Some(text("urn:uuid:00000000-0000-4000-8000-000000000002")),
            reason: Some(text("did_not_occur")),
            corrective: list(vec![text("urn:uuid:00000000-0000-4000-8000-000000000003")]),
        },
        Operation::LiftOf {
            target: RecallTarget::Items(items()),
        },
        Operation::EndHold {
            target: Target::Things {
                items: items(),
                holder: Some(address(1)),
            },
        },
    ]
}

fn registrations() -> Vec<Registration> {
    vec![
        Registration::RegisterParty {
            account: address(2),
            name: text("Nordfrische"),
            locations: list(vec![gln()]),
        },
        Registration::License {
            brand: address(2),
            key: LicenceKey::Prefix(CompanyPrefix::new("9506000").unwrap()),
        },
        Registration::RegisterProduct {
            gtin: gtin(),
            name: text("Milk 1 l"),
            contract: Some(address(3)),
        },
        Registration::Appoint {
            gtin: gtin(),
            party: PartyRef::Location(gln()),
            dismiss: true,
        },
        Registration::AuthorizeKey {
            key: address(4),
            scope: scope(),
        },
        Registration::RevokeKey { key: address(4) },
        Registration::GrantObserver {
            party: PartyRef::Account(address(5)),
            gtin: Some(gtin()),
            revoke: true,
        },
        Registration::Acknowledge {
            recall: RecallId(3),
            note: text("All returned"),
        },
        Registration::IssueCredential {
            subject: PartyRef::Account(address(5)),
            kind: "wholesale-distribution".parse().unwrap(),
            number: "WDA-DE-2291".parse().unwrap(),
            from: Some(TimeMs(1_777_622_400_000)),
            until: Some(TimeMs(1_809_158_400_000)),
        },
        Registration::RevokeCredential {
            subject: PartyRef::Location(gln()),
            kind: "food-facility".parse().unwrap(),
        },
    ]
}

fn contracts() -> Vec<ContractAction> {
    let bytes = || vec![0, 0x61, 0x73, 0x6d];
    vec![
        ContractAction::Store {
            code: Bytes::new(bytes()).unwrap(),
        },
        ContractAction::Deploy {
            code: CodeSource::Inline(Bytes::new(bytes()).unwrap()),
            salt: u64::MAX,
            args: Bytes::new(vec![1]).unwrap(),
        },
        ContractAction::Upgrade {
            contract: address(6),
            code: CodeSource::Known { hash: hash(12) },
            args: Bytes::new(vec![1]).unwrap(),
        },
        ContractAction::Message {
            contract: address(6),
            name: text("release_lot"),
            args: Bytes::new(vec![1, 2]).unwrap(),
        },
    ]
}

/// One action of each kind, by its name in JSON.
pub fn actions() -> Vec<(String, Action)> {
    let report = Report {
        capture: capture(),
        attempts: list(vec![Operation::Accept {
            items: list(vec![item().into()]),
        }]),
        items: list(vec![item().into()]),
        parent: Some(unit()),
        detail: detail(),
    };
    let committed = Detail {
        evidence: Evidence::Commitment(hash(10)),
        ..Detail::default()
    };
    let observe = Operation::Observe {
        items: list(vec![item().into()]),
        parent: None,
    };
    let intents = operations()
        .into_iter()
        .map(|operation| Action::Intent(operation, detail()));
    let actions = intents
        .chain([Action::Fact(report)])
        .chain(registrations().into_iter().map(Action::Registry))
        .chain(contracts().into_iter().map(Action::Contract));
    let named = actions.map(|action| (name(&action), action));
    named
        .chain([(
            "observe-committed".to_owned(),
            Action::Intent(observe, committed),
        )])
        .collect()
}

/// The one name of an action's JSON object.
fn name(action: &Action) -> String {
    let tagged = serde_json::to_value(action).unwrap();
    let names: Vec<&String> = tagged.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 1);
    names[0].clone()
}
