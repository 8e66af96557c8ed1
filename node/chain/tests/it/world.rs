//! A small trade: a registrar, a brand with one product, a carrier, a shop and a stranger.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ed25519_dalek::SigningKey;
use marque_chain::reads::{PageRequest, Reader};
use marque_chain::{Chain, ChainError, Clock, Config, SubmitError};
use marque_ledger::Ledger;
use marque_primitives::action::{
    Action, LicenceKey, Operation, PartyRef, Registration, Right, Things,
};
use marque_primitives::bounded::{List, Text};
use marque_primitives::detail::Detail;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::gs1::{CompanyPrefix, Gtin, LotNumber, Serial, Sscc};
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::signature::SecretKey;
use marque_primitives::thing::{Line, Run, Thing, ThingId};
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Gas, Hash, Lane, Nonce, TimeMs};
use marque_state::{MemoryStore, Store};
use marque_vm::{OptLevel, Vm, VmConfig};

pub const START: u64 = 1_700_000_000_000;

/// A clock that stands still until it is told.
pub struct StillClock(AtomicU64);

impl StillClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(START)))
    }

    pub fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn go_back(&self, ms: u64) {
        self.0.fetch_sub(ms, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> TimeMs {
        TimeMs(self.0.load(Ordering::SeqCst))
    }
}

/// Whoever acts, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Registrar = 1,
    Brand = 2,
    Carrier = 3,
    Shop = 4,
    Stranger = 5,
}

impl Who {
    pub fn key(self) -> SecretKey {
        SecretKey::from_bytes(&[self as u8; 32]).unwrap()
    }

    pub fn address(self) -> Address {
        self.key().address()
    }
}

pub fn genesis() -> Genesis {
    let key = validator().verifying_key().to_bytes();
    Genesis {
        chain_id: 7,
        seed: Hash([9; 32]),
        time: TimeMs(START),
        registrar: Who::Registrar.address(),
        validators: vec![Validator {
            key: Hash(key),
            power: 1,
        }],
        block_gas: 1_000_000_000_000,
        contract_delay: 0,
        heartbeat: 0,
        development: false,
        quota: Default::default(),
    }
}

pub fn validator() -> SigningKey {
    SigningKey::from_bytes(&[77; 32])
}

/// One machine for all tests: it takes address space, and no rule runs in them.
pub fn ledger() -> Arc<Ledger> {
    static LEDGER: std::sync::OnceLock<Arc<Ledger>> = std::sync::OnceLock::new();
    let config = || VmConfig {
        opt_level: OptLevel::default(),
        instances: 4,
        ..VmConfig::default()
    };
    LEDGER
        .get_or_init(|| Arc::new(Ledger::new(Vm::new(&config()).unwrap())))
        .clone()
}

pub struct World {
    pub chain: Chain,
    pub clock: Arc<StillClock>,
    pub store: Arc<dyn Store>,
}

impl World {
    pub fn empty() -> Self {
        Self::on(Arc::new(MemoryStore::new()), StillClock::new()).unwrap()
    }

    pub fn on(store: Arc<dyn Store>, clock: Arc<StillClock>) -> Result<Self, ChainError> {
        Self::configured(store, clock, Config::default())
    }

    pub fn configured(
        store: Arc<dyn Store>,
        clock: Arc<StillClock>,
        config: Config,
    ) -> Result<Self, ChainError> {
        let chain = Chain::open(
            store.clone(),
            genesis(),
            ledger(),
            clock.clone(),
            validator(),
            config,
        )?;
        Ok(Self {
            chain,
            clock,
            store,
        })
    }

    /// With the brand's licence and product recorded.
    pub fn trading() -> Self {
        let world = Self::empty();
        world.found().unwrap();
        world
    }

    pub fn found(&self) -> Result<(), SubmitError> {
        let licence = Registration::License {
            brand: Who::Brand.address(),
            key: LicenceKey::Prefix(prefix()),
        };
        self.send(Who::Registrar, vec![Action::Registry(licence)])?;
        let product = Registration::RegisterProduct {
            gtin: gtin(),
            name: name("oil"),
            contract: None,
        };
        self.send(Who::Brand, vec![Action::Registry(product)])?;
        Ok(())
    }

    /// The next transaction of an account, on its first lane.
    pub fn transaction(&self, who: Who, actions: Vec<Action>) -> Transaction {
        let address = who.address();
        let nonce = self.chain.next_nonce(&address, &address, Lane(0)).unwrap();
        signed(who, nonce.0, actions)
    }

    /// Sends and waits.
    pub fn send(&self, who: Who, actions: Vec<Action>) -> Result<Arc<Receipt>, SubmitError> {
        self.clock.advance(1_000);
        let bytes = self.transaction(who, actions).bytes().to_vec();
        wait(self.chain.submit_and_wait(bytes))
    }

    /// Sends what has to be applied.
    pub fn act(&self, who: Who, operation: Operation) -> Arc<Receipt> {
        let receipt = self
            .send(who, vec![Action::Intent(operation, Detail::default())])
            .unwrap();
        assert_eq!(receipt.status, Status::Applied, "{:?}", receipt.status);
        receipt
    }

