//! A machine's clock that jumps, forwards and back: block time never does.

use marque_chain::reads::At;
use marque_primitives::action::{Action, LicenceKey, Registration};
use marque_primitives::transaction::{Body, Expiry, Transaction};
use marque_primitives::{Height, TimeMs};

use crate::world::*;

const HOUR: u64 = 3_600_000;

fn anything() -> Vec<Action> {
    let key = LicenceKey::Prefix(prefix());
    let brand = Who::Brand.address();
    vec![Action::Registry(Registration::License { brand, key })]
}

/// What a client sends that gives its transaction ten minutes from `now`.
fn within_ten_minutes(nonce: u64, now: u64) -> Vec<u8> {
    let expiry = Expiry {
        height: Height(u64::MAX),
        time: TimeMs(now + 600_000),
    };
    let body = Body {
        expiry,
        ..body(Who::Registrar, nonce, anything())
    };
    let signed = Transaction::sign(body, &Who::Registrar.key()).unwrap();
    signed.bytes().to_vec()
}

fn times(world: &World) -> Vec<u64> {
    let reader = world.reader();
    let time = |height| {
        let block = reader.committed(At::Height(Height(height))).unwrap();
        block.unwrap().time().0
    };
    (0..=world.height()).map(time).collect()
}

#[test]
fn an_hour_back_leaves_block_time_rising_by_the_least() {
    let world = World::empty();
    world.clock.advance(10_000);
    for nonce in 0..4 {
        let sent = within_ten_minutes(nonce, START + 10_000);
        wait(world.chain.submit_and_wait(sent)).unwrap();
        if nonce == 0 {
            world.clock.go_back(HOUR);
        }
    }
    let head = START + 10_000;
    assert_eq!(times(&world), [START, head, head + 1, head + 2, head + 3]);
    // Once the clock has caught up, block time is the clock's again.
    world.clock.advance(HOUR + 60_000);
    let sent = within_ten_minutes(4, head + 60_000);
    wait(world.chain.submit_and_wait(sent)).unwrap();
    assert_eq!(times(&world).last(), Some(&(head + 60_000)));
}

#[test]
fn an_hour_forward_and_back_again_lets_pass_what_does_not_expire_before_the_head() {
    let world = World::empty();
    world.clock.advance(HOUR);
    let sent = within_ten_minutes(0, START + HOUR);
    wait(world.chain.submit_and_wait(sent)).unwrap();
    world.clock.go_back(HOUR);
    // By the chain's time this has expired long ago; its sender hears so at once.
    let early = within_ten_minutes(1, START);
    let error = world.chain.submit(early).unwrap_err();
    assert_eq!((error.code(), error.name()), (1006, "Expired"));
    // Who goes by the head's time is served meanwhile.
    for nonce in 1..4 {
        let sent = within_ten_minutes(nonce, START + HOUR);
        wait(world.chain.submit_and_wait(sent)).unwrap();
    }
    let head = START + HOUR;
    assert_eq!(times(&world), [START, head, head + 1, head + 2, head + 3]);
}

#[test]
fn what_waits_behind_a_gap_is_let_go_whichever_way_the_clock_jumps() {
    for forward in [true, false] {
        let world = World::empty();
        world.clock.advance(2 * HOUR);
        let stuck = signed(Who::Registrar, 3, anything()).bytes().to_vec();
        let error = wait(async {
            let waiting = world.chain.submit_and_wait(stuck);
            let jump = async {
                match forward {
                    true => world.clock.advance(HOUR),
                    false => world.clock.go_back(HOUR),
                }
            };
            tokio::join!(waiting, jump).0.unwrap_err()
        });
        assert_eq!(
            (error.code(), error.name()),
            (1004, "NonceGap"),
            "{forward}"
        );
        // The chain goes on.
        let sent = signed(Who::Registrar, 0, anything()).bytes().to_vec();
        wait(world.chain.submit_and_wait(sent)).unwrap();
        assert_eq!(world.height(), 1);
        assert_eq!(world.chain.status().fault, None);
    }
}

#[test]
fn a_restart_with_a_clock_that_fell_behind_goes_on_above_its_head() {
    let clock = StillClock::new();
    let store = std::sync::Arc::new(marque_state::MemoryStore::new());
    let world = World::on(store.clone(), clock.clone()).unwrap();
    clock.advance(HOUR);
    let sent = within_ten_minutes(0, START + HOUR);
    wait(world.chain.submit_and_wait(sent)).unwrap();
    world.chain.shutdown();
    clock.go_back(HOUR);
    let world = World::on(store, clock).unwrap();
    let sent = within_ten_minutes(1, START + HOUR);
    wait(world.chain.submit_and_wait(sent)).unwrap();
    assert_eq!(times(&world), [START, START + HOUR, START + HOUR + 1]);
}
