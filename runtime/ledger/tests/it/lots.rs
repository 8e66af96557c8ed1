//! Quantities of lots: sums that hold whatever is done with their parts.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, hold};
use marque_abi::invocation::{Command, Target};
use marque_ledger::read;
use marque_primitives::action::{RecallTarget, Right};
use marque_primitives::date::Date;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{LotId, Thing};
use marque_primitives::{Address, Amount, Decimal, Unit};

fn cheese_lot() -> LotId {
    lot(cheese(), "A")
}

/// A world in which the dairy has a hundred pieces of a lot of cheese.
fn world() -> World {
    let mut world = World::new();
    world.done(DAIRY, commission(things([pieces(cheese(), "A", 100)])));
    world
}

fn offered(world: &World) -> Decimal {
    world.balance(&cheese_lot(), |holding| holding.offer.is_some())
}

fn has(world: &World, account: Address) -> Option<u64> {
    world.has(account, &cheese_lot()).to_integer()
}

#[test]
fn a_balance_never_goes_below_zero() {
    let mut world = world();
    for operation in [
        offer(things([pieces(cheese(), "A", 101)]), SHOP),
        decommission(things([pieces(cheese(), "A", 101)])),
        release(things([pieces(cheese(), "A", 101)])),
        pack(pallet(1), things([pieces(cheese(), "A", 101)])),
        transform(
            things([pieces(cheese(), "A", 101)]),
            things([one(cheese(), 1)]),
        ),
        offer(
            things([pieces(cheese(), "A", 60), pieces(cheese(), "A", 60)]),
            SHOP,
        ),
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::InsufficientBalance), "{refusal}");
    }
    let refusal = world.refused(SHOP, offer(things([pieces(cheese(), "A", 1)]), DEALER));
    assert!(refusal.is(Invariant::InsufficientBalance), "{refusal}");
    assert_eq!(refusal.expected.as_deref(), Some("at most 0"));
    let refusal = world.refused(DAIRY, offer(things([pieces(cheese(), "B", 1)]), SHOP));
    assert!(refusal.is(Invariant::Unknown), "{refusal}");
}

#[test]
fn amounts_are_positive_whole_where_counted_and_of_one_dimension() {
    let mut world = world();
    let amount = |value: &str, unit: Option<&str>| Thing::Lot {
        id: cheese_lot(),
        amount: Amount::new(value.parse().unwrap(), unit).unwrap(),
    };
    for (value, unit, invariant) in [
        ("0", None, Invariant::Shape),
        ("-1", None, Invariant::Shape),
        ("1.5", None, Invariant::Shape),
        ("1", Some("KGM"), Invariant::UnitMismatch),
        ("1", Some("XYZ"), Invariant::UnitMismatch),
    ] {
        let refusal = world.refused(DAIRY, offer(things([amount(value, unit)]), SHOP));
        assert!(refusal.is(invariant), "{refusal}");
    }
    // Counts are one unit under all their names; mass and volume convert exactly.
    world.done(DAIRY, offer(things([amount("10", Some("EA"))]), SHOP));
    world.done(
        DAIRY,
        commission(things([measured(cheese(), "K", "2.5", "KGM")])),
    );
    world.done(
        DAIRY,
        offer(things([measured(cheese(), "K", "500", "GRM")]), SHOP),
    );
    world.done(
        SHOP,
        accept(things([measured(cheese(), "K", "0.5", "KGM")])),
    );
    let kept = world.has(DAIRY, &lot(cheese(), "K"));
    assert_eq!(kept, whole(2_000));
    let unit = read::lot(&world.state, &lot(cheese(), "K"))
        .unwrap()
        .unwrap()
        .unit;
    assert_eq!(unit, Some(Unit::Gram));
}

