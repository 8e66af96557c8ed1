//! What the rules cost: a change of a number is a change to look at.

use crate::scene::{EXPIRY, Scene, day};
use marque_primitives::gs1::LotNumber;
use marque_testing::{GasSnapshot, serial_of};

#[test]
fn steps_cost_what_they_did() {
    let mut gas = GasSnapshot::new();
    let mut scene = Scene::commissioned();
    let packs = [scene.pills.items(1, 100)];
    let offer = scene.world.by("alice").offer(packs.clone(), "bob").here();
    gas.add("100 packs are shipped", &offer.happens());
    let accept = scene.world.by("bob").accept(packs).here();
    gas.add("100 packs are received", &accept.happens());
    let lot = LotNumber::new("L7").expect("a lot");
    let args = (scene.pills.gtin, serial_of(1), lot, day(EXPIRY));
    gas.add("a pack is verified", &scene.tell("bob", "verify", &args));
    let one = [scene.pills.items(1, 1)];
    let end = scene.world.by("bob").decommission(one.clone()).here();
    gas.add("a pack is decommissioned", &end.happens());
    let undo = scene.world.by("bob").reinstate(one.clone()).at("bob");
    gas.add("that is undone", &undo.happens());
    let now = scene.world.now();
    let observe = scene.world.by("bob").observe(one);
    let observe = observe.temperature("4.5", "CEL", now, now);
    gas.add("a temperature is reported", &observe.happens());
    let args = (scene.pills.lot("L7"), "odd print");
    gas.add("a lot is suspect", &scene.tell("bob", "suspect", &args));
    gas.check("tests/gas.snap");
}
