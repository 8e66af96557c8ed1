//! Shipping and receiving (21 CFR 1.1340 and 1.1345), lot codes, and expiry.

use crate::scene::{Scene, origin, scene, with_document, with_harvest};
use marque_testing::{Pallet, Step};

const DAY: u64 = 86_400_000;

/// Packed bags go to bob, with or without its papers.
fn ship<'w>(scene: &'w mut Scene, papers: bool) -> Step<'w> {
    let items = [scene.bags.items(1, 100)];
    let step = scene.world.by("alice").offer(items, "bob").at("alice");
    if papers { with_document(step) } else { step }
}

#[test]
fn a_complete_shipment_happens() {
    ship(&mut Scene::packed(), true).happens().without_notes();
}

#[test]
fn a_shipment_without_document_is_refused() {
    ship(&mut Scene::packed(), false)
        .is_refused("MissingElements")
        .saying("shipping lacks referenceDocument (21 CFR 1.1340)")
        .at_field("evidence.documents");
}

#[test]
fn a_captured_shipment_without_document_is_kept_as_incomplete() {
    let mut scene = Scene::packed();
    ship(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("shipping lacks referenceDocument");
    assert!(scene.world.is_free(&scene.bags.item(1)));
}

/// bob takes what was shipped, with or without saying where.
fn receive<'w>(scene: &'w mut Scene, place: bool) -> Step<'w> {
    ship(scene, true).happens();
    let items = [scene.bags.items(1, 100)];
    let step = with_document(scene.world.by("bob").accept(items));
    if place { step.at("bob") } else { step }
}

#[test]
fn a_complete_receipt_happens() {
    let mut scene = Scene::packed();
    receive(&mut scene, true).happens().without_notes();
    let bob = scene.world.address("bob");
    assert_eq!(scene.world.custodian(&scene.bags.item(100)), Some(bob));
}

#[test]
fn a_receipt_without_place_is_refused() {
    receive(&mut Scene::packed(), false)
        .is_refused("MissingElements")
        .saying("receiving lacks location (21 CFR 1.1345)")
        .at_field("place");
}

#[test]
fn a_captured_receipt_without_place_is_kept_as_incomplete() {
    let mut scene = Scene::packed();
    receive(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("receiving lacks location");
    let bob = scene.world.address("bob");
    assert_eq!(scene.world.custodian(&scene.bags.item(1)), Some(bob));
}

/// A captured packing that named no place: nobody knows where the code was assigned.
fn packed_unseen(scene: &mut Scene) {
    let items = [scene.bags.items(1, 100)];
    with_document(scene.world.by("alice").commission(items).lot("B1"))
        .captured()
        .happens()
        .notes_that("initial packing lacks farmLocation, harvestDate, location");
}

#[test]
fn a_lot_code_source_is_asked_for_where_the_lot_began_unseen() {
    let mut scene = scene();
    packed_unseen(&mut scene);
    ship(&mut scene, true)
        .is_refused("MissingElements")
        .saying("shipping lacks traceabilityLotCodeSource");
    ship(&mut scene, true)
        .fact(
            "traceabilityLotCodeSourceReference",
            "https://valley.example/tlc/B1",
        )
        .happens()
        .without_notes();
}

/// bob takes what came without a code, and where he is or not.
fn take_uncoded<'w>(scene: &'w mut Scene, place: bool) -> Step<'w> {
    let items = [scene.bags.items(1, 100)];
    let step = scene.world.by("bob").accept(items);
    let step = with_document(step).fact("exemptSource", "Smith's farm stand");
    if place { step.at("bob") } else { step }
}

/// The same bags, shipped by somebody whom the rule does not bind.
fn shipped_uncoded() -> Scene {
    let mut scene = scene();
    packed_unseen(&mut scene);
    ship(&mut scene, true)
        .captured()
        .happens()
        .notes_that("shipping lacks traceabilityLotCodeSource");
    scene
}

#[test]
fn who_takes_from_an_exempt_sender_assigns_the_code() {
    let mut scene = shipped_uncoded();
    take_uncoded(&mut scene, true).happens().without_notes();
    let bob = scene.world.party("bob").gln.to_string();
    assert_eq!(origin(&scene, "B1").source, Some(bob));
    let items = [scene.bags.items(1, 100)];
    with_document(scene.world.by("bob").offer(items, "carol").at("bob"))
        .happens()
        .without_notes();
}

#[test]
fn a_code_is_assigned_somewhere() {
    take_uncoded(&mut shipped_uncoded(), false)
        .is_refused("MissingElements")
        .saying("receiving lacks location, traceabilityLotCodeSource");
}

#[test]
fn a_code_is_assigned_once() {
    let mut scene = Scene::packed();
    ship(&mut scene, true).happens();
    take_uncoded(&mut scene, true).happens().without_notes();
    let alice = scene.world.party("alice").gln.to_string();
    assert_eq!(origin(&scene, "B1").source, Some(alice));
}

#[test]
fn on_its_last_day_food_still_ships() {
    let mut scene = Scene::packed();
    scene.world.wait(8 * DAY);
    ship(&mut scene, true).happens().without_notes();
}

#[test]
fn past_its_expiry_nothing_ships() {
    let mut scene = Scene::packed();
    scene.world.wait(9 * DAY);
    let refused = ship(&mut scene, true).is_refused("Expired");
    let refused = refused
        .saying("Lot B1 was good until 2026-05-09")
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
    let mut scene = Scene::packed();
    scene.world.wait(9 * DAY);
    ship(&mut scene, true)
        .captured()
        .happens()
        .is_accepted()
        .is_held()
        .notes_that("Expired: Lot B1 was good until 2026-05-09");
    assert!(!scene.world.is_free(&scene.bags.item(1)));
}

#[test]
fn past_its_expiry_nothing_goes_to_a_consumer() {
    let mut scene = Scene::packed();
    scene.world.wait(9 * DAY);
    let items = [scene.bags.items(1, 1)];
    scene.world.by("alice").release(items).is_refused("Expired");
}

#[test]
fn one_expired_lot_holds_back_the_pallet_that_it_is_on() {
    let mut scene = scene();
    for (lot, first, expiry) in [("OLD", 1, "2026-05-03"), ("NEW", 11, "2026-06-30")] {
        let items = [scene.bags.items(first, 10)];
        let step = scene.world.by("alice").commission(items).lot(lot);
        with_harvest(with_document(step.expiry(expiry).at("alice"))).happens();
    }
    let pallet = Pallet::new(1);
    let children = [scene.bags.items(1, 20)];
    scene.world.by("alice").pack(pallet, children).happens();
    scene.world.wait(5 * DAY);
    let step = scene
        .world
        .by("alice")
        .offer([pallet.thing()], "bob")
        .at("alice");
    let refused = with_document(step).is_refused("Expired").saying("Lot OLD");
    let at_fault = [scene.bags.quantity("OLD", "10", None), pallet.thing()];
    assert_eq!(refused.refusal.items[..], at_fault, "the fresh lot is not");
}

#[test]
fn quantities_ship_by_their_lot() {
    let mut scene = scene();
    let load = scene.bags.quantity("L9", "25000", Some("LBR"));
    let step = scene.world.by("alice").commission([load]).at("alice");
    with_harvest(with_document(step)).happens().without_notes();
    let part = scene.bags.quantity("L9", "10000", Some("LBR"));
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
        scene.world.quantity(bob, &scene.bags.lot("L9")).to_string(),
        "4535923.7"
    );
}