#[test]
fn sums_that_pass_their_range_end_the_action_and_not_the_node() {
    let mut world = World::new();
    let most = |lot_text| Thing::Lot {
        id: lot(cheese(), lot_text),
        amount: Amount {
            value: Decimal(i128::MAX),
            unit: Unit::Gram,
        },
    };
    world.done(DAIRY, commission(things([most("A")])));
    let refusal = world.refused(DAIRY, commission(things([most("A")])));
    assert!(refusal.is(Invariant::Overflow), "{refusal}");
    let refusal = world.refused(DAIRY, commission(things([most("B"), most("B")])));
    assert!(refusal.is(Invariant::Overflow), "{refusal}");
    world.done(DAIRY, pack(pallet(1), things([most("A")])));
    world.hand_over(DAIRY, SHOP, things([pallet(1)]));
    world.done(SHOP, unpack_all(pallet(1)));
    world.hand_over(SHOP, DEALER, things([most("A")]));
}

#[test]
fn quantities_are_accepted_rejected_and_withdrawn_in_parts() {
    let mut world = world();
    let id = world
        .done(DAIRY, offer(things([pieces(cheese(), "A", 60)]), SHOP))
        .offer
        .unwrap();
    assert_eq!(offered(&world), whole(60));
    world.done(SHOP, accept(things([pieces(cheese(), "A", 25)])));
    assert_eq!(
        (has(&world, DAIRY), has(&world, SHOP)),
        (Some(75), Some(25))
    );
    world.done(SHOP, reject(things([pieces(cheese(), "A", 5)])));
    world.done(DAIRY, withdraw(things([pieces(cheese(), "A", 10)])));
    let offer_now = read::offer(&world.state, id).unwrap().unwrap();
    assert_eq!(offer_now.open_lots[0].value, whole(20));
    let refusal = world.refused(SHOP, accept(things([pieces(cheese(), "A", 21)])));
    assert!(refusal.is(Invariant::NotOffered), "{refusal}");
    let refusal = world.refused(DEALER, accept(things([pieces(cheese(), "A", 1)])));
    assert!(refusal.is(Invariant::NotOffered), "{refusal}");
    // What is on offer is not offered again.
    let refusal = world.refused(DAIRY, offer(things([pieces(cheese(), "A", 60)]), DEALER));
    assert!(refusal.is(Invariant::InsufficientBalance), "{refusal}");
    world.done(SHOP, accept(things([pieces(cheese(), "A", 20)])));
    assert!(read::offer(&world.state, id).unwrap().is_none());
    assert_eq!(
        (has(&world, DAIRY), has(&world, SHOP)),
        (Some(55), Some(45))
    );
}

#[test]
fn the_oldest_offers_of_a_lot_are_taken_first() {
    let mut world = world();
    for _ in 0..3 {
        world.done(DAIRY, offer(things([pieces(cheese(), "A", 10)]), SHOP));
    }
    world.done(SHOP, accept(things([pieces(cheese(), "A", 15)])));
    let open: Vec<_> = (1..=3)
        .map(|id| read::offer(&world.state, marque_primitives::action::OfferId(id)).unwrap())
        .map(|offer| offer.and_then(|offer| offer.open_lots[0].value.to_integer()))
        .collect();
    assert_eq!(open, [None, Some(5), Some(10)]);
}

#[test]
fn ownership_of_a_quantity_moves_apart_from_it() {
    let mut world = world();
    world.done(
        DAIRY,
        offer_right(things([pieces(cheese(), "A", 40)]), SHOP, Right::Ownership),
    );
    world.done(SHOP, accept(things([pieces(cheese(), "A", 40)])));
    assert_eq!(has(&world, DAIRY), Some(100));
    let owned = world.balance(&cheese_lot(), |holding| holding.owner == Some(SHOP));
    assert_eq!(owned, whole(40));
    // Both rights are given of one's own goods alone.
    let refusal = world.refused(
        DAIRY,
        offer_right(things([pieces(cheese(), "A", 61)]), DEALER, Right::Both),
    );
    assert!(refusal.is(Invariant::InsufficientBalance), "{refusal}");
}

