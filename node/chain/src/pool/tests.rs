use std::task::{Context, Poll, Waker};

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

fn take(pool: &Pool, bytes: usize) -> Vec<Arc<Transaction>> {
    pool.take(100, bytes).transactions
}

/// What a waiter was told by now.
fn answer(place: Place) -> Option<waiters::Answer> {
    let mut answer = std::pin::pin!(place.answer());
    let mut context = Context::from_waker(Waker::noop());
    match answer.as_mut().poll(&mut context) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

const LONG: Duration = Duration::from_secs(60);

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
    assert_eq!(names(&take(&pool, 1 << 20)), order);
    assert_eq!(take(&pool, 1 << 20).len(), 0, "they are in flight");
    assert_eq!(pool.size().0, 7);
}

#[test]
fn a_block_is_filled_up_to_its_bytes_but_never_empty() {
    let pool = pool();
    let large = padded(1, 0, 0, 1_000);
    admit(&pool, &large);
    admit(&pool, &transaction(2, 0, 0));
    let taken = take(&pool, 10);
    assert_eq!(taken.len(), 1, "the first always fits");
    assert_eq!(taken[0].id(), large.id());
    assert_eq!(take(&pool, 1_000).len(), 1);
}

#[test]
fn what_is_given_back_keeps_its_place() {
    let pool = pool();
    let all: Vec<_> = (0..3).map(|nonce| transaction(1, 0, nonce)).collect();
    all.iter().for_each(|transaction| admit(&pool, transaction));
    let taken = take(&pool, 1 << 20);
    pool.give_back([&taken[1], &taken[2]]);
    assert_eq!(names(&take(&pool, 1 << 20)), names(&taken[1..]));
    pool.settle(1, TimeMs(1), &taken);
    assert_eq!(pool.size(), (0, 0));
    assert_eq!(pool.wait(Duration::ZERO), Wake::Time);
}

#[test]
fn a_dropped_transaction_leaves_its_nonce_to_another() {
    let pool = pool();
    let all: Vec<_> = (0..2).map(|nonce| transaction(1, 0, nonce)).collect();
    all.iter().for_each(|transaction| admit(&pool, transaction));
    let taken = take(&pool, 1 << 20);
    let waiting = pool.waiters.register(taken[0].id()).unwrap();
    pool.drop_invalid(&[(taken[0].clone(), Invalid::KeyUnknown)]);
    assert!(matches!(
        answer(waiting),
        Some(Err(SubmitError::Invalid(Invalid::KeyUnknown)))
    ));
    pool.give_back([&taken[1]]);
    assert_eq!(take(&pool, 1 << 20).len(), 0, "nonce 0 is missing");
    let other = padded(1, 0, 0, 3);
    admit(&pool, &other);
    assert_eq!(names(&take(&pool, 1 << 20)), names(&taken));
}

#[test]
fn a_lane_that_a_block_emptied_is_judged_by_the_newer_state() {
    let pool = pool();
    let first = transaction(1, 0, 0);
    admit(&pool, &first);
    let taken = take(&pool, 1 << 20);
    let second = transaction(1, 0, 1);
    pool.settle(1, TimeMs(1), &taken);
    let stale = pool.admit(second.clone(), Nonce(0), 0, TimeMs(1));
    assert!(matches!(stale, Err(Refused::Stale)));
    pool.admit(second.clone(), Nonce(1), 1, TimeMs(1)).unwrap();
    assert_eq!(names(&take(&pool, 1 << 20)), names(&[second]));
}

#[test]
fn what_a_foreign_block_passed_is_told_so() {
    let pool = pool();
    let ours = transaction(1, 0, 0);
    let theirs = padded(1, 0, 0, 5);
    let next = transaction(1, 0, 1);
    admit(&pool, &ours);
    admit(&pool, &next);
    let waiting = pool.waiters.register(ours.id()).unwrap();
    pool.settle(1, TimeMs(1), &[theirs]);
    let told = answer(waiting).unwrap().unwrap_err();
    assert_eq!((told.code(), told.name()), (1003, "NonceTooLow"));
    assert_eq!(names(&take(&pool, 1 << 20)), names(&[next]));
}

#[test]
fn an_empty_block_and_the_end_wake_the_proposer() {
    let pool = pool();
    assert_eq!(pool.wait(Duration::ZERO), Wake::Time);
    pool.want_block();
    assert_eq!(pool.wait(LONG), Wake::Work);
    let proposal = pool.take(1, 1);
    assert!(proposal.transactions.is_empty() && proposal.empty);
    assert!(!pool.take(1, 1).empty, "one wish is one block");
    pool.close();
    assert_eq!(pool.wait(LONG), Wake::Closed);
    let error = pool.admit(transaction(1, 0, 0), Nonce(0), 0, TimeMs(0));
    assert!(matches!(
        error,
        Err(Refused::Because(SubmitError::Node(ChainError::Stopped)))
    ));
    assert_eq!(Height(0).next(), Some(Height(1)));
}

