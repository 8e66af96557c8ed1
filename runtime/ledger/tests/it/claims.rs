//! Claims: what no one has is taken, what another has waits for that one's offer.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use marque_primitives::action::{Action, RecallTarget, Right, Things};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::history::Event;
use marque_primitives::receipt::Outcome;
use marque_primitives::refusal::Invariant;

fn world() -> World {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(cheese(), 0, 20), pieces(cheese(), "A", 100)])),
    );
    world
}

fn kilos(count: u64) -> Things {
    things([pieces(cheese(), "A", count)])
}

fn claimed(items: Things) -> marque_primitives::action::Operation {
    claim(items, Right::Possession)
}

fn last(world: &World) -> &Event {
    world.books.events.last().unwrap()
}

#[test]
fn what_is_on_offer_or_recalled_is_not_free_to_claim() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    world.done(DAIRY, release(goods.clone()));
    world.done(SHOP, claim(goods.clone(), Right::Ownership));
    world.done(SHOP, offer_right(goods.clone(), DEALER, Right::Ownership));
    let refusal = world.refused(STRANGER, claimed(goods.clone()));
    assert!(refusal.is(Invariant::OfferOpen), "{refusal}");
    world.done(SHOP, withdraw(goods.clone()));
    world.done(DAIRY, recall(RecallTarget::Product(cheese())));
    let refusal = world.refused(STRANGER, claimed(goods.clone()));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
    world.done(DAIRY, claimed(goods));
}

#[test]
fn released_quantities_can_be_claimed() {
    let mut world = world();
    world.done(DAIRY, release(kilos(40)));
    world.done(SHOP, claim(kilos(30), Right::Both));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(30));
    world.done(SHOP, offer(kilos(30), DEALER));
    // What is left of it is not enough, and another has more.
    let receipt = world.done(DEALER, claimed(kilos(20)));
    assert!(matches!(receipt.outcome, Outcome::Observed(Some(_))));
}

