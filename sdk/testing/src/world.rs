//! A chain of one test: parties by name, products, time.

use crate::code::Code;
use crate::goods::Product;
use crate::outcome::{Done, Refused};
use crate::party::{Party, key};
use crate::run::Watched;
use crate::step::Step;
use crate::trace::Trace;
use marque_abi::interface::Interface;
use marque_abi::meta::Meta;
use marque_ledger::{BlockInfo, Ledger, Mode, Standing, read};
use marque_primitives::action::{Action, LicenceKey, Registration};
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::genesis::Genesis;
use marque_primitives::gs1::{CompanyPrefix, Gln, Gtin};
use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::record::{self, LotRecord, Record};
use marque_primitives::refusal::Refusal;
use marque_primitives::signature::SecretKey;
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Decimal, Gas, Hash, Height, Lane, Nonce, TimeMs};
use marque_state::{Batch, Changes, MemoryStore, State, Store};
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeMap;

/// 2026-05-01T08:00:00Z, when every world begins.
const START: TimeMs = TimeMs(1_777_622_400_000);
/// Milliseconds between blocks.
const STEP: u64 = 1_000;
/// Gas that is enough for anything that ends.
const GAS: u64 = 10_000_000_000;

/// A ledger with its state, a block for each step.
pub struct World {
    ledger: Ledger<Watched>,
    genesis: Genesis,
    store: MemoryStore,
    state: State,
    height: u64,
    time: u64,
    parties: BTreeMap<String, Party>,
    prefixes: BTreeMap<Address, (u64, u64)>,
    nonces: BTreeMap<Address, u64>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// An empty ledger with a registrar.
    pub fn new() -> Self {
        let genesis = Genesis {
            chain_id: 1,
            seed: Hash([7; 32]),
            time: START,
            registrar: key("registrar").address(),
            validators: Vec::new(),
            block_gas: 10_000_000_000_000,
            contract_delay: 0,
            heartbeat: 0,
            development: false,
            quota: Default::default(),
        };
        let store = MemoryStore::default();
        let state = State::open(store.snapshot().expect("memory")).expect("memory");
        let state = settle(&store, &state, Ledger::genesis(&genesis));
        Self {
            ledger: Ledger::new(Watched::default()),
            genesis,
            store,
            state,
            height: 0,
            time: START.0,
            parties: BTreeMap::new(),
            prefixes: BTreeMap::new(),
            nonces: BTreeMap::new(),
        }
    }

    /// A party, registered when it is first named.
    pub fn party(&mut self, name: &str) -> Party {
        match self.parties.get(name) {
            Some(party) => party.clone(),
            None => self.register(name, None),
        }
    }

    /// Registers a party at a location, or at one of its own.
    #[track_caller]
    pub(crate) fn register(&mut self, name: &str, gln: Option<Gln>) -> Party {
        assert!(!self.parties.contains_key(name), "{name} is there already");
        let number = u64::try_from(self.parties.len()).expect("few parties");
        let mut party = Party::new(name, number);
        party.gln = gln.unwrap_or(party.gln);
        self.registrar(Registration::RegisterParty {
            account: party.account,
            name: Text::truncated(name),
            locations: List::new(vec![party.gln]).expect("one location"),
        });
        self.parties.insert(name.into(), party.clone());
        party
    }

    /// The party at a location.
    pub(crate) fn party_of(&self, gln: Gln) -> Option<String> {
        let party = self.parties.values().find(|party| party.gln == gln)?;
        Some(party.name.clone())
    }

    /// The account of a party.
    pub fn address(&mut self, name: &str) -> Address {
        self.party(name).account
    }

    /// The name of the party behind an account.
    pub fn name_of(&self, account: Address) -> Option<String> {
        let mut parties = self.parties.values();
        let party = parties.find(|party| party.account == account)?;
        Some(party.name.clone())
    }

    /// A new product of a brand, ruled by a contract; the brand gets its prefix with the
    /// first.
    pub fn product(&mut self, brand: &str, name: &str, rules: Address) -> Product {
        let party = self.party(brand);
        if !self.prefixes.contains_key(&party.account) {
            let number = 9_506_100 + u64::try_from(self.prefixes.len()).expect("few brands");
            let prefix = CompanyPrefix::new(&number.to_string()).expect("a prefix");
            self.registrar(Registration::License {
                brand: party.account,
                key: LicenceKey::Prefix(prefix),
            });
            self.prefixes.insert(party.account, (number, 0));
        }
        let Some((prefix, products)) = self.prefixes.get_mut(&party.account) else {
            unreachable!("just licensed")
        };
        *products += 1;
        let gtin = Gtin::from_body(*prefix * 100_000 + *products).expect("twelve digits");
        let registration = Registration::RegisterProduct {
            gtin,
            name: Text::truncated(name),
            contract: Some(rules),
        };
        self.by(brand).act(Action::Registry(registration)).happens();
        Product { gtin }
    }

    #[track_caller]
    pub(crate) fn registrar(&mut self, registration: Registration) {
        let registrar = key("registrar");
        let action = Action::Registry(registration);
        let account = self.genesis.registrar;
        let sent = self.send(account, &registrar, vec![action]);
        assert_eq!(
            sent.receipt.status,
            Status::Applied,
            "the registrar registers"
        );
    }

