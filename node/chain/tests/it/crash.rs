//! Killed at any point, a node comes back with exactly the blocks that it acknowledged, and
//! signs the block that it may have signed already.

use std::sync::Arc;

use marque_chain::reads::At;
use marque_primitives::action::Action;
use marque_primitives::detail::Detail;
use marque_primitives::header::Header;
use marque_primitives::transaction::Transaction;
use marque_primitives::{Hash, Height};
use marque_state::{Direction, MemoryStore, Store, tables};
use parity_scale_codec::Decode;

use crate::faulty::Dying;
use crate::world::*;

/// A trade that needs its order: each transaction only works after the one before.
fn script() -> Vec<Transaction> {
    let licence = marque_primitives::action::Registration::License {
        brand: Who::Brand.address(),
        key: marque_primitives::action::LicenceKey::Prefix(prefix()),
    };
    let product = marque_primitives::action::Registration::RegisterProduct {
        gtin: gtin(),
        name: name("oil"),
        contract: None,
    };
    let intent = |operation| vec![Action::Intent(operation, Detail::default())];
    vec![
        signed(Who::Registrar, 0, vec![Action::Registry(licence)]),
        signed(Who::Brand, 0, vec![Action::Registry(product)]),
        signed(Who::Brand, 1, intent(commission(items(1, 100), Some("A")))),
        signed(Who::Brand, 2, intent(offer(items(1, 10), Who::Carrier))),
        signed(Who::Carrier, 0, intent(accept(items(1, 10)))),
        signed(Who::Stranger, 0, intent(accept(items(11, 1)))),
        signed(Who::Carrier, 1, intent(offer(items(5, 1), Who::Shop))),
    ]
}

/// Sends the script, each after the one before, until the node dies; gives back what it said.
fn run(world: &World, script: &[Transaction]) -> Vec<Hash> {
    let mut acknowledged = Vec::new();
    for transaction in script {
        world.clock.advance(1_000);
        match wait(world.chain.submit_and_wait(transaction.bytes().to_vec())) {
            Ok(receipt) => acknowledged.push(receipt.transaction),
            Err(_) => break,
        }
    }
    acknowledged
}

fn proposed(disk: &MemoryStore) -> Option<Header> {
    let snapshot = disk.snapshot().unwrap();
    let all = std::ops::Bound::Unbounded;
    let mut rows = snapshot
        .range(tables::PROPOSALS.id(), all, all, Direction::Ascending)
        .unwrap();
    rows.next()
        .map(|row| Header::decode(&mut row.unwrap().1.as_slice()).unwrap())
}

fn headers(world: &World) -> Vec<Hash> {
    let reader = world.reader();
    (0..=world.height())
        .map(|height| {
            reader
                .committed(At::Height(Height(height)))
                .unwrap()
                .unwrap()
                .hash
        })
        .collect()
}

#[test]
fn killed_at_every_commit_it_comes_back_with_what_it_acknowledged() {
    let script = script();
    let undisturbed = World::empty();
    assert_eq!(run(&undisturbed, &script).len(), script.len());
    let expected = headers(&undisturbed);

    let mut resigned = 0;
    // Genesis is one commit, and each block two: its body, then the whole of it.
    for at in 1..=15 {
        for written in [false, true] {
            let disk = Arc::new(MemoryStore::new());
            let clock = StillClock::new();
            let dying = Dying::new(disk.clone(), at, written);
            let acknowledged = match World::on(dying.clone(), clock.clone()) {
                Ok(world) => {
                    let acknowledged = run(&world, &script);
                    assert!(dying.commits() >= at, "it was to die at commit {at}");
                    assert!(
                        world.chain.reader().is_err(),
                        "a dead chain answers nothing"
                    );
                    assert!(world.chain.status().fault.is_some());
                    acknowledged
                }
                Err(_) => Vec::new(),
            };

            let left = proposed(&disk);
            let world = World::on(disk.clone(), clock).unwrap();
            let reader = world.reader();
            for id in &acknowledged {
                assert!(
                    reader.receipt(id).unwrap().is_some(),
                    "{id} was acknowledged before commit {at}"
                );
            }
            drop(reader);
            // What waits for its signature is committed by a thread of the chain.
            if let Some(header) = left {
                resigned += 1;
                while world.height() < header.height.0 {
                    std::thread::yield_now();
                }
                let block = world
                    .reader()
                    .committed(At::Height(header.height))
                    .unwrap()
                    .unwrap();
                assert_eq!(
                    block.signed.header, header,
                    "another block was signed at the same height"
                );
            }
            let again = run(&world, &script);
            assert_eq!(
                again.len(),
                script.len(),
                "sending everything again finishes the rest"
            );
            assert_eq!(world.height(), script.len() as u64, "and nothing twice");
            assert_eq!(proposed(&disk), None);
            assert_eq!(headers(&world).len(), expected.len());
            let root = |world: &World| world.reader().head().signed.header.tx_root;
            assert_eq!(root(&world), root(&undisturbed));
        }
    }
    assert!(resigned >= 7, "{resigned} bodies waited for a signature");
}

#[test]
fn the_same_transactions_at_the_same_times_give_the_same_headers() {
    let script = script();
    let worlds: Vec<_> = (0..2)
        .map(|_| {
            let world = World::empty();
            run(&world, &script);
            headers(&world)
        })
        .collect();
    assert_eq!(worlds[0], worlds[1]);
    assert_eq!(worlds[0].len(), script.len() + 1);
}
