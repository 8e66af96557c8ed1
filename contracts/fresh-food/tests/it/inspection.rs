//! A message releases a lot, or part of it, after inspection.

use crate::scene::{Scene, scene, with_document, with_harvest};
use marque_primitives::Amount;
use marque_testing::serial_of;

fn alarmed() -> Scene {
    let mut scene = Scene::received();
    let items = [scene.bags.items(1, 1)];
    scene
        .world
        .by("bob")
        .observe(items)
        .alarm("Temperature")
        .happens()
        .is_held();
    scene
}

#[test]
fn an_inspector_releases_a_lot() {
    let mut scene = alarmed();
    let args = (scene.bags.lot("B1"), "swab negative");
    let done = scene
        .world
        .by("grace")
        .tell(scene.rules, "releaseLot", &args)
        .happens();
    let interface = scene.world.interface(scene.rules);
    let emitted = done.emitted(&interface);
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].0, "Released");
    assert!(
        emitted[0].1.contains("finding=\"swab negative\""),
        "{emitted:?}"
    );
    assert!(!scene.world.is_lot_held(&scene.bags.lot("B1")));
    let items = [scene.bags.items(1, 100)];
    with_document(scene.world.by("bob").offer(items, "carol").at("bob")).happens();
}

#[test]
fn an_inspector_releases_a_part_of_a_lot() {
    let mut scene = alarmed();
    let args = (
        scene.bags.lot("B1"),
        serial_of(1),
        40u64,
        "first pallet is good",
    );
    scene
        .world
        .by("grace")
        .tell(scene.rules, "releaseItems", &args)
        .happens();
    let good = [scene.bags.items(1, 40)];
    with_document(scene.world.by("bob").offer(good, "carol").at("bob")).happens();
    let held = [scene.bags.items(41, 1)];
    with_document(scene.world.by("bob").offer(held, "carol").at("bob")).is_refused("Quarantined");
}

#[test]
fn an_inspector_releases_a_quantity() {
    let mut scene = scene();
    let load = scene.bags.quantity("L9", "100", Some("KGM"));
    let step = scene.world.by("alice").commission([load]).at("alice");
    with_harvest(with_document(step)).happens();
    let lot = scene.bags.lot("L9");
    scene
        .world
        .by("grace")
        .tell(scene.rules, "holdLot", &(lot.clone(), "odd smell"))
        .happens();
    assert!(scene.world.is_lot_held(&lot));
    let half =
        Amount::new(marque_primitives::Decimal::from_integer(50), Some("KGM")).expect("kilograms");
    let alice = scene.world.address("alice");
    let args = (lot, half, alice, "half of it is good");
    scene
        .world
        .by("grace")
        .tell(scene.rules, "releaseQuantity", &args)
        .happens();
    let good = scene.bags.quantity("L9", "50", Some("KGM"));
    with_document(scene.world.by("alice").offer([good], "bob").at("alice")).happens();
    let held = scene.bags.quantity("L9", "1", Some("KGM"));
    with_document(scene.world.by("alice").offer([held], "bob").at("alice"))
        .is_refused("Quarantined");
}

#[test]
fn nobody_else_releases() {
    let mut scene = alarmed();
    let args = (scene.bags.lot("B1"), "looks fine to me");
    scene
        .world
        .by("bob")
        .tell(scene.rules, "releaseLot", &args)
        .is_refused("NotInspector");
    assert!(scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn the_brand_appoints_and_dismisses_inspectors() {
    let mut scene = alarmed();
    let heidi = scene.world.address("heidi");
    let args = (scene.bags.lot("B1"), "lab report 7");
    scene
        .world
        .by("alice")
        .tell(scene.rules, "appoint", &heidi)
        .happens();
    scene
        .world
        .by("heidi")
        .tell(scene.rules, "releaseLot", &args)
        .happens();
    scene
        .world
        .by("alice")
        .tell(scene.rules, "dismiss", &heidi)
        .happens();
    scene
        .world
        .by("heidi")
        .tell(scene.rules, "releaseLot", &args)
        .is_refused("NotInspector");
    scene
        .world
        .by("bob")
        .tell(scene.rules, "appoint", &heidi)
        .is_refused("NotAllowed");
}

#[test]
fn after_release_a_lots_warm_time_begins_anew() {
    let mut scene = Scene::received();
    let lot = scene.bags.lot("B1");
    let warm = |scene: &mut Scene, minutes: u64| {
        let from = scene.world.now();
        let to = from.plus(minutes * 60_000);
        scene.world.wait(minutes * 60_000);
        let items = [scene.bags.items(1, 1)];
        scene
            .world
            .by("bob")
            .observe(items)
            .temperature("9", "CEL", from, to)
            .happens()
    };
    warm(&mut scene, 40).is_held();
    let args = (lot.clone(), "still fresh");
    scene
        .world
        .by("grace")
        .tell(scene.rules, "releaseLot", &args)
        .happens();
    warm(&mut scene, 20).without_notes();
    assert!(!scene.world.is_lot_held(&lot));
}
