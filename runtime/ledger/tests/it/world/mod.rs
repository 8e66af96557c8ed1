//! A small world on the real transition, state and virtual machine. After every block the
//! whole state is audited (see `audit`).

pub mod audit;
mod journey;
mod model;
pub mod names;
pub mod ops;
pub mod puppet;

use audit::Books;
use marque_ledger::{
    BlockInfo, DryRun, Execution, Invalid, Ledger, LedgerError, Mode, Standing, read,
};
use marque_primitives::action::{Action, LicenceKey, Operation, Registration, Report};
use marque_primitives::detail::Detail;
use marque_primitives::genesis::Genesis;
use marque_primitives::gs1::{CompanyPrefix, Gln, Gtin};
use marque_primitives::receipt::{ActionReceipt, Receipt, Status};
use marque_primitives::record::{Contents, Holding, Record};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Decimal, Gas, Hash, Height, Lane, Nonce, TimeMs};
use marque_state::{Batch, Changes, MemoryStore, State, Store};
use marque_vm::{Vm, VmConfig};
use names::*;
use ops::*;
use parity_scale_codec::Encode;
use puppet::Program;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Gas that is enough for anything that ends.
pub const GAS: u64 = 1_000_000_000;
/// The first block's time.
pub const START: u64 = 1_777_622_400_000;
/// Milliseconds between blocks.
pub const STEP: u64 = 1_000;

static LEDGER: LazyLock<Ledger> =
    LazyLock::new(|| Ledger::new(Vm::new(&VmConfig::default()).unwrap()));

/// What is to be signed; the world fills in the rest.
#[derive(Clone)]
pub struct Tx {
    pub account: Address,
    pub key: Address,
    pub lane: u8,
    /// The next one of the lane if not given.
    pub nonce: Option<u64>,
    pub gas: u64,
    pub actions: Vec<Action>,
}

pub fn tx(account: Address, actions: Vec<Action>) -> Tx {
    Tx {
        account,
        key: account,
        lane: 0,
        nonce: None,
        gas: GAS,
        actions,
    }
}

pub fn intent(operation: Operation) -> Action {
    Action::Intent(operation, Detail::default())
}

/// A block and what came of it.
pub struct Block {
    pub info: BlockInfo,
    pub transactions: Vec<Transaction>,
    pub receipts: Vec<Receipt>,
    pub changes: Changes,
    pub root: [u8; 32],
}

/// The chain so far, with all that was ever written.
pub struct World {
    pub ledger: &'static Ledger,
    pub genesis: Genesis,
    pub store: MemoryStore,
    pub state: State,
    pub height: u64,
    pub time: u64,
    nonces: BTreeMap<(Address, Address, u8), u64>,
    pub books: Books,
    /// Of the last block.
    pub changes: Changes,
    /// Every block, to be executed again.
    pub blocks: Vec<Block>,
    /// The dairy's and the pharma company's puppets.
    pub dairy_contract: Address,
    pub pharma_contract: Address,
}

pub fn genesis() -> Genesis {
    Genesis {
        chain_id: 1,
        seed: Hash([9; 32]),
        time: TimeMs(START),
        registrar: REGISTRAR,
        validators: Vec::new(),
        block_gas: 1_000_000_000_000,
        contract_delay: 0,
        heartbeat: 0,
        development: false,
        quota: Default::default(),
    }
}

/// Commits changes and gives the state after them.
pub fn settle(store: &MemoryStore, state: &State, changes: Changes) -> State {
    let update = state.prepare(changes).unwrap();
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch).unwrap();
    update.settle(store.snapshot().unwrap()).unwrap()
}

/// A transaction whose signature nobody will look at: the ledger is given checked ones.
pub fn transaction(body: &Body) -> Transaction {
    let mut bytes = body.encode();
    bytes.extend_from_slice(&[0; 65]);
    Transaction::decode(bytes).unwrap()
}

impl World {
    /// An empty chain: genesis and nothing else.
    pub fn empty() -> Self {
        Self::of(genesis())
    }

    /// The same of another genesis.
    pub fn of(genesis: Genesis) -> Self {
        let store = MemoryStore::default();
        let state = State::open(store.snapshot().unwrap()).unwrap();
        let state = settle(&store, &state, Ledger::genesis(&genesis));
        Self {
            ledger: &LEDGER,
            genesis,
            store,
            state,
            height: 0,
            time: START,
            nonces: BTreeMap::new(),
            books: Books::default(),
            changes: Changes::new(),
            blocks: Vec::new(),
            dairy_contract: Address::of_contract(DAIRY, 0),
            pharma_contract: Address::of_contract(PHARMA, 0),
        }
    }

    /// With parties, licences, products and their contracts.
    pub fn new() -> Self {
        Self::empty().trading()
    }

