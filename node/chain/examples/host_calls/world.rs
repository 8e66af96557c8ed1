//! A ledger on a disk, and what its blocks take.

use marque_ledger::{BlockInfo, Execution, Ledger, Mode};
use marque_primitives::action::{
    Action, CodeSource, ContractAction, LicenceKey, Operation, Registration,
};
use marque_primitives::bounded::Bytes;
use marque_primitives::detail::Detail;
use marque_primitives::genesis::Genesis;
use marque_primitives::gs1::{Gtin, Serial};
use marque_primitives::receipt::Status;
use marque_primitives::thing::{Line, Run, Thing};
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Gas, Hash, Height, Lane, Nonce, TimeMs, key};
use marque_state::{Batch, Changes, State, Store, tables};
use marque_store::{Options, RedbStore};
use marque_vm::{Vm, VmConfig};
use parity_scale_codec::Encode;
use std::path::Path;

const BRAND: Address = Address([2; 20]);
/// Whose storage fills the store, so that a key's page is one of many.
const BALLAST: Address = Address([7; 20]);
const BALLAST_VALUES: u64 = 1_000_000;

/// What blocks took: gas, and nanoseconds of this thread.
#[derive(Default)]
pub struct Cost {
    pub gas: u64,
    pub executed: u64,
    pub settled: u64,
}

pub struct World {
    ledger: Ledger,
    genesis: Genesis,
    store: RedbStore,
    state: State,
    block: BlockInfo,
    nonce: u64,
    contracts: u64,
    products: u64,
}

/// Nanoseconds that this thread has had a processor.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse().unwrap()
}

impl World {
    pub fn new(folder: &Path) -> Self {
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
        let store = RedbStore::open(folder, &Options::default()).unwrap();
        let state = State::open(store.snapshot().unwrap()).unwrap();
        let mut world = Self {
            ledger: Ledger::new(Vm::new(&VmConfig::default()).unwrap()),
            store,
            state,
            block: BlockInfo {
                height: Height(0),
                time: TimeMs(1_777_622_400_000),
            },
            nonce: 0,
            contracts: 0,
            products: 0,
            genesis,
        };
        let first = Ledger::genesis(&world.genesis);
        world.put(first);
        for part in 0..BALLAST_VALUES / 50_000 {
            let numbers = part * 50_000..(part + 1) * 50_000;
            let keys = numbers.map(|at| at.wrapping_mul(0xd134_2543_de82_ef95).to_le_bytes());
            world.fill(BALLAST, keys.map(Vec::from), 32);
        }
        world
    }

    /// Stores values, outside of any block.
    pub fn fill(&mut self, contract: Address, keys: impl Iterator<Item = Vec<u8>>, bytes: usize) {
        let mut changes = Changes::new();
        for own in keys {
            changes.insert(key::storage(&contract, &own), Some(vec![7; bytes]));
        }
        self.put(changes);
    }

    /// A new contract of the brand.
    pub fn deploy(&mut self, code: Vec<u8>) -> Address {
        let salt = self.contracts;
        self.contracts += 1;
        let action = ContractAction::Deploy {
            code: CodeSource::Inline(Bytes::new(code).unwrap()),
            salt,
            args: Bytes::default(),
        };
        self.block(vec![Action::Contract(action)], &mut Cost::default());
        Address::of_contract(BRAND, salt)
    }

    /// New products whose rules are the contract's.
    pub fn products(&mut self, contract: Address, count: usize) -> Vec<Gtin> {
        let first = 952_123_400_000 + self.products;
        self.products += count as u64;
        let products: Vec<Gtin> = (first..)
            .take(count)
            .map(|body| Gtin::from_body(body).unwrap())
            .collect();
        for part in products.chunks(1_000) {
            let register = part.iter().flat_map(|gtin| {
                [
                    Registration::License {
                        brand: BRAND,
                        key: LicenceKey::Product(*gtin),
                    },
                    Registration::RegisterProduct {
                        gtin: *gtin,
                        name: "A product".try_into().unwrap(),
                        contract: Some(contract),
                    },
                ]
            });
            self.block(
                register.map(Action::Registry).collect(),
                &mut Cost::default(),
            );
        }
        products
    }

