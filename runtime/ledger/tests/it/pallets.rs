//! Units: what is packed moves as one, and what comes out says where it was.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, except, hold, no};
use crate::world::{World, intent, tx};
use marque_abi::decision::Verdict;
use marque_ledger::{Effective, Source, read};
use marque_primitives::Address;
use marque_primitives::action::{Kind, RecallTarget, Right};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::history::Role;
use marque_primitives::key::Space;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Thing, ThingId};

/// A pallet of the dairy's with a run of a product in it.
fn loaded(world: &mut World, number: u64, goods: Thing) -> ThingId {
    world.done(DAIRY, pack(pallet(number), things([goods])));
    pallet(number)
}

fn place(number: u64) -> Detail {
    Detail {
        place: Some(Place::Gln {
            gln: gln(number),
            extension: None,
        }),
        ..Detail::default()
    }
}

fn custody(world: &World, items: &[ThingId]) -> Vec<Option<Address>> {
    items.iter().map(|id| world.custodian(id)).collect()
}

#[test]
fn a_pallet_of_100_000_items_changes_hands_in_one_record() {
    let mut counts = Vec::new();
    for count in [10, 100_000] {
        let mut world = World::new();
        world.done(DAIRY, commission(things([run(milk(), 0, count)])));
        let goods = things([loaded(&mut world, 1, run(milk(), 0, count))]);
        world.done(DAIRY, offer(goods.clone(), CARRIER));
        let before = (world.books.entries.len(), world.books.events.len());
        world.done(CARRIER, accept(goods));
        let entries = world.books.entries.len() - before.0;
        let events = world.books.events.len() - before.1;
        counts.push((world.changes.len(), entries, events));
        // One record, the offer that goes, a nonce, the counters.
        assert_eq!(counts[0], (4, 1, 1));
        let items = [0, count / 2, count - 1].map(|at| one(milk(), at));
        assert_eq!(custody(&world, &items), vec![Some(CARRIER); 3]);
        assert_eq!(world.contents(&pallet(1)).lines[0].amount, whole(count));
    }
    assert_eq!(counts[0], counts[1]);
}

#[test]
fn moving_a_unit_asks_its_contents_contract_once_with_a_line() {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission_in(things([run(milk(), 0, 50)]), Some(lot_number("A")), None),
    );
    world.done(
        DAIRY,
        commission_in(things([run(milk(), 50, 50)]), Some(lot_number("B")), None),
    );
    loaded(&mut world, 1, run(milk(), 0, 100));
    let refuse = except(vec![(1, 0, 50, Verdict::Refuse(no("NotThatLot")))]);
    let program = Program::new().if_input_has(&DEALER.0).decide(refuse);
    world.program("rule_offer", program);
    world.done(DAIRY, offer(things([pallet(1)]), CARRIER));
    world.done(DAIRY, withdraw(things([pallet(1)])));
    let refusal = world.refused(DAIRY, offer(things([pallet(1)]), DEALER));
    // The pallet is refused by name, with the lot at fault.
    assert_eq!(refusal.name.as_str(), "NotThatLot");
    assert_eq!(refusal.contract, Some(world.dairy_contract));
    assert_eq!(
        refusal.items.to_vec(),
        [pieces(milk(), "B", 50), pallet(1).into()]
    );
    assert_eq!(refusal.remedy.as_deref(), Some("ask the brand"));
}

#[test]
fn a_packed_item_moved_by_its_own_name_leaves_its_parent() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    loaded(&mut world, 1, run(cheese(), 0, 10));
    world.hand_over(DAIRY, CARRIER, things([pallet(1)]));
    let items = things([run(cheese(), 3, 2)]);
    world.done(CARRIER, offer(items.clone(), SHOP));
    let unpacked: Vec<_> = world
        .books
        .entries
        .iter()
        .filter(|entry| entry.inferred)
        .collect();
    assert_eq!(unpacked.len(), 1);
    assert_eq!(
        (unpacked[0].kind, &unpacked[0].subject),
        (Kind::Unpack, &items[0])
    );
    assert_eq!(unpacked[0].role, Role::Subject);
    world.done(SHOP, accept(items));
    assert_eq!(world.custodian(&one(cheese(), 3)), Some(SHOP));
    assert_eq!(world.custodian(&one(cheese(), 5)), Some(CARRIER));
    assert_eq!(world.contents(&pallet(1)).lines[0].amount, whole(8));
}