#[test]
fn quantities_are_packed_moved_and_unpacked() {
    let mut world = world();
    world.done(DAIRY, pack(pallet(1), things([pieces(cheese(), "A", 70)])));
    let refusal = world.refused(DAIRY, offer(things([pieces(cheese(), "A", 31)]), SHOP));
    assert!(refusal.is(Invariant::InsufficientBalance), "{refusal}");
    world.hand_over(DAIRY, SHOP, things([pallet(1)]));
    assert_eq!(world.contents(&pallet(1)).lines[0].amount, whole(70));
    let refusal = world.refused(SHOP, unpack(pallet(1), things([pieces(cheese(), "A", 71)])));
    assert!(refusal.is(Invariant::NotPacked), "{refusal}");
    world.done(SHOP, unpack(pallet(1), things([pieces(cheese(), "A", 20)])));
    assert_eq!(has(&world, SHOP), Some(20));
    world.done(SHOP, unpack_all(pallet(1)));
    assert_eq!(
        (has(&world, DAIRY), has(&world, SHOP)),
        (Some(30), Some(70))
    );
    assert_eq!(world.contents(&pallet(1)).lines.len(), 0);
}

#[test]
fn the_lots_expiry_is_one() {
    let mut world = World::new();
    let day = Date::from_ymd(2027, 5, 1);
    let lot_a = Some(lot_number("A"));
    world.done(
        DAIRY,
        commission_in(things([run(cheese(), 0, 5)]), lot_a, day),
    );
    let other = Date::from_ymd(2027, 6, 1);
    let refusal = world.refused(
        DAIRY,
        commission_in(things([run(cheese(), 5, 5)]), lot_a, other),
    );
    assert!(refusal.is(Invariant::Mismatch), "{refusal}");
    assert_eq!(refusal.expected.as_deref(), Some("2027-05-01"));
    // A later commission takes the lot's.
    world.done(
        DAIRY,
        commission_in(things([run(cheese(), 5, 5)]), lot_a, None),
    );
    assert_eq!(world.record(&one(cheese(), 5)).expiry, day);
    let refusal = world.refused(
        DAIRY,
        commission_in(things([pieces(cheese(), "B", 5)]), lot_a, None),
    );
    assert!(refusal.is(Invariant::Mismatch), "{refusal}");
}

#[test]
fn an_identifier_that_claims_another_lot_is_refused() {
    let mut world = World::new();
    let claimed = |number, lot_text| match run(cheese(), number, 1) {
        Thing::Run { run, .. } => Thing::Run {
            run,
            lot: Some(lot_number(lot_text)),
        },
        other => other,
    };
    world.done(
        DAIRY,
        commission(things([claimed(1, "A"), claimed(2, "B")])),
    );
    assert_eq!(world.record(&one(cheese(), 2)).lot, Some(lot_number("B")));
    let refusal = world.refused(DAIRY, offer(things([claimed(1, "B")]), SHOP));
    assert!(refusal.is(Invariant::Mismatch), "{refusal}");
    world.done(DAIRY, offer(things([claimed(1, "A")]), SHOP));
}

