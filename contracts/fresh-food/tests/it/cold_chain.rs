//! Alarms, and too long above the limit of 5 °C for more than 30 minutes.

use crate::scene::{Scene, with_document};
use marque_primitives::TimeMs;
use marque_testing::{Pallet, Step};

const MINUTE: u64 = 60_000;

fn ship<'w>(scene: &'w mut Scene) -> Step<'w> {
    let items = [scene.bags.items(1, 100)];
    with_document(scene.world.by("bob").offer(items, "carol").at("bob"))
}

fn observe<'w>(scene: &'w mut Scene) -> Step<'w> {
    let items = [scene.bags.items(1, 1)];
    scene.world.by("bob").observe(items)
}

fn now(scene: &Scene) -> TimeMs {
    scene.world.now()
}

#[test]
fn a_shipment_with_an_alarm_is_refused() {
    let mut scene = Scene::received();
    ship(&mut scene)
        .alarm("Temperature")
        .is_refused("SensorAlarm")
        .saying("an alarm for Temperature")
        .at_field("sensors");
    assert!(!scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn what_shipped_with_an_alarm_holds_the_lot() {
    let mut scene = Scene::received();
    ship(&mut scene)
        .alarm("Temperature")
        .captured()
        .happens()
        .is_accepted()
        .is_held()
        .notes_that("SensorAlarm");
    assert!(scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn an_observed_alarm_holds_the_lot_and_stops_further_movements() {
    let mut scene = Scene::received();
    observe(&mut scene)
        .alarm("https://gs1.org/voc/AbsoluteHumidity")
        .happens()
        .is_held();
    assert!(scene.world.is_lot_held(&scene.bags.lot("B1")));
    ship(&mut scene).is_refused("Quarantined");
}

#[test]
fn an_alarm_on_a_pallet_holds_the_lots_that_it_carries() {
    let mut scene = Scene::packed();
    let pallet = Pallet::new(3);
    let children = [scene.bags.items(1, 50)];
    scene.world.by("alice").pack(pallet, children).happens();
    scene
        .world
        .by("alice")
        .observe([pallet.thing()])
        .alarm("Temperature")
        .happens()
        .is_held();
    assert!(scene.world.is_lot_held(&scene.bags.lot("B1")));
}

/// A logger's span of so many minutes with this warmest value.
fn span<'w>(scene: &'w mut Scene, warmest: &str, unit: &str, minutes: u64) -> Step<'w> {
    let from = now(scene);
    let to = from.plus(minutes * MINUTE);
    scene.world.wait(minutes * MINUTE);
    observe(scene).temperature(warmest, unit, from, to)
}

#[test]
fn half_an_hour_above_the_limit_is_tolerated() {
    let mut scene = Scene::received();
    span(&mut scene, "8.5", "CEL", 30).happens().without_notes();
    assert!(!scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn a_minute_more_holds_the_lot() {
    let mut scene = Scene::received();
    span(&mut scene, "8.5", "CEL", 31)
        .happens()
        .is_held()
        .notes_that("TooWarm: The food was above 5 °C for 31 minutes.");
    assert!(scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn warm_times_add_up_over_a_lots_life() {
    let mut scene = Scene::received();
    span(&mut scene, "8.5", "CEL", 20).happens().without_notes();
    span(&mut scene, "4.9", "CEL", 600)
        .happens()
        .without_notes();
    span(&mut scene, "5.1", "CEL", 20)
        .happens()
        .is_held()
        .notes_that("for 40 minutes");
}

#[test]
fn exactly_at_the_limit_is_not_above_it() {
    let mut scene = Scene::received();
    span(&mut scene, "5", "CEL", 600).happens().without_notes();
    span(&mut scene, "41", "FAH", 600).happens().without_notes();
    span(&mut scene, "278.15", "KEL", 600)
        .happens()
        .without_notes();
}

#[test]
fn a_hair_above_the_limit_is_above_it_in_every_unit() {
    for (warmest, unit) in [
        ("5.000000001", "CEL"),
        ("41.000000001", "FAH"),
        ("278.150000001", "KEL"),
    ] {
        let mut scene = Scene::received();
        span(&mut scene, warmest, unit, 31).happens().is_held();
    }
}

#[test]
fn single_readings_count_from_the_first_above_the_limit_to_the_next() {
    let mut scene = Scene::received();
    let at = |scene: &mut Scene, warmest: &str| {
        let time = now(scene);
        let done = observe(scene)
            .temperature(warmest, "CEL", time, time)
            .happens();
        scene.world.wait(20 * MINUTE);
        done
    };
    at(&mut scene, "6").without_notes();
    at(&mut scene, "7").without_notes();
    at(&mut scene, "4").is_held().notes_that("for 40 minutes");
}

#[test]
fn a_shipment_that_was_too_warm_is_refused() {
    let mut scene = Scene::received();
    let (from, to) = (now(&scene), now(&scene).plus(31 * MINUTE));
    scene.world.wait(31 * MINUTE);
    ship(&mut scene)
        .temperature("9", "CEL", from, to)
        .is_refused("TooWarm")
        .saying("above 5 °C for 31 minutes")
        .at_field("sensors");
}

#[test]
fn what_shipped_too_warm_holds_the_lot() {
    let mut scene = Scene::received();
    let (from, to) = (now(&scene), now(&scene).plus(31 * MINUTE));
    scene.world.wait(31 * MINUTE);
    ship(&mut scene)
        .temperature("9", "CEL", from, to)
        .captured()
        .happens()
        .is_accepted()
        .is_held()
        .notes_that("TooWarm");
    assert!(scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn the_lines_of_one_lot_count_its_warm_time_once() {
    let mut scene = Scene::received();
    let (from, to) = (now(&scene), now(&scene).plus(20 * MINUTE));
    scene.world.wait(20 * MINUTE);
    let items = [scene.bags.items(1, 10), scene.bags.items(21, 10)];
    let step = scene
        .world
        .by("bob")
        .observe(items)
        .temperature("9", "CEL", from, to);
    step.happens().without_notes();
    assert!(!scene.world.is_lot_held(&scene.bags.lot("B1")));
}

#[test]
fn a_shipment_with_a_temperature_in_another_unit_is_refused() {
    let mut scene = Scene::received();
    let time = now(&scene);
    ship(&mut scene)
        .temperature("600", "A1", time, time)
        .is_refused("UnreadableTemperature")
        .saying("in A1 cannot be compared");
}

#[test]
fn a_captured_temperature_in_another_unit_is_noted() {
    let mut scene = Scene::received();
    let time = now(&scene);
    ship(&mut scene)
        .temperature("600", "A1", time, time)
        .captured()
        .happens()
        .is_accepted()
        .notes_that("UnreadableTemperature");
}

#[test]
fn the_brand_changes_the_limit() {
    let mut scene = Scene::received();
    let limit = marque_primitives::Decimal::from_integer(9);
    scene
        .world
        .by("alice")
        .tell(scene.rules, "setLimit", &(limit, 30u32))
        .happens();
    assert_eq!(
        scene.world.query(scene.rules, "coldChain", &()),
        Ok((limit, 30u32))
    );
    span(&mut scene, "8.5", "CEL", 600)
        .happens()
        .without_notes();
}
