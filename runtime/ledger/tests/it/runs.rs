//! Runs: neighbours with one record cost what one thing does, and split where they part.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use marque_ledger::read;
use marque_primitives::key::Space;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, Run};

/// Leaves of one kind that the last block changed.
fn changed(world: &World, space: Space) -> usize {
    let of_space = |(key, _): &(&[u8], Option<&[u8]>)| key.first() == Some(&(space as u8));
    world.changes.iter().filter(of_space).count()
}

#[test]
fn a_million_cans_begin_in_one_record() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 999_999)])));
    assert_eq!(changed(&world, Space::Record), 1);
    let (first, record) = read::record_at(&world.state, &one(milk(), 777_777))
        .unwrap()
        .unwrap();
    assert_eq!(first, one(milk(), 0));
    assert_eq!(record.count, 999_999);
    assert_eq!(world.custodian(&one(milk(), 999_998)), Some(DAIRY));
    assert!(
        read::record_at(&world.state, &one(milk(), 999_999))
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_part_of_a_run_splits_it_into_at_most_three() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 100, 100)])));
    let begun = world.record(&one(cheese(), 100)).history;
    world.hand_over(DAIRY, DEALER, things([run(cheese(), 150, 10)]));
    let parts = [
        (100, 50, DAIRY, 1),
        (150, 10, DEALER, 3),
        (160, 40, DAIRY, 1),
    ];
    for (from, count, custodian, length) in parts {
        let (first, record) = read::record_at(&world.state, &one(cheese(), from))
            .unwrap()
            .unwrap();
        assert_eq!((first, record.count), (one(cheese(), from), count));
        assert_eq!(record.custodian, Some(custodian));
        assert_eq!(record.history.length, length);
    }
    // The parts share the history before the split: nothing is copied.
    assert_eq!(world.record(&one(cheese(), 100)).history, begun);
    assert_eq!(world.record(&one(cheese(), 160)).history, begun);
    assert_eq!(world.books.entries.len(), 3);
}

#[test]
fn one_and_000001_are_different_serials() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([item(cheese(), "1")])));
    assert!(
        read::record_at(&world.state, &item(cheese(), "000001"))
            .unwrap()
            .is_none()
    );
    world.done(
        DAIRY,
        commission(things([item(cheese(), "000001"), item(cheese(), "A1")])),
    );
    world.hand_over(DAIRY, DEALER, things([item(cheese(), "1")]));
    assert_eq!(world.custodian(&item(cheese(), "000001")), Some(DAIRY));
}

#[test]
fn a_run_ends_before_its_serials_gain_a_digit() {
    assert!(Run::new(Line::Product(milk()), serial("99"), 2).is_none());
    let mut world = World::new();
    let line = Line::Product(cheese());
    let nines = "9".repeat(20);
    world.done(
        DAIRY,
        commission(things([run_of(line, "90", 10), run_of(line, "100", 10)])),
    );
    world.done(DAIRY, commission(things([run_of(line, &nines, 1)])));
    world.hand_over(
        DAIRY,
        DEALER,
        things([run_of(line, "99", 1), run_of(line, &nines, 1)]),
    );
    assert_eq!(world.custodian(&item(cheese(), "98")), Some(DAIRY));
    assert_eq!(world.custodian(&item(cheese(), "99")), Some(DEALER));
    assert_eq!(world.custodian(&item(cheese(), "100")), Some(DAIRY));
}

#[test]
fn one_serial_has_one_record() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 10, 10)])));
    for again in [
        run(cheese(), 10, 10),
        run(cheese(), 5, 6),
        run(cheese(), 19, 1),
    ] {
        let refusal = world.refused(DAIRY, commission(things([again])));
        assert!(refusal.is(Invariant::AlreadyExists), "{refusal}");
        assert_eq!(refusal.items.len(), 1);
    }
}

#[test]
fn overlapping_runs_in_one_action_are_refused() {
    let mut world = World::new();
    let twice = [run(cheese(), 1, 10), run(cheese(), 5, 10)];
    let refusal = world.refused(DAIRY, commission(things(twice.clone())));
    assert!(refusal.is(Invariant::Repeated), "{refusal}");
    let refusal = world.refused(STRANGER, observe(things(twice.clone())));
    assert!(refusal.is(Invariant::Repeated), "{refusal}");
    world.done(DAIRY, commission(things([run(cheese(), 1, 14)])));
    let refusal = world.refused(DAIRY, offer(things(twice), DEALER));
    assert!(refusal.is(Invariant::Repeated), "{refusal}");
}

#[test]
fn a_refusal_names_what_is_unknown_as_ranges() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 10, 10)])));
    let refusal = world.refused(DAIRY, offer(things([run(cheese(), 5, 20)]), DEALER));
    assert!(refusal.is(Invariant::Unknown), "{refusal}");
    assert_eq!(
        refusal.items.to_vec(),
        [run(cheese(), 5, 5), run(cheese(), 20, 5)]
    );
}
