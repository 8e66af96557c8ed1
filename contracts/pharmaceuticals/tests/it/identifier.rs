//! Product identifiers that do not match (EU 2016/161 Art. 24; DSCSA 581(14)).

use crate::scene::{EXPIRY, Scene, day};
use marque_primitives::date::Date;
use marque_primitives::gs1::LotNumber;
use marque_testing::{Done, Step, serial_of};

fn offer<'w>(scene: &'w mut Scene, fact: &str, value: &str) -> Step<'w> {
    let packs = [scene.pills.items(1, 10)];
    scene
        .world
        .by("bob")
        .offer(packs, "carol")
        .fact(fact, value)
}

fn verify(scene: &mut Scene, serial: u64, lot: &str, expiry: &str) -> Done {
    let lot = LotNumber::new(lot).expect("a lot");
    let args: (_, _, _, Date) = (scene.pills.gtin, serial_of(serial), lot, day(expiry));
    scene.tell("bob", "verify", &args)
}

#[test]
fn an_offer_with_another_lot_is_refused() {
    let mut scene = Scene::received();
    offer(&mut scene, "lotNumber", "L8")
        .is_refused("Mismatch")
        .saying("was commissioned as L7, not L8 (EU 2016/161 Art. 24)")
        .at_field("evidence.facts.lotNumber");
    assert!(scene.is_free(1));
}

#[test]
fn a_captured_offer_with_another_lot_is_held_and_raises_an_alert() {
    let mut scene = Scene::received();
    let done = offer(&mut scene, "lotNumber", "L8").captured().happens();
    assert!(scene.emitted(&done).contains("Alert"), "{done:?}");
    done.is_accepted().is_held().notes_that("Mismatch");
    assert!(!scene.is_free(1));
    assert!(scene.is_free(11));
}

#[test]
fn an_offer_with_another_expiry_is_refused() {
    let mut scene = Scene::received();
    offer(&mut scene, "itemExpirationDate", "2027-08-31")
        .is_refused("Mismatch")
        .at_field("evidence.facts.itemExpirationDate");
    offer(&mut scene, "itemExpirationDate", EXPIRY).happens();
}

#[test]
fn a_verified_pack_that_matches_stays_free() {
    let mut scene = Scene::received();
    let done = verify(&mut scene, 1, "L7", EXPIRY);
    assert_eq!(scene.emitted(&done), "[]");
    assert!(scene.is_free(1));
}

#[test]
fn a_verified_pack_of_another_lot_or_expiry_is_held_and_raises_an_alert() {
    for (lot, expiry, element) in [
        ("L8", EXPIRY, "lotNumber"),
        ("L7", "2027-08-31", "itemExpirationDate"),
    ] {
        let mut scene = Scene::received();
        let done = verify(&mut scene, 1, lot, expiry);
        let alert = scene.emitted(&done);
        assert!(
            alert.contains("Alert") && alert.contains(element),
            "{alert}"
        );
        assert!(!scene.is_free(1));
        assert!(scene.is_free(2));
        let args = (scene.pills.gtin, serial_of(1), "misread");
        scene.tell("grace", "releasePack", &args);
        assert!(scene.is_free(1));
    }
}

#[test]
fn an_unknown_serial_raises_an_alert() {
    let mut scene = Scene::received();
    let done = verify(&mut scene, 4_711, "L7", EXPIRY);
    let alert = scene.emitted(&done);
    assert!(
        alert.contains("Alert") && alert.contains("serial"),
        "{alert}"
    );
}

#[test]
fn a_decommissioned_pack_raises_an_alert() {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    scene.world.by("bob").decommission(packs).happens();
    let done = verify(&mut scene, 1, "L7", EXPIRY);
    let alert = scene.emitted(&done);
    assert!(
        alert.contains("Alert") && alert.contains("status"),
        "{alert}"
    );
}
