//! Which transactions are taken, each refusal by its code and name.

use marque_chain::{Chain, CodeRefused, CodeTrial, Config, PoolLimits, SubmitError};
use marque_primitives::action::{
    Action, CodeSource, ContractAction, LicenceKey, Operation, Registration,
};
use marque_primitives::bounded::{Bytes, List};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::thing::Thing;
use marque_primitives::transaction::{Body, Expiry, Transaction};
use marque_primitives::{Address, Gas, Hash, Height, Lane, Nonce, TimeMs};
use marque_state::MemoryStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::world::*;

fn anything() -> Vec<Action> {
    let licence = Registration::License {
        brand: Who::Brand.address(),
        key: LicenceKey::Prefix(prefix()),
    };
    vec![Action::Registry(licence)]
}

fn sign(body: Body) -> Vec<u8> {
    Transaction::sign(body, &Who::Registrar.key())
        .unwrap()
        .bytes()
        .to_vec()
}

fn refused(world: &World, bytes: Vec<u8>) -> (i32, &'static str) {
    let error = world.chain.submit(bytes).unwrap_err();
    assert!(!error.to_string().is_empty() && !error.remedy().is_empty());
    (error.code(), error.name())
}

#[test]
fn what_can_never_be_part_of_a_block_is_refused_by_name() {
    let world = World::empty();
    world.clock.advance(1_000);
    let good = || body(Who::Registrar, 0, anything());
    let mut broken = sign(good());
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&world, broken), (1001, "BadSignature"));
    let other_key = Transaction::sign(good(), &Who::Brand.key()).unwrap();
    assert_eq!(
        refused(&world, other_key.bytes().to_vec()),
        (1001, "BadSignature")
    );
    assert_eq!(
        refused(
            &world,
            sign(Body {
                chain_id: 8,
                ..good()
            })
        ),
        (1002, "WrongChain")
    );
    assert_eq!(
        refused(
            &world,
            sign(Body {
                genesis: Hash([0; 32]),
                ..good()
            })
        ),
        (1002, "WrongChain")
    );
    assert_eq!(
        refused(
            &world,
            sign(Body {
                nonce: Nonce(10_000),
                ..good()
            })
        ),
        (1004, "NonceGap")
    );
    assert_eq!(refused(&world, vec![0; 2 << 20]), (1005, "TooLarge"));
    let past = Expiry {
        height: Height(u64::MAX),
        time: TimeMs(START),
    };
    assert_eq!(
        refused(
            &world,
            sign(Body {
                expiry: past,
                ..good()
            })
        ),
        (1006, "Expired")
    );
    let past = Expiry {
        height: Height(0),
        time: TimeMs(u64::MAX),
    };
    assert_eq!(
        refused(
            &world,
            sign(Body {
                expiry: past,
                ..good()
            })
        ),
        (1006, "Expired")
    );
    let stranger = Body {
        key: Who::Stranger.address(),
        ..good()
    };
    let stranger = Transaction::sign(stranger, &Who::Stranger.key()).unwrap();
    assert_eq!(
        refused(&world, stranger.bytes().to_vec()),
        (1008, "KeyUnknown")
    );
    assert_eq!(
        refused(
            &world,
            sign(Body {
                gas_limit: Gas(u64::MAX),
                ..good()
            })
        ),
        (1009, "GasLimit")
    );
    assert_eq!(refused(&world, vec![1, 2, 3]), (1011, "Malformed"));
    let mut long = sign(good());
    long.insert(0, 1);
    assert_eq!(refused(&world, long), (1011, "Malformed"));
    assert_eq!(
        refused(
            &world,
            sign(Body {
                lane: Lane(16),
                ..good()
            })
        ),
        (1011, "Malformed")
    );
    // A pallet has one name on the ledger, and a place one.
    let pallet = Thing::Opaque(
        format!("https://id.gs1.org/00/{}", sscc(1))
            .as_str()
            .try_into()
            .unwrap(),
    );
    let at = |uri: &str| Some(Place::Uri(uri.try_into().unwrap()));
    let observed = |thing, place| {
        let observed = Action::Intent(
            Operation::Observe {
                items: List::new(vec![thing]).unwrap(),
                parent: None,
            },
            Detail {
                place,
                ..Detail::default()
            },
        );
        sign(Body {
            actions: List::new(vec![observed]).unwrap(),
            ..good()
        })
    };
    let unit = Thing::Unit(sscc(1));
    let elsewhere = at("HTTPS://example.com/414/9521234000006");
    for bytes in [observed(pallet, None), observed(unit.clone(), elsewhere)] {
        assert_eq!(refused(&world, bytes), (1011, "Malformed"));
    }
    Transaction::decode(observed(unit, at("geo:1,1"))).unwrap();
    assert_eq!(world.chain.status().pool_transactions, 0);
    assert_eq!(world.height(), 0);
}

