//! What an offer and an acceptance of one item cost, with a rule and without:
//!
//! `cargo run --release -p marque-ledger --example transfers`
//!
//! Time is this thread's own on the processor, so that a busy machine changes little. The
//! rule reads two stored values, writes one and emits an event.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement says no by panicking"
)]

use marque_abi::meta::{Meta, VERSION};
use marque_ledger::{BlockInfo, Ledger, Mode};
use marque_primitives::action::{
    Action, CodeSource, ContractAction, LicenceKey, Operation, PartyRef, Registration, Right,
    Things,
};
use marque_primitives::bounded::Bytes;
use marque_primitives::detail::Detail;
use marque_primitives::genesis::Genesis;
use marque_primitives::gs1::{Gtin, Serial};
use marque_primitives::receipt::Status;
use marque_primitives::thing::{Line, Run, Thing};
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Gas, Hash, Height, Lane, Nonce, TimeMs};
use marque_state::{Batch, Changes, Entry, MemoryStore, State, StateError, Store, View};
use marque_vm::{Vm, VmConfig};
use parity_scale_codec::Encode;
use std::cell::Cell;
use std::collections::BTreeMap;

const BRAND: Address = Address([2; 20]);
const DEALER: Address = Address([5; 20]);
const ITEMS: u64 = 20_000;
const BLOCK: usize = 1_000;

const RULE: &str = r#"(module
    (import "marque" "input" (func $input (param i32 i32) (result i32)))
    (import "marque" "storage_read" (func $read (param i32 i32 i32 i32) (result i64)))
    (import "marque" "storage_write" (func $write (param i32 i32 i32 i32)))
    (import "marque" "emit" (func $emit (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "listedcountrymoved")
    (func $rule
        (drop (call $input (i32.const 1024) (i32.const 4096)))
        (drop (call $read (i32.const 0) (i32.const 6) (i32.const 512) (i32.const 64)))
        (drop (call $read (i32.const 6) (i32.const 7) (i32.const 512) (i32.const 64)))
        (call $write (i32.const 0) (i32.const 6) (i32.const 1024) (i32.const 32))
        (call $emit (i32.const 13) (i32.const 5)))
    (func (export "rule_accept") (call $rule))
    (func (export "rule_offer") (call $rule)))"#;

/// Nanoseconds that this thread has had a processor.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse().unwrap()
}

/// A view that counts how often it is asked.
struct Counted<'a>(&'a State, Cell<u64>);

impl Counted<'_> {
    fn count(&self) {
        self.1.set(self.1.get() + 1);
    }
}

impl View for Counted<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.count();
        self.0.get(key)
    }
    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.count();
        self.0.after(key)
    }
    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.count();
        self.0.before(key)
    }
    fn at_or_before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.count();
        self.0.at_or_before(key)
    }
    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        self.count();
        self.0.scan(from, to, limit)
    }
}

struct Chain {
    ledger: Ledger,
    genesis: Genesis,
    store: MemoryStore,
    state: State,
    block: BlockInfo,
    nonces: BTreeMap<Address, u64>,
}

/// What a number of blocks took.
#[derive(Default)]
struct Cost {
    transactions: u64,
    nanos: u64,
    reads: u64,
    leaves: u64,
    gas: u64,
}

impl Chain {
    fn new() -> Self {
        let genesis = Genesis {
            chain_id: 1,
            seed: Hash([9; 32]),
            time: TimeMs(0),
            registrar: BRAND,
            validators: Vec::new(),
            block_gas: u64::MAX,
            contract_delay: 0,
            heartbeat: 0,
            development: false,
            quota: Default::default(),
        };
        let store = MemoryStore::default();
        let empty = State::open(store.snapshot().unwrap()).unwrap();
        let state = settle(&store, &empty, Ledger::genesis(&genesis));
        Self {
            ledger: Ledger::new(Vm::new(&VmConfig::default()).unwrap()),
            genesis,
            store,
            state,
            block: BlockInfo {
                height: Height(0),
                time: TimeMs(1_777_622_400_000),
            },
            nonces: BTreeMap::new(),
        }
    }

    /// A transaction whose signature nobody looks at: the ledger is given checked ones.
    fn transaction(&mut self, account: Address, action: Action) -> Transaction {
        let nonce = self.nonces.entry(account).or_default();
        let body = Body {
            version: Version::V1,
            chain_id: self.genesis.chain_id,
            genesis: self.genesis.hash(),
            account,
            key: account,
            lane: Lane(0),
            nonce: Nonce(*nonce),
            expiry: Expiry::NEVER,
            gas_limit: Gas(10_000_000_000),
            actions: vec![action].try_into().unwrap(),
        };
        *nonce += 1;
        let mut bytes = body.encode();
        bytes.extend_from_slice(&[0; 65]);
        Transaction::decode(bytes).unwrap()
    }

