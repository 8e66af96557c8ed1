//! Offers: rights to give, one receiver, acceptance of parts, deadlines.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, until};
use crate::world::{START, STEP, World, intent, tx};
use marque_ledger::read;
use marque_primitives::TimeMs;
use marque_primitives::action::{Kind, OfferId, Operation, PartyRef, Right};
use marque_primitives::history::Counterparty;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, Thing};

/// A world in which the dairy has twenty cheeses.
fn world() -> World {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 20)])));
    world
}

#[test]
fn every_offer_needs_acceptance_by_the_named_receiver() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    let id = world
        .done(DAIRY, offer(goods.clone(), DEALER))
        .offer
        .unwrap();
    assert_eq!(id, OfferId(1));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(DAIRY));
    for stranger in [STRANGER, SHOP, DAIRY] {
        let refusal = world.refused(stranger, accept(goods.clone()));
        assert!(refusal.is(Invariant::NotOffered), "{refusal}");
        let refusal = world.refused(stranger, reject(goods.clone()));
        assert!(refusal.is(Invariant::NotOffered), "{refusal}");
    }
    let refusal = world.refused(DEALER, withdraw(goods.clone()));
    assert!(refusal.is(Invariant::NotOffered), "{refusal}");
    world.done(DEALER, accept(goods.clone()));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(DEALER));
    assert!(read::offer(&world.state, id).unwrap().is_none());
    let refusal = world.refused(DEALER, accept(goods));
    assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
}

#[test]
fn possession_is_the_custodians_to_offer_and_ownership_the_owners() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    world.hand_over(DAIRY, CARRIER, goods.clone());
    for (who, what, invariant) in [
        (DAIRY, Right::Possession, Invariant::NotCustodian),
        (DAIRY, Right::Both, Invariant::NotCustodian),
        (CARRIER, Right::Ownership, Invariant::NotOwner),
        (CARRIER, Right::Both, Invariant::NotOwner),
        (STRANGER, Right::Possession, Invariant::NotCustodian),
    ] {
        let refusal = world.refused(who, offer_right(goods.clone(), SHOP, what));
        assert!(refusal.is(invariant), "{refusal}");
    }
    world.done(DAIRY, offer_right(goods.clone(), SHOP, Right::Ownership));
    world.done(SHOP, accept(goods.clone()));
    let standing = world.standing(&one(cheese(), 0));
    assert_eq!(
        (standing.custodian, standing.owner),
        (Some(CARRIER), Some(SHOP))
    );
    let event = world.books.events.last().unwrap();
    assert_eq!(
        (event.kind, event.what),
        (Kind::Accept, Some(Right::Ownership))
    );
    assert_eq!(event.from, Some(Counterparty::Account(DAIRY)));
}

#[test]
fn an_open_offer_blocks_other_movements() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    world.done(DAIRY, offer(goods.clone(), DEALER));
    for operation in [
        offer(goods.clone(), SHOP),
        offer(things([one(cheese(), 4)]), DEALER),
        pack(pallet(1), goods.clone()),
        decommission(goods.clone()),
        release(goods.clone()),
        transform(goods.clone(), things([one(cheese(), 99)])),
        Operation::Associate {
            parent: marque_primitives::action::Anchor::Thing(one(cheese(), 19)),
            children: goods.clone(),
        },
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::OfferOpen), "{refusal}");
    }
}

#[test]
fn accept_reject_and_withdraw_take_parts() {
    let mut world = world();
    let id = world
        .done(DAIRY, offer(things([run(cheese(), 0, 10)]), DEALER))
        .offer
        .unwrap();
    let open = |world: &World| {
        read::offer(&world.state, id)
            .unwrap()
            .map(|offer| offer.open)
    };
    world.done(DEALER, accept(things([run(cheese(), 2, 3)])));
    assert_eq!(open(&world), Some(7));
    world.done(DEALER, reject(things([run(cheese(), 0, 1)])));
    assert_eq!(open(&world), Some(6));
    world.done(DAIRY, withdraw(things([run(cheese(), 8, 2)])));
    assert_eq!(open(&world), Some(4));
    world.done(
        DEALER,
        accept(things([run(cheese(), 1, 1), run(cheese(), 5, 3)])),
    );
    assert_eq!(open(&world), None);
    let has = |serial| world.custodian(&one(cheese(), serial)).unwrap();
    let who: Vec<_> = (0..10).map(has).collect();
    let [a, b] = [DAIRY, DEALER];
    assert_eq!(who, [a, b, b, b, b, b, b, b, a, a]);
}

#[test]
fn after_its_deadline_an_offer_can_only_be_withdrawn() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    let refusal = world.refused(DAIRY, offer_until(goods.clone(), DEALER, world.time));
    assert!(refusal.is(Invariant::Shape), "{refusal}");
    let deadline = world.time + 3 * STEP;
    world.done(DAIRY, offer_until(goods.clone(), DEALER, deadline));
    // In the block of the deadline itself it can still be accepted.
    world.done(STRANGER, observe(things([one(cheese(), 0)])));
    world.done(DEALER, accept(things([one(cheese(), 0)])));
    assert_eq!(world.time, deadline);
    for operation in [
        accept(things([one(cheese(), 1)])),
        reject(things([one(cheese(), 1)])),
    ] {
        let refusal = world.refused(DEALER, operation);
        assert!(refusal.is(Invariant::OfferExpired), "{refusal}");
    }
    // Nothing fires by itself.
    assert!(world.record(&one(cheese(), 1)).offer.is_some());
    world.done(DAIRY, withdraw(things([run(cheese(), 1, 4)])));
    world.done(DAIRY, offer(things([one(cheese(), 1)]), SHOP));
}