    /// What a party does next.
    pub fn by(&mut self, name: &str) -> Step<'_> {
        let party = self.party(name);
        Step::new(self, party)
    }

    /// Lets time pass before the next block.
    pub fn wait(&mut self, ms: u64) {
        self.time += ms;
    }

    /// The time of the next block.
    pub fn now(&self) -> TimeMs {
        TimeMs(self.time + STEP)
    }

    /// A question to a contract.
    ///
    /// # Errors
    /// The contract's refusal.
    ///
    /// # Panics
    /// When the answer is no `T`, or native and wasm differ.
    #[track_caller]
    pub fn query<T: Decode>(
        &self,
        contract: Address,
        name: &str,
        args: &impl Encode,
    ) -> Result<T, Box<Refusal>> {
        let name = Text::new(name).expect("a name");
        let args = Bytes::new(args.encode()).expect("arguments");
        let block = self.next();
        let answer = self.ledger.query(&self.state, block, contract, &name, args);
        self.watched();
        let bytes = answer.expect("a working node").map_err(Box::new)?;
        Ok(T::decode(&mut &*bytes).expect("an answer of the type"))
    }

    /// What a contract says of itself.
    ///
    /// # Panics
    /// When there is no such contract.
    pub fn interface(&self, contract: Address) -> Interface {
        let record = read::contract(&self.state, &contract).expect("memory");
        let code = read::code(&self.state, &record.expect("a contract").code).expect("memory");
        let code = code.expect("its code").wasm;
        let checked = marque_vm::check(&code).expect("taken code");
        let meta: &Meta = checked.meta();
        Interface::read(&meta.interface).expect("an interface")
    }

    /// The state after the last block, for the ledger's own reading functions.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A thing's record and how it stands; `None` if nothing is known of it.
    pub fn standing(&self, id: &ThingId) -> Option<(Record, Standing)> {
        read::standing(&self.state, id).expect("memory")
    }

    /// Who has a thing.
    pub fn custodian(&self, id: &ThingId) -> Option<Address> {
        self.standing(id)?.1.custodian
    }

    /// Whether a thing moves freely, its lot and parents counted in.
    pub fn is_free(&self, id: &ThingId) -> bool {
        let standing = self.standing(id).expect("a known thing").1;
        standing.judgement.status == marque_ledger::Effective::Active
    }

    /// A lot's record.
    pub fn lot(&self, id: &LotId) -> Option<LotRecord> {
        read::lot(&self.state, id).expect("memory")
    }

    /// Whether a lot is held as a whole.
    pub fn is_lot_held(&self, id: &LotId) -> bool {
        self.lot(id)
            .is_some_and(|lot| lot.status == record::Status::Quarantined)
    }

    /// What an account has of a lot, packed or not.
    pub fn quantity(&self, account: Address, id: &LotId) -> Decimal {
        let balances = read::balances(&self.state, id).expect("memory");
        let own = balances
            .iter()
            .filter(|b| b.holding.custodian == Some(account));
        own.fold(Decimal::ZERO, |sum, b| {
            sum.checked_add(b.value).expect("a sum")
        })
    }

    fn next(&self) -> BlockInfo {
        BlockInfo {
            height: Height(self.height + 1),
            time: self.now(),
        }
    }

    /// One signed transaction in a block of its own.
    #[track_caller]
    pub(crate) fn send(&mut self, account: Address, key: &SecretKey, actions: Vec<Action>) -> Sent {
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
            gas_limit: Gas(GAS),
            actions: List::new(actions).expect("at most 256 actions"),
        };
        *nonce += 1;
        let transaction = Transaction::sign(body, key).expect("a signature");
        let (next, genesis) = (self.next(), self.genesis.hash());
        let execution = self
            .ledger
            .execute(&self.state, next, genesis, &[&transaction], Mode::Validate)
            .expect("a working node");
        (self.height, self.time) = (next.height.0, next.time.0);
        self.state = settle(&self.store, &self.state, execution.changes.clone());
        Sent {
            receipt: execution.receipts.into_iter().next().expect("a receipt"),
            events: execution
                .events
                .into_iter()
                .map(|(_, event)| event)
                .collect(),
            entries: execution
                .entries
                .into_iter()
                .map(|(_, entry)| entry)
                .collect(),
            changes: execution.changes,
            trace: self.watched(),
        }
    }

    /// A contract that is about to be put on the ledger.
    #[track_caller]
    pub(crate) fn know(&self, code: &Code) {
        let Some(native) = code.native else { return };
        self.ledger.machine().know(code.wasm(), native);
    }

    /// What contracts did since this was last asked.
    #[track_caller]
    fn watched(&self) -> Trace {
        let (calls, differences) = self.ledger.machine().take();
        let names = self.parties.values();
        let trace = Trace {
            calls,
            names: names
                .map(|party| (party.account.to_string(), party.name.clone()))
                .collect(),
        };
        assert!(
            differences.is_empty(),
            "{}\n{trace}",
            differences.join("\n")
        );
        trace
    }
}

/// What one transaction did, all of it.
#[derive(Clone)]
pub(crate) struct Sent {
    pub receipt: Receipt,
    pub events: Vec<Event>,
    pub entries: Vec<Entry>,
    pub changes: Changes,
    pub trace: Trace,
}

impl Sent {
    pub fn ended(self) -> Result<Done, Box<Refused>> {
        let (receipt, trace) = (self.receipt, self.trace);
        match receipt.status.clone() {
            Status::Applied => Ok(Done {
                receipt,
                events: self.events,
                trace,
            }),
            Status::Refused { refusal, .. } => Err(Box::new(Refused {
                receipt,
                refusal,
                trace,
            })),
        }
    }
}

/// Commits changes and gives the state after them.
fn settle(store: &MemoryStore, state: &State, changes: Changes) -> State {
    let update = state.prepare(changes).expect("memory");
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch).expect("memory");
    update
        .settle(store.snapshot().expect("memory"))
        .expect("memory")
}
