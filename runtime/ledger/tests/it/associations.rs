//! Associations: what hangs on a thing or place without being inside it.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use marque_primitives::action::{Anchor, Operation, Things};
use marque_primitives::bounded::List;
use marque_primitives::detail::Place;
use marque_primitives::history::Role;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Thing, ThingId};

fn associate(parent: Anchor, children: Things) -> Operation {
    Operation::Associate { parent, children }
}

fn dissociate(parent: Anchor, children: Things) -> Operation {
    Operation::Dissociate { parent, children }
}

fn world() -> World {
    let mut world = World::new();
    let goods = things([
        run(cheese(), 0, 20),
        Thing::Asset(tank(1)),
        pieces(cheese(), "C", 9),
    ]);
    world.done(DAIRY, commission(goods));
    world
}

fn asset() -> Anchor {
    Anchor::Thing(ThingId::Asset(tank(1)))
}

#[test]
fn custody_does_not_follow_an_association() {
    let mut world = world();
    world.done(DAIRY, associate(asset(), things([run(cheese(), 0, 5)])));
    assert_eq!(world.books.entries.last().unwrap().role, Role::Anchor);
    world.hand_over(DAIRY, SHOP, things([ThingId::Asset(tank(1))]));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(DAIRY));
    world.hand_over(DAIRY, DEALER, things([run(cheese(), 0, 5)]));
}

#[test]
fn children_and_anchor_are_in_the_accounts_hands() {
    let mut world = world();
    world.hand_over(DAIRY, SHOP, things([run(cheese(), 0, 5)]));
    let refusal = world.refused(SHOP, associate(asset(), things([run(cheese(), 0, 5)])));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let refusal = world.refused(DAIRY, associate(asset(), things([run(cheese(), 0, 5)])));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let nobody = Anchor::Thing(ThingId::Asset(tank(9)));
    let refusal = world.refused(DAIRY, associate(nobody, things([run(cheese(), 5, 5)])));
    assert!(refusal.is(Invariant::Unknown), "{refusal}");
    // A place belongs to nobody here.
    let place = Anchor::Place(Place::Uri("geo:1,1".try_into().unwrap()));
    world.done(SHOP, associate(place, things([run(cheese(), 0, 5)])));
}

#[test]
fn what_hangs_on_an_anchor_comes_off_by_name_or_all_together() {
    let mut world = world();
    let (a, b) = (run(cheese(), 0, 5), pieces(cheese(), "C", 4));
    world.done(DAIRY, associate(asset(), things([a.clone(), b.clone()])));
    let refusal = world.refused(DAIRY, dissociate(asset(), things([run(cheese(), 6, 1)])));
    assert!(refusal.is(Invariant::NotPacked), "{refusal}");
    world.done(DAIRY, dissociate(asset(), things([a])));
    world.done(DAIRY, dissociate(asset(), List::default()));
    let refusal = world.refused(DAIRY, dissociate(asset(), List::default()));
    assert!(refusal.is(Invariant::Empty), "{refusal}");
}

#[test]
fn an_anchor_may_stand_in_the_run_that_hangs_on_it() {
    let mut world = world();
    let anchor = Anchor::Thing(one(cheese(), 7));
    world.done(DAIRY, associate(anchor, things([run(cheese(), 5, 5)])));
    assert_eq!(world.record(&one(cheese(), 7)).history.length, 3);
    assert_eq!(world.record(&one(cheese(), 6)).history.length, 2);
}

#[test]
fn associations_come_off_in_parts_and_by_any_spelling() {
    let mut world = world();
    world.done(DAIRY, associate(asset(), things([run(cheese(), 1, 3)])));
    world.done(DAIRY, dissociate(asset(), things([run(cheese(), 2, 1)])));
    let refusal = world.refused(DAIRY, dissociate(asset(), things([run(cheese(), 2, 2)])));
    assert!(refusal.is(Invariant::NotPacked), "{refusal}");
    world.done(
        DAIRY,
        associate(asset(), things([pieces(cheese(), "C", 4)])),
    );
    world.done(
        DAIRY,
        associate(asset(), things([pieces(cheese(), "C", 5)])),
    );
    world.done(
        DAIRY,
        dissociate(asset(), things([pieces(cheese(), "C", 6)])),
    );
    let refusal = world.refused(
        DAIRY,
        dissociate(asset(), things([pieces(cheese(), "C", 4)])),
    );
    assert!(refusal.is(Invariant::NotPacked), "{refusal}");
    world.done(DAIRY, dissociate(asset(), List::default()));
    let refusal = world.refused(DAIRY, dissociate(asset(), List::default()));
    assert!(refusal.is(Invariant::Empty), "{refusal}");
}

#[test]
fn nobody_takes_anothers_quantity_off_a_place() {
    let mut world = world();
    let place = || Anchor::Place(Place::Uri("geo:1,1".try_into().unwrap()));
    let goods = things([pieces(cheese(), "C", 4)]);
    world.done(DAIRY, associate(place(), goods.clone()));
    let refusal = world.refused(STRANGER, dissociate(place(), goods.clone()));
    assert!(refusal.is(Invariant::NotPacked), "{refusal}");
    let refusal = world.refused(STRANGER, dissociate(place(), List::default()));
    assert!(refusal.is(Invariant::Empty), "{refusal}");
    // Who has it now may.
    world.hand_over(DAIRY, SHOP, goods.clone());
    world.done(SHOP, dissociate(place(), goods));
}
