//! Initial packing and transformation (21 CFR 1.1330 and 1.1350).

use crate::scene::{Scene, origin, scene, with_document, with_harvest};
use marque_testing::Step;

/// 100 harvested items become 40 packed ones of a lot of their own.
fn pack<'w>(scene: &'w mut Scene, lot: bool) -> Step<'w> {
    let (inputs, outputs) = (scene.spinach.items(1, 100), scene.bags.items(1, 40));
    let step = scene
        .world
        .by("alice")
        .transform([inputs], [outputs])
        .at("alice");
    let step = with_document(step);
    if lot { step.lot("B1") } else { step }
}

#[test]
fn packing_takes_the_farm_from_the_harvest_and_assigns_the_code() {
    let mut scene = Scene::harvested();
    pack(&mut scene, true).happens().without_notes();
    let packer = scene.world.party("alice").gln.to_string();
    let origin = origin(&scene, "B1");
    assert_eq!((origin.coded, origin.source), (true, Some(packer)));
}

/// Salad becomes what others harvest or land.
fn unmake(scene: &mut Scene, landed: bool) -> Step<'_> {
    let product = if landed { &scene.tuna } else { &scene.spinach };
    let (inputs, outputs) = ([scene.salad.items(1, 20)], [product.items(1, 50)]);
    let step = scene.world.by("alice").transform(inputs, outputs);
    with_document(step.lot("L8").at("alice"))
}

/// 20 salads of lot S1.
fn salads() -> Scene {
    let mut scene = scene();
    let items = [scene.salad.items(1, 20)];
    let step = scene.world.by("alice").commission(items).lot("S1");
    with_document(step.at("alice")).happens().without_notes();
    scene
}

#[test]
fn what_is_harvested_or_landed_is_not_made_of_other_food() {
    for (landed, event) in [(false, "harvesting"), (true, "first land-based receiving")] {
        unmake(&mut salads(), landed)
            .is_refused("BeginsOtherwise")
            .saying(event)
            .at_field("outputs");
    }
}

#[test]
fn a_captured_one_is_kept_and_noted() {
    let mut scene = salads();
    unmake(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("BeginsOtherwise");
    assert!(origin(&scene, "L8").coded);
}

#[test]
fn a_product_of_no_stage_begins_packed_or_made() {
    let mut scene = scene();
    let rules = scene.rules;
    let new = scene.world.product("alice", "Herbs", rules);
    let step = scene.world.by("alice").commission([new.items(1, 10)]);
    with_document(step.lot("H1").at("alice"))
        .is_refused("MissingElements")
        .saying("initial packing lacks farmLocation, harvestDate");
    let mut scene = Scene::harvested();
    let new = scene.world.product("alice", "Soup", scene.rules);
    let (inputs, outputs) = ([scene.spinach.items(1, 10)], [new.items(1, 10)]);
    let step = scene.world.by("alice").transform(inputs, outputs).lot("U1");
    with_document(step)
        .is_refused("MissingElements")
        .saying("transformation lacks location");
}

#[test]
fn packing_without_a_new_lot_code_is_refused() {
    pack(&mut Scene::harvested(), false)
        .is_refused("MissingElements")
        .saying("initial packing lacks traceabilityLotCode (21 CFR 1.1330)")
        .at_field("lot");
}

#[test]
fn captured_packing_without_a_new_lot_code_is_kept_as_incomplete() {
    let mut scene = Scene::harvested();
    pack(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("initial packing lacks traceabilityLotCode");
    assert!(scene.world.is_free(&scene.bags.item(1)));
}

/// Bags of food that others harvested, off the ledger.
fn pack_bought<'w>(scene: &'w mut Scene, farm: bool) -> Step<'w> {
    let items = [scene.bags.items(1, 40)];
    let step = scene
        .world
        .by("alice")
        .commission(items)
        .lot("B1")
        .at("alice");
    let step = with_document(step);
    if farm { with_harvest(step) } else { step }
}

#[test]
fn packing_bought_food_with_its_farm_happens() {
    pack_bought(&mut scene(), true).happens().without_notes();
}

#[test]
fn packing_bought_food_without_its_farm_is_refused() {
    pack_bought(&mut scene(), false)
        .is_refused("MissingElements")
        .saying("initial packing lacks farmLocation, harvestDate")
        .at_field("evidence.facts.farmLocation");
}

#[test]
fn captured_packing_of_bought_food_without_its_farm_is_kept_as_incomplete() {
    pack_bought(&mut scene(), false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("initial packing lacks farmLocation, harvestDate");
}

/// Spinach becomes salad.
fn make<'w>(scene: &'w mut Scene, place: bool) -> Step<'w> {
    let (inputs, outputs) = (scene.spinach.items(1, 50), scene.salad.items(1, 20));
    let step = with_document(
        scene
            .world
            .by("alice")
            .transform([inputs], [outputs])
            .lot("S1"),
    );
    if place { step.at("alice") } else { step }
}

#[test]
fn a_complete_transformation_happens() {
    make(&mut Scene::harvested(), true)
        .happens()
        .without_notes();
}

#[test]
fn a_transformation_without_place_is_refused() {
    make(&mut Scene::harvested(), false)
        .is_refused("MissingElements")
        .saying("transformation lacks location (21 CFR 1.1350)")
        .at_field("place");
}

#[test]
fn a_captured_transformation_without_place_is_kept_as_incomplete() {
    make(&mut Scene::harvested(), false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("transformation lacks location");
}

#[test]
fn an_expired_ingredient_is_refused() {
    let mut scene = Scene::harvested();
    scene.world.wait(10 * 86_400_000);
    make(&mut scene, true)
        .is_refused("Expired")
        .saying("Lot L7 was good until 2026-05-09");
}

#[test]
fn a_captured_expired_ingredient_is_held() {
    let mut scene = Scene::harvested();
    scene.world.wait(10 * 86_400_000);
    make(&mut scene, true)
        .captured()
        .happens()
        .is_held()
        .notes_that("Expired");
}
