//! Keys and their scopes; nonces and lanes.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{self, Program};
use crate::world::{GAS, Tx, World, intent, transaction, tx};
use marque_ledger::{DryRun, Invalid, LedgerError, Mode, read};
use marque_primitives::action::{Action, Kind, Operation, Registration, Scope};
use marque_primitives::detail::{Detail, Place};
use marque_primitives::receipt::Status;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::ThingId;
use marque_primitives::{Address, Height, Lane, Nonce, TimeMs};

const SCANNER: Address = Address([101; 20]);
const CHIEF: Address = Address([102; 20]);
const OTHER: Address = Address([103; 20]);

fn authorize(key: Address, scope: Scope) -> Action {
    register(Registration::AuthorizeKey { key, scope })
}

fn revoke(key: Address) -> Action {
    register(Registration::RevokeKey { key })
}

fn by(key: Address, actions: Vec<Action>) -> Tx {
    Tx {
        key,
        ..tx(DAIRY, actions)
    }
}

fn kinds(kinds: &[Kind]) -> Scope {
    Scope {
        kinds: Some(kinds.to_vec().try_into().unwrap()),
        ..Scope::default()
    }
}

fn administer(scope: Scope) -> Scope {
    Scope {
        administer: true,
        ..scope
    }
}

fn world() -> World {
    let mut world = World::new();
    world.done(
        DAIRY,
        commission(things([run(cheese(), 0, 20), run(milk(), 0, 20)])),
    );
    world
}

/// Why a transaction cannot be part of the next block.
fn invalid(world: &World, tx: &Tx) -> Option<Invalid> {
    let body = world.body(tx);
    let genesis = world.genesis.hash();
    let valid = world
        .ledger
        .validate(&world.state, world.next(), genesis, &body);
    valid.unwrap().err()
}