    /// Items far from one another, of a product whose rules are the contract's.
    pub fn items(&mut self, contract: Address, count: usize) -> Vec<Run> {
        let gtin = self.products(contract, 1).remove(0);
        let items: Vec<Run> = (0..count as u128)
            .map(|at| {
                let serial = Serial::from_numeric(9, at * 7_919).unwrap();
                Run::new(Line::Product(gtin), serial, 1).unwrap()
            })
            .collect();
        for part in items.chunks(100) {
            let things: Vec<Thing> = part
                .iter()
                .map(|run| Thing::Run {
                    run: run.clone(),
                    lot: None,
                })
                .collect();
            let commission = Operation::Commission {
                items: things.try_into().unwrap(),
                lot: None,
                expiry: None,
                owner: None,
            };
            let action = Action::Intent(commission, Detail::default());
            self.block(vec![action], &mut Cost::default());
        }
        items
    }

    /// A block of messages, one a transaction.
    pub fn messages(&mut self, contract: Address, args: Vec<Vec<u8>>, cost: &mut Cost) {
        let message = |args| {
            Action::Contract(ContractAction::Message {
                contract,
                name: "run".try_into().unwrap(),
                args: Bytes::new(args).unwrap(),
            })
        };
        self.block(args.into_iter().map(message).collect(), cost);
    }

    fn block(&mut self, actions: Vec<Action>, cost: &mut Cost) {
        let signed: Vec<Transaction> = actions.into_iter().map(|a| self.transaction(a)).collect();
        let signed: Vec<&Transaction> = signed.iter().collect();
        self.block.height.0 += 1;
        self.block.time.0 += 1_000;
        let genesis = self.genesis.hash();
        let start = cpu();
        let done = self
            .ledger
            .execute(&self.state, self.block, genesis, &signed, Mode::Validate)
            .unwrap();
        let executed = cpu();
        for receipt in &done.receipts {
            assert_eq!(receipt.status, Status::Applied);
            cost.gas += receipt.gas_used.0;
        }
        let before = cpu();
        self.settle(done);
        cost.executed += executed - start;
        cost.settled += cpu() - before;
    }

    /// A transaction whose signature nobody looks at: the ledger is given checked ones.
    fn transaction(&mut self, action: Action) -> Transaction {
        let body = Body {
            version: Version::V1,
            chain_id: self.genesis.chain_id,
            genesis: self.genesis.hash(),
            account: BRAND,
            key: BRAND,
            lane: Lane(0),
            nonce: Nonce(self.nonce),
            expiry: Expiry::NEVER,
            gas_limit: Gas(10_000_000_000),
            actions: vec![action].try_into().unwrap(),
        };
        self.nonce += 1;
        let mut bytes = body.encode();
        bytes.extend_from_slice(&[0; 65]);
        Transaction::decode(bytes).unwrap()
    }

    fn put(&mut self, changes: Changes) {
        self.commit(changes, Batch::new());
    }

    /// Keeps what an execution made, but for the indexes.
    fn settle(&mut self, done: Execution) {
        let mut batch = Batch::new();
        for (at, receipt) in done.receipts.iter().enumerate() {
            let key = [self.block.height.0.to_be_bytes(), at.to_be_bytes()].concat();
            batch.put(tables::RECEIPTS.id(), key, receipt.encode());
        }
        for (position, event) in &done.events {
            let key = position.0.to_be_bytes().to_vec();
            batch.put(tables::EVENTS.id(), key, event.encode());
        }
        for (position, entry) in &done.entries {
            let key = position.0.to_be_bytes().to_vec();
            batch.put(tables::ENTRIES.id(), key, entry.encode());
        }
        self.commit(done.changes, batch);
    }

    fn commit(&mut self, changes: Changes, mut batch: Batch) {
        let update = self.state.prepare(changes).unwrap();
        update.write_to(&mut batch);
        self.store.commit(batch).unwrap();
        self.state = update.settle(self.store.snapshot().unwrap()).unwrap();
    }
}
