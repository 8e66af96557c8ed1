//! Opening, making blocks, telling of them, stopping.

use std::sync::Arc;
use std::thread;

use ed25519_dalek::SigningKey;
use marque_chain::application::Application;
use marque_chain::consensus::{Consensus, Replay};
use marque_chain::reads::At;
use marque_chain::{Chain, ChainError, Config};
use marque_primitives::Hash;
use marque_primitives::Height;
use marque_primitives::action::Action;
use marque_primitives::detail::Detail;
use marque_primitives::genesis::Genesis;
use marque_proof::Validator;
use marque_state::MemoryStore;
use marque_store::{Options, RedbStore};

use crate::faulty::{Panicking, Slow};
use crate::world::*;

fn validators() -> Vec<Validator> {
    vec![Validator {
        key: validator().verifying_key().to_bytes(),
        power: 1,
    }]
}

#[test]
fn every_block_is_signed_chained_and_rooted() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 10), None));
    let reader = world.reader();
    let mut parent = reader.committed(At::Height(Height(0))).unwrap().unwrap();
    assert_eq!(parent.signed.header.parent, genesis().hash());
    for height in 1..=3 {
        let block = reader
            .committed(At::Height(Height(height)))
            .unwrap()
            .unwrap();
        block
            .signed
            .verify(&genesis().hash().0, &validators())
            .unwrap();
        marque_proof::header::follows(&parent.signed.header, &block.signed.header).unwrap();
        assert_eq!(
            reader.committed(At::Hash(block.hash)).unwrap(),
            Some(block.clone())
        );
        parent = block;
    }
    assert_eq!(reader.head(), &parent);
    let tip = reader.state().tip().unwrap();
    assert_eq!(Hash(tip.root), parent.signed.header.state_root);
    assert_eq!(reader.committed(At::Height(Height(4))).unwrap(), None);
}

#[test]
fn a_header_commits_to_transactions_receipts_and_events() {
    let world = World::trading();
    let receipt = world.act(Who::Brand, commission(items(1, 10), None));
    let reader = world.reader();
    let block = reader.block(At::Latest).unwrap().unwrap();
    assert_eq!(block.transactions.len(), 1);
    let id = reader
        .transaction(&receipt.transaction)
        .unwrap()
        .unwrap()
        .id();
    assert_eq!(id, receipt.transaction);
    let root = |hash: Hash| Hash(marque_proof::merkle::root(&[hash.0]));
    assert_eq!(block.header.tx_root, root(id));
    let encoded = parity_scale_codec::Encode::encode(&*receipt);
    assert_eq!(
        block.header.receipts_root,
        root(Hash(marque_proof::header::receipt_hash(&encoded)))
    );
    let event = reader
        .event(receipt.actions[0].event.unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(block.header.events_root, root(event.hash));
}

#[test]
fn time_is_the_clock_and_never_stands() {
    let world = World::empty();
    let licence = |who: Who| {
        let key = marque_primitives::action::LicenceKey::Prefix(prefix());
        let licence = marque_primitives::action::Registration::License {
            brand: who.address(),
            key,
        };
        vec![Action::Registry(licence)]
    };
    // Without an advance of the clock.
    for nonce in 0..3 {
        let bytes = signed(Who::Registrar, nonce, licence(Who::Brand))
            .bytes()
            .to_vec();
        wait(world.chain.submit_and_wait(bytes)).unwrap();
    }
    assert_eq!(world.reader().head().time().0, START + 3);
    world.clock.advance(10_000);
    world.send(Who::Registrar, licence(Who::Brand)).unwrap();
    assert_eq!(world.reader().head().time().0, START + 11_000);
}

#[test]
fn an_idle_chain_makes_no_blocks_and_a_refresh_makes_one() {
    let world = World::empty();
    thread::sleep(std::time::Duration::from_millis(30));
    assert_eq!(world.height(), 0);
    wait(world.chain.refresh(600_000)).unwrap();
    assert_eq!(world.height(), 0, "the head is young enough");
    world.clock.advance(700_000);
    wait(world.chain.refresh(600_000)).unwrap();
    assert_eq!(world.height(), 1);
    assert_eq!(world.reader().head().spans.transactions, 0);
}

#[test]
fn a_network_with_a_heartbeat_makes_blocks_by_itself() {
    let genesis = Genesis {
        heartbeat: 20,
        ..genesis()
    };
    let clock = Arc::new(marque_chain::SystemClock);
    let store = Arc::new(MemoryStore::new());
    let chain = Chain::open(
        store,
        genesis,
        ledger(),
        clock,
        validator(),
        Config::default(),
    )
    .unwrap();
    let mut heads = chain.subscribe();
    let first = wait(heads.recv()).unwrap();
    for _ in 0..3 {
        let head = wait(heads.recv()).unwrap();
        assert!(head.time() > first.time());
        assert_eq!(head.spans.transactions, 0);
    }
}

#[test]
fn many_senders_share_blocks() {
    let slow = Arc::new(Slow(MemoryStore::new()));
    let world = World::on(slow, StillClock::new()).unwrap();
    world.found().unwrap();
    world.act(Who::Brand, commission(items(1, 1_000), None));
    let before = world.height();
    let mut heads = world.chain.subscribe();
    // The product and the commission took the first nonces.
    let offers: Vec<_> = (0..300)
        .map(|at| {
            vec![Action::Intent(
                offer(items(at + 1, 1), Who::Shop),
                Detail::default(),
            )]
        })
        .zip(2..)
        .map(|(actions, nonce)| signed(Who::Brand, nonce, actions).bytes().to_vec())
        .collect();
    for bytes in offers {
        world.chain.submit(bytes).unwrap();
    }
    let mut transactions = 0;
    while transactions < 300 {
        transactions += wait(heads.recv()).unwrap().spans.transactions;
    }
    let blocks = world.height() - before;
    assert!(blocks < 30, "{blocks} blocks for 300 transactions");
}

#[test]
fn a_reopened_chain_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let clock = StillClock::new();
    let (hash, receipt) = {
        let store = Arc::new(RedbStore::open(folder.path(), &Options::default()).unwrap());
        let world = World::on(store, clock.clone()).unwrap();
        world.found().unwrap();
        let receipt = world.act(Who::Brand, commission(items(1, 10), None));
        world.chain.shutdown();
        assert!(wait(world.chain.submit_and_wait(vec![1])).is_err());
        (world.reader().head().hash, receipt)
    };
    let store = Arc::new(RedbStore::open(folder.path(), &Options::default()).unwrap());
    let world = World::on(store, clock).unwrap();
    assert_eq!(world.reader().head().hash, hash);
    assert_eq!(
        world.reader().receipt(&receipt.transaction).unwrap(),
        Some((*receipt).clone())
    );
    world.act(Who::Brand, offer(items(1, 10), Who::Shop));
}