#[test]
fn unpacking_writes_custodian_place_and_quarantine_into_what_comes_out() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 10)])));
    loaded(&mut world, 1, run(milk(), 0, 10));
    world.hand_over(DAIRY, CARRIER, things([pallet(1)]));
    world.program("rule_observe", Program::new().decide(hold(false)));
    let seen = marque_primitives::action::Action::Intent(observe(things([pallet(1)])), place(40));
    world.act(CARRIER, seen);
    assert_eq!(
        world.standing(&one(milk(), 1)).judgement.source,
        Source::Parent(pallet(1))
    );
    world.done(CARRIER, unpack(pallet(1), things([run(milk(), 0, 4)])));
    let record = world.record(&one(milk(), 0));
    assert_eq!(record.custodian, Some(CARRIER));
    assert_eq!(record.place, place(40).place);
    assert_eq!(record.holders.to_vec(), [world.dairy_contract]);
    world.done(CARRIER, unpack_all(pallet(1)));
    assert_eq!(
        world.standing(&one(milk(), 9)).judgement.status,
        Effective::Quarantined
    );
    let refusal = world.refused(CARRIER, unpack_all(pallet(1)));
    assert!(refusal.is(Invariant::Empty), "{refusal}");
}

#[test]
fn eight_units_stand_inside_one_another_and_no_more() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 2)])));
    world.done(DAIRY, pack(pallet(1), things([one(cheese(), 0)])));
    for number in 2..=8 {
        world.done(DAIRY, pack(pallet(number), things([pallet(number - 1)])));
    }
    let refusal = world.refused(DAIRY, pack(pallet(9), things([pallet(8)])));
    assert!(refusal.is(Invariant::TooDeep), "{refusal}");
    assert_eq!(world.standing(&one(cheese(), 0)).parents.len(), 8);
    world.hand_over(DAIRY, SHOP, things([pallet(8)]));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(SHOP));
    // Taken out at the bottom, the stack may grow on top once it was empty.
    world.done(SHOP, unpack_all(pallet(1)));
    for number in 2..=8 {
        world.done(SHOP, unpack_all(pallet(number)));
    }
    world.done(SHOP, pack(pallet(9), things([pallet(8)])));
}

#[test]
fn a_unit_holds_neither_itself_nor_what_holds_it() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    world.done(DAIRY, pack(pallet(1), things([one(cheese(), 0)])));
    world.done(DAIRY, pack(pallet(2), things([pallet(1)])));
    for (parent, child) in [
        (pallet(1), Thing::from(pallet(1))),
        (pallet(1), pallet(2).into()),
        (one(cheese(), 5), run(cheese(), 4, 3)),
    ] {
        let refusal = world.refused(DAIRY, pack(parent, things([child])));
        assert!(refusal.is(Invariant::Cycle), "{refusal}");
    }
}

#[test]
fn packing_needs_custody_of_parent_and_child() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    world.hand_over(DAIRY, SHOP, things([run(cheese(), 5, 5)]));
    loaded(&mut world, 1, run(cheese(), 0, 1));
    let refusal = world.refused(SHOP, pack(pallet(1), things([one(cheese(), 5)])));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let refusal = world.refused(SHOP, pack(pallet(2), things([one(cheese(), 1)])));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let refusal = world.refused(SHOP, unpack_all(pallet(1)));
    assert!(refusal.is(Invariant::NotCustodian), "{refusal}");
    let refusal = world.refused(DAIRY, pack(pallet(1), things([one(cheese(), 0)])));
    assert!(refusal.is(Invariant::Packed), "{refusal}");
    let refusal = world.refused(DAIRY, unpack(pallet(1), things([one(cheese(), 1)])));
    assert!(refusal.is(Invariant::NotPacked), "{refusal}");
    let refusal = world.refused(
        DAIRY,
        pack(dairy_sscc(1).into_id(), things([one(cheese(), 99)])),
    );
    assert!(refusal.is(Invariant::Unknown), "{refusal}");
}

