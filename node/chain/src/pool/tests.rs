use marque_primitives::action::{Action, Kind, Registration};
use marque_primitives::bounded::List;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::{Body, Expiry, Version};
use marque_primitives::{Gas, Height};

use super::*;

fn transaction(account: u8, lane: u8, nonce: u64) -> Arc<Transaction> {
    padded(account, lane, nonce, 0)
}

fn padded(account: u8, lane: u8, nonce: u64, padding: usize) -> Arc<Transaction> {
    let key = SecretKey::from_bytes(&[account; 32]).unwrap();
    let note = "x".repeat(padding);
    let acknowledge = Registration::Acknowledge {
        recall: marque_primitives::action::RecallId(1),
        note: note.as_str().try_into().unwrap(),
    };
    let body = Body {
        version: Version::V1,
        chain_id: 1,
        genesis: Hash::ZERO,
        account: key.address(),
        key: key.address(),
        lane: Lane(lane),
        nonce: Nonce(nonce),
        expiry: Expiry::NEVER,
        gas_limit: Gas(1),
        actions: List::new(vec![Action::Registry(acknowledge)]).unwrap(),
    };
    assert_eq!(body.actions[0].kind(), Kind::Register);
    Arc::new(Transaction::sign(body, &key).unwrap())
}

fn pool() -> Pool {
    Pool::new(PoolLimits::default(), 0)
}

fn admit(pool: &Pool, transaction: &Arc<Transaction>) {
    pool.admit(transaction.clone(), Nonce(0), 0, TimeMs(0))
        .unwrap();
}

fn names(taken: &[Arc<Transaction>]) -> Vec<(Address, u8, u64)> {
    taken
        .iter()
        .map(|t| (t.body().account, t.body().lane.0, t.body().nonce.0))
        .collect()
}

#[test]
fn accounts_take_turns_and_so_do_their_lanes() {
    let pool = pool();
    let busy: Vec<_> = (0..4).map(|nonce| transaction(1, 0, nonce)).collect();
    let lane: Vec<_> = (0..2).map(|nonce| transaction(1, 5, nonce)).collect();
    let quiet = transaction(2, 0, 0);
    busy.iter()
        .chain(&lane)
        .for_each(|transaction| admit(&pool, transaction));
    admit(&pool, &quiet);
    let (a, b) = (busy[0].body().account, quiet.body().account);
    let order = [
        (a, 0, 0),
        (b, 0, 0),
        (a, 5, 0),
        (a, 0, 1),
        (a, 5, 1),
        (a, 0, 2),
        (a, 0, 3),
    ];
    assert_eq!(names(&pool.take(100, 1 << 20)), order);
    assert_eq!(pool.take(100, 1 << 20).len(), 0, "they are in flight");
    assert_eq!(pool.size().0, 7);
}

#[test]
fn a_block_is_filled_up_to_its_bytes_but_never_empty() {
    let pool = pool();
    let large = padded(1, 0, 0, 1_000);
    admit(&pool, &large);
    admit(&pool, &transaction(2, 0, 0));
    let taken = pool.take(100, 10);
    assert_eq!(taken.len(), 1, "the first always fits");
    assert_eq!(taken[0].id(), large.id());
    assert_eq!(pool.take(100, 1_000).len(), 1);
}

#[test]
fn what_is_given_back_keeps_its_place() {
    let pool = pool();
    let all: Vec<_> = (0..3).map(|nonce| transaction(1, 0, nonce)).collect();
    all.iter().for_each(|transaction| admit(&pool, transaction));
    let taken = pool.take(100, 1 << 20);
    pool.give_back([&taken[1], &taken[2]]);
    assert_eq!(names(&pool.take(100, 1 << 20)), names(&taken[1..]));
    pool.settle(1, TimeMs(1), &taken);
    assert_eq!(pool.size(), (0, 0));
    assert_eq!(pool.wait(Some(Duration::ZERO)), Wake::Time);
}

#[test]
fn a_dropped_transaction_leaves_its_nonce_to_another() {
    let pool = pool();
    let all: Vec<_> = (0..2).map(|nonce| transaction(1, 0, nonce)).collect();
    all.iter().for_each(|transaction| admit(&pool, transaction));
    let taken = pool.take(100, 1 << 20);
    let mut waiting = pool.waiters.register(taken[0].id());
    pool.drop_invalid(&[(taken[0].clone(), Invalid::KeyUnknown)]);
    assert!(matches!(
        waiting.try_recv(),
        Ok(Err(SubmitError::Invalid(Invalid::KeyUnknown)))
    ));
    pool.give_back([&taken[1]]);
    assert_eq!(pool.take(100, 1 << 20).len(), 0, "nonce 0 is missing");
    let other = padded(1, 0, 0, 3);
    admit(&pool, &other);
    assert_eq!(names(&pool.take(100, 1 << 20)), names(&taken));
}

#[test]
fn a_lane_that_a_block_emptied_is_judged_by_the_newer_state() {
    let pool = pool();
    let first = transaction(1, 0, 0);
    admit(&pool, &first);
    let taken = pool.take(100, 1 << 20);
    let second = transaction(1, 0, 1);
    pool.settle(1, TimeMs(1), &taken);
    let stale = pool.admit(second.clone(), Nonce(0), 0, TimeMs(1));
    assert!(matches!(stale, Err(Refused::Stale)));
    pool.admit(second.clone(), Nonce(1), 1, TimeMs(1)).unwrap();
    assert_eq!(names(&pool.take(100, 1 << 20)), names(&[second]));
}

#[test]
fn what_a_foreign_block_passed_is_told_so() {
    let pool = pool();
    let ours = transaction(1, 0, 0);
    let theirs = padded(1, 0, 0, 5);
    let next = transaction(1, 0, 1);
    admit(&pool, &ours);
    admit(&pool, &next);
    let mut waiting = pool.waiters.register(ours.id());
    pool.settle(1, TimeMs(1), &[theirs]);
    let told = waiting.try_recv().unwrap().unwrap_err();
    assert_eq!((told.code(), told.name()), (1003, "NonceTooLow"));
    assert_eq!(names(&pool.take(100, 1 << 20)), names(&[next]));
}

#[test]
fn an_empty_block_and_the_end_wake_the_proposer() {
    let pool = pool();
    assert_eq!(pool.wait(Some(Duration::ZERO)), Wake::Time);
    pool.want_block();
    assert_eq!(pool.wait(None), Wake::Work);
    assert!(pool.take(1, 1).is_empty());
    assert!(!pool.wants_block());
    pool.close();
    assert_eq!(pool.wait(None), Wake::Closed);
    let error = pool.admit(transaction(1, 0, 0), Nonce(0), 0, TimeMs(0));
    assert!(matches!(
        error,
        Err(Refused::Because(SubmitError::Node(ChainError::Stopped)))
    ));
    assert_eq!(Height(0).next(), Some(Height(1)));
}