fn small(transactions: usize) -> Pool {
    let limits = PoolLimits {
        transactions,
        patience: 60_000,
        ..PoolLimits::default()
    };
    Pool::new(limits, 0)
}

fn refused(pool: &Pool, transaction: &Arc<Transaction>, now: u64) -> Option<&'static str> {
    match pool.admit(transaction.clone(), Nonce(0), 0, TimeMs(now)) {
        Ok(()) => None,
        Err(Refused::Because(error)) => Some(error.name()),
        Err(Refused::Stale) => panic!("stale"),
    }
}

#[test]
fn what_waits_behind_gaps_never_fills_the_pool() {
    let pool = small(8);
    let mut taken = 0;
    for account in 1..10 {
        match refused(&pool, &transaction(account, 0, 1), 0) {
            None => taken += 1,
            Some(name) => assert_eq!(name, "PoolFull"),
        }
    }
    assert_eq!(taken, 2, "a quarter of the pool");
    for account in 20..26 {
        assert_eq!(refused(&pool, &transaction(account, 0, 0), 0), None);
    }
    assert_eq!(
        refused(&pool, &transaction(30, 0, 0), 0),
        Some("PoolFull"),
        "what is ready fills the rest"
    );
    assert_eq!(take(&pool, 1 << 20).len(), 6);
}

#[test]
fn closing_a_gap_makes_room_behind_others() {
    let pool = small(8);
    admit(&pool, &transaction(1, 0, 1));
    admit(&pool, &transaction(1, 0, 2));
    assert_eq!(refused(&pool, &transaction(2, 0, 1), 0), Some("PoolFull"));
    admit(&pool, &transaction(1, 0, 0));
    admit(&pool, &transaction(2, 0, 1));
    let taken = take(&pool, 1 << 20);
    assert_eq!(taken.len(), 3);
    pool.settle(1, TimeMs(1), &taken);
    let after = transaction(2, 0, 2);
    pool.admit(after, Nonce(0), 1, TimeMs(1)).unwrap();
    let full = pool.admit(transaction(3, 0, 1), Nonce(0), 1, TimeMs(1));
    assert!(matches!(full, Err(Refused::Because(SubmitError::PoolFull))));
}

#[test]
fn what_a_dropped_transaction_leaves_behind_a_gap_gives_way_from_the_far_end() {
    let pool = small(8);
    let all: Vec<_> = (0..8).map(|nonce| transaction(1, 0, nonce)).collect();
    all.iter().for_each(|transaction| admit(&pool, transaction));
    let taken = take(&pool, 1 << 20);
    let far = pool.waiters.register(all[7].id()).unwrap();
    let near = pool.waiters.register(all[1].id()).unwrap();
    pool.give_back(&taken[1..]);
    pool.drop_invalid(&[(taken[0].clone(), Invalid::Expired)]);
    assert_eq!(pool.size().0, 2);
    assert_eq!(answer(far).unwrap().unwrap_err().name(), "NonceGap");
    assert!(answer(near).is_none());
    admit(&pool, &padded(1, 0, 0, 3));
    assert_eq!(names(&take(&pool, 1 << 20)), names(&taken[..3]));
}

#[test]
fn a_full_pool_looks_for_what_has_waited_in_vain() {
    let pool = small(8);
    admit(&pool, &transaction(1, 0, 1));
    admit(&pool, &transaction(1, 0, 2));
    let other = transaction(2, 0, 1);
    assert_eq!(refused(&pool, &other, 50_000), Some("PoolFull"));
    assert_eq!(refused(&pool, &other, 60_001), None);
    assert_eq!(pool.size().0, 1);
}

#[test]
fn who_stops_waiting_leaves_nothing_behind_and_only_so_many_wait() {
    let pool = pool();
    let id = Hash([1; 32]);
    let mut places: Vec<_> = (0..256)
        .map(|_| pool.waiters.register(id).unwrap())
        .collect();
    let one_more = pool.waiters.register(id).err().unwrap();
    assert_eq!((one_more.code(), one_more.name()), (1013, "QuotaExceeded"));
    places.pop();
    places.push(pool.waiters.register(id).unwrap());
    drop(places);
    assert_eq!(pool.waiters.count(), 0);
}

#[test]
fn who_begins_to_wait_after_the_end_is_told_at_once() {
    let pool = pool();
    pool.waiters.stop(&ChainError::Panicked);
    let error = pool.waiters.register(Hash::ZERO).err().unwrap();
    assert_eq!((error.code(), error.name()), (7002, "NodeFault"));
}

