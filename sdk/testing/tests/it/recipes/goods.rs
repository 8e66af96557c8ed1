//! Recipes about what moves and where: regions, serials, complaints, weights.

use super::code;
use crate::cookbook::{by_weight, complaints, one_region, printed};
use marque_testing::World;
use printed::printed::Labels;

#[test]
fn goods_are_taken_over_at_listed_places_of_the_receiver() {
    let mut world = World::new();
    let code = code("one_region", one_region::one_region::CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    for name in ["bob", "carol"] {
        let place = world.party(name).gln;
        world.by("alice").tell(rules, "list", &place).happens();
    }
    world.by("alice").commission([watch.items(1, 10)]).happens();
    let offered = world.by("alice").offer([watch.items(1, 5)], "bob");
    offered.happens();
    let items = || [watch.items(1, 5)];
    world.by("bob").accept(items()).is_refused("NoPlace");
    let elsewhere = world.by("bob").accept(items()).at("dave");
    elsewhere
        .is_refused("Outside")
        .saying("is outside of the region")
        .at_field("place");
    let anothers = world.by("bob").accept(items()).at("carol");
    anothers.is_refused("NotYours");
    world.by("bob").accept(items()).at("bob").happens();
}

#[test]
fn what_is_made_has_a_label() {
    let mut world = World::new();
    let code = code("printed", printed::printed::CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    let print = |last| {
        let digits = 6;
        (watch.gtin, Labels { digits, last })
    };
    let made = world.by("alice").commission([watch.items(1, 1)]);
    made.is_refused("NotPrinted");
    let by_bob = world.by("bob").tell(rules, "print", &print(500));
    by_bob.is_refused("NotAllowed");
    let printed = world.by("alice").tell(rules, "print", &print(500));
    printed.happens();
    let made = world.by("alice").commission([watch.items(1, 500)]);
    made.happens();
    let beyond = world.by("alice").commission([watch.items(501, 1)]);
    beyond.is_refused("NotPrinted").at_field("items");
    let fewer = world.by("alice").tell(rules, "print", &print(499));
    fewer.is_refused("FewerThanBefore");
    let more = world.by("alice").tell(rules, "print", &print(600));
    more.happens();
    let over = world.by("alice").commission([watch.items(501, 101)]);
    over.is_refused("NotPrinted");
    let made = world.by("alice").commission([watch.items(501, 100)]);
    made.happens();
}

#[test]
fn two_complaints_hold_a_lot_until_the_brand_has_looked() {
    let mut world = World::new();
    let code = code("complaints", complaints::complaints::CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let syrup = world.product("alice", "Syrup", rules);
    let lot = syrup.lot("L1");
    let made = world.by("alice").commission([syrup.items(1, 5)]).lot("L1");
    made.happens();
    world.by("bob").tell(rules, "complain", &lot).happens();
    let again = world.by("bob").tell(rules, "complain", &lot);
    again.is_refused("Again").at_field("lot");
    assert!(!world.is_lot_held(&lot));
    world.by("carol").tell(rules, "complain", &lot).happens();
    assert!(world.is_lot_held(&lot));
    let offer = world.by("alice").offer([syrup.items(1, 1)], "bob");
    offer.is_refused("Quarantined");
    let by_bob = world.by("bob").tell(rules, "good", &lot);
    by_bob.is_refused("NotAllowed");
    world.by("alice").tell(rules, "good", &lot).happens();
    let offer = world.by("alice").offer([syrup.items(1, 1)], "bob");
    offer.happens();
}

#[test]
fn an_offer_weighs_at_most_half_a_tonne() {
    let mut world = World::new();
    let code = code("by_weight", by_weight::by_weight::CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let flour = world.product("alice", "Flour", rules);
    let sacks = |kilograms| flour.quantity("L1", kilograms, Some("KGM"));
    let made = world.by("alice").commission([sacks("2000")]);
    made.happens();
    let most = world.by("alice").offer([sacks("500")], "bob");
    most.happens();
    let more = world.by("alice").offer([sacks("500.5")], "bob");
    more.is_refused("TooHeavy")
        .saying("500500 g are more than 500 kg");
    let counted = [flour.quantity("L2", "12", None)];
    world.by("alice").commission(counted.clone()).happens();
    let offer = world.by("alice").offer(counted, "bob");
    offer.is_refused("NotWeighed").at_field("items");
}
