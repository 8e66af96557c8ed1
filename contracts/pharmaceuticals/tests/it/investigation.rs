//! Suspect and illegitimate lots (DSCSA 582(c)(4)).

use crate::scene::{DAY, Scene, scene};

fn suspected() -> Scene {
    let mut scene = Scene::received();
    let args = (scene.pills.lot("L7"), "odd print");
    let done = scene.tell("bob", "suspect", &args);
    assert!(scene.emitted(&done).contains("Investigated"));
    scene
}

#[test]
fn a_partner_has_a_suspect_lot_held() {
    let mut scene = suspected();
    assert!(scene.is_lot_held());
    let packs = [scene.pills.items(1, 1)];
    let offer = scene.world.by("bob").offer(packs, "carol");
    offer.is_refused("Quarantined");
}

#[test]
fn an_inspector_clears_a_lot() {
    let mut scene = suspected();
    let args = (scene.pills.lot("L7"), "genuine");
    let by_bob = scene.world.by("bob").tell(scene.rules, "releaseLot", &args);
    by_bob.is_refused("NotLicensedHere");
    scene.tell("grace", "releaseLot", &args);
    assert!(!scene.is_lot_held());
}

#[test]
fn no_pack_is_released_while_its_lot_is_investigated() {
    let mut scene = suspected();
    let args = (scene.pills.gtin, marque_testing::serial_of(1), "looks good");
    let release = scene
        .world
        .by("grace")
        .tell(scene.rules, "releasePack", &args);
    release.is_refused("UnderInvestigation");
}

#[test]
fn a_stranger_suspects_nothing() {
    let mut scene = Scene::received();
    let args = (scene.pills.lot("L7"), "odd print");
    let suspect = scene
        .world
        .by("mallory")
        .tell(scene.rules, "suspect", &args);
    suspect.is_refused("NotLicensedHere");
}

#[test]
fn what_is_not_suspect_is_not_found_illegitimate() {
    let mut scene = scene();
    let lot = scene.pills.lot("L7");
    let found = scene
        .world
        .by("grace")
        .tell(scene.rules, "illegitimate", &lot);
    found.is_refused("NoCase");
}

#[test]
fn an_illegitimate_lot_is_notified_within_24_hours() {
    let mut scene = suspected();
    let lot = scene.pills.lot("L7");
    let done = scene.tell("grace", "illegitimate", &lot);
    assert!(scene.emitted(&done).contains("deadline"));
    scene.world.wait(DAY / 2);
    let done = scene.tell("bob", "notify", &(lot.clone(), "FDA 3911/1"));
    assert!(scene.emitted(&done).contains("late=false"));
    scene.world.wait(2 * DAY);
    assert_eq!(scene.world.query(scene.rules, "overdue", &lot), Ok(false));
    let clear = (lot, "never mind");
    let clear = scene
        .world
        .by("grace")
        .tell(scene.rules, "releaseLot", &clear);
    clear.is_refused("UnderInvestigation");
}

#[test]
fn a_late_notice_is_flagged() {
    let mut scene = suspected();
    let lot = scene.pills.lot("L7");
    scene.tell("grace", "illegitimate", &lot);
    assert_eq!(scene.world.query(scene.rules, "overdue", &lot), Ok(false));
    scene.world.wait(DAY + 1);
    assert_eq!(scene.world.query(scene.rules, "overdue", &lot), Ok(true));
    let done = scene.tell("bob", "notify", &(lot.clone(), "FDA 3911/1"));
    assert!(scene.emitted(&done).contains("late=true"));
    assert_eq!(scene.world.query(scene.rules, "overdue", &lot), Ok(true));
}