    /// The same on this chain.
    pub fn trading(self) -> Self {
        let mut world = self;
        let party = |account, name: &str, locations: Vec<Gln>| {
            register(Registration::RegisterParty {
                account,
                name: name.try_into().unwrap(),
                locations: locations.try_into().unwrap(),
            })
        };
        let license = |brand, prefix: &str| {
            register(Registration::License {
                brand,
                key: LicenceKey::Prefix(CompanyPrefix::new(prefix).unwrap()),
            })
        };
        let registry = tx(
            REGISTRAR,
            vec![
                party(DAIRY, "Dairy", vec![gln(20)]),
                party(PHARMA, "Pharma", vec![gln(30)]),
                party(CARRIER, "Carrier", vec![gln(40)]),
                party(DEALER, "Dealer", vec![gln(50), dealers_dock()]),
                party(SHOP, "Shop", vec![gln(60)]),
                license(DAIRY, DAIRY_PREFIX),
                license(PHARMA, PHARMA_PREFIX),
            ],
        );
        let (milk_rule, pill_rule) = (world.dairy_contract, world.pharma_contract);
        let dairy = tx(
            DAIRY,
            vec![
                deploy(&puppet::CODE, 0, &[]),
                product(milk(), Some(milk_rule)),
                product(cheese(), None),
            ],
        );
        let pharma = tx(
            PHARMA,
            vec![
                deploy(&puppet::CODE, 0, &[]),
                product(pills(), Some(pill_rule)),
            ],
        );
        for receipt in world.block(vec![registry, dairy, pharma]) {
            assert_eq!(receipt.status, Status::Applied);
        }
        world
    }

    pub fn body(&self, tx: &Tx) -> Body {
        let lane = (tx.account, tx.key, tx.lane);
        let next = self.nonces.get(&lane).copied().unwrap_or(0);
        Body {
            version: Version::V1,
            chain_id: self.genesis.chain_id,
            genesis: self.genesis.hash(),
            account: tx.account,
            key: tx.key,
            lane: Lane(tx.lane),
            nonce: Nonce(tx.nonce.unwrap_or(next)),
            expiry: Expiry::NEVER,
            gas_limit: Gas(tx.gas),
            actions: tx.actions.clone().try_into().unwrap(),
        }
    }

    /// The block after the last one.
    pub fn next(&self) -> BlockInfo {
        BlockInfo {
            height: Height(self.height + 1),
            time: TimeMs(self.time + STEP),
        }
    }

    /// What a body would get in the block after the last one.
    pub fn dry_run(&self, body: &Body) -> Result<DryRun, Invalid> {
        let genesis = self.genesis.hash();
        self.ledger
            .dry_run(&self.state, self.next(), genesis, body)
            .unwrap()
    }

    /// Executes a block without keeping it.
    pub fn execute(&self, bodies: &[Transaction], mode: Mode) -> Result<Execution, LedgerError> {
        let bodies: Vec<&Transaction> = bodies.iter().collect();
        let genesis = self.genesis.hash();
        self.ledger
            .execute(&self.state, self.next(), genesis, &bodies, mode)
    }

    /// Executes a block, commits it and audits the state.
    pub fn block(&mut self, txs: Vec<Tx>) -> Vec<Receipt> {
        let mut signed = Vec::new();
        for tx in &txs {
            let body = self.body(tx);
            let lane = (tx.account, tx.key, tx.lane);
            self.nonces.insert(lane, body.nonce.0 + 1);
            signed.push(transaction(&body));
        }
        let execution = self.execute(&signed, Mode::Validate).unwrap();
        let next = self.next();
        (self.height, self.time) = (next.height.0, next.time.0);
        self.books.add(&execution);
        self.changes = execution.changes.clone();
        self.state = settle(&self.store, &self.state, execution.changes);
        self.books.audit(&self.state);
        self.blocks.push(Block {
            info: next,
            transactions: signed,
            receipts: execution.receipts.clone(),
            changes: self.changes.clone(),
            root: self.state.tip().unwrap().root,
        });
        execution.receipts
    }

    /// Executes every block again on another ledger: everything is the same.
    pub fn replay(&self, ledger: &Ledger) {
        let store = MemoryStore::default();
        let state = State::open(store.snapshot().unwrap()).unwrap();
        let mut state = settle(&store, &state, Ledger::genesis(&self.genesis));
        let genesis = self.genesis.hash();
        for block in &self.blocks {
            let transactions: Vec<&Transaction> = block.transactions.iter().collect();
            let execution = ledger
                .execute(&state, block.info, genesis, &transactions, Mode::Validate)
                .unwrap();
            assert_eq!(execution.receipts, block.receipts, "{:?}", block.info);
            assert_eq!(execution.changes, block.changes, "{:?}", block.info);
            state = settle(&store, &state, execution.changes);
            assert_eq!(state.tip().unwrap().root, block.root, "{:?}", block.info);
        }
    }

    /// A block with one transaction.
    pub fn send(&mut self, tx: Tx) -> Receipt {
        self.block(vec![tx]).pop().unwrap()
    }