#[test]
fn who_has_the_quantity_claims_nothing() {
    let mut world = world();
    world.hand_over(DAIRY, SHOP, kilos(50));
    let refusal = world.refused(SHOP, claimed(kilos(50)));
    assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
    world.done(DAIRY, offer(kilos(50), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(50));
}

#[test]
fn claims_of_a_quantity_add_up() {
    let mut world = world();
    world.done(SHOP, claimed(kilos(50)));
    world.done(SHOP, claimed(kilos(30)));
    world.done(DAIRY, offer(kilos(80), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(80));
    // Each claim has its own acceptance.
    world.done(DAIRY, offer(kilos(20), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(80));
}

#[test]
fn a_later_claim_replaces_no_more_than_it_names() {
    let mut world = world();
    world.done(SHOP, claimed(things([run(cheese(), 0, 10)])));
    world.done(SHOP, claimed(things([one(cheese(), 0)])));
    world.done(SHOP, claimed(things([one(cheese(), 4)])));
    world.done(DAIRY, offer(things([run(cheese(), 0, 12)]), SHOP));
    for serial in 0..10 {
        assert_eq!(world.custodian(&one(cheese(), serial)), Some(SHOP));
    }
    assert_eq!(world.custodian(&one(cheese(), 10)), Some(DAIRY));
}

#[test]
fn a_claim_of_possession_is_met_by_an_offer_of_both() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    world.done(SHOP, claimed(goods.clone()));
    world.done(DAIRY, offer_right(goods, SHOP, Right::Both));
    let standing = world.standing(&one(cheese(), 0));
    assert_eq!(
        (standing.custodian, standing.owner),
        (Some(SHOP), Some(SHOP))
    );
}

#[test]
fn a_completed_claim_says_what_the_claimant_said() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    let at_place = |text: &str, disposition: &str, time| Detail {
        place: Some(Place::Uri(text.try_into().unwrap())),
        disposition: Some(disposition.try_into().unwrap()),
        ..at(time)
    };
    let (sent, got) = (world.time, world.time + 500);
    let receiving = marque_primitives::action::Report {
        detail: at_place("geo:2,2", "in_progress", got),
        ..report(
            1,
            goods.clone(),
            vec![accept(goods.clone()), claimed(goods.clone())],
        )
    };
    let claim = world.captured(SHOP, receiving);
    let shipping = marque_primitives::action::Report {
        detail: at_place("geo:1,1", "in_transit", sent),
        ..report(2, goods.clone(), vec![offer(goods, SHOP)])
    };
    let offered = world.captured(DAIRY, shipping);
    let event = last(&world).clone();
    assert_eq!((event.account, event.signer), (SHOP, SHOP));
    assert_eq!(event.claim, claim.event);
    assert_eq!(event.detail.time.unwrap().0, got);
    assert_eq!(event.capture, None);
    let first = usize::try_from(offered.event.unwrap().0).unwrap();
    assert!(world.books.events[first].capture.is_some());
    let record = world.record(&one(cheese(), 0));
    assert_eq!(
        record.place,
        Some(Place::Uri("geo:2,2".try_into().unwrap()))
    );
    assert_eq!(record.disposition.unwrap().as_str(), "in_progress");
    assert_eq!(record.moved.0, got);
}

#[test]
fn a_claim_of_a_quantity_is_completed_by_who_had_it() {
    let mut world = world();
    world.done(SHOP, claimed(kilos(10)));
    world.hand_over(DAIRY, CARRIER, kilos(60));
    world.done(CARRIER, offer(kilos(10), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(0));
    // Nor does the claim draw from the older offer.
    world.done(DAIRY, offer(kilos(10), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(10));
    assert_eq!(world.has(DAIRY, &lot(cheese(), "A")), whole(30));
}

#[test]
fn a_claim_ends_by_withdrawal_or_when_the_things_change_hands() {
    let mut world = world();
    let goods = things([one(cheese(), 0)]);
    world.done(SHOP, claimed(goods.clone()));
    world.done(SHOP, withdraw(goods.clone()));
    world.done(DAIRY, offer(goods.clone(), SHOP));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(DAIRY));
    world.done(DAIRY, withdraw(goods.clone()));
    world.done(SHOP, claimed(goods.clone()));
    world.hand_over(DAIRY, CARRIER, goods.clone());
    world.hand_over(CARRIER, DAIRY, goods.clone());
    world.done(DAIRY, offer(goods, SHOP));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(DAIRY));
    world.done(SHOP, claimed(kilos(10)));
    world.done(SHOP, withdraw(kilos(10)));
    world.done(DAIRY, offer(kilos(10), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(0));
}

#[test]
fn a_withdrawal_of_a_quantity_leaves_the_rest_claimed() {
    let mut world = world();
    world.done(SHOP, claimed(kilos(10)));
    world.done(SHOP, claimed(kilos(10)));
    world.done(SHOP, withdraw(kilos(15)));
    // More than is left claimed is no claim of the account's, and no offer either.
    let refusal = world.refused(SHOP, withdraw(kilos(6)));
    assert!(refusal.is(Invariant::NotOffered), "{refusal}");
    world.done(DAIRY, offer(kilos(20), SHOP));
    assert_eq!(world.has(SHOP, &lot(cheese(), "A")), whole(5));
}

#[test]
fn a_receipt_of_many_accepts_what_is_on_offer_and_claims_the_rest() {
    let mut world = world();
    world.done(DAIRY, offer(things([run(cheese(), 0, 9)]), SHOP));
    let goods = things([run(cheese(), 0, 10), run(foreign(), 0, 1)]);
    let attempts = vec![accept(goods.clone()), claimed(goods.clone())];
    let receipt = world.captured(SHOP, report(1, goods, attempts));
    assert_eq!(receipt.outcome, Outcome::Accepted);
    assert_eq!(world.custodian(&one(cheese(), 8)), Some(SHOP));
    assert_eq!(world.custodian(&one(cheese(), 9)), Some(DAIRY));
    assert!(world.record(&one(foreign(), 0)).external);
    // The tenth is claimed, and nothing but the tenth.
    world.done(DAIRY, offer(things([run(cheese(), 9, 2)]), SHOP));
    assert_eq!(world.custodian(&one(cheese(), 9)), Some(SHOP));
    assert_eq!(world.custodian(&one(cheese(), 10)), Some(DAIRY));
}

#[test]
fn a_shipping_of_known_and_unknown_things_offers_what_is_known() {
    let mut world = world();
    let goods = things([run(cheese(), 15, 10)]);
    let receipt = world.captured(DAIRY, report(1, goods.clone(), vec![offer(goods, SHOP)]));
    assert_eq!(receipt.outcome, Outcome::Accepted);
    assert!(world.record(&one(cheese(), 19)).offer.is_some());
    assert!(world.record(&one(cheese(), 20)).external);
    let seen = last(&world);
    assert!(seen.withheld.as_ref().unwrap().is(Invariant::Unknown));
    assert_eq!(seen.capture, None);
}

#[test]
fn a_repeated_receipt_says_that_the_account_has_it() {
    let mut world = world();
    let goods = things([run(cheese(), 0, 5)]);
    world.hand_over(DAIRY, SHOP, goods.clone());
    let attempts = vec![accept(goods.clone()), claimed(goods.clone())];
    let receipt = world.act(SHOP, Action::Fact(report(1, goods, attempts)));
    let Outcome::Observed(Some(refusal)) = receipt.outcome else {
        panic!("{receipt:?}");
    };
    assert!(refusal.is(Invariant::NotApplicable), "{refusal}");
}
