//! Custody attacked where only a whole chain shows it: two at once, and names that look alike.

use std::sync::{Arc, Barrier};
use std::thread;

use marque_primitives::action::{Action, Registration, Scope};
use marque_primitives::detail::Detail;
use marque_primitives::gs1::{Identifier, LotNumber, Serial};
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::thing::{Line, Run, Thing};
use marque_primitives::transaction::{Body, Transaction};
use marque_primitives::{Address, Lane, Nonce};

use crate::world::*;

fn refusal(receipt: &Receipt) -> Option<String> {
    match &receipt.status {
        Status::Applied => None,
        Status::Refused { refusal, .. } => Some(refusal.name.to_string()),
    }
}

fn custodian(world: &World, serial: u64) -> Option<Address> {
    let reader = world.reader();
    let found = marque_ledger::read::record_at(reader.view(), &item(serial)).unwrap();
    found.unwrap().1.custodian
}

/// Sends transactions from a thread each, at the same moment.
fn at_once(world: &World, all: Vec<Transaction>) -> Vec<Arc<Receipt>> {
    let barrier = Barrier::new(all.len());
    let send = |transaction: Transaction| {
        barrier.wait();
        wait(world.chain.submit_and_wait(transaction.bytes().to_vec())).unwrap()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = all
            .into_iter()
            .map(|transaction| scope.spawn(|| send(transaction)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// One of the shop's lanes, so that none waits for another's nonce.
fn on_lane(lane: u8, who: Who, action: Action) -> Transaction {
    let body = Body {
        lane: Lane(lane),
        ..body(who, 0, vec![action])
    };
    Transaction::sign(body, &who.key()).unwrap()
}

#[test]
fn of_two_acceptances_at_once_one_wins() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 10), None));
    for serial in 1..=10 {
        world.act(Who::Brand, offer(items(serial, 1), Who::Shop));
        let take = || Action::Intent(accept(items(serial, 1)), Detail::default());
        let lane = |lane| on_lane(lane, Who::Shop, take());
        let all = (1..=8).map(|at| {
            let nonce = Nonce(serial - 1);
            let body = Body {
                nonce,
                ..lane(at).body().clone()
            };
            Transaction::sign(body, &Who::Shop.key()).unwrap()
        });
        let receipts = at_once(&world, all.collect());
        let won = receipts.iter().filter(|receipt| refusal(receipt).is_none());
        assert_eq!(won.count(), 1, "item {serial}");
        let others: Vec<_> = receipts
            .iter()
            .filter_map(|receipt| refusal(receipt))
            .collect();
        // They find it with the shop already.
        assert!(
            others.iter().all(|name| name == "NotApplicable"),
            "{others:?}"
        );
        assert_eq!(custodian(&world, serial), Some(Who::Shop.address()));
    }
}

#[test]
fn of_an_acceptance_and_a_withdrawal_at_once_one_wins() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 10), None));
    for serial in 1..=10 {
        world.act(Who::Brand, offer(items(serial, 1), Who::Shop));
        let withdraw = marque_primitives::action::Operation::Withdraw {
            items: things([items(serial, 1)]),
        };
        let both = [
            (Who::Shop, accept(items(serial, 1))),
            (Who::Brand, withdraw),
        ];
        let both = both.map(|(who, operation)| {
            world.transaction(who, vec![Action::Intent(operation, Detail::default())])
        });
        let receipts = at_once(&world, both.to_vec());
        let [taken, withdrawn] = [0, 1].map(|at| refusal(&receipts[at]).is_none());
        assert!(taken != withdrawn, "{receipts:?}");
        let holder = if taken { Who::Shop } else { Who::Brand };
        assert_eq!(custodian(&world, serial), Some(holder.address()));
    }
}

fn one(serial: &str) -> Thing {
    Thing::Run {
        run: Run::single(Line::Product(gtin()), Serial::new(serial).unwrap()),
        lot: None,
    }
}

