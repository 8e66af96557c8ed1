//! Recalls of a product, a lot or a list; what is recalled goes back.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use marque_ledger::{Effective, Source, read};
use marque_primitives::Address;
use marque_primitives::action::{Operation, RecallId, RecallTarget, Registration};
use marque_primitives::key::Space;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Thing, ThingId};

fn world() -> World {
    let mut world = World::new();
    let lot_a = Some(lot_number("A"));
    world.done(
        DAIRY,
        commission_in(things([run(cheese(), 0, 20)]), lot_a, None),
    );
    world.hand_over(DAIRY, SHOP, things([run(cheese(), 10, 10)]));
    world
}

fn status(world: &World, serial: u64) -> (Effective, Source) {
    let judgement = world.standing(&one(cheese(), serial)).judgement;
    (judgement.status, judgement.source)
}

#[test]
fn a_recall_of_a_product_or_lot_writes_one_leaf_and_reaches_everything() {
    for (target, source, space) in [
        (
            RecallTarget::Product(cheese()),
            Source::Product,
            Space::Product,
        ),
        (
            RecallTarget::Lot(lot(cheese(), "A")),
            Source::Lot,
            Space::Lot,
        ),
    ] {
        let mut world = world();
        let id = world.done(DAIRY, recall(target)).recall.unwrap();
        let records = world
            .changes
            .iter()
            .filter(|(key, _)| key[0] == Space::Record as u8);
        assert_eq!(records.count(), 0);
        assert_eq!(
            world
                .changes
                .iter()
                .filter(|(key, _)| key[0] == space as u8)
                .count(),
            1
        );
        assert_eq!(status(&world, 0), (Effective::Recalled, source.clone()));
        assert_eq!(status(&world, 15), (Effective::Recalled, source));
        let refusal = world.refused(SHOP, offer(things([one(cheese(), 15)]), DEALER));
        assert!(refusal.is(Invariant::Recalled), "{refusal}");
        world.hand_over(SHOP, DAIRY, things([one(cheese(), 15)]));
        world.done(DAIRY, lift(id.0));
        assert_eq!(status(&world, 0).0, Effective::Active);
    }
}

#[test]
fn things_commissioned_after_a_products_recall_are_recalled_too() {
    let mut world = world();
    world.done(DAIRY, recall(RecallTarget::Product(cheese())));
    world.done(DAIRY, commission(things([one(cheese(), 50)])));
    assert_eq!(status(&world, 50).0, Effective::Recalled);
}

#[test]
fn a_list_recall_marks_each_run_that_it_touches() {
    let mut world = world();
    let target = RecallTarget::Items(things([run(cheese(), 8, 4)]));
    let id = world.done(DAIRY, recall(target)).recall.unwrap();
    let now = |world: &World| [7, 8, 11, 12].map(|serial| status(world, serial).0);
    let [fine, back] = [Effective::Active, Effective::Recalled];
    assert_eq!(now(&world), [fine, back, back, fine]);
    world.done(DAIRY, lift(id.0));
    assert_eq!(now(&world), [fine; 4]);
}

#[test]
fn collectors_may_receive_what_is_recalled() {
    let mut world = world();
    let collect = Operation::Recall {
        target: RecallTarget::Lot(lot(cheese(), "A")),
        reason: "listeria".try_into().unwrap(),
        instructions: Default::default(),
        collectors: vec![account(CARRIER)].try_into().unwrap(),
    };
    world.done(DAIRY, collect);
    world.hand_over(SHOP, CARRIER, things([one(cheese(), 15)]));
    let refusal = world.refused(CARRIER, offer(things([one(cheese(), 15)]), DEALER));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
}

#[test]
fn an_offer_made_before_a_recall_is_not_accepted_after_it() {
    let mut world = world();
    world.done(SHOP, offer(things([one(cheese(), 15)]), DEALER));
    world.done(DAIRY, recall(RecallTarget::Lot(lot(cheese(), "A"))));
    let refusal = world.refused(DEALER, accept(things([one(cheese(), 15)])));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
    world.done(SHOP, withdraw(things([one(cheese(), 15)])));
}

