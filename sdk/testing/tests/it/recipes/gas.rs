//! What the recipes cost: a change of a number is a change to look at.

use super::code;
use crate::cookbook::{by_weight, dealers_by_day, inspected, one_region, quota, warranty};
use marque_primitives::date::Date;
use marque_testing::{GasSnapshot, World};

#[test]
fn recipes_cost_what_they_did() {
    let mut gas = GasSnapshot::new();
    let mut world = World::new();
    let bob = world.address("bob");
    let today = Date::of(world.now());

    let dealers = code("dealers_by_day", dealers_by_day::dealers_by_day::CONTRACT);
    let rules = world.by("alice").deploy(dealers, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    let listed = world.by("alice").tell(rules, "list", &(bob, today));
    gas.add("a dealer is listed", &listed.happens());
    world.by("alice").commission([watch.items(1, 10)]).happens();
    let offer = world.by("alice").offer([watch.items(1, 10)], "bob");
    gas.add("a dealer is offered ten", &offer.happens());

    let limited = code("quota", quota::quota::CONTRACT);
    let rules = world.by("alice").deploy(limited, &10_u64).contract();
    let clock = world.product("alice", "Clock", rules);
    world.by("alice").commission([clock.items(1, 10)]).happens();
    let offer = world.by("alice").offer([clock.items(1, 10)], "bob");
    gas.add("ten of a month's quota are offered", &offer.happens());

    let looked_at = code("inspected", inspected::inspected::CONTRACT);
    let rules = world.by("alice").deploy(looked_at, &bob).contract();
    let syrup = world.product("alice", "Syrup", rules);
    let made = world.by("alice").commission([syrup.items(1, 5)]).lot("L1");
    gas.add("a lot is made, and held", &made.happens());

    let region = code("one_region", one_region::one_region::CONTRACT);
    let rules = world.by("alice").deploy(region, &()).contract();
    let lamp = world.product("alice", "Lamp", rules);
    let place = world.party("bob").gln;
    world.by("alice").tell(rules, "list", &place).happens();
    world.by("alice").commission([lamp.items(1, 5)]).happens();
    world.by("alice").offer([lamp.items(1, 5)], "bob").happens();
    let accept = world.by("bob").accept([lamp.items(1, 5)]).at("bob");
    gas.add("five are taken over in the region", &accept.happens());

    let weighed = code("by_weight", by_weight::by_weight::CONTRACT);
    let rules = world.by("alice").deploy(weighed, &()).contract();
    let flour = world.product("alice", "Flour", rules);
    let sacks = [flour.quantity("L1", "500", Some("KGM"))];
    world.by("alice").commission(sacks.clone()).happens();
    let offer = world.by("alice").offer(sacks, "bob");
    gas.add("half a tonne is offered", &offer.happens());

    let warranty = code("warranty", warranty::warranty::CONTRACT);
    let rules = world.by("alice").deploy(warranty, &()).contract();
    let drill = world.product("alice", "Drill", rules);
    world.by("alice").commission([drill.items(1, 5)]).happens();
    let sale = world.by("alice").release([drill.items(1, 2)]);
    gas.add("two are sold", &sale.happens());

    gas.check("tests/recipes.snap");
}