#[test]
fn what_looks_alike_is_another_thing_or_nothing() {
    let world = World::trading();
    let serials = ["A1", "1", "O0"];
    for serial in serials {
        world.act(Who::Brand, commission(one(serial), None));
    }
    world.act(Who::Brand, offer(one("A1"), Who::Shop));
    world.act(Who::Shop, accept(one("A1")));
    // Another case, padding with zeros, letters for digits: never the shop's.
    for alike in ["a1", "01", "000001", "0O", "OO", "A1-", "A01"] {
        let name = world.refused(Who::Shop, offer(one(alike), Who::Stranger));
        assert_eq!(name, "Unknown", "{alike}");
    }
    // Other scripts are no identifiers at all, in any form.
    for (what, serial) in [
        ("Cyrillic A", "\u{410}1"),
        ("full-width A", "\u{ff21}1"),
        ("combining", "A\u{301}1"),
        ("a zero-width space", "A\u{200b}1"),
        ("the other direction", "\u{202e}1A"),
        ("a null", "A\u{0}1"),
    ] {
        assert!(Serial::new(serial).is_err(), "{what}");
        assert!(LotNumber::new(serial).is_err(), "{what}");
        for text in [
            format!("https://id.gs1.org/01/09521234543213/21/{serial}"),
            format!("(01)09521234543213(21){serial}"),
            format!("urn:epc:id:sgtin:9521234.054321.{serial}"),
        ] {
            assert!(text.parse::<Identifier>().is_err(), "{what}: {text}");
        }
    }
    for digits in [
        "0952123454321\u{0663}",
        "\u{ff10}9521234543213",
        "O9521234543213",
    ] {
        let text = format!("https://id.gs1.org/01/{digits}/21/A1");
        assert!(text.parse::<Identifier>().is_err(), "{text}");
    }
    // Every spelling of the one name is the one thing.
    for text in [
        "https://id.gs1.org/01/09521234543213/21/A1",
        "https://ID.GS1.org/01/09521234543213/21/%41%31",
        "https://brand.example/x/01/09521234543213/21/A1?17=271231",
        "(01)09521234543213(21)A1",
    ] {
        let named = marque_primitives::json::naming::thing(text).unwrap();
        assert_eq!(named, one("A1"), "{text}");
    }
    world.act(Who::Shop, offer(one("A1"), Who::Carrier));
}

#[test]
fn a_key_that_is_revoked_in_a_block_signs_nothing_after_it() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 10), None));
    let scanner = Who::Stranger;
    let keys = |registration| vec![Action::Registry(registration)];
    let authorize = Registration::AuthorizeKey {
        key: scanner.address(),
        scope: Scope::default(),
    };
    world.send(Who::Brand, keys(authorize.clone())).unwrap();
    let by_scanner = |nonce| {
        let look = vec![Action::Intent(observe(items(1, 1)), Detail::default())];
        let body = Body {
            account: Who::Brand.address(),
            nonce: Nonce(nonce),
            ..body(scanner, 0, look)
        };
        Transaction::sign(body, &scanner.key())
            .unwrap()
            .bytes()
            .to_vec()
    };
    let used = by_scanner(0);
    wait(world.chain.submit_and_wait(used.clone())).unwrap();
    // A transaction that waits for its turn when the key is revoked never gets one.
    world.chain.submit(by_scanner(2)).unwrap();
    let revoke = Registration::RevokeKey {
        key: scanner.address(),
    };
    world.send(Who::Brand, keys(revoke)).unwrap();
    let error = world.chain.submit(by_scanner(1)).unwrap_err();
    assert_eq!((error.code(), error.name()), (1008, "KeyUnknown"));
    // Authorised again, it goes on where it was: nothing of before is taken twice.
    let before = world.height();
    world.send(Who::Brand, keys(authorize)).unwrap();
    world.chain.submit(used).unwrap();
    assert_eq!(world.height(), before + 1);
    let receipt = wait(world.chain.submit_and_wait(by_scanner(1))).unwrap();
    assert_eq!(receipt.status, Status::Applied);
}