    #[track_caller]
    pub fn applied(&mut self, tx: Tx) -> Vec<ActionReceipt> {
        let receipt = self.send(tx);
        assert_eq!(receipt.status, Status::Applied);
        receipt.actions
    }

    /// A transaction that is refused and leaves nothing but its nonce.
    #[track_caller]
    pub fn refuses(&mut self, tx: Tx) -> Refusal {
        let counters = read::counters(&self.state).unwrap();
        let receipt = self.send(tx);
        let Status::Refused { refusal, .. } = receipt.status else {
            panic!("not refused: {receipt:?}");
        };
        assert_eq!(receipt.actions, []);
        assert_eq!(self.changes.len(), 1, "a refusal keeps the nonce alone");
        assert_eq!(counters, read::counters(&self.state).unwrap());
        refusal
    }

    /// One action of an account that is done.
    #[track_caller]
    pub fn act(&mut self, account: Address, action: Action) -> ActionReceipt {
        self.applied(tx(account, vec![action])).pop().unwrap()
    }

    /// One operation that is done.
    #[track_caller]
    pub fn done(&mut self, account: Address, operation: Operation) -> ActionReceipt {
        self.act(account, intent(operation))
    }

    /// One operation that is refused.
    #[track_caller]
    pub fn refused(&mut self, account: Address, operation: Operation) -> Refusal {
        self.refuses(tx(account, vec![intent(operation)]))
    }

    /// A captured event that is kept, one way or another.
    #[track_caller]
    pub fn captured(&mut self, account: Address, report: Report) -> ActionReceipt {
        self.act(account, Action::Fact(report))
    }

    /// A hand-over: offered by one, accepted by the other.
    #[track_caller]
    pub fn hand_over(
        &mut self,
        from: Address,
        to: Address,
        items: marque_primitives::action::Things,
    ) {
        self.done(from, offer(items.clone(), to));
        self.done(to, accept(items));
    }

    /// Tells the dairy's puppet what a rule is to do.
    #[track_caller]
    pub fn program(&mut self, entry: &str, program: Program) {
        self.act(DAIRY, message(self.dairy_contract, entry, &program.0));
    }

    /// Tells the pharma company's puppet what a rule is to do.
    #[track_caller]
    pub fn program_pharma(&mut self, entry: &str, program: Program) {
        self.act(PHARMA, message(self.pharma_contract, entry, &program.0));
    }

    /// Runs a program as a message of the dairy's puppet; gives back its answer.
    #[track_caller]
    pub fn run(&mut self, program: Program) -> Vec<u8> {
        let contract = self.dairy_contract;
        let receipt = self.act(DAIRY, message(contract, "run", &program.0));
        receipt.output.into_vec()
    }

    /// Runs a program as a query of a contract.
    pub fn query(&self, contract: Address, program: &Program) -> Result<Vec<u8>, Box<Refusal>> {
        let args = program.0.clone().try_into_bytes();
        let name = "run".try_into().unwrap();
        let (state, next) = (&self.state, self.next());
        let answer = self.ledger.query(state, next, contract, &name, args);
        answer.unwrap().map_err(Box::new)
    }

    #[track_caller]
    pub fn record(&self, id: &ThingId) -> Record {
        read::record_at(&self.state, id).unwrap().unwrap().1
    }

    #[track_caller]
    pub fn standing(&self, id: &ThingId) -> Standing {
        read::standing(&self.state, id).unwrap().unwrap().1
    }

    #[track_caller]
    pub fn custodian(&self, id: &ThingId) -> Option<Address> {
        self.standing(id).custodian
    }

    pub fn contents(&self, id: &ThingId) -> Contents {
        read::contents(&self.state, id).unwrap().unwrap_or_default()
    }

    /// How much of a lot `fits`.
    pub fn balance(&self, id: &LotId, fits: impl Fn(&Holding) -> bool) -> Decimal {
        let balances = read::balances(&self.state, id).unwrap();
        let values = balances.iter().filter(|b| fits(&b.holding));
        values.fold(Decimal::ZERO, |sum, b| sum.checked_add(b.value).unwrap())
    }

    /// What an account has of a lot, packed or not.
    pub fn has(&self, account: Address, id: &LotId) -> Decimal {
        self.balance(id, |holding| holding.custodian == Some(account))
    }
}

pub fn product(gtin: Gtin, contract: Option<Address>) -> Action {
    register(Registration::RegisterProduct {
        gtin,
        name: "A product".try_into().unwrap(),
        contract,
    })
}

/// Bytes with their bound.
pub trait TryIntoBytes {
    fn try_into_bytes<const N: usize>(self) -> marque_primitives::bounded::Bytes<N>;
}

impl TryIntoBytes for Vec<u8> {
    fn try_into_bytes<const N: usize>(self) -> marque_primitives::bounded::Bytes<N> {
        marque_primitives::bounded::Bytes::new(self).unwrap()
    }
}
