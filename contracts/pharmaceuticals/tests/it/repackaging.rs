//! Repackaging is licensed, and keeps the packs linked (DSCSA 582(e)).

use crate::scene::{EXPIRY, Role, Scene};
use marque_primitives::action::{Action, PartyRef, Registration};
use marque_testing::Step;

fn repack<'w>(scene: &'w mut Scene, lot: Option<&str>) -> Step<'w> {
    let (packs, doses) = ([scene.pills.items(1, 2)], [scene.doses.items(1, 8)]);
    let step = scene.world.by("bob").transform(packs, doses).expiry(EXPIRY);
    match lot {
        Some(lot) => step.lot(lot),
        None => step,
    }
}

/// Bob may make the smaller packs.
fn commissioner() -> Scene {
    let mut scene = Scene::received();
    let appoint = Registration::Appoint {
        gtin: scene.doses.gtin,
        party: PartyRef::Account(scene.world.address("bob")),
        dismiss: false,
    };
    let appoint = Action::Registry(appoint);
    scene.world.by("alice").act(appoint).happens();
    scene
}

#[test]
fn who_is_not_licensed_repackages_nothing() {
    let mut scene = commissioner();
    repack(&mut scene, Some("R1")).is_refused("NotPartner");
}

#[test]
fn a_captured_repackaging_without_a_licence_is_held() {
    let mut scene = commissioner();
    let done = repack(&mut scene, Some("R1")).captured().happens();
    done.is_held().notes_that("NotPartner");
}

#[test]
fn a_licensed_repackager_keeps_the_packs_linked() {
    let mut scene = commissioner();
    scene.license(Role::Repackage, "bob", "2026-06-30");
    repack(&mut scene, None)
        .is_refused("Unlinked")
        .at_field("outputs");
    let done = repack(&mut scene, Some("R1")).happens().without_notes();
    assert_eq!(done.events.len(), 1);
    assert_eq!(done.events[0].items.len(), 2);
    assert!(scene.world.is_free(&scene.doses.item(1)));
}
