//! Captured events: kept in any case, moving custody where rights and rules allow.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, no};
use crate::world::{World, tx};
use marque_abi::decision::{Decision, Verdict};
use marque_ledger::read;
use marque_primitives::action::{
    Action, ErrorDeclaration, Kind, Operation, RecallTarget, Registration, Report, Right,
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
    let again = world.captured(DAIRY, shipping);
    assert_eq!((again.outcome, again.event), (Outcome::Duplicate, None));
    assert_eq!(world.changes.len(), 1);
    assert_eq!(world.books.events.len(), events);
    let known = read::known_event(&world.state, &Hash([7; 32]), &DAIRY)
        .unwrap()
        .unwrap();
    assert_eq!(Some(known.event), first.event);
}

#[test]
fn nobody_takes_anothers_hash_or_id() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    let id = Some("urn:uuid:1");
    let mut squat = report(7, things(Vec::<Thing>::new()), vec![]);
    squat.capture = capture(7, id);
    let squatted = world.captured(STRANGER, squat.clone());
    squat.capture = capture(8, id);
    let refusal = refuses(&mut world, STRANGER, squat);
    assert!(refusal.is(Invariant::EventIdReused), "{refusal}");
    let mut shipping = report(7, goods.clone(), vec![offer(goods, SHOP)]);
    shipping.capture = capture(7, id);
    let shipped = world.captured(DAIRY, shipping);
    assert_eq!(shipped.outcome, Outcome::Accepted);
    assert!(world.record(&one(cheese(), 0)).offer.is_some());
    // By its hash or id, all accounts' events are found.
    let by_hash = read::known_events(&world.state, &Hash([7; 32]), 9).unwrap();
    let by_id = read::events_of_id(&world.state, &"urn:uuid:1".try_into().unwrap(), 9).unwrap();
    assert_eq!(by_hash, by_id);
    let mut found: Vec<_> = by_hash.iter().map(|known| Some(known.event)).collect();
    found.sort();
    assert_eq!(found, [squatted.event, shipped.event]);
}

#[test]
fn an_observation_that_its_rule_refuses_is_kept() {
    let mut world = world();
    let goods = things([one(milk(), 0)]);
    let never: Decision = Verdict::Refuse(no("TooWarm")).into();
    for (hash, program, name) in [
        (1, Program::new().decide(never), "TooWarm"),
        (2, Program::new().trap(), "Trapped"),
    ] {
        world.program("rule_observe", program);
        let receipt = world.captured(DAIRY, report(hash, goods.clone(), vec![]));
        assert_eq!(withheld(&receipt.outcome).name.as_str(), name);
        assert_eq!(world.books.events.last().unwrap().kind, Kind::Observe);
    }
    world.program("rule_observe", Program::new().spin());
    let refusal = refuses(&mut world, DAIRY, report(3, goods, vec![]));
    assert!(refusal.is(Invariant::OutOfGas), "{refusal}");
}

fn of_lot(gtin: marque_primitives::gs1::Gtin, number: u64, lot: &str) -> Thing {
    match run(gtin, number, 1) {
        Thing::Run { run, .. } => Thing::Run {
            run,
            lot: Some(lot_number(lot)),
        },
        other => other,
    }
}

#[test]
fn a_label_of_another_lot_is_kept_beside_the_thing() {
    let mut world = world();
    world.done(DAIRY, commission(things([of_lot(cheese(), 50, "A")])));
    let length = |world: &World, number| world.record(&one(cheese(), number)).history.length;
    let fake = things([of_lot(cheese(), 50, "B"), one(cheese(), 0).into()]);
    let receipt = world.captured(DAIRY, report(1, fake.clone(), vec![]));
    assert!(withheld(&receipt.outcome).is(Invariant::Mismatch));
    assert_eq!((length(&world, 50), length(&world, 0)), (1, 2));
    let event = world.books.events.last().unwrap();
    assert_eq!(event.items.to_vec(), fake.to_vec());
    let receipt = world.captured(DAIRY, report(2, fake.clone(), vec![offer(fake, SHOP)]));
    assert!(withheld(&receipt.outcome).is(Invariant::Mismatch));
    // A record without a lot contradicts no label.
    let labelled = things([of_lot(cheese(), 0, "B")]);
    let receipt = world.captured(DAIRY, report(3, labelled, vec![]));
    assert_eq!(receipt.outcome, Outcome::Observed(None));
}

#[test]
fn a_strangers_sighting_detaches_nothing_from_its_lot() {
    let mut world = World::new();
    let seen = Report {
        detail: Detail {
            disposition: Some("stolen".try_into().unwrap()),
            set: vec!["recalled".try_into().unwrap()].try_into().unwrap(),
            place: Some(Place::Uri("geo:1,1".try_into().unwrap())),
            ..Detail::default()
        },
        ..report(1, things([run(cheese(), 0, 1_000)]), vec![])
    };
    world.captured(STRANGER, seen);
    world.done(
        DAIRY,
        commission(things([of_lot(cheese(), 5, "L"), of_lot(cheese(), 7, "M")])),
    );
    let record = world.record(&one(cheese(), 5));
    assert_eq!(record.lot, Some(lot_number("L")));
    assert_eq!((record.place, record.disposition), (None, None));
    assert!(record.persistent.is_empty());
    assert_eq!(record.history.length, 2);
    let target = RecallTarget::Lot(lot(cheese(), "L"));
    world.done(DAIRY, recall(target));
    let refusal = world.refused(DAIRY, offer(things([one(cheese(), 5)]), SHOP));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
}