#[test]
fn a_known_transaction_gives_the_same_id_and_no_second_receipt() {
    let world = World::empty();
    let transaction = signed(Who::Registrar, 0, anything());
    let bytes = transaction.bytes().to_vec();
    let receipt = wait(world.chain.submit_and_wait(bytes.clone())).unwrap();
    assert_eq!(world.chain.submit(bytes.clone()).unwrap(), transaction.id());
    assert_eq!(wait(world.chain.submit_and_wait(bytes)).unwrap(), receipt);
    assert_eq!(world.height(), 1);
    // Another body with the same nonce is not known.
    let other = sign(Body {
        gas_limit: Gas(9_000_000_000),
        ..body(Who::Registrar, 0, anything())
    });
    let error = world.chain.submit(other).unwrap_err();
    assert_eq!((error.code(), error.name()), (1003, "NonceTooLow"));
    assert_eq!(error.expected().as_deref(), Some("1"));
}

#[test]
fn transactions_that_overtake_each_other_wait_and_none_is_replaced() {
    let world = World::empty();
    let bytes = |nonce| sign(body(Who::Registrar, nonce, anything()));
    for nonce in [2, 1] {
        world.chain.submit(bytes(nonce)).unwrap();
    }
    let registrar = Who::Registrar.address();
    let next = || {
        world
            .chain
            .next_nonce(&registrar, &registrar, Lane(0))
            .unwrap()
    };
    assert_eq!(next(), Nonce(0));
    assert_eq!(world.height(), 0, "nonce 0 is missing");
    let other = sign(Body {
        gas_limit: Gas(9_000_000_000),
        ..body(Who::Registrar, 2, anything())
    });
    assert_eq!(refused(&world, other), (1012, "NonceTaken"));
    wait(world.chain.submit_and_wait(bytes(0))).unwrap();
    wait(world.chain.submit_and_wait(bytes(2))).unwrap();
    assert_eq!(next(), Nonce(3));
}

#[test]
fn lanes_do_not_wait_for_each_other() {
    let world = World::empty();
    world
        .chain
        .submit(sign(body(Who::Registrar, 1, anything())))
        .unwrap();
    let lane = |lane, nonce| {
        sign(Body {
            lane: Lane(lane),
            ..body(Who::Registrar, nonce, anything())
        })
    };
    wait(world.chain.submit_and_wait(lane(3, 0))).unwrap();
    wait(world.chain.submit_and_wait(lane(3, 1))).unwrap();
    assert_eq!(world.chain.status().pool_transactions, 1);
}

#[test]
fn quotas_hold_and_say_so() {
    let limits = PoolLimits {
        per_key: 2,
        per_account: 3,
        transactions: 16,
        ..PoolLimits::default()
    };
    let config = Config {
        pool: limits,
        ..Config::default()
    };
    let world = World::configured(Arc::new(MemoryStore::new()), StillClock::new(), config).unwrap();
    // Nonce 0 never comes, so nothing leaves the pool; what waits so may take a quarter of it.
    let send = |who: Who, nonce| {
        world
            .chain
            .submit(signed(who, nonce, anything()).bytes().to_vec())
    };
    let name =
        |result: Result<Hash, SubmitError>| result.err().map(|error| (error.code(), error.name()));
    assert_eq!(name(send(Who::Brand, 1)), None);
    assert_eq!(name(send(Who::Brand, 2)), None);
    assert_eq!(name(send(Who::Brand, 3)), Some((1013, "QuotaExceeded")));
    assert_eq!(name(send(Who::Shop, 1)), None);
    assert_eq!(name(send(Who::Carrier, 1)), None);
    assert_eq!(name(send(Who::Stranger, 1)), Some((1007, "PoolFull")));
}

#[test]
fn what_waits_in_vain_is_told_so() {
    let world = World::empty();
    let world = &world;
    let stuck = sign(body(Who::Brand, 5, anything()));
    let short = Expiry {
        height: Height(u64::MAX),
        time: TimeMs(START + 3_000),
    };
    let expiring = Body {
        expiry: short,
        ..body(Who::Shop, 5, anything())
    };
    let expiring = Transaction::sign(expiring, &Who::Shop.key())
        .unwrap()
        .bytes()
        .to_vec();
    let stuck_one = Transaction::sign(body(Who::Brand, 5, anything()), &Who::Brand.key()).unwrap();
    drop(stuck);
    let errors = wait(async {
        let waiting = async {
            world
                .chain
                .submit_and_wait(stuck_one.bytes().to_vec())
                .await
                .unwrap_err()
        };
        let late = async { world.chain.submit_and_wait(expiring).await.unwrap_err() };
        let passing = async {
            world.clock.advance(700_000);
            world
                .chain
                .submit_and_wait(sign(body(Who::Registrar, 0, anything())))
                .await
                .unwrap();
        };
        let (waiting, late, ()) = tokio::join!(waiting, late, passing);
        [waiting, late].map(|error| (error.code(), error.name()))
    });
    assert_eq!(errors, [(1004, "NonceGap"), (1006, "Expired")]);
    assert_eq!(world.chain.status().pool_transactions, 0);
}

