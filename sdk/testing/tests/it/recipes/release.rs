//! A second release takes the first one's storage over.

use super::{DAY_MS, code};
use crate::cookbook::{dealers_by_day, dealers_by_terms};
use dealers_by_terms::dealers_by_day::Terms;
use marque_primitives::date::Date;
use marque_testing::World;

#[test]
fn dealers_of_the_first_release_stay_and_closed_becomes_a_day() {
    let mut world = World::new();
    let first = code("dealers_by_day", dealers_by_day::dealers_by_day::CONTRACT);
    let rules = world.by("alice").deploy(&first, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    let (bob, carol) = (world.address("bob"), world.address("carol"));
    let until = Date::of(world.now().plus(30 * DAY_MS));
    for dealer in [bob, carol] {
        let listed = world.by("alice").tell(rules, "list", &(dealer, until));
        listed.happens();
    }
    world
        .by("alice")
        .commission([watch.items(1, 500)])
        .happens();
    world.by("alice").tell(rules, "close", &true).happens();

    let second = dealers_by_terms::dealers_by_day::CONTRACT;
    let second = code("dealers_by_terms", second);
    let day = Date::of(world.now().plus(2 * DAY_MS));
    let by_bob = world.by("bob").upgrade(rules, &second, &day);
    by_bob.is_refused("NotBrand");
    let upgraded = world.by("alice").upgrade(rules, &second, &day);
    upgraded.happens();
    // It does not go back by itself, and does not migrate twice.
    let back = world.by("alice").upgrade(rules, &first, &());
    back.is_refused("StorageMismatch");

    let offer = world.by("alice").offer([watch.items(1, 1)], "bob");
    offer.is_refused("Closed").saying(&day.to_string());
    world.wait(2 * DAY_MS);
    let offer = world.by("alice").offer([watch.items(1, 101)], "bob");
    offer.is_refused("TooMany").saying("At most 100 items");
    let offer = world.by("alice").offer([watch.items(1, 100)], "bob");
    offer.happens();
    let terms = Terms { until, most: 200 };
    let agreed = world.by("alice").tell(rules, "agree", &(carol, terms));
    agreed.happens();
    let offer = world.by("alice").offer([watch.items(101, 200)], "carol");
    offer.happens();
    let offer = world.by("alice").offer([watch.items(301, 1)], "mallory");
    offer.is_refused("NotListed");
    world.wait(31 * DAY_MS);
    for dealer in ["bob", "carol"] {
        let offer = world.by("alice").offer([watch.items(301, 1)], dealer);
        offer.is_refused("RanOut");
    }
}