trait IntoId {
    fn into_id(self) -> ThingId;
}

impl IntoId for marque_primitives::gs1::Sscc {
    fn into_id(self) -> ThingId {
        ThingId::Unit(self)
    }
}

#[test]
fn an_sscc_of_a_licensed_prefix_is_its_licensees() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 2)])));
    world.hand_over(DAIRY, SHOP, things([run(cheese(), 0, 1)]));
    let unit = ThingId::Unit(dairy_sscc(1));
    let refusal = world.refused(SHOP, pack(unit.clone(), things([one(cheese(), 0)])));
    assert!(refusal.is(Invariant::NotLicensed), "{refusal}");
    world.done(DAIRY, pack(unit.clone(), things([one(cheese(), 1)])));
    assert_eq!(world.record(&unit).brand, Some(DAIRY));
}

#[test]
fn a_unit_that_was_seen_before_begins_with_its_first_pack() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 2)])));
    world.done(STRANGER, observe(things([pallet(1)])));
    assert!(world.record(&pallet(1)).external);
    world.done(DAIRY, pack(pallet(1), things([one(cheese(), 0)])));
    let record = world.record(&pallet(1));
    assert!(!record.external);
    assert_eq!(record.custodian, Some(DAIRY));
    assert_eq!(record.history.length, 2);
}

#[test]
fn a_unit_and_what_it_holds_in_one_action_keep_one_history_each() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    loaded(&mut world, 1, run(cheese(), 0, 4));
    // The item leaves the pallet after the pallet was found.
    let both = [Thing::from(one(cheese(), 0)), pallet(1).into()];
    world.done(DAIRY, offer(things(both.clone()), SHOP));
    world.done(SHOP, accept(things(both)));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(SHOP));
    assert_eq!(world.custodian(&one(cheese(), 1)), Some(SHOP));
    // An item and the case that holds it go into one pallet, in either order.
    for order in [[2, 1], [1, 2]] {
        let mut world = World::new();
        world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
        loaded(&mut world, 1, run(cheese(), 0, 4));
        let children = order.map(|at| match at {
            1 => Thing::from(pallet(1)),
            _ => run(cheese(), 1, 2),
        });
        world.done(DAIRY, pack(pallet(2), things(children)));
        assert_eq!(world.contents(&pallet(1)).lines[0].amount, whole(2));
        assert_eq!(world.contents(&pallet(2)).lines[0].amount, whole(4));
    }
}

#[test]
fn sixty_four_kinds_of_contents_are_the_most() {
    let mut world = World::new();
    for at in 0..65 {
        let lot = Some(lot_number(&format!("L{at}")));
        world.done(DAIRY, commission_in(things([one(cheese(), at)]), lot, None));
    }
    world.done(DAIRY, pack(pallet(1), things([run(cheese(), 0, 64)])));
    assert_eq!(world.contents(&pallet(1)).lines.len(), 64);
    let refusal = world.refused(DAIRY, pack(pallet(1), things([one(cheese(), 64)])));
    assert!(refusal.is(Invariant::TooMixed), "{refusal}");
    // Nor by way of a nested unit.
    world.done(DAIRY, pack(pallet(2), things([one(cheese(), 64)])));
    let refusal = world.refused(DAIRY, pack(pallet(2), things([pallet(1)])));
    assert!(refusal.is(Invariant::TooMixed), "{refusal}");
}