#[test]
fn an_idle_chain_tells_what_waits_in_vain() {
    let world = World::empty();
    let stuck = signed(Who::Brand, 5, anything()).bytes().to_vec();
    let error = wait(async {
        let waiting = world.chain.submit_and_wait(stuck);
        let later = async { world.clock.advance(700_000) };
        tokio::join!(waiting, later).0.unwrap_err()
    });
    assert_eq!((error.code(), error.name()), (1004, "NonceGap"));
    assert_eq!(world.height(), 0, "no block was made for it");
}

#[test]
fn gapped_transactions_do_not_lock_the_others_out() {
    let limits = PoolLimits {
        transactions: 64,
        gap: 32,
        ..PoolLimits::default()
    };
    let config = Config {
        pool: limits,
        ..Config::default()
    };
    let world = World::configured(Arc::new(MemoryStore::new()), StillClock::new(), config).unwrap();
    for who in [Who::Carrier, Who::Shop, Who::Stranger] {
        for nonce in 1..=32 {
            let bytes = signed(who, nonce, anything()).bytes().to_vec();
            // The first of them are taken.
            let _ = world.chain.submit(bytes);
        }
    }
    world.found().unwrap();
}

/// A trial that refuses what contains `bad`, and counts what it is asked.
fn trial(asked: &Arc<AtomicUsize>) -> CodeTrial {
    let asked = asked.clone();
    Arc::new(move |code: &[u8]| {
        asked.fetch_add(1, Ordering::SeqCst);
        match code.windows(3).any(|window| window == b"bad") {
            false => Ok(()),
            true => Err(CodeRefused {
                code: 6041,
                name: "Float",
                message: "Float in the code section at offset 9".into(),
                expected: None,
                remedy: "use integers",
                retryable: false,
            }),
        }
    })
}

fn inline(code: &[u8]) -> CodeSource {
    CodeSource::Inline(Bytes::new(code.to_vec()).unwrap())
}

fn with_code(code: &[u8]) -> [Action; 3] {
    let args = Bytes::default;
    [
        ContractAction::Store {
            code: Bytes::new(code.to_vec()).unwrap(),
        },
        ContractAction::Deploy {
            code: inline(code),
            salt: 0,
            args: args(),
        },
        ContractAction::Upgrade {
            contract: Address::default(),
            code: inline(code),
            args: args(),
        },
    ]
    .map(Action::Contract)
}

#[test]
fn code_is_tried_before_it_waits_and_refused_by_its_limit() {
    let world = World::trading();
    let asked = Arc::new(AtomicUsize::new(0));
    world.chain.try_code_with(trial(&asked));
    for action in with_code(b"\0asm, bad") {
        let bytes = world.transaction(Who::Brand, vec![action]).bytes().to_vec();
        assert!(Chain::takes_long(&bytes));
        let error = world.chain.submit(bytes).unwrap_err();
        assert_eq!(
            (error.code(), error.name(), error.field()),
            (6041, "Float", Some("code"))
        );
        assert_eq!((error.remedy(), error.retryable()), ("use integers", false));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!(world.chain.status().pool_transactions, 0);
    // Every code of a transaction is tried, and what brings none is not.
    let both = [with_code(b"\0asm, good"), with_code(b"\0asm, bad")].map(|[store, ..]| store);
    let both = world
        .transaction(Who::Brand, both.to_vec())
        .bytes()
        .to_vec();
    assert_eq!(world.chain.submit(both).unwrap_err().code(), 6041);
    assert_eq!(asked.load(Ordering::SeqCst), 5);
    let known = ContractAction::Deploy {
        code: CodeSource::Known {
            hash: Hash([1; 32]),
        },
        salt: 0,
        args: Bytes::default(),
    };
    let known = world
        .transaction(Who::Brand, vec![Action::Contract(known)])
        .bytes()
        .to_vec();
    assert!(!Chain::takes_long(&known));
    world.chain.submit(known).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 5);
}

#[test]
fn code_is_not_tried_for_who_may_not_send_it() {
    let world = World::trading();
    let asked = Arc::new(AtomicUsize::new(0));
    world.chain.try_code_with(trial(&asked));
    let [store, ..] = with_code(b"\0asm, good");
    let mut forged = world
        .transaction(Who::Brand, vec![store.clone()])
        .bytes()
        .to_vec();
    let last = forged.len() - 10;
    forged[last] ^= 1;
    assert_eq!(
        world.chain.submit(forged).unwrap_err().name(),
        "BadSignature"
    );
    let old = signed(Who::Brand, 0, vec![store.clone()]).bytes().to_vec();
    assert_eq!(world.chain.submit(old).unwrap_err().name(), "NonceTooLow");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    // What is in a block already is not tried again.
    let bytes = world.transaction(Who::Brand, vec![store]).bytes().to_vec();
    wait(world.chain.submit_and_wait(bytes.clone())).unwrap();
    world.chain.submit(bytes).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
