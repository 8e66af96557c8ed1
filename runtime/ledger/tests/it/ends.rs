//! Ending things and undoing it, releases to consumers, claims.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, no};
use marque_abi::decision::{Decision, Verdict};
use marque_ledger::read;
use marque_primitives::action::{RecallTarget, Right};
use marque_primitives::receipt::Outcome;
use marque_primitives::record::Status;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::Thing;

fn world() -> World {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(cheese(), 0, 20), run(milk(), 0, 20)])),
    );
    world
}

#[test]
fn what_is_decommissioned_takes_no_movement() {
    let mut world = world();
    let gone = things([run(cheese(), 0, 5)]);
    world.done(DAIRY, decommission(gone.clone()));
    for operation in [
        offer(gone.clone(), SHOP),
        pack(pallet(1), gone.clone()),
        decommission(gone.clone()),
        release(gone.clone()),
        transform(gone.clone(), things([one(cheese(), 99)])),
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::Decommissioned), "{refusal}");
    }
    let refusal = world.refused(SHOP, claim(gone.clone(), Right::Possession));
    assert!(refusal.is(Invariant::Decommissioned), "{refusal}");
    let refusal = world.refused(DAIRY, commission(gone.clone()));
    assert!(refusal.is(Invariant::AlreadyExists), "{refusal}");
    // It is seen all the same, and marked: that is how clones show.
    world.done(STRANGER, observe(gone));
    let withheld = world.books.events.last().unwrap().withheld.clone().unwrap();
    assert!(withheld.is(Invariant::Decommissioned), "{withheld}");
}

#[test]
fn the_custodian_ends_things_or_whom_the_rule_allows() {
    let mut world = world();
    let refusal = world.refused(STRANGER, decommission(things([one(cheese(), 0)])));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let inspector = Program::new().if_input_has(&SHOP.0).refuse(&no("NotYours"));
    world.program("rule_decommission", inspector);
    let refusal = world.refused(SHOP, decommission(things([one(milk(), 0)])));
    assert_eq!(refusal.name.as_str(), "NotYours");
    world.done(PHARMA, decommission(things([one(milk(), 0)])));
    assert_eq!(world.record(&one(milk(), 0)).status(), Status::Ended);
}

#[test]
fn only_a_rule_allows_a_reinstatement() {
    let mut world = world();
    let both = [one(cheese(), 0), one(milk(), 0)];
    world.done(DAIRY, decommission(things(both)));
    let refusal = world.refused(DAIRY, reinstate(things([one(cheese(), 0)])));
    assert!(refusal.is(Invariant::NotReinstatable), "{refusal}");
    let never: Decision = Verdict::Refuse(no("Never")).into();
    world.program("rule_reinstate", Program::new().decide(never));
    let refusal = world.refused(DAIRY, reinstate(things([one(milk(), 0)])));
    assert_eq!(refusal.name.as_str(), "Never");
    world.program("rule_reinstate", Program::new());
    world.done(DAIRY, reinstate(things([one(milk(), 0)])));
    assert_eq!(world.record(&one(milk(), 0)).status(), Status::Active);
    let refusal = world.refused(DAIRY, reinstate(things([one(milk(), 0)])));
    assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
    world.hand_over(DAIRY, SHOP, things([one(milk(), 0)]));
}

#[test]
fn what_holds_something_is_emptied_before_it_ends_or_leaves() {
    let mut world = world();
    world.done(DAIRY, pack(pallet(1), things([run(cheese(), 0, 5)])));
    for operation in [
        decommission(things([pallet(1)])),
        release(things([pallet(1)])),
        transform(things([pallet(1)]), things([one(cheese(), 99)])),
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
    }
    world.done(DAIRY, unpack_all(pallet(1)));
    world.done(DAIRY, decommission(things([pallet(1)])));
    let refusal = world.refused(DAIRY, pack(pallet(1), things([run(cheese(), 0, 5)])));
    assert!(refusal.is(Invariant::Decommissioned), "{refusal}");
}

#[test]
fn a_class_ends_nothing() {
    let mut world = world();
    let class = Thing::Class {
        id: "https://id.gs1.org/01/09521234000020".try_into().unwrap(),
        amount: None,
    };
    for operation in [
        decommission(things([class.clone()])),
        unpack(pallet(1), things([class.clone()])),
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
    }
}

#[test]
fn custodian_and_owner_in_one_hand_things_to_a_consumer() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    world.hand_over(DAIRY, SHOP, goods.clone());
    let refusal = world.refused(SHOP, release(goods.clone()));
    assert!(refusal.is(Invariant::NotOwner), "{refusal}");
    let refusal = world.refused(DAIRY, release(goods.clone()));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    world.done(DAIRY, offer_right(goods.clone(), SHOP, Right::Ownership));
    world.done(SHOP, accept(goods.clone()));
    world.done(SHOP, release(things([one(cheese(), 0)])));
    let standing = world.standing(&one(cheese(), 0));
    assert_eq!((standing.custodian, standing.owner), (None, None));
    // A recalled thing is not handed to a consumer.
    world.done(DAIRY, recall(RecallTarget::Product(cheese())));
    let refusal = world.refused(SHOP, release(things([one(cheese(), 1)])));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
}