    fn run(&mut self, account: Address, actions: Vec<Action>, cost: &mut Cost) {
        let genesis = self.genesis.hash();
        for chunk in actions.chunks(BLOCK) {
            let signed: Vec<Transaction> = chunk
                .iter()
                .map(|action| self.transaction(account, action.clone()))
                .collect();
            let signed: Vec<&Transaction> = signed.iter().collect();
            self.block.height.0 += 1;
            self.block.time.0 += 1_000;
            let view = Counted(&self.state, Cell::new(0));
            let start = cpu();
            let done = self
                .ledger
                .execute(&view, self.block, genesis, &signed, Mode::Validate);
            cost.nanos += cpu() - start;
            let done = done.unwrap();
            cost.transactions += signed.len() as u64;
            cost.reads += view.1.get();
            cost.leaves += done.changes.len() as u64;
            for receipt in &done.receipts {
                assert_eq!(receipt.status, Status::Applied);
                cost.gas += receipt.gas_used.0;
            }
            self.state = settle(&self.store, &self.state, done.changes);
        }
    }
}

fn settle(store: &MemoryStore, state: &State, changes: Changes) -> State {
    let update = state.prepare(changes).unwrap();
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch).unwrap();
    update.settle(store.snapshot().unwrap()).unwrap()
}

fn code() -> Vec<u8> {
    let code = wat::parse_str(RULE).unwrap();
    let entries = ["rule_accept", "rule_offer"].map(|name| name.try_into().unwrap());
    let meta = Meta {
        version: VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "transfers".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: entries.to_vec().try_into().unwrap(),
        interface: Default::default(),
    };
    meta.seal(code)
}

fn intent(operation: Operation) -> Action {
    Action::Intent(operation, Detail::default())
}

fn run(gtin: Gtin, from: u64, count: u64) -> Things {
    let first = Serial::from_numeric(8, u128::from(from)).unwrap();
    let run = Run::new(Line::Product(gtin), first, count).unwrap();
    vec![Thing::Run { run, lot: None }].try_into().unwrap()
}

fn main() {
    let mut chain = Chain::new();
    let mut ignored = Cost::default();
    let plain = Gtin::from_body(952_123_400_001).unwrap();
    let ruled = Gtin::from_body(952_123_400_002).unwrap();
    let contract = Address::of_contract(BRAND, 0);
    let deploy = Action::Contract(ContractAction::Deploy {
        code: CodeSource::Inline(Bytes::new(code()).unwrap()),
        salt: 0,
        args: Bytes::default(),
    });
    let mut setup = vec![deploy];
    for (gtin, contract) in [(plain, None), (ruled, Some(contract))] {
        let key = LicenceKey::Product(gtin);
        setup.push(Action::Registry(Registration::License {
            brand: BRAND,
            key,
        }));
        setup.push(Action::Registry(Registration::RegisterProduct {
            gtin,
            name: "A product".try_into().unwrap(),
            contract,
        }));
        setup.push(intent(Operation::Commission {
            items: run(gtin, 0, ITEMS),
            lot: Some("L1".parse().unwrap()),
            expiry: None,
            owner: None,
        }));
    }
    chain.run(BRAND, setup, &mut ignored);
    println!("{ITEMS} items, one a transaction, {BLOCK} transactions a block; CPU of execution");
    for (name, gtin) in [("without a rule", plain), ("with a rule", ruled)] {
        // Far apart from one another, so that runs split as badly as they can.
        let serials = (0..ITEMS).map(|at| at * 7_919 % ITEMS);
        let offers = serials.clone().map(|serial| {
            intent(Operation::Offer {
                items: run(gtin, serial, 1),
                to: PartyRef::Account(DEALER),
                what: Right::Both,
                deadline: None,
            })
        });
        let accepts = serials.map(|serial| {
            intent(Operation::Accept {
                items: run(gtin, serial, 1),
            })
        });
        let (mut offer, mut accept) = (Cost::default(), Cost::default());
        chain.run(BRAND, offers.collect(), &mut offer);
        chain.run(DEALER, accepts.collect(), &mut accept);
        for (what, cost) in [("offer", offer), ("accept", accept)] {
            let each = |sum: u64| sum as f64 / cost.transactions as f64;
            println!(
                "{what:7} {name:15} {:6.1} µs  {:5.1} reads  {:4.1} leaves  {:8.0} gas",
                each(cost.nanos) / 1_000.0,
                each(cost.reads),
                each(cost.leaves),
                each(cost.gas),
            );
        }
    }
}
