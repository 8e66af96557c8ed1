//! Harvesting, cooling and landing (21 CFR 1.1325 and 1.1335).

use crate::scene::{Scene, field, harvest, origin, scene, with_document};
use marque_testing::Step;

#[test]
fn a_complete_harvest_happens_and_its_origin_is_remembered() {
    let mut scene = scene();
    let began = scene.world.now();
    harvest(&mut scene.world, &scene.spinach, "L7")
        .happens()
        .without_notes();
    let farm = scene.world.party("alice").gln.to_string();
    let remembered = origin(&scene, "L7");
    assert_eq!(remembered.farm, Some(farm));
    assert_eq!((remembered.coded, remembered.source), (false, None));
    assert!((began..scene.world.now()).contains(&remembered.began));
}

#[test]
fn nothing_is_asked_of_the_way_to_the_packer() {
    let mut scene = Scene::harvested();
    let items = [scene.spinach.items(1, 100)];
    let offer = scene.world.by("alice").offer(items.clone(), "bob");
    offer.happens().without_notes();
    let accept = scene.world.by("bob").accept(items);
    accept.happens().without_notes();
}

fn without_growing_area(scene: &mut Scene) -> Step<'_> {
    let items = [scene.spinach.items(1, 100)];
    with_document(
        scene
            .world
            .by("alice")
            .commission(items)
            .lot("L7")
            .at("alice"),
    )
}

#[test]
fn a_harvest_without_growing_area_is_refused() {
    without_growing_area(&mut scene())
        .is_refused("MissingElements")
        .saying("harvesting lacks growingArea (21 CFR 1.1325(a))")
        .at_field("location");
}

#[test]
fn a_captured_harvest_without_growing_area_is_kept_as_incomplete() {
    let mut scene = scene();
    without_growing_area(&mut scene)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("harvesting lacks growingArea");
    assert!(scene.world.is_free(&scene.spinach.item(1)));
}

#[test]
fn a_growing_area_can_be_a_fact() {
    without_growing_area(&mut scene())
        .fact("growingArea", "field F7")
        .happens()
        .without_notes();
}

#[test]
fn a_harvest_without_lot_place_and_document_names_all_of_them() {
    let mut scene = scene();
    let items = [scene.spinach.items(1, 10)];
    scene
        .world
        .by("alice")
        .commission(items)
        .is_refused("MissingElements")
        .saying("traceabilityLotCode, farmLocation, growingArea, referenceDocument")
        .at_field("lot");
}

fn cool<'w>(scene: &'w mut Scene, at: bool) -> Step<'w> {
    let items = [scene.spinach.items(1, 100)];
    let step = with_document(scene.world.by("alice").observe(items).step("cooling"));
    if at { step.at("alice") } else { step }
}

#[test]
fn a_complete_cooling_happens() {
    cool(&mut Scene::harvested(), true)
        .happens()
        .without_notes();
}

#[test]
fn a_cooling_without_place_is_refused() {
    cool(&mut Scene::harvested(), false)
        .is_refused("MissingElements")
        .saying("cooling lacks location (21 CFR 1.1325(b))")
        .at_field("place");
}

#[test]
fn a_captured_cooling_without_place_is_kept_as_incomplete() {
    cool(&mut Scene::harvested(), false)
        .captured()
        .happens()
        .notes_that("cooling lacks location");
}

fn land<'w>(scene: &'w mut Scene, zone: bool) -> Step<'w> {
    let items = [scene.tuna.quantity("T1", "1000", Some("LBR"))];
    let step = scene.world.by("alice").commission(items).at("alice");
    let step = with_document(step)
        .fact("harvestDateStart", "2026-02-16")
        .fact("harvestDateEnd", "2026-02-18");
    if zone {
        step.fact("catchZone", "21.4R, 27.14.a")
    } else {
        step
    }
}

#[test]
fn a_complete_landing_happens() {
    land(&mut scene(), true).happens().without_notes();
}

#[test]
fn a_landing_without_catch_zone_is_refused() {
    land(&mut scene(), false)
        .is_refused("MissingElements")
        .saying("first land-based receiving lacks catchZone (21 CFR 1.1335)")
        .at_field("evidence.facts.catchZone");
}

#[test]
fn a_captured_landing_without_catch_zone_is_kept_as_incomplete() {
    let mut scene = scene();
    land(&mut scene, false)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("first land-based receiving lacks catchZone");
    assert!(!scene.world.is_lot_held(&scene.tuna.lot("T1")));
}

#[test]
fn a_field_is_a_place_too() {
    let mut scene = scene();
    let items = [scene.spinach.items(1, 100)];
    let step = scene
        .world
        .by("alice")
        .commission(items)
        .lot("L7")
        .at("alice");
    with_document(step.then_at_place(field()))
        .happens()
        .without_notes();
}
