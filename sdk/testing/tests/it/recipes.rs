//! Each recipe of `docs/contracts/cookbook.md`: once allowed, once refused by name, both in
//! WebAssembly and natively.

use crate::cookbook::{dealers_by_day, inspected, quota, shared_list, warranty};
use marque_primitives::date::Date;
use marque_primitives::hash::keccak256;
use marque_primitives::signature::SecretKey;
use marque_sdk::native::Contract;
use marque_testing::{Code, World, compile_example};
use parity_scale_codec::Encode;

mod gas;
mod goods;
mod release;

const DAY_MS: u64 = 86_400_000;

fn code(name: &str, native: Contract) -> Code {
    Code::both(&compile_example("marque-cookbook", name), native)
}

#[test]
fn dealers_receive_until_their_last_day_and_nobody_while_it_is_closed() {
    let mut world = World::new();
    let code = code("dealers_by_day", dealers_by_day::dealers_by_day::CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let watch = world.product("alice", "Watch", rules);
    let bob = world.address("bob");
    let today = Date::of(world.now());
    let done = world
        .by("alice")
        .tell(rules, "list", &(bob, today))
        .happens();
    let interface = world.interface(rules);
    assert_eq!(done.emitted(&interface)[0].0, "Listed");
    world.by("alice").commission([watch.items(1, 10)]).happens();
    world
        .by("alice")
        .offer([watch.items(1, 1)], "bob")
        .happens();
    let offer = world.by("alice").offer([watch.items(2, 1)], "mallory");
    offer.is_refused("NotListed").at_field("to");

    world.by("alice").tell(rules, "close", &true).happens();
    let offer = world.by("alice").offer([watch.items(3, 1)], "bob");
    offer.is_refused("Closed");
    world.by("alice").tell(rules, "close", &false).happens();

    world.wait(2 * DAY_MS);
    let offer = world.by("alice").offer([watch.items(4, 1)], "bob");
    offer.is_refused("RanOut").saying("was a dealer until");
}

#[test]
fn a_receiver_gets_so_many_items_a_month() {
    let mut world = World::new();
    let code = code("quota", quota::quota::CONTRACT);
    let rules = world.by("alice").deploy(code, &10_u64).contract();
    let watch = world.product("alice", "Watch", rules);
    world
        .by("alice")
        .commission([watch.items(1, 100)])
        .happens();
    world
        .by("alice")
        .offer([watch.items(1, 8)], "bob")
        .happens();
    let offer = world.by("alice").offer([watch.items(20, 3)], "bob");
    offer
        .is_refused("TooMany")
        .saying("makes 11 items this month, of 10");
    world
        .by("alice")
        .offer([watch.items(20, 3)], "carol")
        .happens();
    world.wait(31 * DAY_MS);
    world
        .by("alice")
        .offer([watch.items(30, 10)], "bob")
        .happens();
}

#[test]
fn a_lot_waits_for_its_inspectors_signature() {
    let inspector = SecretKey::from_bytes(&[7; 32]).unwrap();
    let mut world = World::new();
    let code = code("inspected", inspected::inspected::CONTRACT);
    let rules = world
        .by("alice")
        .deploy(code, &inspector.address())
        .contract();
    let syrup = world.product("alice", "Syrup", rules);
    let lot = syrup.lot("L1");
    let made = world.by("alice").commission([syrup.items(1, 5)]).lot("L1");
    made.happens();
    assert!(world.is_lot_held(&lot));
    let sign = |text: &[u8]| inspector.sign(&keccak256(&[text])).unwrap().0;
    let other = sign(&(rules, syrup.lot("L2")).encode());
    let free = world.by("bob").tell(rules, "free", &(&lot, other));
    free.is_refused("NotSigned").at_field("signature");
    let signature = sign(&(rules, &lot).encode());
    world
        .by("bob")
        .tell(rules, "free", &(&lot, signature))
        .happens();
    assert!(!world.is_lot_held(&lot));
    world
        .by("alice")
        .offer([syrup.items(1, 2)], "bob")
        .happens();
}

#[test]
fn one_list_serves_several_contracts() {
    let mut world = World::new();
    let list = code("dealers_by_day", dealers_by_day::dealers_by_day::CONTRACT);
    let list = world.by("alice").deploy(list, &()).contract();
    let code = code("shared_list", shared_list::shared_list::CONTRACT);
    let rules = world.by("alice").deploy(code, &list).contract();
    let watch = world.product("alice", "Watch", rules);
    let bob = world.address("bob");
    let today = Date::of(world.now());
    world
        .by("alice")
        .tell(list, "list", &(bob, today))
        .happens();
    assert_eq!(world.query(list, "listed", &bob), Ok(true));
    world.by("alice").commission([watch.items(1, 10)]).happens();
    world
        .by("alice")
        .offer([watch.items(1, 1)], "bob")
        .happens();
    let offer = world.by("alice").offer([watch.items(2, 1)], "mallory");
    offer.is_refused("NotListed");
}

#[test]
fn what_is_past_its_day_stays_behind_and_a_sale_begins_a_warranty() {
    let mut world = World::new();
    let code = code("warranty", warranty::warranty::CONTRACT);
    let rules = world.by("alice").deploy(code, &()).contract();
    let drill = world.product("alice", "Drill", rules);
    let today = Date::of(world.now()).to_string();
    world.by("alice").commission([drill.items(1, 5)]).happens();
    let dated = world
        .by("alice")
        .commission([drill.items(6, 5)])
        .expiry(&today);
    dated.happens();
    world
        .by("alice")
        .release([drill.items(1, 2), drill.items(6, 1)])
        .happens();
    world.wait(2 * DAY_MS);
    let sale = world
        .by("alice")
        .release([drill.items(3, 1), drill.items(7, 1)]);
    sale.is_refused("PastItsDay").saying("It was good until");
    world.by("alice").release([drill.items(3, 1)]).happens();
}
