//! What accounts may use where nobody pays: in the ledger, so that no block holds more.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::{GAS, Tx, World, genesis, intent, transaction, tx};
use marque_ledger::{Invalid, LedgerError, Mode};
use marque_primitives::genesis::Genesis;
use marque_primitives::record::{Quota, Usage};
use marque_primitives::transaction::Transaction;
use marque_primitives::{Address, Height, key};
use marque_state::View as _;

/// Windows of four blocks.
const BLOCKS: u64 = 4;

fn world(party: u64, others: u64) -> World {
    let quota = Quota {
        blocks: BLOCKS,
        party,
        others,
    };
    let mut world = World::of(Genesis { quota, ..genesis() }).trading();
    next_window(&mut world);
    world.done(DAIRY, commission(things([run(cheese(), 0, 500)])));
    next_window(&mut world);
    world
}

/// Goes on until the next block is the first of a window.
fn next_window(world: &mut World) {
    world.block(vec![]);
    while !world.next().height.0.is_multiple_of(BLOCKS) {
        world.block(vec![]);
    }
}

fn look(account: Address, nonce: Option<u64>, gas: u64) -> Tx {
    let observed = intent(observe(things([one(cheese(), 0)])));
    Tx {
        nonce,
        gas,
        ..tx(account, vec![observed])
    }
}

fn bodies(world: &World, txs: &[Tx]) -> Vec<Transaction> {
    txs.iter().map(|tx| transaction(&world.body(tx))).collect()
}

/// What a window of an account allows at most, in the block after the last one.
fn left(world: &World, account: Address) -> Option<u64> {
    let body = world.body(&look(account, None, world.genesis.block_gas));
    let genesis = world.genesis.hash();
    let valid = world
        .ledger
        .validate(&world.state, world.next(), genesis, &body);
    match valid.unwrap() {
        Err(Invalid::QuotaSpent { left, .. }) => Some(left),
        Ok(()) => None,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_account_that_has_used_its_quota_is_in_no_block_until_the_next_window() {
    let quota = 3 * GAS;
    let mut world = world(quota, quota);
    assert_eq!(left(&world, CARRIER), Some(quota));
    let used = world.block(vec![look(CARRIER, None, GAS)])[0].gas_used.0;
    // Taken is what was used, and not the limit.
    assert!(used < GAS / 10);
    assert_eq!(left(&world, CARRIER), Some(quota - used));
    let until = Height((world.height / BLOCKS + 1) * BLOCKS);
    let spent = Invalid::QuotaSpent {
        left: quota - used,
        until,
    };
    assert_eq!((spent.code(), spent.name()), (1015, "QuotaSpent"));
    // A limit above the rest: a proposer leaves it out, a validator refuses the block.
    let over = bodies(&world, &[look(CARRIER, None, quota - used + 1)]);
    let execution = world.execute(&over, Mode::Propose).unwrap();
    assert_eq!(execution.left_out, [(0, spent)]);
    let error = world.execute(&over, Mode::Validate).unwrap_err();
    assert!(matches!(error, LedgerError::InvalidBlock { index: 0, cause } if cause == spent));
    // Others are not touched, and neither is the account in the next window.
    assert_eq!(left(&world, DEALER), Some(quota));
    while world.next().height != until {
        world.block(vec![]);
    }
    assert_eq!(left(&world, CARRIER), Some(quota));
}

#[test]
fn transactions_of_one_block_use_one_quota() {
    let mut world = world(GAS, GAS);
    let used = world.block(vec![look(CARRIER, None, GAS)])[0].gas_used.0;
    let limit = GAS - 10 * used;
    let many: Vec<_> = (1..200).map(|at| look(CARRIER, Some(at), limit)).collect();
    let many = bodies(&world, &many);
    let execution = world.execute(&many, Mode::Propose).unwrap();
    let spent: u64 = execution.receipts.iter().map(|one| one.gas_used.0).sum();
    assert!(used + spent <= GAS, "{used} and {spent}");
    assert!(
        used + spent + limit > GAS,
        "the first that was left out had no place"
    );
    assert!(execution.included.len() < many.len());
    let (_, first) = execution.left_out[0];
    assert_eq!(first.name(), "QuotaSpent");
}

#[test]
fn what_is_refused_is_paid_for_as_well() {
    let mut world = world(GAS, GAS);
    let wrong = tx(
        CARRIER,
        vec![intent(decommission(things([one(cheese(), 0)])))],
    );
    let receipt = world.send(wrong);
    assert_eq!(left(&world, CARRIER), Some(GAS - receipt.gas_used.0));
}

#[test]
fn a_quota_prices_records() {
    let mut world = world(100 * GAS, 0);
    let price = |world: &mut World, operation| {
        let before = left(world, DAIRY).unwrap();
        world.done(DAIRY, operation);
        before - left(world, DAIRY).unwrap()
    };
    let few = price(
        &mut world,
        commission(things([run(cheese(), 1_000, 500_000)])),
    );
    let scattered = (0..100).map(|at| one(cheese(), 600_000 + 7 * at));
    let many = price(&mut world, commission(things(scattered)));
    // Half a million neighbours are one record, a hundred scattered ones a hundred.
    assert!(many > 5 * few, "{many} and {few}");
}

#[test]
fn accounts_without_a_name_share_one_quota_however_many_they_are() {
    let mut world = world(10 * GAS, GAS);
    let stranger = |number: u8| Address([number; 20]);
    let mut used = 0;
    for number in 100..104 {
        let receipts = world.block(vec![look(stranger(number), None, GAS - used)]);
        used += receipts[0].gas_used.0;
        if world.next().height.0.is_multiple_of(BLOCKS) {
            break;
        }
        // One that was never seen has what the others left.
        assert_eq!(left(&world, stranger(200)), Some(GAS - used));
    }
    let value = world.state.get(&key::usage(None)).unwrap().unwrap();
    let usage: Usage = marque_primitives::codec::decode(&value, 64).unwrap();
    assert_eq!(usage.gas, used);
    // The parties and the registrar have theirs all the same.
    assert_eq!(left(&world, SHOP), Some(10 * GAS));
    assert_eq!(left(&world, REGISTRAR), None);
}

#[test]
fn a_chain_without_quotas_writes_nothing_of_them() {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 5)])));
    for leaf in [key::usage(None), key::usage(Some(&DAIRY))] {
        assert_eq!(world.state.get(&leaf).unwrap(), None);
    }
    assert_eq!(left(&world, DAIRY), None);
}
