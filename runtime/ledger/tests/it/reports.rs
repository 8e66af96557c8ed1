//! Captured events: kept in any case, moving custody where rights and rules allow.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, no};
use crate::world::{World, tx};
use marque_abi::decision::{Decision, Verdict};
use marque_ledger::read;
use marque_primitives::action::{
    Action, ErrorDeclaration, Kind, Operation, Registration, Report, Right,
};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::receipt::Outcome;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::Thing;
use marque_primitives::{Address, Hash, TimeMs};

fn world() -> World {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(cheese(), 0, 20), run(milk(), 0, 20)])),
    );
    world
}

#[track_caller]
fn withheld(outcome: &Outcome) -> &Refusal {
    match outcome {
        Outcome::Observed(Some(refusal)) => refusal,
        other => panic!("{other:?} has no reason"),
    }
}

#[track_caller]
fn refuses(world: &mut World, who: Address, report: Report) -> Refusal {
    world.refuses(tx(who, vec![Action::Fact(report)]))
}

#[test]
fn the_same_event_again_is_a_duplicate_and_writes_nothing() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    let shipping = report(7, goods.clone(), vec![offer(goods.clone(), SHOP)]);
    let first = world.captured(DAIRY, shipping.clone());
    assert_eq!(first.outcome, Outcome::Accepted);
    let events = world.books.events.len();
    for who in [DAIRY, SHOP] {
        let again = world.captured(who, shipping.clone());
        assert_eq!((again.outcome, again.event), (Outcome::Duplicate, None));
        assert_eq!(world.changes.len(), 1);
    }
    assert_eq!(world.books.events.len(), events);
    let known = read::known_event(&world.state, &Hash([7; 32]))
        .unwrap()
        .unwrap();
    assert_eq!((Some(known.event), known.account), (first.event, DAIRY));
}

#[test]
fn an_event_id_names_one_event() {
    let mut world = world();
    let with_id = |hash, id: &str| Report {
        capture: capture(hash, Some(id)),
        ..report(hash, things([one(cheese(), 0)]), vec![])
    };
    world.captured(DAIRY, with_id(1, "urn:uuid:1"));
    let refusal = refuses(&mut world, DAIRY, with_id(2, "urn:uuid:1"));
    assert!(refusal.is(Invariant::EventIdReused), "{refusal}");
    world.captured(DAIRY, with_id(2, "urn:uuid:2"));
}

fn declared(hash: u8, digest: u8, id: Option<&str>) -> Report {
    let mut declared = report(hash, things([one(cheese(), 0)]), vec![]);
    declared.capture.event_id = id.map(|id| id.try_into().unwrap());
    declared.capture.declaration = Some(ErrorDeclaration {
        digest: Hash([digest; 32]),
        time: TimeMs(0),
        reason: Some("incorrect_data".try_into().unwrap()),
        corrective: Default::default(),
    });
    declared
}

#[test]
fn a_declaration_marks_its_event_and_moves_nothing() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    world.captured(DAIRY, report(7, goods.clone(), vec![offer(goods, SHOP)]));
    let custody = world.record(&one(cheese(), 0));
    let refusal = refuses(&mut world, DAIRY, declared(8, 1, None));
    assert!(refusal.is(Invariant::UnknownEvent), "{refusal}");
    let refusal = refuses(&mut world, SHOP, declared(7, 1, None));
    assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    let refusal = refuses(&mut world, DAIRY, declared(7, 1, Some("urn:uuid:9")));
    assert!(refusal.is(Invariant::UnknownEvent), "{refusal}");
    let receipt = world.captured(DAIRY, declared(7, 1, None));
    assert_eq!(receipt.outcome, Outcome::Accepted);
    assert_eq!(world.books.events.last().unwrap().kind, Kind::DeclareError);
    let known = read::known_event(&world.state, &Hash([7; 32]))
        .unwrap()
        .unwrap();
    assert_eq!(
        known.declared,
        Some((receipt.event.unwrap(), Hash([1; 32])))
    );
    assert_eq!(world.record(&one(cheese(), 0)), custody);
    // The same declaration is a duplicate, another one is not.
    let again = world.captured(DAIRY, declared(7, 1, None));
    assert_eq!(again.outcome, Outcome::Duplicate);
    let other = world.captured(DAIRY, declared(7, 2, None));
    assert_eq!(other.outcome, Outcome::Accepted);
    // As an intent, too.
    world.done(
        DAIRY,
        Operation::DeclareError {
            event: Hash([7; 32]),
            event_id: None,
            reason: None,
            corrective: Default::default(),
        },
    );
}

