//! Shipping and receiving (21 CFR 1.1340 and 1.1345), and expiry.

use crate::scene::{Scene, scene, with_document};
use marque_testing::{Pallet, Step};

const DAY: u64 = 86_400_000;

/// Harvested spinach goes to bob, with or without its papers.
fn ship<'w>(scene: &'w mut Scene, papers: bool) -> Step<'w> {
    let items = [scene.spinach.items(1, 100)];
    let step = scene.world.by("alice").offer(items, "bob").at("alice");
    if papers { with_document(step) } else { step }
}

#[test]
fn a_complete_shipment_happens() {
    ship(&mut Scene::harvested(), true)
        .happens()
        .without_notes();
}

#[test]
fn a_shipment_without_document_is_refused() {
    ship(&mut Scene::harvested(), false)
        .is_refused("MissingElements")
        .saying("shipping lacks referenceDocument (21 CFR 1.1340)")
        .at_field("evidence.documents");
}

#[test]
fn a_captured_shipment_without_document_is_kept_as_incomplete() {
    let mut scene = Scene::harvested();
    ship(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("shipping lacks referenceDocument");
    assert!(scene.world.is_free(&scene.spinach.item(1)));
}

/// bob takes what was shipped, with or without saying where.
fn receive<'w>(scene: &'w mut Scene, place: bool) -> Step<'w> {
    ship(scene, true).happens();
    let items = [scene.spinach.items(1, 100)];
    let step = with_document(scene.world.by("bob").accept(items));
    if place { step.at("bob") } else { step }
}

#[test]
fn a_complete_receipt_happens() {
    let mut scene = Scene::harvested();
    receive(&mut scene, true).happens().without_notes();
    let bob = scene.world.address("bob");
    assert_eq!(scene.world.custodian(&scene.spinach.item(100)), Some(bob));
}

#[test]
fn a_receipt_without_place_is_refused() {
    receive(&mut Scene::harvested(), false)
        .is_refused("MissingElements")
        .saying("receiving lacks location (21 CFR 1.1345)")
        .at_field("place");
}

#[test]
fn a_captured_receipt_without_place_is_kept_as_incomplete() {
    let mut scene = Scene::harvested();
    receive(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("receiving lacks location");
    let bob = scene.world.address("bob");
    assert_eq!(scene.world.custodian(&scene.spinach.item(1)), Some(bob));
}

#[test]
fn a_lot_code_source_is_asked_for_where_the_lot_began_unseen() {
    let mut scene = scene();
    // A captured harvest that named no place: nobody knows where the code was assigned.
    let items = [scene.spinach.items(1, 100)];
    with_document(scene.world.by("alice").commission(items).lot("L7"))
        .captured()
        .happens();
    ship(&mut scene, true)
        .is_refused("MissingElements")
        .saying("shipping lacks traceabilityLotCodeSource");
    ship(&mut scene, true)
        .fact(
            "traceabilityLotCodeSourceReference",
            "https://valley.example/tlc/L7",
        )
        .happens()
        .without_notes();
}

#[test]
fn on_its_last_day_food_still_ships() {
    let mut scene = Scene::harvested();
    scene.world.wait(8 * DAY);
    ship(&mut scene, true).happens().without_notes();
}

#[test]
fn past_its_expiry_nothing_ships() {
    let mut scene = Scene::harvested();
    scene.world.wait(9 * DAY);
    let refused = ship(&mut scene, true).is_refused("Expired");
    let refused = refused
        .saying("Lot L7 was good until 2026-05-09")
        .at_field("expiry");
    assert_eq!(
        refused.refusal.expected.as_deref(),
        Some("2026-05-10 or later")
    );
    assert!(
        !refused.refusal.items.is_empty(),
        "the refusal names the items"
    );
}

#[test]
fn what_shipped_past_its_expiry_is_held() {
    let mut scene = Scene::harvested();
    scene.world.wait(9 * DAY);
    ship(&mut scene, true)
        .captured()
        .happens()
        .is_accepted()
        .is_held()
        .notes_that("Expired: Lot L7 was good until 2026-05-09");
    assert!(!scene.world.is_free(&scene.spinach.item(1)));
}

#[test]
fn past_its_expiry_nothing_goes_to_a_consumer() {
    let mut scene = Scene::harvested();
    scene.world.wait(9 * DAY);
    let items = [scene.spinach.items(1, 1)];
    scene.world.by("alice").release(items).is_refused("Expired");
}

#[test]
fn one_expired_lot_holds_back_the_pallet_that_it_is_on() {
    let mut scene = scene();
    for (lot, first, expiry) in [("OLD", 1, "2026-05-03"), ("NEW", 11, "2026-06-30")] {
        let items = [scene.spinach.items(first, 10)];
        let step = scene
            .world
            .by("alice")
            .commission(items)
            .lot(lot)
            .expiry(expiry);
        with_document(step.at("alice").then_at("alice")).happens();
    }
    let pallet = Pallet::new(1);
    let children = [scene.spinach.items(1, 20)];
    scene.world.by("alice").pack(pallet, children).happens();
    scene.world.wait(5 * DAY);
    let step = scene
        .world
        .by("alice")
        .offer([pallet.thing()], "bob")
        .at("alice");
    let refused = with_document(step).is_refused("Expired").saying("Lot OLD");
    let at_fault = [scene.spinach.quantity("OLD", "10", None), pallet.thing()];
    assert_eq!(refused.refusal.items[..], at_fault, "the fresh lot is not");
}

#[test]
fn quantities_ship_by_their_lot() {
    let mut scene = scene();
    let load = scene.spinach.quantity("L9", "25000", Some("LBR"));
    let step = scene
        .world
        .by("alice")
        .commission([load])
        .at("alice")
        .then_at("alice");
    with_document(step).happens().without_notes();
    let part = scene.spinach.quantity("L9", "10000", Some("LBR"));
    with_document(
        scene
            .world
            .by("alice")
            .offer([part.clone()], "bob")
            .at("alice"),
    )
    .happens();
    with_document(scene.world.by("bob").accept([part]).at("bob"))
        .happens()
        .without_notes();
    let bob = scene.world.address("bob");
    // 10,000 pounds in grams.
    assert_eq!(
        scene
            .world
            .quantity(bob, &scene.spinach.lot("L9"))
            .to_string(),
        "4535923.7"
    );
}
