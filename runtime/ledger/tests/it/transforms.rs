//! Transformations: inputs end, outputs begin, survivors stay.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, hold};
use marque_primitives::action::{Operation, RecallTarget, Things};
use marque_primitives::bounded::List;
use marque_primitives::date::Date;
use marque_primitives::history::Role;
use marque_primitives::record::Status;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::Thing;

fn part(id: &str, inputs: Things, outputs: Things) -> Operation {
    Operation::Transform {
        id: Some(id.try_into().unwrap()),
        inputs,
        outputs,
        lot: None,
        expiry: None,
    }
}

fn world() -> World {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(milk(), 0, 20), pieces(milk(), "M", 100)])),
    );
    world
}

#[test]
fn inputs_end_and_outputs_begin() {
    let mut world = world();
    let make = Operation::Transform {
        id: None,
        inputs: things([run(milk(), 0, 5), pieces(milk(), "M", 40)]),
        outputs: things([run(cheese(), 0, 3), pieces(cheese(), "C", 7)]),
        lot: Some(lot_number("C")),
        expiry: Date::from_ymd(2027, 5, 1),
    };
    world.done(DAIRY, make);
    assert_eq!(world.record(&one(milk(), 0)).status(), Status::Ended);
    let made = world.record(&one(cheese(), 2));
    assert_eq!(
        (made.custodian, made.lot),
        (Some(DAIRY), Some(lot_number("C")))
    );
    assert_eq!(made.expiry, Date::from_ymd(2027, 5, 1));
    assert_eq!(world.has(DAIRY, &lot(milk(), "M")), whole(60));
    assert_eq!(world.has(DAIRY, &lot(cheese(), "C")), whole(7));
    let roles: Vec<&Role> = world
        .books
        .entries
        .iter()
        .rev()
        .take(4)
        .map(|e| &e.role)
        .collect();
    assert_eq!(
        roles,
        [&Role::Output, &Role::Output, &Role::Input, &Role::Input]
    );
}

#[test]
fn a_transformation_names_something_and_an_id_if_a_side_is_missing() {
    let mut world = world();
    let none = || -> Things { List::default() };
    for operation in [
        transform(none(), none()),
        transform(things([one(milk(), 0)]), none()),
        transform(none(), things([one(cheese(), 0)])),
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::Shape), "{refusal}");
    }
    world.done(DAIRY, part("urn:vat:1", things([one(milk(), 0)]), none()));
    world.done(DAIRY, part("urn:vat:1", none(), things([one(cheese(), 0)])));
    // An id is what a document says: another party's is another transformation.
    world.done(PHARMA, part("urn:vat:1", none(), things([one(pills(), 0)])));
}

#[test]
fn only_the_custodian_uses_things_up() {
    let mut world = world();
    let inputs = things([one(milk(), 0)]);
    let refusal = world.refused(PHARMA, transform(inputs.clone(), things([one(pills(), 0)])));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    world.done(DAIRY, recall(RecallTarget::Product(milk())));
    let refusal = world.refused(DAIRY, transform(inputs, things([one(cheese(), 0)])));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
}

#[test]
fn only_the_licensee_brings_outputs_into_being() {
    let mut world = world();
    let made = |gtin| things([one(gtin, 0)]);
    let refusal = world.refused(DAIRY, transform(things([one(milk(), 0)]), made(pills())));
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
    let refusal = world.refused(DAIRY, transform(things([one(milk(), 0)]), made(butter())));
    assert!(refusal.is(Invariant::UnknownProduct), "{refusal}");
    let refusal = world.refused(
        DAIRY,
        transform(things([one(milk(), 0)]), things([run(milk(), 5, 1)])),
    );
    assert!(refusal.is(Invariant::AlreadyExists), "{refusal}");
}

#[test]
fn what_is_on_both_sides_survives() {
    let mut world = world();
    // As a part of its run, with its lot claimed, and in a unit.
    let repaired = match run(milk(), 3, 2) {
        Thing::Run { run, .. } => Thing::Run { run, lot: None },
        other => other,
    };
    world.done(DAIRY, pack(pallet(1), things([run(milk(), 0, 10)])));
    let both = things([repaired]);
    world.done(
        DAIRY,
        transform(
            things([both[0].clone(), one(milk(), 15).into()]),
            both.clone(),
        ),
    );
    assert_eq!(world.record(&one(milk(), 3)).status(), Status::Active);
    assert_eq!(world.record(&one(milk(), 3)).parent, Some(pallet(1)));
    assert_eq!(world.record(&one(milk(), 15)).status(), Status::Ended);
    // A rule that holds the survivor shows in the unit around it.
    world.program("rule_transform", Program::new().decide(hold(false)));
    world.done(DAIRY, transform(both.clone(), both));
    assert_eq!(world.contents(&pallet(1)).lines[0].held, whole(2));
}