#[test]
fn nothing_is_dated_beyond_block_time_and_ten_minutes() {
    let mut world = world();
    let ten = 600_000;
    let seen = |time| Report {
        detail: at(time),
        ..report(
            u8::try_from(time % 251).unwrap(),
            things([one(cheese(), 0)]),
            vec![],
        )
    };
    let latest = world.next().time.0 + ten;
    let refusal = refuses(&mut world, DAIRY, seen(latest + 1));
    assert!(refusal.is(Invariant::InFuture), "{refusal}");
    let latest = world.next().time.0 + ten;
    world.captured(DAIRY, seen(latest));
    // Every kind of intent, too.
    let late = world.next().time.0 + ten + 999_999;
    for operation in [
        commission(things([one(cheese(), 90)])),
        offer(things([one(cheese(), 0)]), SHOP),
        lift(1),
        recall(marque_primitives::action::RecallTarget::Product(cheese())),
        Operation::DeclareError {
            event: Hash([7; 32]),
            event_id: None,
            reason: None,
            corrective: Default::default(),
        },
    ] {
        let refusal = world.refuses(tx(DAIRY, vec![Action::Intent(operation, at(late))]));
        assert!(refusal.is(Invariant::InFuture), "{refusal}");
    }
}

#[test]
fn a_late_change_of_custody_stays_an_observation_and_is_marked() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    world.hand_over(DAIRY, CARRIER, goods.clone());
    let place = Place::Uri("geo:1,1".try_into().unwrap());
    let late = Report {
        detail: Detail {
            place: Some(place),
            ..at(world.time - 1)
        },
        ..report(7, goods.clone(), vec![offer(goods, SHOP)])
    };
    let receipt = world.captured(CARRIER, late);
    assert!(withheld(&receipt.outcome).is(Invariant::OutOfOrder));
    let event = world.books.events.last().unwrap();
    assert!(event.late);
    assert_eq!(event.kind, Kind::Observe);
    let record = world.record(&one(cheese(), 0));
    assert_eq!((record.offer, record.place), (None, None));
}

#[test]
fn attempts_fall_through_from_accept_to_claim() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    let receiving = |hash| {
        let attempts = vec![
            accept(goods.clone()),
            claim(goods.clone(), Right::Possession),
        ];
        report(hash, goods.clone(), attempts)
    };
    let receipt = world.captured(SHOP, receiving(7));
    assert!(withheld(&receipt.outcome).is(Invariant::NotOffered));
    assert_eq!(world.books.events.last().unwrap().kind, Kind::Claim);
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(DAIRY));
    // The shipping is captured later and completes it.
    let shipping = report(8, goods.clone(), vec![offer(goods.clone(), SHOP)]);
    let receipt = world.captured(DAIRY, shipping);
    assert_eq!(receipt.outcome, Outcome::Accepted);
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(SHOP));
    let last = world.books.events.last().unwrap();
    assert_eq!(
        (last.kind, last.account, last.signer),
        (Kind::Accept, SHOP, DAIRY)
    );
}

#[test]
fn what_a_right_or_a_rule_forbids_stays_an_observation_that_says_why() {
    let mut world = world();
    let goods = things([one(milk(), 0)]);
    let shipping = |hash| {
        report(
            hash,
            goods.clone(),
            vec![
                offer(goods.clone(), SHOP),
                claim(goods.clone(), Right::Possession),
            ],
        )
    };
    let receipt = world.captured(CARRIER, shipping(1));
    assert!(withheld(&receipt.outcome).is(Invariant::NotCustodian));
    let never: Decision = Verdict::Refuse(no("TooWarm")).into();
    let program = Program::new()
        .write(b"k", b"v")
        .emit(2, b"asked")
        .decide(never);
    world.program("rule_offer", program);
    let receipt = world.captured(DAIRY, shipping(2));
    assert_eq!(withheld(&receipt.outcome).name.as_str(), "TooWarm");
    assert_eq!((receipt.emitted.len(), receipt.notes.len()), (0, 0));
    let event = world.books.events.last().unwrap();
    assert_eq!((event.kind, event.decided.len()), (Kind::Observe, 0));
    assert_eq!(event.withheld.as_ref().unwrap().name.as_str(), "TooWarm");
    world.program("rule_offer", Program::new().trap());
    let receipt = world.captured(DAIRY, shipping(3));
    assert!(withheld(&receipt.outcome).is(Invariant::Trapped));
    // A rule that uses up the gas leaves none to keep anything with.
    world.program("rule_offer", Program::new().spin());
    let refusal = refuses(&mut world, DAIRY, shipping(4));
    assert!(refusal.is(Invariant::OutOfGas), "{refusal}");
}

#[test]
fn a_rule_is_told_that_a_movement_was_captured() {
    let mut world = world();
    let program = Program::new()
        .if_input_has(&[Kind::Offer as u8, 1])
        .refuse(&no("Captured"));
    world.program("rule_offer", program);
    let goods = things([one(milk(), 0)]);
    let receipt = world.captured(
        DAIRY,
        report(1, goods.clone(), vec![offer(goods.clone(), SHOP)]),
    );
    assert_eq!(withheld(&receipt.outcome).name.as_str(), "Captured");
    world.done(DAIRY, offer(goods, SHOP));
}