#[test]
fn what_no_one_has_can_be_claimed() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 4)]);
    world.done(DAIRY, release(goods.clone()));
    world.done(SHOP, claim(things([one(cheese(), 0)]), Right::Possession));
    let standing = world.standing(&one(cheese(), 0));
    assert_eq!((standing.custodian, standing.owner), (Some(SHOP), None));
    let refusal = world.refused(SHOP, claim(things([one(cheese(), 0)]), Right::Possession));
    assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
    // Nobody claims what is in another's hands, whoever owned it.
    for what in [Right::Ownership, Right::Both, Right::Possession] {
        let receipt = world.done(STRANGER, claim(things([one(cheese(), 0)]), what));
        assert!(matches!(receipt.outcome, Outcome::Observed(Some(_))));
        let standing = world.standing(&one(cheese(), 0));
        assert_eq!((standing.custodian, standing.owner), (Some(SHOP), None));
    }
    // Who has it may own it.
    world.done(SHOP, claim(things([one(cheese(), 0)]), Right::Ownership));
    assert_eq!(world.standing(&one(cheese(), 0)).owner, Some(SHOP));
    world.done(DEALER, claim(things([one(cheese(), 1)]), Right::Both));
    let standing = world.standing(&one(cheese(), 1));
    assert_eq!(
        (standing.custodian, standing.owner),
        (Some(DEALER), Some(DEALER))
    );
}

#[test]
fn a_claim_waits_for_the_custodians_offer() {
    let mut world = world();
    world.done(
        DEALER,
        claim(things([run(cheese(), 2, 6)]), Right::Possession),
    );
    assert_eq!(world.custodian(&one(cheese(), 2)), Some(DAIRY));
    // Claims write into no one's history.
    assert_eq!(world.record(&one(cheese(), 2)).history.length, 1);
    world.done(DAIRY, offer(things([run(cheese(), 0, 5)]), DEALER));
    assert_eq!(world.custodian(&one(cheese(), 1)), Some(DAIRY));
    assert_eq!(world.custodian(&one(cheese(), 2)), Some(DEALER));
    assert_eq!(world.custodian(&one(cheese(), 4)), Some(DEALER));
    // What was claimed beyond the offer stays claimed.
    world.done(DAIRY, offer(things([run(cheese(), 5, 5)]), DEALER));
    assert_eq!(world.custodian(&one(cheese(), 7)), Some(DEALER));
    assert_eq!(world.custodian(&one(cheese(), 8)), Some(DAIRY));
}

#[test]
fn a_claim_is_no_blank_acceptance() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    world.done(DEALER, claim(goods.clone(), Right::Possession));
    // Another right, another receiver, another giver: none completes it.
    world.done(DAIRY, offer_right(goods.clone(), DEALER, Right::Ownership));
    assert_eq!(world.standing(&one(cheese(), 0)).owner, Some(DAIRY));
    world.done(DAIRY, withdraw(goods.clone()));
    world.hand_over(DAIRY, CARRIER, goods.clone());
    world.done(CARRIER, offer(goods.clone(), DEALER));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(CARRIER));
    world.done(DEALER, reject(goods.clone()));
}

#[test]
fn a_claim_of_a_quantity_waits_too() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([pieces(cheese(), "A", 100)])));
    world.done(
        SHOP,
        claim(things([pieces(cheese(), "A", 30)]), Right::Possession),
    );
    world.done(DAIRY, offer(things([pieces(cheese(), "A", 20)]), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(20));
    // More than is left of the claim has to be accepted.
    let id = world
        .done(DAIRY, offer(things([pieces(cheese(), "A", 20)]), SHOP))
        .offer
        .unwrap();
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(30));
    let open = read::offer(&world.state, id).unwrap().unwrap();
    assert_eq!(open.open_lots[0].value, whole(10));
    let refusal = world.refused(SHOP, accept(things([pieces(cheese(), "A", 11)])));
    assert!(refusal.is(Invariant::NotOffered), "{refusal}");
}

#[test]
fn an_acceptance_that_the_rule_refuses_leaves_claim_and_offer_open() {
    let mut world = world();
    world.done(DEALER, claim(things([one(milk(), 0)]), Right::Possession));
    let never: Decision = Verdict::Refuse(no("NotNow")).into();
    let program = Program::new()
        .write(b"seen", b"1")
        .emit(1, b"asked")
        .decide(never);
    world.program("rule_accept", program);
    let receipt = world.done(DAIRY, offer(things([one(milk(), 0)]), DEALER));
    assert_eq!(receipt.emitted, []);
    assert_eq!(world.custodian(&one(milk(), 0)), Some(DAIRY));
    assert!(world.record(&one(milk(), 0)).offer.is_some());
    world.program("rule_accept", Program::new());
    world.done(DAIRY, withdraw(things([one(milk(), 0)])));
    world.done(DAIRY, offer(things([one(milk(), 0)]), DEALER));
    assert_eq!(world.custodian(&one(milk(), 0)), Some(DEALER));
}

#[test]
fn external_things_are_claimed_by_no_one() {
    let mut world = world();
    world.done(STRANGER, observe(things([one(foreign(), 0)])));
    let refusal = world.refused(
        STRANGER,
        claim(things([one(foreign(), 0)]), Right::Possession),
    );
    assert!(refusal.is(Invariant::Unknown), "{refusal}");
}