#[test]
fn a_held_item_stops_the_units_around_it() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    loaded(&mut world, 1, run(cheese(), 0, 4));
    world.done(DAIRY, pack(pallet(2), things([pallet(1)])));
    let target = RecallTarget::Items(things([one(cheese(), 2)]));
    let id = world.done(DAIRY, recall(target)).recall.unwrap();
    assert_eq!(world.contents(&pallet(2)).lines[0].held, whole(1));
    let refusal = world.refused(DAIRY, offer(things([pallet(2)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    world.done(DAIRY, lift(id.0));
    assert_eq!(world.contents(&pallet(2)).lines[0].held, whole(0));
    world.done(DAIRY, offer(things([pallet(2)]), SHOP));
}

#[test]
fn a_held_unit_stops_the_units_around_it() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    let unit = ThingId::Unit(dairy_sscc(1));
    world.done(DAIRY, pack(unit.clone(), things([one(cheese(), 0)])));
    world.done(DAIRY, pack(pallet(2), things([unit.clone()])));
    let id = world
        .done(DAIRY, recall(RecallTarget::Items(things([unit]))))
        .recall
        .unwrap();
    assert_eq!(world.contents(&pallet(2)).held, 1);
    let refusal = world.refused(DAIRY, offer(things([pallet(2)]), SHOP));
    assert!(refusal.is(Invariant::Quarantined), "{refusal}");
    world.done(DAIRY, lift(id.0));
    world.done(DAIRY, offer(things([pallet(2)]), SHOP));
}

#[test]
fn an_open_offer_on_a_unit_blocks_what_it_holds() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    loaded(&mut world, 1, run(cheese(), 0, 4));
    world.done(DAIRY, offer(things([pallet(1)]), SHOP));
    for operation in [
        offer(things([one(cheese(), 0)]), CARRIER),
        unpack_all(pallet(1)),
        pack(pallet(1), things([one(cheese(), 5)])),
        pack(pallet(2), things([pallet(1)])),
        pack(pallet(2), things([one(cheese(), 1)])),
        decommission(things([one(cheese(), 1)])),
        release(things([one(cheese(), 1)])),
        transform(things([one(cheese(), 1)]), things([one(cheese(), 50)])),
    ] {
        let refusal = world.refused(DAIRY, operation);
        assert!(refusal.is(Invariant::OfferOpen), "{refusal}");
    }
    // The receiver accepts the unit, not what is in it.
    let refusal = world.refused(SHOP, accept(things([one(cheese(), 1)])));
    assert!(refusal.is(Invariant::Packed), "{refusal}");
}

#[test]
fn what_is_owned_by_its_units_owner_follows_it() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    let foreign_owner = intent(offer_right(
        things([one(cheese(), 9)]),
        PHARMA,
        Right::Ownership,
    ));
    world.act(DAIRY, foreign_owner);
    world.done(PHARMA, accept(things([one(cheese(), 9)])));
    loaded(&mut world, 1, run(cheese(), 0, 10));
    let goods = things([pallet(1)]);
    world.done(DAIRY, offer_right(goods.clone(), SHOP, Right::Both));
    world.done(SHOP, accept(goods));
    assert_eq!(world.standing(&one(cheese(), 0)).owner, Some(SHOP));
    assert_eq!(world.standing(&one(cheese(), 9)).owner, Some(PHARMA));
    // Of goods with one owner the unit is the owner's too, whoever packs it.
    world.done(DAIRY, commission(things([run(cheese(), 20, 10)])));
    loaded(&mut world, 2, run(cheese(), 20, 10));
    world.done(DAIRY, offer_right(things([pallet(2)]), SHOP, Right::Both));
    world.done(SHOP, accept(things([pallet(2)])));
    assert_eq!(world.standing(&one(cheese(), 20)).owner, Some(SHOP));
    world.done(SHOP, unpack_all(pallet(2)));
    assert_eq!(world.record(&one(cheese(), 20)).owner, Some(SHOP));
}

#[test]
fn an_owner_does_not_reach_into_anothers_unit() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    loaded(&mut world, 1, run(cheese(), 0, 10));
    world.hand_over(DAIRY, CARRIER, things([pallet(1)]));
    assert_eq!(world.standing(&one(cheese(), 0)).owner, Some(DAIRY));
    let sale = offer_right(things([one(cheese(), 0)]), SHOP, Right::Ownership);
    let refusal = world.refused(DAIRY, sale);
    assert!(refusal.is(Invariant::Packed), "{refusal}");
    // The unit as a whole can be sold where it is.
    world.done(
        DAIRY,
        offer_right(things([pallet(1)]), SHOP, Right::Ownership),
    );
    world.done(SHOP, accept(things([pallet(1)])));
    assert_eq!(world.standing(&one(cheese(), 0)).owner, Some(SHOP));
    assert_eq!(world.custodian(&one(cheese(), 0)), Some(CARRIER));
}

