//! Licensed partners only (DSCSA 582(c)(3), EU 2013/C 343/01 5.2 and 5.3), by the brand's list or
//! by a trusted issuer's credential; a licence is judged at block time.

use crate::scene::{DAY, Role, Scene, code};
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

const PARTNER: &str = "authorised-trading-partner";

/// Mallory is on no list, and the brand takes the authority's word.
fn trusting() -> Scene {
    let mut scene = Scene::received();
    scene.license(Role::Attest, "authority", "2026-12-31");
    scene
}

#[test]
fn a_trusted_issuers_credential_licenses() {
    let mut scene = trusting();
    scene.world.issue("authority", "mallory", PARTNER, None);
    offer(&mut scene, "mallory").happens().without_notes();
}

#[test]
fn a_credential_expires_with_its_last_moment() {
    let mut scene = trusting();
    let until = scene.world.now().plus(DAY);
    scene
        .world
        .issue("authority", "mallory", PARTNER, Some(until));
    offer(&mut scene, "mallory").happens();
    scene.world.wait(DAY);
    let packs = [scene.pills.items(11, 10)];
    let late = scene.world.by("bob").offer(packs, "mallory");
    late.is_refused("LicenceLapsed")
        .saying("ended after 2026-05-02");
    // Renewed, it goes on.
    scene.world.issue("authority", "mallory", PARTNER, None);
    let packs = [scene.pills.items(11, 10)];
    scene.world.by("bob").offer(packs, "mallory").happens();
}

#[test]
fn a_revoked_credential_ends_at_once() {
    let mut scene = trusting();
    scene.world.issue("authority", "mallory", PARTNER, None);
    let then = scene.world.now();
    scene.world.wait(DAY);
    scene.world.revoke("authority", "mallory", PARTNER);
    offer(&mut scene, "mallory")
        .is_refused("LicenceLapsed")
        .saying("ended after 2026-05-02")
        .at_field("to");
    // No date in a report revives it.
    let late = offer(&mut scene, "mallory").on(then).captured().happens();
    late.is_held().notes_that("LicenceLapsed");
}

#[test]
fn an_issuer_that_is_not_trusted_licenses_nobody() {
    let mut scene = trusting();
    for (issuer, subject) in [
        ("mallory", "mallory"),
        ("bob", "mallory"),
        ("carol", "mallory"),
    ] {
        scene.world.issue(issuer, subject, PARTNER, None);
    }
    // Nor does another kind of the trusted one's, nor its word once the brand takes it no more.
    scene
        .world
        .issue("authority", "mallory", "food-facility", None);
    offer(&mut scene, "mallory").is_refused("NotPartner");
    scene.world.issue("authority", "mallory", PARTNER, None);
    let authority = scene.world.address("authority");
    scene.tell("alice", "unlicense", &(Role::Attest, authority));
    offer(&mut scene, "mallory").is_refused("NotPartner");
}

#[test]
fn a_brands_trust_in_an_issuer_ends_with_its_last_day() {
    let mut scene = trusting();
    scene.license(Role::Trade, "bob", "2027-06-30");
    scene.license(Role::Attest, "authority", "2026-05-31");
    scene.world.issue("authority", "mallory", PARTNER, None);
    scene.world.wait(30 * DAY);
    offer(&mut scene, "mallory").happens();
    scene.world.wait(DAY);
    let packs = [scene.pills.items(11, 10)];
    let late = scene.world.by("bob").offer(packs, "mallory");
    late.is_refused("NotPartner");
}

#[test]
fn no_credential_makes_an_inspector() {
    let mut scene = trusting();
    for kind in [PARTNER, "repackager", "inspect", "inspector"] {
        scene.world.issue("authority", "mallory", kind, None);
    }
    let lot = scene.pills.lot("L7");
    scene.tell("bob", "suspect", &(lot.clone(), "odd seal"));
    let release = scene
        .world
        .by("mallory")
        .tell(scene.rules, "releaseLot", &(lot, "fine"));
    release.is_refused("NotLicensedHere");
}