    /// Sends what has to be refused, and gives back the refusal's name.
    pub fn refused(&self, who: Who, operation: Operation) -> String {
        let receipt = self
            .send(who, vec![Action::Intent(operation, Detail::default())])
            .unwrap();
        match &receipt.status {
            Status::Refused { refusal, .. } => refusal.name.to_string(),
            Status::Applied => panic!("it was done"),
        }
    }

    pub fn reader(&self) -> Reader {
        self.chain.reader().unwrap()
    }

    pub fn height(&self) -> u64 {
        self.chain.status().height.0
    }
}

pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

pub fn body(who: Who, nonce: u64, actions: Vec<Action>) -> Body {
    Body {
        version: Version::V1,
        chain_id: 7,
        genesis: genesis().hash(),
        account: who.address(),
        key: who.address(),
        lane: Lane(0),
        nonce: Nonce(nonce),
        expiry: Expiry::NEVER,
        gas_limit: Gas(10_000_000_000),
        actions: List::new(actions).unwrap(),
    }
}

pub fn signed(who: Who, nonce: u64, actions: Vec<Action>) -> Transaction {
    Transaction::sign(body(who, nonce, actions), &who.key()).unwrap()
}

pub fn prefix() -> CompanyPrefix {
    CompanyPrefix::new("9521234").unwrap()
}

pub fn gtin() -> Gtin {
    Gtin::new("09521234543213").unwrap()
}

pub fn name(text: &str) -> Text<128> {
    Text::new(text).unwrap()
}

pub fn lot(text: &str) -> LotNumber {
    LotNumber::new(text).unwrap()
}

pub fn items(first: u64, count: u64) -> Thing {
    let serial = Serial::from_numeric(9, first.into()).unwrap();
    Thing::Run {
        run: Run::new(Line::Product(gtin()), serial, count).unwrap(),
        lot: None,
    }
}

pub fn item(serial: u64) -> ThingId {
    items(serial, 1).id().unwrap()
}

pub fn sscc(reference: u64) -> Sscc {
    let body = 9_521_234_000_000_000 + reference;
    let digits: Vec<u64> = format!("{body:017}")
        .bytes()
        .map(|byte| u64::from(byte - b'0'))
        .collect();
    let sum: u64 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 3 } else { *digit })
        .sum();
    Sscc::from_u64(body * 10 + (10 - sum % 10) % 10).unwrap()
}

pub fn unit(reference: u64) -> ThingId {
    ThingId::Unit(sscc(reference))
}

pub fn things(things: impl IntoIterator<Item = Thing>) -> Things {
    List::new(things.into_iter().collect()).unwrap()
}

pub fn commission(thing: Thing, in_lot: Option<&str>) -> Operation {
    Operation::Commission {
        items: things([thing]),
        lot: in_lot.map(lot),
        expiry: None,
        owner: None,
    }
}

pub fn offer(thing: Thing, to: Who) -> Operation {
    let to = PartyRef::Account(to.address());
    Operation::Offer {
        items: things([thing]),
        to,
        what: Right::Both,
        deadline: None,
    }
}

pub fn accept(thing: Thing) -> Operation {
    Operation::Accept {
        items: things([thing]),
    }
}

pub fn pack(parent: &ThingId, child: Thing) -> Operation {
    Operation::Pack {
        parent: parent.clone(),
        children: things([child]),
    }
}

pub fn unpack(parent: &ThingId, child: Thing) -> Operation {
    Operation::Unpack {
        parent: parent.clone(),
        children: things([child]),
    }
}

pub fn observe(thing: Thing) -> Operation {
    Operation::Observe {
        items: things([thing]),
        parent: None,
    }
}

/// All pages of a list, two items on each.
pub fn all<T>(
    mut page: impl FnMut(&PageRequest) -> Result<marque_chain::reads::Page<T>, ChainError>,
) -> Vec<T> {
    let mut request = PageRequest::first(2);
    let mut found = Vec::new();
    loop {
        let part = page(&request).unwrap();
        found.extend(part.items);
        let Some(cursor) = part.cursor else {
            return found;
        };
        request.cursor = Some(cursor.to_string().parse().unwrap());
    }
}

/// The rows of every derived table.
pub fn index_rows(world: &World) -> Vec<Vec<marque_state::Entry>> {
    use marque_state::tables::{LINKS, POSTINGS, REFUSALS, SEGMENTS, STABS, TRANSACTIONS};
    use std::ops::Bound::Unbounded;
    let snapshot = world.store.snapshot().unwrap();
    let tables = [
        LINKS.id(),
        POSTINGS.id(),
        REFUSALS.id(),
        STABS.id(),
        SEGMENTS.id(),
        TRANSACTIONS.id(),
    ];
    let rows = |table| {
        snapshot
            .range(
                table,
                Unbounded,
                Unbounded,
                marque_state::Direction::Ascending,
            )
            .unwrap()
    };
    tables
        .into_iter()
        .map(|table| rows(table).map(Result::unwrap).collect())
        .collect()
}