#[test]
fn only_the_brand_recalls_and_only_the_opener_lifts_once() {
    let mut world = world();
    for target in [
        RecallTarget::Product(cheese()),
        RecallTarget::Lot(lot(cheese(), "A")),
        RecallTarget::Items(things([one(cheese(), 0)])),
    ] {
        for stranger in [SHOP, PHARMA] {
            let refusal = world.refused(stranger, recall(target.clone()));
            assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
        }
    }
    let refusal = world.refused(DAIRY, recall(RecallTarget::Product(butter())));
    assert!(refusal.is(Invariant::UnknownProduct), "{refusal}");
    let refusal = world.refused(DAIRY, recall(RecallTarget::Lot(lot(cheese(), "Z"))));
    assert!(refusal.is(Invariant::Unknown), "{refusal}");
    let id = world
        .done(DAIRY, recall(RecallTarget::Product(cheese())))
        .recall
        .unwrap();
    for (who, id) in [(PHARMA, id.0), (DAIRY, 99)] {
        let refusal = world.refused(who, lift(id));
        assert!(refusal.is(Invariant::NotRecalling), "{refusal}");
    }
    world.done(DAIRY, lift(id.0));
    let refusal = world.refused(DAIRY, lift(id.0));
    assert!(refusal.is(Invariant::NotRecalling), "{refusal}");
    assert!(
        read::recall(&world.state, id)
            .unwrap()
            .unwrap()
            .lifted
            .is_some()
    );
}

#[test]
fn sixteen_recalls_of_one_thing_are_the_most() {
    let mut world = world();
    for _ in 0..16 {
        world.done(DAIRY, recall(RecallTarget::Product(cheese())));
    }
    let refusal = world.refused(DAIRY, recall(RecallTarget::Product(cheese())));
    assert!(refusal.is(Invariant::Shape), "{refusal}");
    world.done(DAIRY, lift(7));
    let judgement = world.standing(&one(cheese(), 0)).judgement;
    assert!(!judgement.recalls.contains(&RecallId(7)));
    assert_eq!(judgement.recalls.len(), 15);
}

#[test]
fn quantities_and_classes_are_recalled_as_lots() {
    let mut world = world();
    for thing in [
        pieces(cheese(), "A", 1),
        Thing::Opaque("urn:x:1".try_into().unwrap()),
    ] {
        let refusal = world.refused(DAIRY, recall(RecallTarget::Items(things([thing]))));
        assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
    }
}

#[test]
fn holders_acknowledge_a_recall_and_are_counted_once() {
    let mut world = world();
    let id = world
        .done(DAIRY, recall(RecallTarget::Product(cheese())))
        .recall
        .unwrap();
    let acknowledge = |recall| {
        register(Registration::Acknowledge {
            recall,
            note: "removed from the shelf".try_into().unwrap(),
        })
    };
    let seen: [Address; 3] = [SHOP, SHOP, CARRIER];
    for who in seen {
        world.act(who, acknowledge(id));
    }
    assert_eq!(
        read::recall(&world.state, id)
            .unwrap()
            .unwrap()
            .acknowledged,
        2
    );
    let refusal = world.refuses(crate::world::tx(SHOP, vec![acknowledge(RecallId(99))]));
    assert!(refusal.is(Invariant::NotRecalling), "{refusal}");
}

#[test]
fn a_recalled_asset_stops_the_unit_that_holds_it() {
    let mut world = world();
    world.done(DAIRY, commission(things([Thing::Asset(tank(1))])));
    let asset = ThingId::Asset(tank(1));
    world.done(DAIRY, pack(pallet(1), things([asset.clone()])));
    world.done(DAIRY, pack(pallet(2), things([pallet(1)])));
    let id = world
        .done(DAIRY, recall(RecallTarget::Items(things([asset]))))
        .recall
        .unwrap();
    let refusal = world.refused(DAIRY, offer(things([pallet(2)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    world.done(DAIRY, lift(id.0));
    world.hand_over(DAIRY, SHOP, things([pallet(2)]));
}