#[test]
fn what_was_seen_later_stands() {
    let mut world = world();
    let seen = |hash, place: &str, time| Report {
        detail: Detail {
            place: Some(Place::Uri(place.try_into().unwrap())),
            ..at(time)
        },
        ..report(hash, things([one(cheese(), 0)]), vec![])
    };
    let noon = world.time;
    world.captured(DAIRY, seen(1, "geo:2,2", noon));
    world.captured(DAIRY, seen(2, "geo:1,1", noon - 100));
    assert!(world.books.events.last().unwrap().late);
    let place = world.record(&one(cheese(), 0)).place;
    assert_eq!(place, Some(Place::Uri("geo:2,2".try_into().unwrap())));
}

#[test]
fn packs_and_unpacks_out_of_order_are_observed() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    let noon = world.time;
    world.done(DAIRY, pack(pallet(1), goods.clone()));
    let unpacked = Report {
        detail: at(noon - 100),
        ..report(1, goods.clone(), vec![unpack(pallet(1), goods.clone())])
    };
    let receipt = world.captured(DAIRY, unpacked);
    assert!(withheld(&receipt.outcome).is(Invariant::OutOfOrder));
    world.done(DAIRY, unpack(pallet(1), goods.clone()));
    let packed = Report {
        detail: at(noon),
        ..report(2, goods.clone(), vec![pack(pallet(2), goods)])
    };
    let receipt = world.captured(DAIRY, packed);
    assert!(withheld(&receipt.outcome).is(Invariant::OutOfOrder));
}

#[test]
fn an_observed_quantity_reaches_its_rule_and_its_lots_history() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([pieces(milk(), "M", 10)])));
    let seen = things([pieces(milk(), "M", 4)]);
    let length = |world: &World| {
        read::lot(&world.state, &lot(milk(), "M"))
            .unwrap()
            .unwrap()
            .history
            .length
    };
    world.program(
        "rule_observe",
        Program::new().decide(crate::world::puppet::hold(false)),
    );
    world.captured(DAIRY, report(1, seen.clone(), vec![]));
    assert_eq!(length(&world), 2);
    assert_eq!(
        world.balance(&lot(milk(), "M"), |holding| !holding.holders.is_empty()),
        whole(4)
    );
    world.program("rule_observe", Program::new());
    world.captured(STRANGER, report(2, seen, vec![]));
    assert_eq!(length(&world), 2);
    let more = things([pieces(milk(), "M", 11)]);
    let receipt = world.captured(DAIRY, report(3, more, vec![]));
    assert!(withheld(&receipt.outcome).is(Invariant::Mismatch));
}

#[test]
fn an_observation_says_what_is_odd_about_it() {
    let mut world = world();
    world.done(DAIRY, pack(pallet(1), things([one(cheese(), 0)])));
    let children = Report {
        parent: Some(pallet(1)),
        ..report(1, things([run(cheese(), 0, 2)]), vec![])
    };
    let receipt = world.captured(DAIRY, children);
    let odd = withheld(&receipt.outcome);
    assert!(odd.is(Invariant::Mismatch), "{odd}");
    assert_eq!(odd.items.to_vec(), [Thing::from(one(cheese(), 1))]);
    world.done(DAIRY, decommission(things([one(cheese(), 5)])));
    let receipt = world.captured(SHOP, report(2, things([one(cheese(), 5)]), vec![]));
    assert!(withheld(&receipt.outcome).is(Invariant::Decommissioned));
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
    let known = read::known_event(&world.state, &Hash([7; 32]), &DAIRY)
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
        recall(RecallTarget::Product(cheese())),
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
        (Kind::Accept, SHOP, SHOP)
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
    assert!(withheld(&receipt.outcome).is(Invariant::Unknown));
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

#[test]
fn recalls_and_lifts_follow_what_else_an_event_stands_for() {
    let mut world = world();
    let goods = || things([run(cheese(), 0, 5)]);
    let items = || RecallTarget::Items(goods());
    let lot_of = || RecallTarget::Lot(lot(cheese(), "A"));
    world.done(DAIRY, commission(things([pieces(cheese(), "A", 5)])));
    // Shipped, and declared recalled with another lot in one event.
    let attempts = vec![offer(goods(), SHOP), recall(items()), recall(lot_of())];
    let receipt = world.captured(DAIRY, report(1, goods(), attempts));
    assert_eq!(receipt.outcome, Outcome::Accepted);
    let record = world.record(&one(cheese(), 0));
    assert!(record.offer.is_some() && record.recalls.len() == 1);
    // Another party's word recalls nothing, and what it saw is kept with the reason.
    let receipt = world.captured(STRANGER, report(2, goods(), vec![lift_of(items())]));
    assert!(withheld(&receipt.outcome).is(Invariant::NotRecalling));
    let receipt = world.captured(DAIRY, report(3, goods(), vec![lift_of(items())]));
    assert_eq!(receipt.outcome, Outcome::Accepted);
    assert!(world.record(&one(cheese(), 0)).recalls.is_empty());
    // What is refused of it leaves the rest as it was.
    let receipt = world.captured(DAIRY, report(4, goods(), vec![lift_of(items())]));
    assert!(withheld(&receipt.outcome).is(Invariant::NotRecalling));
}
