//! Holds, recalls and summaries under attack: who may free what, and what nothing frees.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, hold};
use crate::world::{World, intent};
use marque_abi::invocation::{Command, Target};
use marque_ledger::Effective;
use marque_primitives::action::{Operation, PartyRef, RecallTarget, Things};
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, Thing, ThingId};

fn free(items: Things) -> Program {
    let note = "seen".try_into().unwrap();
    let target = Target::Things {
        items,
        holder: Some(DAIRY),
    };
    Program::new().command(&Command::Release { target, note })
}

fn crate_thing() -> Thing {
    run_of(Line::Returnable(crates()), "0", 1)
}

fn status(world: &World, id: &ThingId) -> Effective {
    world.standing(id).judgement.status
}

#[test]
fn a_lot_named_twice_is_meant_with_its_sum_and_stops_no_node() {
    let mut world = World::new();
    let five = || pieces(cheese(), "A", 5);
    world.done(DAIRY, commission(things([five()])));
    world.done(DAIRY, pack(pallet(1), things([five()])));
    // More than is there, by naming it twice: refused, and nothing breaks.
    world.refused(DAIRY, unpack(pallet(1), things([five(), five()])));
    assert_eq!(world.contents(&pallet(1)).lines[0].amount, whole(5));
    let both = things([pieces(cheese(), "A", 2), pieces(cheese(), "A", 3)]);
    world.done(DAIRY, unpack(pallet(1), both));
    assert_eq!(world.has(DAIRY, &lot(cheese(), "A")), whole(5));
}

#[test]
fn a_recall_does_not_free_what_is_held() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 10)])));
    world.program("rule_observe", Program::new().decide(hold(false)));
    let seen = things([run(milk(), 0, 4)]);
    world.act(DAIRY, intent(observe(seen.clone())));
    world.done(
        DAIRY,
        Operation::Recall {
            target: RecallTarget::Product(milk()),
            reason: "listeria".try_into().unwrap(),
            instructions: "return it".try_into().unwrap(),
            collectors: vec![PartyRef::Account(CARRIER)].try_into().unwrap(),
        },
    );
    assert_eq!(status(&world, &one(milk(), 0)), Effective::Recalled);
    // Recalled, it would go to the collector; held, it goes nowhere.
    for operation in [offer(seen.clone(), CARRIER), pack(pallet(1), seen)] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    }
    let others = things([run(milk(), 4, 6)]);
    world.hand_over(DAIRY, CARRIER, others);
}

#[test]
fn a_hold_is_ended_by_who_holds_and_left_by_everyone_else() {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(milk(), 0, 5), crate_thing()])),
    );
    world.done(PHARMA, commission(things([run(pills(), 0, 5)])));
    world.hand_over(PHARMA, DAIRY, things([run(pills(), 0, 5)]));
    let inside = things([run(milk(), 0, 5), run(pills(), 0, 5), crate_thing()]);
    world.done(DAIRY, pack(pallet(1), inside));
    world.program("rule_observe", Program::new().decide(hold(false)));
    world.act(DAIRY, intent(observe(things([pallet(1)]))));
    assert_eq!(status(&world, &pallet(1)), Effective::Quarantined);
    // The other brand's contract rules one line of it, and does not hold it.
    let other = message(world.pharma_contract, "run", &free(things([pallet(1)])).0);
    world.send(crate::world::tx(PHARMA, vec![other]));
    assert_eq!(status(&world, &pallet(1)), Effective::Quarantined);
    world.done(DAIRY, unpack_all(pallet(1)));
    let empty = ThingId::Item {
        line: Line::Returnable(crates()),
        serial: "0".parse().unwrap(),
    };
    assert_eq!(status(&world, &empty), Effective::Quarantined);
    // No contract rules a crate: its brand frees it, and nobody else.
    world.refused(PHARMA, end_hold(things([crate_thing()])));
    world.done(DAIRY, end_hold(things([crate_thing()])));
    assert_eq!(status(&world, &empty), Effective::Active);
    // What a contract rules and holds, it alone frees.
    world.refused(DAIRY, end_hold(things([run(milk(), 0, 5)])));
    world.run(free(things([run(milk(), 0, 5)])));
    assert_eq!(status(&world, &one(milk(), 0)), Effective::Active);
}

#[test]
fn what_is_packed_out_of_a_recalled_unit_leaves_no_count_behind() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    let unit = ThingId::Unit(dairy_sscc(1));
    let one_of_them = || things([one(cheese(), 0)]);
    world.done(DAIRY, pack(unit.clone(), things([run(cheese(), 0, 2)])));
    let listed = RecallTarget::Items(things([unit.clone()]));
    let id = world.done(DAIRY, recall(listed)).recall.unwrap();
    world.refused(DAIRY, pack(pallet(2), one_of_them()));
    world.done(DAIRY, lift(id.0));
    world.done(DAIRY, pack(pallet(3), one_of_them()));
    assert_eq!(world.contents(&pallet(3)).lines[0].held, whole(0));
    world.done(DAIRY, unpack(pallet(3), one_of_them()));
    world.done(DAIRY, pack(pallet(3), one_of_them()));
    world.done(DAIRY, offer(things([pallet(3)]), SHOP));
}

#[test]
fn a_recalled_crate_does_not_travel_inside() {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([crate_thing(), run(cheese(), 0, 2)])),
    );
    world.done(
        DAIRY,
        pack(pallet(1), things([crate_thing(), run(cheese(), 0, 2)])),
    );
    world.done(DAIRY, recall(RecallTarget::Items(things([crate_thing()]))));
    world.refused(DAIRY, offer(things([pallet(1)]), SHOP));
}

#[test]
fn recalls_are_lifted_by_what_they_name_and_by_their_brand() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    let all = RecallTarget::Items(things([run(cheese(), 0, 10)]));
    world.done(DAIRY, recall(all));
    let some = || RecallTarget::Items(things([run(cheese(), 0, 3)]));
    let refusal = world.refused(PHARMA, lift_of(some()));
    assert!(refusal.is(Invariant::NotRecalling), "{refusal}");
    world.done(DAIRY, lift_of(some()));
    assert_eq!(status(&world, &one(cheese(), 2)), Effective::Active);
    assert_eq!(status(&world, &one(cheese(), 3)), Effective::Recalled);
    world.done(
        DAIRY,
        lift_of(RecallTarget::Items(things([run(cheese(), 3, 7)]))),
    );
    assert_eq!(status(&world, &one(cheese(), 9)), Effective::Active);
    let refusal = world.refused(DAIRY, lift(1));
    assert!(
        refusal.is(Invariant::NotRecalling),
        "the list has ended: {refusal}"
    );
}