#[test]
fn a_survivor_is_found_by_its_serials_and_not_its_spelling() {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission_in(things([run(milk(), 0, 6)]), Some(lot_number("A")), None),
    );
    world.done(DAIRY, observe(things([run(milk(), 1, 2)])));
    let claimed = match run(milk(), 0, 4) {
        Thing::Run { run, .. } => Thing::Run {
            run,
            lot: Some(lot_number("A")),
        },
        other => other,
    };
    let both = things([claimed]);
    world.done(
        DAIRY,
        transform(things([both[0].clone(), one(milk(), 5).into()]), both),
    );
    for serial in 0..4 {
        assert_eq!(world.record(&one(milk(), serial)).status(), Status::Active);
    }
}

#[test]
fn raw_material_from_outside_becomes_an_external_record() {
    let mut world = world();
    let inputs = things([
        run(foreign(), 0, 10),
        Thing::Opaque("urn:lorry:7".try_into().unwrap()),
    ]);
    world.done(DAIRY, transform(inputs, things([one(cheese(), 0)])));
    let record = world.record(&one(foreign(), 4));
    assert!(record.external);
    assert_eq!(record.status(), Status::Ended);
}

#[test]
fn a_thing_stands_once_on_one_side() {
    let mut world = world();
    for (inputs, outputs) in [
        (run(butter(), 0, 1), run(butter(), 0, 5)),
        (run(foreign(), 3, 1), run(foreign(), 0, 5)),
    ] {
        let receipt = world.refused(DAIRY, transform(things([inputs]), things([outputs])));
        assert!(receipt.code >= 4000);
    }
    let twice = things([run(milk(), 0, 3), run(milk(), 2, 3)]);
    let refusal = world.refused(DAIRY, transform(twice, things([run(cheese(), 0, 5)])));
    assert!(refusal.is(Invariant::Repeated), "{refusal}");
}

#[test]
fn packed_inputs_leave_their_unit() {
    let mut world = world();
    world.done(DAIRY, pack(pallet(1), things([run(milk(), 0, 10)])));
    world.done(
        DAIRY,
        transform(things([run(milk(), 2, 3)]), things([one(cheese(), 0)])),
    );
    assert_eq!(world.contents(&pallet(1)).lines[0].amount, whole(7));
    assert!(world.record(&one(milk(), 2)).parent.is_none());
}

#[test]
fn survivors_are_found_serial_by_serial() {
    let mut world = world();
    let inputs = things([run(milk(), 0, 2), run(milk(), 4, 3)]);
    let outputs = things([run(milk(), 1, 1), run(milk(), 5, 1), run(milk(), 50, 2)]);
    world.done(DAIRY, transform(inputs, outputs));
    let status = |serial| world.record(&one(milk(), serial)).status();
    for serial in [1, 5, 50, 51] {
        assert_eq!(status(serial), Status::Active, "{serial}");
    }
    for serial in [0, 4, 6] {
        assert_eq!(status(serial), Status::Ended, "{serial}");
    }
}

#[test]
fn what_a_reporter_may_not_make_is_external_and_its_inputs_are_used_up() {
    let mut world = world();
    let (used, made) = (
        things([run(milk(), 0, 2)]),
        things([run(pills(), 0, 3), pieces(pills(), "P", 4)]),
    );
    let receipt = world.captured(DAIRY, report(1, used.clone(), vec![transform(used, made)]));
    assert_eq!(
        receipt.outcome,
        marque_primitives::receipt::Outcome::Accepted
    );
    assert_eq!(world.record(&one(milk(), 0)).status(), Status::Ended);
    let record = world.record(&one(pills(), 1));
    assert!(record.external);
    assert_eq!((record.custodian, record.history.length), (None, 1));
    let withheld = world.books.events.last().unwrap().withheld.clone().unwrap();
    assert!(withheld.is(Invariant::NotLicensed), "{withheld}");
    // Without anything that is used up nothing has happened here.
    let (seen, made) = (things([one(foreign(), 0)]), things([one(pills(), 9)]));
    let receipt = world.captured(DAIRY, report(2, seen.clone(), vec![transform(seen, made)]));
    assert_ne!(
        receipt.outcome,
        marque_primitives::receipt::Outcome::Accepted
    );
}