#[test]
fn a_block_that_makes_work_wakes_the_proposer() {
    let pool = Arc::new(pool());
    admit(&pool, &transaction(1, 0, 1));
    let waiting = pool.clone();
    let proposer = std::thread::spawn(move || waiting.wait(LONG));
    // Time for the proposer to fall asleep; if it has not, the test passes all the same.
    std::thread::sleep(Duration::from_millis(50));
    pool.settle(1, TimeMs(1), &[padded(1, 0, 0, 5)]);
    assert_eq!(proposer.join().unwrap(), Wake::Work);
}

/// A pool of so many transactions, or of so many bytes.
fn bounded(transactions: usize, bytes: usize) -> Pool {
    let limits = PoolLimits {
        transactions,
        bytes,
        ..PoolLimits::default()
    };
    Pool::new(limits, 0)
}

#[test]
fn a_flood_by_one_account_crowds_nobody_out() {
    let pool = bounded(64, 1 << 20);
    for nonce in 0..64 {
        admit(&pool, &transaction(1, 0, nonce));
    }
    assert_eq!(refused(&pool, &transaction(1, 0, 64), 0), Some("PoolFull"));
    assert_eq!(refused(&pool, &transaction(1, 1, 0), 0), Some("PoolFull"));
    let last = pool.waiters.register(transaction(1, 0, 63).id()).unwrap();
    // Seven others, each with as much as the flood is left with in the end.
    for nonce in 0..8 {
        for account in 2..9 {
            let one = transaction(account, 0, nonce);
            assert_eq!(refused(&pool, &one, 0), None, "{account} {nonce}");
        }
    }
    assert_eq!(pool.size().0, 64);
    let told = answer(last).unwrap().unwrap_err();
    assert_eq!(
        (told.code(), told.name(), told.retryable()),
        (1007, "PoolFull", true)
    );
    // No account has more than another now, so that nobody gives way any more.
    assert_eq!(refused(&pool, &transaction(2, 0, 8), 0), Some("PoolFull"));
    let taken = take(&pool, 1 << 20);
    let flood = transaction(1, 0, 0).body().account;
    let of_flood = taken
        .iter()
        .filter(|one| one.body().account == flood)
        .count();
    assert_eq!((taken.len(), of_flood), (64, 8));
    // What the flood kept are its first ones.
    let kept = names(&taken)
        .into_iter()
        .filter(|(account, ..)| *account == flood);
    assert!(kept.map(|(_, _, nonce)| nonce).eq(0..8));
}

#[test]
fn a_flood_of_bytes_crowds_nobody_out_either() {
    let pool = bounded(10_000, 64 << 10);
    let mut flood = 0;
    while refused(&pool, &padded(1, 0, flood, 1_000), 0).is_none() {
        flood += 1;
    }
    assert!(flood > 40, "{flood}");
    for nonce in 0..20 {
        assert_eq!(
            refused(&pool, &padded(2, 0, nonce, 500), 0),
            None,
            "{nonce}"
        );
    }
    let (_, bytes) = pool.size();
    assert!(bytes <= 64 << 10, "{bytes}");
}

#[test]
fn what_is_in_flight_never_gives_way() {
    let pool = bounded(8, 1 << 20);
    let flood: Vec<_> = (0..8).map(|nonce| transaction(1, 0, nonce)).collect();
    flood.iter().for_each(|one| admit(&pool, one));
    let taken = take(&pool, 1 << 20);
    assert_eq!(taken.len(), 8);
    assert_eq!(refused(&pool, &transaction(2, 0, 0), 0), Some("PoolFull"));
    pool.settle(1, TimeMs(1), &taken);
    pool.admit(transaction(2, 0, 0), Nonce(0), 1, TimeMs(1))
        .unwrap();
    assert_eq!(pool.size().0, 1);
}

#[test]
fn what_is_behind_a_gap_makes_nobody_give_way() {
    let pool = bounded(8, 1 << 20);
    (0..8).for_each(|nonce| admit(&pool, &transaction(1, 0, nonce)));
    assert_eq!(refused(&pool, &transaction(2, 0, 1), 0), Some("PoolFull"));
    assert_eq!(pool.size().0, 8);
    assert_eq!(refused(&pool, &transaction(2, 0, 0), 0), None);
}

#[test]
fn a_flood_by_many_accounts_is_shared_out_and_never_starves_one() {
    let pool = bounded(100, 1 << 20);
    for account in 1..=10 {
        (0..10).for_each(|nonce| admit(&pool, &transaction(account, 0, nonce)));
    }
    // An eleventh gets its share: nine, and one more would be as much as the others have.
    let mut got = 0;
    while refused(&pool, &transaction(50, 0, got), 0).is_none() {
        got += 1;
    }
    assert_eq!(got, 9);
    assert_eq!(pool.size().0, 100);
}
