//! Licensed partners only (DSCSA 582(c)(3)); a licence is judged at block time.

use crate::scene::{DAY, Scene, code};
use marque_testing::Step;

fn offer<'w>(scene: &'w mut Scene, to: &str) -> Step<'w> {
    let packs = [scene.pills.items(1, 10)];
    scene.world.by("bob").offer(packs, to)
}

#[test]
fn an_offer_to_who_is_not_licensed_is_refused() {
    let mut scene = Scene::received();
    offer(&mut scene, "mallory")
        .is_refused("NotPartner")
        .saying("is no licensed partner")
        .at_field("to");
}

#[test]
fn a_captured_offer_to_who_is_not_licensed_is_held() {
    let mut scene = Scene::received();
    let done = offer(&mut scene, "mallory").captured().happens();
    done.is_accepted().is_held().notes_that("NotPartner");
}

#[test]
fn a_licence_ends_with_its_last_day() {
    let mut scene = Scene::received();
    scene.world.wait(60 * DAY);
    offer(&mut scene, "carol").happens();
    scene.world.wait(DAY);
    let packs = [scene.pills.items(11, 10)];
    let later = scene.world.by("bob").offer(packs, "carol");
    later
        .is_refused("LicenceLapsed")
        .saying("ended after 2026-06-30");
}

#[test]
fn a_report_of_an_earlier_day_revives_no_licence() {
    let mut scene = Scene::received();
    let then = scene.world.now();
    scene.world.wait(61 * DAY);
    let late = offer(&mut scene, "carol").on(then).captured().happens();
    late.is_held().notes_that("LicenceLapsed");
}

#[test]
fn the_brand_alone_records_licences() {
    let mut scene = Scene::received();
    let mallory = scene.world.address("mallory");
    let args = (
        crate::scene::Role::Trade,
        mallory,
        crate::scene::day("2027-01-01"),
    );
    let license = scene.world.by("bob").tell(scene.rules, "license", &args);
    license.is_refused("NotAllowed");
    scene.tell("alice", "license", &args);
    offer(&mut scene, "mallory").happens();
    scene.tell("alice", "unlicense", &(crate::scene::Role::Trade, mallory));
    let packs = [scene.pills.items(1, 10)];
    let accept = scene.world.by("mallory").accept(packs);
    accept.is_refused("NotPartner");
}

#[test]
fn what_is_expired_goes_back_to_the_brand_alone() {
    let mut scene = Scene::received();
    scene.license(crate::scene::Role::Trade, "bob", "2027-06-30");
    scene.world.wait(123 * DAY);
    offer(&mut scene, "carol")
        .is_refused("Expired")
        .at_field("expiry");
    offer(&mut scene, "carol").captured().happens().is_held();
    let packs = [scene.pills.items(11, 10)];
    scene.world.by("bob").offer(packs, "alice").happens();
}

#[test]
fn what_is_expired_goes_to_no_patient() {
    let mut scene = Scene::commissioned();
    scene.world.wait(123 * DAY);
    let packs = [scene.pills.items(1, 1)];
    scene.world.by("alice").release(packs).is_refused("Expired");
}

#[test]
fn an_upgrade_keeps_the_licences() {
    let mut scene = Scene::received();
    let code = code();
    let upgrade = scene.world.by("alice").upgrade(scene.rules, &code, &());
    upgrade.happens();
    offer(&mut scene, "carol").happens();
}