#[test]
fn unknown_things_get_an_external_record_which_the_licensee_adopts() {
    let mut world = world();
    let seen = things([run(butter(), 0, 1_000)]);
    let receipt = world.captured(STRANGER, report(1, seen, vec![]));
    assert_eq!(receipt.outcome, Outcome::Observed(None));
    let record = world.record(&one(butter(), 500));
    assert!(record.external);
    assert_eq!((record.count, record.history.length), (1_000, 1));
    assert_eq!(world.custodian(&one(butter(), 500)), None);
    let refusal = world.refused(STRANGER, offer(things([one(butter(), 5)]), SHOP));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let adopt = commission(things([run(butter(), 100, 10)]));
    let refusal = world.refused(DAIRY, adopt.clone());
    assert!(refusal.is(Invariant::UnknownProduct), "{refusal}");
    world.act(DAIRY, crate::world::product(butter(), None));
    let refusal = world.refused(PHARMA, adopt.clone());
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
    world.done(DAIRY, adopt);
    let record = world.record(&one(butter(), 105));
    assert!(!record.external);
    // With the history that others wrote.
    assert_eq!((record.count, record.history.length), (10, 2));
    assert_eq!(record.brand, Some(DAIRY));
    assert!(world.record(&one(butter(), 99)).external);
}

#[test]
fn an_unlicensed_commission_is_seen_and_not_done() {
    let mut world = world();
    let items = things([run(foreign(), 0, 10)]);
    let receipt = world.captured(STRANGER, report(1, items.clone(), vec![commission(items)]));
    assert!(withheld(&receipt.outcome).is(Invariant::UnknownProduct));
    assert!(world.record(&one(foreign(), 3)).external);
}

#[test]
fn only_custodian_and_observers_write_into_a_things_own_history() {
    let mut world = world();
    let item = one(cheese(), 0);
    let length = |world: &World| world.record(&one(cheese(), 0)).history.length;
    let look = |world: &mut World, who| world.done(who, observe(things([one(cheese(), 0)])));
    look(&mut world, STRANGER);
    look(&mut world, SHOP);
    assert_eq!(length(&world), 1);
    // The events stand beside it and name it.
    assert_eq!(
        world.books.events.last().unwrap().items.to_vec(),
        [Thing::from(item)]
    );
    look(&mut world, DAIRY);
    assert_eq!(length(&world), 2);
    let grant = |party, gtin, revoke| {
        register(Registration::GrantObserver {
            party: account(party),
            gtin,
            revoke,
        })
    };
    world.act(DAIRY, grant(STRANGER, None, false));
    look(&mut world, STRANGER);
    assert_eq!(length(&world), 3);
    world.hand_over(DAIRY, CARRIER, things([one(cheese(), 0)]));
    look(&mut world, STRANGER);
    assert_eq!(length(&world), 5);
    world.act(DAIRY, grant(STRANGER, Some(cheese()), false));
    look(&mut world, STRANGER);
    // The brand itself, too.
    look(&mut world, DAIRY);
    assert_eq!(length(&world), 7);
    world.act(DAIRY, grant(STRANGER, Some(cheese()), true));
    look(&mut world, STRANGER);
    assert_eq!(length(&world), 7);
    let refusal = world.refuses(tx(SHOP, vec![grant(STRANGER, Some(cheese()), false)]));
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
}

#[test]
fn a_tie_to_a_document_needs_one() {
    let mut world = world();
    let link = Operation::Link {
        items: things([one(cheese(), 0)]),
        parent: None,
        unlink: false,
    };
    let refusal = world.refused(DAIRY, link.clone());
    assert!(refusal.is(Invariant::Shape), "{refusal}");
    let mut detail = Detail::default();
    let marque_primitives::detail::Evidence::Open(open) = &mut detail.evidence else {
        panic!("evidence is open by default");
    };
    open.documents = vec![marque_primitives::detail::Document {
        kind: "po".try_into().unwrap(),
        id: "urn:po:1".try_into().unwrap(),
    }]
    .try_into()
    .unwrap();
    world.act(DAIRY, Action::Intent(link, detail));
    assert_eq!(world.record(&one(cheese(), 0)).history.length, 2);
}

#[test]
fn an_event_about_nothing_but_a_place_is_kept() {
    let mut world = world();
    let receipt = world.captured(CARRIER, report(1, things(Vec::<Thing>::new()), vec![]));
    assert_eq!(receipt.outcome, Outcome::Observed(None));
    assert!(receipt.event.is_some());
}