#[test]
fn a_key_signs_what_its_scope_covers() {
    let mut world = world();
    let observe_one = intent(observe(things([one(cheese(), 0)])));
    let unknown = by(SCANNER, vec![observe_one.clone()]);
    assert_eq!(invalid(&world, &unknown), Some(Invalid::KeyUnknown));
    world.act(
        DAIRY,
        authorize(SCANNER, kinds(&[Kind::Observe, Kind::Accept])),
    );
    world.applied(by(SCANNER, vec![observe_one]));
    assert_eq!(world.books.events.last().unwrap().signer, SCANNER);
    assert_eq!(world.books.events.last().unwrap().account, DAIRY);
    let out = [
        intent(offer(things([one(cheese(), 0)]), SHOP)),
        // Neither by way of a report's later attempts.
        Action::Fact(report(
            1,
            things([one(cheese(), 0)]),
            vec![
                accept(things([one(cheese(), 0)])),
                offer(things([one(cheese(), 0)]), SHOP),
            ],
        )),
        authorize(OTHER, Scope::default()),
        message(world.dairy_contract, "run", &[]),
        deploy(&puppet::CODE, 9, &[]),
    ];
    for action in out {
        let refusal = world.refuses(by(SCANNER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
        assert_eq!(refusal.field.as_deref(), Some("kinds"));
    }
    // For another account the key is nobody.
    let elsewhere = Tx {
        key: SCANNER,
        ..tx(SHOP, vec![intent(observe(things([one(cheese(), 0)])))])
    };
    assert_eq!(invalid(&world, &elsewhere), Some(Invalid::KeyUnknown));
}

#[test]
fn a_key_of_some_products_moves_no_others() {
    let mut world = world();
    let scope = Scope {
        products: Some(vec![cheese()].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    world.done(DAIRY, pack(pallet(1), things([run(cheese(), 0, 5)])));
    world.done(
        DAIRY,
        pack(pallet(2), things([run(cheese(), 5, 5), run(milk(), 0, 5)])),
    );
    world.done(DAIRY, commission(things([pieces(milk(), "M", 5)])));
    world.applied(by(SCANNER, vec![intent(offer(things([pallet(1)]), SHOP))]));
    for operation in [
        offer(things([one(milk(), 9)]), SHOP),
        offer(things([pieces(milk(), "M", 5)]), SHOP),
        // Nor those in a unit.
        offer(things([pallet(2)]), SHOP),
        unpack_all(pallet(2)),
        pack(pallet(3), things([pallet(2)])),
        transform(things([one(cheese(), 9)]), things([one(milk(), 99)])),
        recall(marque_primitives::action::RecallTarget::Product(milk())),
    ] {
        let refusal = world.refuses(by(SCANNER, vec![intent(operation)]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
    let grant = register(Registration::GrantObserver {
        party: account(STRANGER),
        gtin: None,
        revoke: false,
    });
    for action in [crate::world::product(milk(), None), grant] {
        let refusal = world.refuses(by(SCANNER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
    world.applied(by(
        SCANNER,
        vec![intent(unpack(pallet(2), things([one(cheese(), 5)])))],
    ));
}

#[test]
fn a_key_of_some_places_signs_there_alone() {
    let mut world = world();
    let scope = Scope {
        places: Some(vec![gln(20)].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    let here = |number| {
        Some(Place::Gln {
            gln: gln(number),
            extension: None,
        })
    };
    let look = |place, location| {
        let detail = Detail {
            place,
            location,
            ..Detail::default()
        };
        Action::Intent(observe(things([one(cheese(), 0)])), detail)
    };
    world.applied(by(SCANNER, vec![look(here(20), None)]));
    world.applied(by(SCANNER, vec![look(here(20), here(20))]));
    let elsewhere = Some(Place::Uri("geo:1,1".try_into().unwrap()));
    for action in [
        look(None, None),
        look(here(30), None),
        look(elsewhere, None),
        look(here(20), here(30)),
        look(None, here(20)),
    ] {
        let refusal = world.refuses(by(SCANNER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
}

#[test]
fn a_key_of_some_messages_does_nothing_else_with_contracts() {
    let mut world = world();
    let scope = Scope {
        messages: Some(vec!["run".try_into().unwrap()].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    let contract = world.dairy_contract;
    world.applied(by(
        SCANNER,
        vec![message(contract, "run", &Program::new().0)],
    ));
    for action in [
        message(contract, "rule_offer", &Program::new().trap().0),
        deploy(&puppet::CODE, 9, &[]),
        upgrade(contract, &puppet::CODE, &[]),
    ] {
        let refusal = world.refuses(by(SCANNER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
}

#[test]
fn an_expired_key_signs_nothing() {
    let mut world = world();
    let scope = Scope {
        expires: Some(TimeMs(world.next().time.0 + 1_000)),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    let look = by(SCANNER, vec![intent(observe(things([one(cheese(), 0)])))]);
    world.applied(look.clone());
    assert_eq!(invalid(&world, &look), Some(Invalid::KeyUnknown));
}

#[test]
fn grants_never_go_beyond_the_granting_keys_scope() {
    let mut world = world();
    let chief = administer(Scope {
        expires: Some(TimeMs(u64::MAX - 1)),
        products: Some(vec![cheese()].try_into().unwrap()),
        ..kinds(&[Kind::Register, Kind::Observe, Kind::Offer])
    });
    world.act(DAIRY, authorize(CHIEF, chief.clone()));
    let beyond = [
        Scope::default(),
        Scope {
            kinds: None,
            ..chief.clone()
        },
        Scope {
            expires: None,
            ..chief.clone()
        },
        Scope {
            products: Some(vec![cheese(), milk()].try_into().unwrap()),
            ..chief.clone()
        },
        Scope {
            products: None,
            ..chief.clone()
        },
        Scope {
            kinds: kinds(&[Kind::Accept]).kinds,
            ..chief.clone()
        },
    ];
    for scope in beyond {
        let refusal = world.refuses(by(CHIEF, vec![authorize(SCANNER, scope)]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
    let scanner = Scope {
        administer: false,
        kinds: kinds(&[Kind::Observe]).kinds,
        ..chief
    };
    world.applied(by(CHIEF, vec![authorize(SCANNER, scanner)]));
    // A key that does not administer changes no keys, even if it may register.
    world.act(DAIRY, authorize(OTHER, kinds(&[Kind::Register])));
    for action in [authorize(OTHER, Scope::default()), revoke(SCANNER)] {
        let refusal = world.refuses(by(OTHER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
    // Nor does one that does take away what it does not have.
    for action in [
        revoke(DAIRY),
        revoke(OTHER),
        authorize(DAIRY, kinds(&[Kind::Observe])),
    ] {
        let refusal = world.refuses(by(CHIEF, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
    world.applied(by(CHIEF, vec![revoke(SCANNER)]));
    let refusal = world.refuses(by(CHIEF, vec![revoke(SCANNER)]));
    assert!(refusal.is(Invariant::KeyUnknown), "{refusal}");
}

#[test]
fn a_revocation_holds_for_the_rest_of_its_block() {
    let mut world = world();
    world.act(DAIRY, authorize(SCANNER, Scope::default()));
    let look = vec![intent(observe(things([one(cheese(), 0)])))];
    let bodies = [
        transaction(&world.body(&by(SCANNER, look.clone()))),
        transaction(&world.body(&tx(DAIRY, vec![revoke(SCANNER)]))),
        transaction(&world.body(&Tx {
            nonce: Some(1),
            ..by(SCANNER, look)
        })),
    ];
    let execution = world.execute(&bodies, Mode::Propose).unwrap();
    assert_eq!(execution.included, [0, 1]);
    assert_eq!(execution.left_out, [(2, Invalid::KeyUnknown)]);
    let error = world.execute(&bodies, Mode::Validate).unwrap_err();
    assert!(matches!(
        error,
        LedgerError::InvalidBlock {
            index: 2,
            cause: Invalid::KeyUnknown
        }
    ));
}

#[test]
fn an_account_may_do_without_its_own_key() {
    let mut world = world();
    world.act(DAIRY, authorize(CHIEF, administer(Scope::default())));
    world.applied(by(CHIEF, vec![revoke(DAIRY)]));
    let look = tx(DAIRY, vec![intent(observe(things([one(cheese(), 0)])))]);
    assert_eq!(invalid(&world, &look), Some(Invalid::KeyUnknown));
    world.applied(by(CHIEF, vec![authorize(DAIRY, Scope::default())]));
    world.applied(look);
}

#[test]
fn a_key_that_is_authorised_again_replays_nothing() {
    let mut world = world();
    world.act(DAIRY, authorize(SCANNER, Scope::default()));
    let look = by(SCANNER, vec![intent(observe(things([one(cheese(), 0)])))]);
    let old = transaction(&world.body(&look));
    world.applied(look.clone());
    world.act(DAIRY, revoke(SCANNER));
    world.act(DAIRY, authorize(SCANNER, Scope::default()));
    let execution = world
        .execute(std::slice::from_ref(&old), Mode::Propose)
        .unwrap();
    let (next, found) = (Nonce(1), Nonce(0));
    assert_eq!(
        execution.left_out,
        [(0, Invalid::NonceTooLow { next, found })]
    );
    world.applied(look);
}

#[test]
fn nonces_count_up_without_gaps_in_each_lane() {
    let mut world = world();
    let look = |lane, nonce| Tx {
        lane,
        nonce: Some(nonce),
        ..tx(SHOP, vec![intent(observe(things([one(cheese(), 0)])))])
    };
    assert_eq!(invalid(&world, &look(0, 0)), None);
    let (next, found) = (Nonce(0), Nonce(1));
    assert_eq!(
        invalid(&world, &look(0, 1)),
        Some(Invalid::NonceGap { next, found })
    );
    let bodies = [
        look(0, 0),
        look(3, 0),
        look(0, 1),
        look(15, 0),
        look(0, 3),
        look(3, 0),
    ]
    .map(|tx| transaction(&world.body(&tx)));
    let execution = world.execute(&bodies, Mode::Propose).unwrap();
    assert_eq!(execution.included, [0, 1, 2, 3]);
    let gap = Invalid::NonceGap {
        next: Nonce(2),
        found: Nonce(3),
    };
    let low = Invalid::NonceTooLow {
        next: Nonce(1),
        found: Nonce(0),
    };
    assert_eq!(execution.left_out, [(4, gap), (5, low)]);
    world.block(vec![look(0, 0), look(3, 0)]);
    for (lane, next) in [(0, 1), (3, 1), (4, 0)] {
        let found = read::next_nonce(&world.state, &SHOP, &SHOP, Lane(lane)).unwrap();
        assert_eq!(found, Nonce(next));
    }
}

#[test]
fn a_transaction_is_of_this_chain_in_time_and_within_the_block() {
    let world = world();
    let look = tx(SHOP, vec![intent(observe(things([one(cheese(), 0)])))]);
    let genesis = world.genesis.hash();
    let cause = |change: &dyn Fn(&mut marque_primitives::transaction::Body)| {
        let mut body = world.body(&look);
        change(&mut body);
        let valid = world
            .ledger
            .validate(&world.state, world.next(), genesis, &body);
        valid.unwrap().err().map(Invalid::name)
    };
    let (height, time) = (world.next().height, world.next().time);
    assert_eq!(cause(&|body| body.chain_id = 2), Some("WrongChain"));
    assert_eq!(cause(&|body| body.genesis.0[0] ^= 1), Some("WrongChain"));
    assert_eq!(
        cause(&|body| body.expiry.height.0 = height.0 - 1),
        Some("Expired")
    );
    assert_eq!(
        cause(&|body| body.expiry.time.0 = time.0 - 1),
        Some("Expired")
    );
    assert_eq!(cause(&|body| body.expiry.height = height), None);
    assert_eq!(cause(&|body| body.expiry.time = time), None);
    assert_eq!(cause(&|body| body.gas_limit.0 = u64::MAX), Some("GasLimit"));
    assert_eq!(
        cause(&|body| body.gas_limit.0 = world.genesis.block_gas),
        None
    );
}

#[test]
fn a_full_block_leaves_the_rest_to_the_next() {
    let world = world();
    let look = |nonce, gas| {
        transaction(&world.body(&Tx {
            nonce: Some(nonce),
            gas,
            ..tx(SHOP, vec![intent(observe(things([one(cheese(), 0)])))])
        }))
    };
    let all = world.genesis.block_gas;
    let execution = world.execute(&[look(0, GAS), look(1, all), look(1, GAS)], Mode::Propose);
    let execution = execution.unwrap();
    assert_eq!(execution.left_out, [(1, Invalid::BlockFull)]);
    assert_eq!(execution.included, [0, 2]);
    // Gas that was not used is left to the others.
    assert!(execution.receipts[0].gas_used.0 < GAS / 10);
}

#[test]
fn a_failed_transaction_keeps_its_nonce_and_gas() {
    let mut world = world();
    let wrong = tx(SHOP, vec![intent(decommission(things([one(cheese(), 0)])))]);
    let receipt = world.send(wrong);
    assert!(matches!(receipt.status, Status::Refused { action: 0, .. }));
    assert!(receipt.gas_used.0 > 1_000_000);
    assert_eq!(
        read::next_nonce(&world.state, &SHOP, &SHOP, Lane(0)).unwrap(),
        Nonce(1)
    );
    // Too little gas to go on: all of it is used.
    let poor = Tx {
        gas: 1_120_000,
        ..tx(SHOP, vec![intent(observe(things([one(cheese(), 0)])))])
    };
    let receipt = world.send(poor);
    let Status::Refused { refusal, .. } = &receipt.status else {
        panic!("{receipt:?}");
    };
    assert!(refusal.is(Invariant::OutOfGas), "{refusal}");
    assert_eq!(receipt.gas_used.0, 1_120_000);
}

#[test]
fn a_dry_run_keeps_nothing_whatever_its_nonce() {
    let world = world();
    let mut body = world.body(&tx(
        DAIRY,
        vec![intent(offer(things([one(milk(), 0)]), SHOP))],
    ));
    body.nonce = Nonce(u64::MAX);
    let run = world.dry_run(&body).unwrap();
    assert_eq!(run.receipt.status, Status::Applied);
    assert!(run.receipt.actions[0].offer.is_some());
    assert!(world.record(&one(milk(), 0)).offer.is_none());
    let mut spin = world.body(&tx(
        DAIRY,
        vec![message(
            world.dairy_contract,
            "run",
            &Program::new().log(b"here").spin().0,
        )],
    ));
    spin.gas_limit.0 = 500_000_000;
    let run = world.dry_run(&spin).unwrap();
    assert_eq!(run.log, [(world.dairy_contract, "here".into())]);
    assert_eq!(run.receipt.gas_used.0, 500_000_000);
}

#[test]
fn a_dry_run_is_refused_what_no_block_could_hold() {
    let mut world = world();
    let observe_one = || intent(observe(things([one(cheese(), 0)])));
    let by_scanner = |world: &World| world.body(&by(SCANNER, vec![observe_one()]));
    let invalid = |run: Result<DryRun, Invalid>| run.err();
    let body = by_scanner(&world);
    assert_eq!(invalid(world.dry_run(&body)), Some(Invalid::KeyUnknown));
    world.act(DAIRY, authorize(SCANNER, kinds(&[Kind::Observe])));
    let run = world.dry_run(&by_scanner(&world)).unwrap();
    assert_eq!(run.receipt.status, Status::Applied);
    world.act(DAIRY, revoke(SCANNER));
    let body = by_scanner(&world);
    assert_eq!(invalid(world.dry_run(&body)), Some(Invalid::KeyUnknown));
    let good = world.body(&tx(DAIRY, vec![observe_one()]));
    let mut body = good.clone();
    body.chain_id += 1;
    assert!(matches!(
        invalid(world.dry_run(&body)),
        Some(Invalid::WrongChain { .. })
    ));
    let mut body = good.clone();
    body.expiry.height = Height(0);
    assert_eq!(invalid(world.dry_run(&body)), Some(Invalid::Expired));
    let mut body = good;
    body.gas_limit.0 = u64::MAX;
    assert!(matches!(
        invalid(world.dry_run(&body)),
        Some(Invalid::GasLimit { .. })
    ));
    // What an account could do does not depend on its keys.
    let run = world
        .ledger
        .dry_run_for_account(&world.state, world.next(), &body);
    assert_eq!(run.unwrap().receipt.status, Status::Applied);
}

#[test]
fn a_units_scope_is_read_where_it_stands() {
    // An operation that names a unit which does not exist yet is judged by its children.
    let mut world = world();
    let scope = Scope {
        products: Some(vec![cheese()].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    let unit = ThingId::Unit(sscc(44));
    let load: Operation = pack(unit, things([one(cheese(), 0)]));
    world.applied(by(SCANNER, vec![intent(load)]));
}

#[test]
fn a_limit_that_does_not_pay_for_the_transactions_bytes_is_in_no_block() {
    let world = world();
    let big = |gas| Tx {
        gas,
        ..tx(SHOP, vec![deploy(&vec![0; 500_000], 0, &[])])
    };
    for gas in [0, 1_000_000, 100_000_000] {
        let Some(Invalid::GasTooLow { needed }) = invalid(&world, &big(gas)) else {
            panic!("a free transaction");
        };
        assert_eq!(
            invalid(&world, &big(needed - 1)),
            Some(Invalid::GasTooLow { needed })
        );
        assert_eq!(invalid(&world, &big(needed)), None);
    }
    let free = [transaction(&world.body(&big(0)))];
    let execution = world.execute(&free, Mode::Propose).unwrap();
    assert_eq!(execution.included, Vec::<usize>::new());
    let error = world.execute(&free, Mode::Validate).unwrap_err();
    assert!(matches!(error, LedgerError::InvalidBlock { index: 0, .. }));
}

#[test]
fn a_key_of_some_products_lifts_detaches_deploys_and_corrects_nothing_else() {
    let mut world = world();
    let scope = Scope {
        products: Some(vec![cheese()].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    let target = marque_primitives::action::RecallTarget::Product;
    world.done(DAIRY, recall(target(milk())));
    world.done(DAIRY, recall(target(cheese())));
    world.captured(DAIRY, report(1, things([one(milk(), 0)]), vec![]));
    let place = Place::Uri("geo:1,1".try_into().unwrap());
    let anchor = marque_primitives::action::Anchor::Place(place);
    let mut declared = report(1, things([one(cheese(), 0)]), vec![]);
    declared.capture.declaration = Some(marque_primitives::action::ErrorDeclaration {
        digest: marque_primitives::Hash([2; 32]),
        time: TimeMs(0),
        reason: None,
        corrective: Default::default(),
    });
    let contract = world.dairy_contract;
    for action in [
        intent(lift(1)),
        intent(Operation::Dissociate {
            parent: anchor,
            children: Default::default(),
        }),
        intent(Operation::DeclareError {
            event: marque_primitives::Hash([1; 32]),
            event_id: None,
            reason: None,
            corrective: Default::default(),
        }),
        Action::Fact(declared.clone()),
        message(contract, "run", &Program::new().0),
        deploy(&puppet::CODE, 9, &[]),
        upgrade(contract, &puppet::CODE, &[]),
        register(Registration::Acknowledge {
            recall: marque_primitives::action::RecallId(1),
            note: Default::default(),
        }),
    ] {
        let refusal = world.refuses(by(SCANNER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
    world.applied(by(SCANNER, vec![intent(lift(2))]));
    // Nor does a key that observes declare the account's events to be errors.
    world.act(DAIRY, authorize(OTHER, kinds(&[Kind::Observe])));
    let refusal = world.refuses(by(OTHER, vec![Action::Fact(declared)]));
    assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
}

#[test]
fn a_key_of_some_places_registers_and_deploys_nothing() {
    let mut world = world();
    let scope = Scope {
        places: Some(vec![gln(20)].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(DAIRY, authorize(SCANNER, scope));
    let contract = world.dairy_contract;
    for action in [
        crate::world::product(milk(), None),
        message(contract, "run", &Program::new().0),
        deploy(&puppet::CODE, 9, &[]),
        upgrade(contract, &puppet::CODE, &[]),
    ] {
        let refusal = world.refuses(by(SCANNER, vec![action]));
        assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
    }
}
