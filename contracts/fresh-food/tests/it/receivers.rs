//! Only listed receivers.

use crate::scene::{Scene, with_document};
use marque_testing::Step;

fn ship_to<'w>(scene: &'w mut Scene, to: &str) -> Step<'w> {
    let items = [scene.bags.items(1, 10)];
    with_document(scene.world.by("alice").offer(items, to).at("alice"))
}

#[test]
fn a_shipment_to_a_stranger_is_refused() {
    let mut scene = Scene::packed();
    let mallory = scene.world.address("mallory").to_string();
    let refused = ship_to(&mut scene, "mallory").is_refused("NotListed");
    // The address is written as everywhere on the ledger, with its checksum.
    refused.saying(&mallory).at_field("to");
}

#[test]
fn what_was_shipped_to_a_stranger_is_held() {
    let mut scene = Scene::packed();
    ship_to(&mut scene, "mallory")
        .captured()
        .happens()
        .is_accepted()
        .is_held()
        .notes_that("NotListed");
    assert!(!scene.world.is_free(&scene.bags.item(10)));
    assert!(
        scene.world.is_free(&scene.bags.item(11)),
        "the rest did not ship"
    );
}

#[test]
fn goods_go_back_to_the_brand_without_a_list() {
    let mut scene = Scene::received();
    let items = [scene.bags.items(1, 10)];
    with_document(scene.world.by("bob").offer(items, "alice").at("bob")).happens();
}

#[test]
fn the_brand_lists_and_unlists() {
    let mut scene = Scene::packed();
    let dave = scene.world.address("dave");
    let rules = scene.rules;
    assert_eq!(scene.world.query(rules, "listed", &dave), Ok(false));
    scene.world.by("alice").tell(rules, "list", &dave).happens();
    assert_eq!(scene.world.query(rules, "listed", &dave), Ok(true));
    ship_to(&mut scene, "dave").happens();
    scene
        .world
        .by("alice")
        .tell(rules, "unlist", &dave)
        .happens();
    let items = [scene.bags.items(11, 10)];
    let step = with_document(scene.world.by("alice").offer(items, "dave").at("alice"));
    step.is_refused("NotListed");
}

#[test]
fn an_unlisted_receiver_cannot_take_what_was_offered_before() {
    let mut scene = Scene::packed();
    ship_to(&mut scene, "bob").happens();
    let bob = scene.world.address("bob");
    scene
        .world
        .by("alice")
        .tell(scene.rules, "unlist", &bob)
        .happens();
    let items = [scene.bags.items(1, 10)];
    with_document(scene.world.by("bob").accept(items.clone()).at("bob")).is_refused("NotListed");
    with_document(scene.world.by("bob").accept(items).at("bob"))
        .captured()
        .happens()
        .is_accepted()
        .is_held()
        .notes_that("NotListed");
}

#[test]
fn nobody_else_lists() {
    let mut scene = Scene::packed();
    let dave = scene.world.address("dave");
    let refused = scene
        .world
        .by("bob")
        .tell(scene.rules, "list", &dave)
        .is_refused("NotAllowed");
    assert_eq!(refused.refusal.code, 5003);
}

#[test]
fn receivers_come_in_pages() {
    let mut scene = Scene::packed();
    let rules = scene.rules;
    let page = |scene: &Scene, after, limit: u32| {
        let args: (Option<marque_primitives::Address>, u32) = (after, limit);
        let page: (Vec<marque_primitives::Address>, bool) = scene
            .world
            .query(rules, "receivers", &args)
            .expect("a page");
        page
    };
    let mut listed = vec![scene.world.address("bob"), scene.world.address("carol")];
    listed.sort();
    assert_eq!(page(&scene, None, 10), (listed.clone(), false));
    assert_eq!(page(&scene, None, 1), (listed[..1].to_vec(), true));
    assert_eq!(
        page(&scene, Some(listed[0]), 1),
        (listed[1..].to_vec(), false)
    );
}