#[test]
fn another_genesis_or_key_is_refused() {
    let world = World::trading();
    world.chain.shutdown();
    let other = Genesis {
        seed: Hash([1; 32]),
        ..genesis()
    };
    let open = |genesis, key| {
        Chain::open(
            world.store.clone(),
            genesis,
            ledger(),
            StillClock::new(),
            key,
            Config::default(),
        )
        .err()
    };
    assert!(matches!(
        open(other, validator()),
        Some(ChainError::OtherGenesis { .. })
    ));
    let stranger = SigningKey::from_bytes(&[1; 32]);
    assert!(matches!(
        open(genesis(), stranger),
        Some(ChainError::NotValidator)
    ));
    assert!(open(genesis(), validator()).is_none());
}

#[test]
fn after_a_shutdown_nothing_is_taken_and_everything_is_told() {
    let world = World::trading();
    let mut heads = world.chain.subscribe();
    world.chain.shutdown();
    assert!(wait(heads.recv()).is_err(), "subscribers learn of it");
    assert!(wait(world.chain.subscribe().recv()).is_err());
    world.clock.advance(1_000_000);
    assert!(matches!(
        wait(world.chain.refresh(1)),
        Err(ChainError::Stopped)
    ));
    let bytes = world.transaction(
        Who::Brand,
        vec![Action::Intent(
            commission(items(1, 1), None),
            Detail::default(),
        )],
    );
    let error = world.chain.submit(bytes.bytes().to_vec()).unwrap_err();
    assert_eq!((error.code(), error.name()), (7001, "ShuttingDown"));
    assert_eq!(world.reader().head().height(), Height(2), "reading goes on");
}

/// Whoever asks a chain that has a fault is told so, and nobody waits.
fn has_fault(chain: &Chain, known: &[u8]) {
    let fault = chain.status().fault.unwrap();
    assert!(fault.contains("panicked"), "{fault}");
    let error = chain.submit(known.to_vec()).unwrap_err();
    assert_eq!((error.code(), error.name()), (7002, "NodeFault"));
    let error = wait(chain.submit_and_wait(known.to_vec())).unwrap_err();
    assert_eq!((error.code(), error.name()), (7002, "NodeFault"));
    let error = wait(chain.submit_and_wait(signed(Who::Shop, 0, act()).bytes().to_vec()));
    assert_eq!(error.unwrap_err().name(), "NodeFault");
}