#[test]
fn items_hold_items_and_crates_hold_both() {
    let mut world = World::new();
    let crate_line = marque_primitives::thing::Line::Returnable(crates());
    world.done(
        DAIRY,
        commission(things([run(cheese(), 0, 10), run_of(crate_line, "001", 5)])),
    );
    let tray = ThingId::Item {
        line: crate_line,
        serial: serial("003"),
    };
    world.done(DAIRY, pack(one(cheese(), 5), things([run(cheese(), 0, 2)])));
    world.done(
        DAIRY,
        pack(tray.clone(), things([one(cheese(), 5), one(cheese(), 6)])),
    );
    world.hand_over(DAIRY, SHOP, things([tray.clone()]));
    let items = [
        one(cheese(), 0),
        one(cheese(), 5),
        one(cheese(), 6),
        one(cheese(), 7),
    ];
    let shop = Some(SHOP);
    assert_eq!(custody(&world, &items), [shop, shop, shop, Some(DAIRY)]);
    // A crate's own run was split: its neighbours stayed.
    assert_eq!(
        read::children(&world.state, &tray, None, 10).unwrap().len(),
        2
    );
}

#[test]
fn ended_or_held_things_are_not_packed() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    world.done(DAIRY, decommission(things([one(cheese(), 0)])));
    let refusal = world.refused(DAIRY, pack(pallet(1), things([one(cheese(), 0)])));
    assert!(refusal.is(Invariant::Decommissioned), "{refusal}");
    world.done(
        DAIRY,
        recall(RecallTarget::Items(things([one(cheese(), 1)]))),
    );
    let refusal = world.refused(DAIRY, pack(pallet(1), things([one(cheese(), 1)])));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
}

#[test]
fn what_came_out_of_a_recalled_unit_is_free_once_the_recall_is_lifted() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 10)])));
    let unit = ThingId::Unit(dairy_sscc(1));
    world.done(DAIRY, pack(unit.clone(), things([run(cheese(), 0, 3)])));
    let target = RecallTarget::Items(things([unit.clone()]));
    let id = world.done(DAIRY, recall(target)).recall.unwrap();
    world.done(DAIRY, unpack_all(unit));
    let refusal = world.refused(DAIRY, offer(things([one(cheese(), 0)]), SHOP));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
    world.done(DAIRY, lift(id.0));
    assert_eq!(
        world.standing(&one(cheese(), 0)).judgement.status,
        Effective::Active
    );
    world.done(DAIRY, pack(pallet(1), things([run(cheese(), 0, 3)])));
    world.done(DAIRY, offer(things([pallet(1)]), SHOP));
}

#[test]
fn quantities_do_not_escape_a_recall_of_their_unit() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([pieces(cheese(), "A", 10)])));
    let unit = ThingId::Unit(dairy_sscc(1));
    world.done(
        DAIRY,
        pack(unit.clone(), things([pieces(cheese(), "A", 10)])),
    );
    let target = RecallTarget::Items(things([unit.clone()]));
    let id = world.done(DAIRY, recall(target)).recall.unwrap();
    let refusal = world.refused(DAIRY, unpack_all(unit.clone()));
    assert!(refusal.is(Invariant::Recalled), "{refusal}");
    world.done(DAIRY, lift(id.0));
    world.done(DAIRY, unpack_all(unit));
}

#[test]
fn packing_costs_one_record_however_many_items() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(milk(), 0, 100_000)])));
    let receipts = world.applied(tx(
        DAIRY,
        vec![intent(pack(pallet(1), things([run(milk(), 0, 100_000)])))],
    ));
    assert_eq!(receipts.len(), 1);
    let of = |space: Space| {
        let of_space = |(key, _): &(&[u8], Option<&[u8]>)| key.first() == Some(&(space as u8));
        world.changes.iter().filter(of_space).count()
    };
    assert_eq!(
        (of(Space::Record), of(Space::Child), of(Space::Contents)),
        (2, 1, 1)
    );
}
