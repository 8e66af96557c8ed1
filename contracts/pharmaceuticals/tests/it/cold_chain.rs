//! 2 to 8 °C with 30 minutes of tolerance (GDP 2013/C 343/01 9.2).

use crate::scene::Scene;
use marque_primitives::Decimal;
use marque_testing::Step;

const MINUTE: u64 = 60_000;

/// A logger's span with this value.
fn span<'w>(scene: &'w mut Scene, value: &str, unit: &str, minutes: u64) -> Step<'w> {
    let from = scene.world.now();
    scene.world.wait(minutes * MINUTE);
    let packs = [scene.pills.items(1, 1)];
    let step = scene.world.by("bob").observe(packs);
    step.temperature(value, unit, from, from.plus(minutes * MINUTE))
}

#[test]
fn within_its_temperatures_a_lot_is_good() {
    let mut scene = Scene::received();
    for (value, unit) in [
        ("8", "CEL"),
        ("2", "CEL"),
        ("35.6", "FAH"),
        ("281.15", "KEL"),
    ] {
        span(&mut scene, value, unit, 600).happens().without_notes();
    }
}

#[test]
fn an_excursion_beyond_the_tolerance_holds_the_lot() {
    for (value, unit) in [("8.1", "CEL"), ("1.9", "CEL"), ("35.599999999", "FAH")] {
        let mut scene = Scene::received();
        span(&mut scene, value, unit, 30).happens().without_notes();
        let done = span(&mut scene, value, unit, 1).happens();
        done.is_held().notes_that("OutOfRange: It was outside");
        assert!(scene.is_lot_held());
    }
}

#[test]
fn an_alarm_holds_the_lot() {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    let alarm = scene.world.by("bob").observe(packs).alarm("Temperature");
    alarm.happens().is_held().notes_that("SensorAlarm");
    assert!(scene.is_lot_held());
    let args = (scene.pills.lot("L7"), "a faulty probe");
    scene.tell("grace", "releaseLot", &args);
    assert!(!scene.is_lot_held());
}

#[test]
fn a_shipment_with_an_alarm_is_refused_or_held() {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    let offer = scene.world.by("bob").offer(packs.clone(), "carol");
    offer.alarm("Temperature").is_refused("SensorAlarm");
    let offer = scene.world.by("bob").offer(packs, "carol").captured();
    offer.alarm("Temperature").happens().is_held();
    assert!(scene.is_lot_held());
}

#[test]
fn a_shipment_that_was_too_warm_is_refused() {
    let mut scene = Scene::received();
    let from = scene.world.now();
    scene.world.wait(31 * MINUTE);
    let packs = [scene.pills.items(1, 1)];
    let offer = scene.world.by("bob").offer(packs, "carol");
    let warm = offer.temperature("9", "CEL", from, from.plus(31 * MINUTE));
    warm.is_refused("OutOfRange").at_field("sensors");
}

#[test]
fn another_unit_is_refused() {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    let now = scene.world.now();
    let offer = scene.world.by("bob").offer(packs, "carol");
    let odd = offer.temperature("600", "A1", now, now);
    odd.is_refused("UnreadableTemperature").saying("in A1");
}

#[test]
fn what_is_beyond_all_temperatures_is_not_compared() {
    let mut scene = Scene::received();
    let now = scene.world.now();
    let packs = [scene.pills.items(1, 1)];
    let offer = scene.world.by("bob").offer(packs.clone(), "carol");
    let absurd = offer.temperature("100000000.1", "CEL", now, now);
    absurd.is_refused("UnreadableTemperature").saying("in CEL");
    // A bound beyond them bounds nothing, on either side.
    let all = (Some(Decimal(i128::MIN)), Decimal(i128::MAX), 0u32);
    scene.tell("alice", "setRange", &(scene.pills.gtin, all));
    let offer = scene.world.by("bob").offer(packs, "carol");
    let cold = offer.temperature("-80", "CEL", now, now);
    cold.here().happens().without_notes();
}