#[test]
fn part_of_a_held_lot_is_released() {
    let mut world = World::new();
    let milk_lot = lot(milk(), "M");
    world.done(DAIRY, commission(things([pieces(milk(), "M", 100)])));
    world.done(
        DAIRY,
        commission_in(things([run(milk(), 0, 10)]), Some(milk_lot.lot), None),
    );
    world.hand_over(DAIRY, CARRIER, things([pieces(milk(), "M", 50)]));
    let quarantine = Command::Quarantine {
        target: Target::Lot(milk_lot.clone()),
        note: "warm".try_into().unwrap(),
    };
    world.run(Program::new().command(&quarantine));
    for who in [DAIRY, CARRIER] {
        let refusal = world.refused(who, offer(things([pieces(milk(), "M", 1)]), SHOP));
        assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    }
    let release_part = |items, holder| Command::Release {
        target: Target::Things { items, holder },
        note: "inspected".try_into().unwrap(),
    };
    let part = release_part(things([pieces(milk(), "M", 20)]), Some(CARRIER));
    world.run(Program::new().command(&part));
    world.run(Program::new().command(&release_part(things([run(milk(), 2, 3)]), None)));
    let refusal = world.refused(CARRIER, offer(things([pieces(milk(), "M", 21)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    world.hand_over(CARRIER, SHOP, things([pieces(milk(), "M", 20)]));
    world.hand_over(DAIRY, SHOP, things([run(milk(), 2, 3)]));
    let refusal = world.refused(DAIRY, offer(things([run(milk(), 5, 1)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    // The lot is freed and held anew: what was released from the first hold is held again.
    let free = Command::Release {
        target: Target::Lot(milk_lot.clone()),
        note: "clean".try_into().unwrap(),
    };
    world.run(Program::new().command(&free));
    world.done(DAIRY, offer(things([pieces(milk(), "M", 50)]), SHOP));
    world.run(Program::new().command(&quarantine));
    let refusal = world.refused(SHOP, offer(things([pieces(milk(), "M", 1)]), DEALER));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    let refusal = world.refused(SHOP, accept(things([pieces(milk(), "M", 50)])));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
}

#[test]
fn a_rule_holds_what_moves_or_all_of_its_lot() {
    for whole_lot in [false, true] {
        let mut world = World::new();
        world.done(DAIRY, commission(things([pieces(milk(), "M", 100)])));
        world.done(DAIRY, pack(pallet(1), things([pieces(milk(), "M", 30)])));
        world.done(
            DAIRY,
            offer(
                things([pieces(milk(), "M", 10), pieces(milk(), "M", 10)]),
                SHOP,
            ),
        );
        world.program("rule_accept", Program::new().decide(hold(whole_lot)));
        world.done(SHOP, accept(things([pieces(milk(), "M", 10)])));
        let refusal = world.refused(SHOP, offer(things([pieces(milk(), "M", 10)]), DEALER));
        assert!(refusal.is(Invariant::Quarantined), "{refusal}");
        let status = read::lot(&world.state, &lot(milk(), "M"))
            .unwrap()
            .unwrap()
            .status;
        let held = status == marque_primitives::record::Status::Quarantined;
        assert_eq!(held, whole_lot);
        if whole_lot {
            for goods in [pieces(milk(), "M", 10), pallet(1).into()] {
                let refusal = world.refused(DAIRY, offer(things([goods]), DEALER));
                assert!(refusal.is(Invariant::Quarantined), "{refusal}");
            }
        } else {
            world.done(DAIRY, offer(things([pieces(milk(), "M", 10)]), DEALER));
            world.done(DAIRY, offer(things([pallet(1)]), DEALER));
        }
    }
}

#[test]
fn a_recalled_lot_goes_back_to_its_brand_alone() {
    let mut world = world();
    world.hand_over(DAIRY, SHOP, things([pieces(cheese(), "A", 50)]));
    world.done(SHOP, pack(pallet(1), things([pieces(cheese(), "A", 20)])));
    let id = world
        .done(DAIRY, recall(RecallTarget::Lot(cheese_lot())))
        .recall
        .unwrap();
    for goods in [pieces(cheese(), "A", 10), pallet(1).into()] {
        let refusal = world.refused(SHOP, offer(things([goods]), DEALER));
        assert!(refusal.is(Invariant::Recalled), "{refusal}");
    }
    world.hand_over(SHOP, DAIRY, things([pallet(1)]));
    world.hand_over(SHOP, DAIRY, things([pieces(cheese(), "A", 10)]));
    world.done(DAIRY, lift(id.0));
    world.done(SHOP, offer(things([pieces(cheese(), "A", 10)]), DEALER));
}

#[test]
fn a_released_quantity_leaves_the_parties() {
    let mut world = world();
    world.hand_over(DAIRY, SHOP, things([pieces(cheese(), "A", 50)]));
    // The shop has it and does not own it.
    let refusal = world.refused(SHOP, release(things([pieces(cheese(), "A", 1)])));
    assert!(refusal.is(Invariant::InsufficientBalance), "{refusal}");
    world.done(
        DAIRY,
        offer_right(things([pieces(cheese(), "A", 10)]), SHOP, Right::Both),
    );
    world.done(SHOP, accept(things([pieces(cheese(), "A", 10)])));
    world.done(SHOP, release(things([pieces(cheese(), "A", 10)])));
    let gone = world.balance(&cheese_lot(), |holding| holding.custodian.is_none());
    assert_eq!(gone, whole(10));
}