fn act() -> Vec<Action> {
    vec![Action::Intent(
        commission(items(1, 1), None),
        Detail::default(),
    )]
}

#[test]
fn a_writer_that_panics_stops_the_chain_with_a_fault() {
    let store = Panicking::new();
    let world = World::on(store.clone(), StillClock::new()).unwrap();
    world.found().unwrap();
    store.armed.store(true, std::sync::atomic::Ordering::SeqCst);
    let known = world.transaction(Who::Brand, act()).bytes().to_vec();
    let error = wait(world.chain.submit_and_wait(known.clone())).unwrap_err();
    assert_eq!((error.code(), error.name()), (7002, "NodeFault"));
    has_fault(&world.chain, &known);
    world.chain.shutdown();
}

struct Failing(std::sync::mpsc::Receiver<()>);

impl Consensus for Failing {
    fn run(self: Box<Self>, _: Application) -> Result<(), ChainError> {
        let _ = self.0.recv();
        panic!("the driver panics");
    }
}

#[test]
fn a_driver_that_panics_is_a_fault() {
    let (panic, told) = std::sync::mpsc::channel();
    let chain = Chain::with(
        Arc::new(MemoryStore::new()),
        genesis(),
        ledger(),
        StillClock::new(),
        Box::new(Failing(told)),
        Config::default(),
    )
    .unwrap();
    let known = signed(Who::Registrar, 0, act()).bytes().to_vec();
    let pending = chain.send(known.clone()).unwrap();
    panic.send(()).unwrap();
    let error = wait(pending.receipt()).unwrap_err();
    assert_eq!((error.code(), error.name()), (7002, "NodeFault"));
    has_fault(&chain, &known);
}

#[test]
fn a_known_transaction_is_not_waited_for_after_a_shutdown() {
    let world = World::empty();
    let stuck = signed(Who::Brand, 5, act()).bytes().to_vec();
    let pending = world.chain.send(stuck.clone()).unwrap();
    world.chain.shutdown();
    let error = wait(pending.receipt()).unwrap_err();
    assert_eq!((error.code(), error.name()), (7001, "ShuttingDown"));
    for error in [
        world.chain.submit(stuck.clone()).unwrap_err(),
        wait(world.chain.submit_and_wait(stuck)).unwrap_err(),
    ] {
        assert_eq!((error.code(), error.name()), (7001, "ShuttingDown"));
    }
    assert_eq!(world.chain.status().fault, None);
}

#[test]
fn a_follower_that_executes_the_blocks_again_comes_to_the_same_state_and_refuses_others() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 100), Some("A")));
    world.act(Who::Brand, pack(&unit(1), items(1, 10)));
    world.refused(Who::Stranger, offer(items(50, 1), Who::Shop));
    world.act(Who::Stranger, observe(items(5, 1)));
    let reader = world.reader();
    let blocks: Vec<_> = (0..=world.height())
        .map(|height| {
            let at = At::Height(Height(height));
            let certificate = reader.committed(at).unwrap().unwrap().signed.certificate;
            (reader.block(at).unwrap().unwrap(), certificate)
        })
        .collect();
    let follow = |blocks: Vec<(marque_chain::Block, marque_proof::Certificate)>| {
        let store = Arc::new(MemoryStore::new());
        let driver = Box::new(Replay(blocks.into_iter()));
        let chain = Chain::with(
            store,
            genesis(),
            ledger(),
            StillClock::new(),
            driver,
            Config::default(),
        )
        .unwrap();
        let mut heads = chain.subscribe();
        while wait(heads.recv()).is_ok() {}
        chain
    };
    let chain = follow(blocks.clone());
    assert_eq!(chain.status().fault, None);
    assert_eq!(chain.reader().unwrap().head(), reader.head());

    let fault = |change: fn(&mut marque_chain::Block, &mut marque_proof::Certificate)| {
        let mut blocks = blocks.clone();
        let (block, certificate) = &mut blocks[3];
        change(block, certificate);
        let chain = follow(blocks);
        assert_eq!(chain.status().height, Height(2));
        chain.status().fault.unwrap()
    };
    assert!(fault(|_, certificate| certificate.signatures.clear()).contains("two thirds"));
    assert!(fault(|block, _| block.header.state_root = Hash::ZERO).contains("another header"));
    assert!(fault(|block, _| drop(block.transactions.pop())).contains("gives another header"));
    assert!(
        fault(|block, _| *block.transactions[0].last_mut().unwrap() ^= 1).contains("signature")
    );
}