#[test]
fn a_rule_shortens_the_deadline() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 5)])));
    let soon = TimeMs(world.time + 3 * STEP);
    world.program("rule_offer", Program::new().decide(until(soon)));
    let goods = things([run(milk(), 0, 5)]);
    let id = world
        .done(
            DAIRY,
            offer_until(goods.clone(), DEALER, START + 999 * STEP),
        )
        .offer;
    let offer = read::offer(&world.state, id.unwrap()).unwrap().unwrap();
    assert_eq!(offer.deadline, Some(soon));
    world.time += 9 * STEP;
    let refusal = world.refused(DEALER, accept(goods));
    assert!(refusal.is(Invariant::OfferExpired), "{refusal}");
}

#[test]
fn an_offer_goes_to_another_party_that_exists() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    let refusal = world.refused(DAIRY, offer(goods.clone(), DAIRY));
    assert!(refusal.is(Invariant::Shape), "{refusal}");
    let to = |gln| Operation::Offer {
        items: goods.clone(),
        to: PartyRef::Location(gln),
        what: Right::Possession,
        deadline: None,
    };
    let refusal = world.refused(DAIRY, to(gln(99)));
    assert!(refusal.is(Invariant::UnknownParty), "{refusal}");
    assert_eq!(refusal.field.as_deref(), Some("to"));
    world.done(DAIRY, to(dealers_dock()));
    world.done(DEALER, accept(goods.clone()));
    let refusal = world.refused(DAIRY, offer(things(Vec::<Thing>::new()), SHOP));
    assert!(refusal.is(Invariant::Shape), "{refusal}");
}

#[test]
fn offers_of_different_rights_are_accepted_apart() {
    let mut world = world();
    let (a, b) = (things([one(cheese(), 0)]), things([one(cheese(), 1)]));
    world.done(DAIRY, offer_right(a.clone(), SHOP, Right::Possession));
    world.done(DAIRY, offer_right(b.clone(), SHOP, Right::Both));
    let both = things([one(cheese(), 0), one(cheese(), 1)]);
    let refusal = world.refused(SHOP, accept(both));
    assert!(refusal.is(Invariant::Shape), "{refusal}");
    world.done(SHOP, accept(a));
    world.done(SHOP, accept(b));
    assert_eq!(world.standing(&one(cheese(), 0)).owner, Some(DAIRY));
    assert_eq!(world.standing(&one(cheese(), 1)).owner, Some(SHOP));
}

#[test]
fn a_movement_is_not_dated_before_the_last_change_of_custody() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    world.hand_over(DAIRY, CARRIER, goods.clone());
    let before = world.time - 1;
    let early = marque_primitives::action::Action::Intent(offer(goods.clone(), SHOP), at(before));
    let refusal = world.refuses(tx(CARRIER, vec![early]));
    assert!(refusal.is(Invariant::OutOfOrder), "{refusal}");
    // A unit's movement is its contents' too.
    world.done(CARRIER, pack(pallet(1), things([run(cheese(), 0, 5)])));
    world.hand_over(CARRIER, DEALER, things([pallet(1)]));
    let before = world.time - 1;
    let item = things([one(cheese(), 0)]);
    let early = marque_primitives::action::Action::Intent(offer(item, SHOP), at(before));
    let refusal = world.refuses(tx(DEALER, vec![early]));
    assert!(refusal.is(Invariant::OutOfOrder), "{refusal}");
}

#[test]
fn counts_that_pass_their_range_end_the_action_and_not_the_node() {
    let mut world = World::new();
    let digits = format!("{:020}", 0);
    let most = |gtin| run_of(Line::Product(gtin), &digits, u64::MAX);
    let both = [most(milk()), most(cheese())];
    world.done(DAIRY, commission(things(both.clone())));
    let refusal = world.refused(DAIRY, offer(things(both.clone()), SHOP));
    assert!(refusal.is(Invariant::Overflow), "{refusal}");
    for goods in both {
        world.hand_over(DAIRY, SHOP, things([goods]));
    }
}

#[test]
fn actions_of_one_transaction_happen_together_or_not_at_all() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    let fine = intent(offer(goods.clone(), SHOP));
    let wrong = intent(offer(goods, DEALER));
    let refusal = world.refuses(tx(DAIRY, vec![fine.clone(), wrong]));
    assert!(refusal.is(Invariant::OfferOpen), "{refusal}");
    assert!(world.record(&one(cheese(), 0)).offer.is_none());
    world.applied(tx(DAIRY, vec![fine]));
}

#[test]
fn only_things_and_quantities_have_custody() {
    let mut world = world();
    let class = Thing::Class {
        id: "https://id.gs1.org/01/09521234000020".try_into().unwrap(),
        amount: None,
    };
    let opaque = Thing::Opaque("urn:waybill:1".try_into().unwrap());
    for thing in [class, opaque] {
        let named = things([thing]);
        for operation in [
            offer(named.clone(), SHOP),
            accept(named.clone()),
            withdraw(named.clone()),
            release(named.clone()),
            claim(named.clone(), Right::Possession),
            commission(named.clone()),
        ] {
            let refusal = world.refused(DAIRY, operation);
            assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
        }
    }
}
