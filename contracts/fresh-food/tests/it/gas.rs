//! What the rules cost: a change of a number is a change to look at.

use crate::scene::{field, harvest, pack, scene, with_document};
use marque_testing::{GasSnapshot, Pallet};

#[test]
fn steps_cost_what_they_did() {
    let mut gas = GasSnapshot::new();
    let mut scene = scene();
    let dave = scene.world.address("dave");
    let (world, bags) = (&mut scene.world, scene.bags);
    let list = world.by("alice").tell(scene.rules, "list", &dave);
    gas.add("a receiver is listed", &list.happens());
    let done = harvest(world, &scene.spinach, "L7").happens();
    gas.add("100 items are harvested", &done);
    let done = pack(world, &bags, "B1").happens();
    gas.add("100 bags are packed", &done);
    let one = with_document(
        world
            .by("alice")
            .offer([bags.items(1, 1)], "bob")
            .at("alice"),
    );
    gas.add("one bag is shipped", &one.happens());
    let rest = [bags.items(2, 98)];
    let ship = with_document(world.by("alice").offer(rest.clone(), "bob").at("alice"));
    gas.add("98 bags are shipped", &ship.happens());
    let receive = with_document(world.by("bob").accept(rest).at("bob"));
    gas.add("98 bags are received", &receive.happens());
    let now = world.now();
    let observe = world.by("bob").observe([bags.items(2, 98)]);
    let observe = observe.temperature("4.5", "CEL", now, now);
    gas.add("a temperature is reported", &observe.happens());
    let warm = world.by("bob").observe([bags.items(2, 98)]);
    gas.add(
        "an alarm holds the lot",
        &warm.alarm("Temperature").happens(),
    );
    let release = (bags.lot("B1"), "cold all along");
    let release = world.by("grace").tell(scene.rules, "releaseLot", &release);
    gas.add("the lot is released", &release.happens());
    let pallet = Pallet::new(1);
    let pack = world.by("bob").pack(pallet, [bags.items(2, 98)]);
    gas.add("98 bags go on a pallet", &pack.happens());
    let back = with_document(world.by("bob").offer([pallet.thing()], "alice").at("bob"));
    gas.add("a pallet goes back", &back.then_at_place(field()).happens());
    gas.check("tests/gas.snap");
}
