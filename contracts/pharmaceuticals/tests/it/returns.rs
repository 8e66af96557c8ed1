//! Saleable returns are verified before they are sold again (DSCSA 582(c)(4)(D)).

use crate::scene::{EXPIRY, Scene, day};
use marque_primitives::gs1::LotNumber;
use marque_testing::serial_of;

/// Carol returned pack 1 to bob.
fn returned() -> Scene {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    scene
        .world
        .by("bob")
        .offer(packs.clone(), "carol")
        .happens();
    scene.world.by("carol").accept(packs.clone()).happens();
    let offer = scene.world.by("carol").offer(packs.clone(), "bob");
    offer.disposition("returned").happens().without_notes();
    let accept = scene.world.by("bob").accept(packs);
    accept.disposition("returned").happens().without_notes();
    scene
}

#[test]
fn a_returned_pack_is_not_sold_again_unverified() {
    let mut scene = returned();
    let packs = [scene.pills.items(1, 1)];
    let offer = scene.world.by("bob").offer(packs, "carol");
    offer.is_refused("NotVerified").saying("582(c)(4)(D)");
}

#[test]
fn a_captured_sale_of_an_unverified_return_is_held() {
    let mut scene = returned();
    let packs = [scene.pills.items(1, 1)];
    let offer = scene.world.by("bob").offer(packs, "carol").captured();
    offer.happens().is_held().notes_that("NotVerified");
}

#[test]
fn a_word_does_not_make_a_return_saleable() {
    let mut scene = returned();
    let packs = [scene.pills.items(1, 1)];
    let seen = scene.world.by("bob").observe(packs.clone());
    seen.disposition("sellable_accessible").happens();
    let offer = scene.world.by("bob").offer(packs, "carol");
    offer.disposition("in_transit").is_refused("NotVerified");
}

#[test]
fn a_verified_return_is_sold_again() {
    let mut scene = returned();
    let lot = LotNumber::new("L7").expect("a lot");
    let args = (scene.pills.gtin, serial_of(1), lot, day(EXPIRY));
    scene.tell("bob", "verify", &args);
    let packs = [scene.pills.items(1, 1)];
    scene
        .world
        .by("bob")
        .offer(packs, "carol")
        .happens()
        .without_notes();
}
