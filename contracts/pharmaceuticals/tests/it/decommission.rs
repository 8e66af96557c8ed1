//! A pack ends once, and its end is undone only within EU 2016/161 Art. 13.

use crate::scene::{DAY, Role, Scene};
use marque_primitives::action::{Operation, RecallTarget};
use marque_primitives::bounded::{List, Text};
use marque_testing::Step;

fn end<'w>(scene: &'w mut Scene, disposition: &str) -> Step<'w> {
    let packs = [scene.pills.items(1, 1)];
    scene
        .world
        .by("bob")
        .decommission(packs)
        .here()
        .disposition(disposition)
}

fn undo<'w>(scene: &'w mut Scene, by: &str) -> Step<'w> {
    let packs = [scene.pills.items(1, 1)];
    scene.world.by(by).reinstate(packs).at("bob")
}

fn ended(disposition: &str) -> Scene {
    let mut scene = Scene::received();
    end(&mut scene, disposition).happens().without_notes();
    scene
}

#[test]
fn a_pack_is_decommissioned_once() {
    let mut scene = ended("inactive");
    end(&mut scene, "inactive").is_refused("Decommissioned");
}

#[test]
fn only_who_has_it_decommissions_it() {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    let end = scene.world.by("carol").decommission(packs);
    end.is_refused("NotHolder").at_field("account");
}

#[test]
fn a_captured_decommission_by_another_is_kept_and_held() {
    let mut scene = Scene::received();
    let packs = [scene.pills.items(1, 1)];
    let end = scene.world.by("carol").decommission(packs).captured();
    end.happens().is_held().notes_that("NotHolder");
}

#[test]
fn it_is_undone_at_the_same_premises_by_the_same_account() {
    let mut scene = ended("inactive");
    scene.world.wait(9 * DAY);
    undo(&mut scene, "bob").happens().without_notes();
    assert!(scene.is_free(1));
}

#[test]
fn another_account_undoes_nothing() {
    let mut scene = ended("inactive");
    undo(&mut scene, "carol").is_refused("OtherAuthorisation");
}

#[test]
fn other_premises_undo_nothing() {
    let mut scene = ended("inactive");
    let packs = [scene.pills.items(1, 1)];
    let elsewhere = scene.world.by("bob").reinstate(packs.clone()).at("carol");
    elsewhere.is_refused("OtherPremises").at_field("place");
    let nowhere = scene.world.by("bob").reinstate(packs);
    nowhere.is_refused("OtherPremises");
}

#[test]
fn after_ten_days_nothing_is_undone() {
    let mut scene = ended("inactive");
    scene.world.wait(10 * DAY);
    undo(&mut scene, "bob")
        .is_refused("TenDaysOver")
        .saying("Art. 13(1)(b)");
}

#[test]
fn an_expired_pack_stays_decommissioned() {
    let mut scene = Scene::received();
    scene.license(Role::Trade, "bob", "2027-06-30");
    scene.world.wait(120 * DAY);
    end(&mut scene, "inactive").happens();
    scene.world.wait(5 * DAY);
    undo(&mut scene, "bob").is_refused("Expired");
}

#[test]
fn a_recalled_pack_stays_decommissioned() {
    let mut scene = ended("inactive");
    let recall = Operation::Recall {
        target: RecallTarget::Lot(scene.pills.lot("L7")),
        reason: Text::truncated("a defect"),
        instructions: Text::default(),
        collectors: List::default(),
    };
    scene.world.by("alice").operate(recall).happens();
    undo(&mut scene, "bob").is_refused("Recalled");
}

#[test]
fn what_was_supplied_stolen_or_to_be_destroyed_stays_decommissioned() {
    for disposition in [
        "dispensed",
        "retail_sold",
        "stolen",
        "destroyed",
        "disposed",
    ] {
        let mut scene = ended(disposition);
        undo(&mut scene, "bob")
            .is_refused("FinalEnd")
            .saying(disposition);
    }
}

#[test]
fn no_sighting_moves_what_ended_elsewhere() {
    let mut scene = ended("stolen");
    let packs = [scene.pills.items(1, 1)];
    let seen = scene.world.by("bob").observe(packs).at("bob");
    seen.disposition("inactive").happens();
    undo(&mut scene, "bob").is_refused("FinalEnd");
}
