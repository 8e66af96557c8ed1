//! A chain of one test: parties by name, products, time.

mod reads;
mod send;

use crate::goods::Product;
use crate::party::{Party, key};
use crate::run::Watched;
use crate::step::Step;
use marque_ledger::Ledger;
use marque_primitives::action::{Action, LicenceKey, PartyRef, Registration};
use marque_primitives::bounded::{List, Text};
use marque_primitives::genesis::Genesis;
use marque_primitives::gs1::{CompanyPrefix, Gln, Gtin};
use marque_primitives::receipt::Status;
use marque_primitives::{Address, Hash, TimeMs};
use marque_state::{MemoryStore, State, Store};
pub(crate) use send::Sent;
use send::settle;
use std::collections::BTreeMap;

/// 2026-05-01T08:00:00Z, when every world begins.
const START: TimeMs = TimeMs(1_777_622_400_000);
/// Milliseconds between blocks.
const STEP: u64 = 1_000;

/// A ledger with its state, a block for each step.
///
/// ```
/// use marque_testing::{World, compile_example};
/// let mut world = World::new();
/// // Parties are there when they are first named.
/// let bob = world.address("bob");
/// assert_eq!(world.name_of(bob).as_deref(), Some("bob"));
/// let code = compile_example("marque-sdk", "dealers");
/// let rules = world.by("alice").deploy(&code, &()).contract();
/// let watch = world.product("alice", "Watch", rules);
/// world.by("alice").commission([watch.items(1, 10)]).lot("L1").happens();
/// assert_eq!(world.custodian(&watch.item(10)), Some(world.address("alice")));
/// assert!(world.is_free(&watch.item(10)) && !world.is_lot_held(&watch.lot("L1")));
/// // Time passes as it is told to.
/// let before = world.now();
/// world.wait(86_400_000);
/// assert_eq!(world.now().0, before.0 + 86_400_000);
/// // What a contract answers, and what it says of itself.
/// assert!(world.query::<bool>(rules, "nothing", &()).is_err());
/// assert_eq!(world.interface(rules).messages[0].name, "list");
/// ```
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
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let world = World::new();
    /// assert_eq!(world.now().0, 1_777_622_401_000, "a second after 2026-05-01T08:00:00Z");
    /// ```
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
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let bob = world.party("bob");
    /// assert_eq!((bob.name.as_str(), world.party("bob").gln), ("bob", bob.gln));
    /// ```
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
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let bob = world.address("bob");
    /// assert!(bob == world.party("bob").account && bob != world.address("alice"));
    /// ```
    pub fn address(&mut self, name: &str) -> Address {
        self.party(name).account
    }

    /// The name of the party behind an account.
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let bob = world.address("bob");
    /// assert_eq!(world.name_of(bob).as_deref(), Some("bob"));
    /// assert_eq!(World::new().name_of(bob), None, "not named yet");
    /// ```
    pub fn name_of(&self, account: Address) -> Option<String> {
        let mut parties = self.parties.values();
        let party = parties.find(|party| party.account == account)?;
        Some(party.name.clone())
    }

    /// A new product of a brand, ruled by a contract; the brand gets its prefix with the
    /// first.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (drill, saw) = (world.product("alice", "Drill", rules), world.product("alice", "Saw", rules));
    /// assert_ne!(drill.gtin, saw.gtin);
    /// world.by("mallory").commission([drill.items(1, 10)]).is_refused("NotLicensed");
    /// ```
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

    /// An issuer says of a party that it has a credential from now to a last moment, or until
    /// it is revoked; said again, it is renewed. It ends by itself as time passes.
    ///
    /// ```
    /// use marque_testing::World;
    /// let mut world = World::new();
    /// let until = world.now().plus(86_400_000);
    /// world.issue("authority", "bob", "wholesale-distribution", Some(until));
    /// assert!(world.has_credential("authority", "bob", "wholesale-distribution"));
    /// world.wait(86_400_001);
    /// assert!(!world.has_credential("authority", "bob", "wholesale-distribution"));
    /// world.issue("authority", "bob", "wholesale-distribution", None);
    /// world.revoke("authority", "bob", "wholesale-distribution");
    /// assert!(!world.has_credential("authority", "bob", "wholesale-distribution"));
    /// ```
    #[track_caller]
    pub fn issue(&mut self, issuer: &str, subject: &str, kind: &str, until: Option<TimeMs>) {
        let subject = PartyRef::Account(self.address(subject));
        let registration = Registration::IssueCredential {
            subject,
            kind: kind.parse().expect("a kind of credential"),
            number: "TEST-1".parse().expect("a number"),
            from: None,
            until,
        };
        self.by(issuer)
            .act(Action::Registry(registration))
            .happens();
    }

    /// An issuer ends what it said of a party. The example is at [`World::issue`].
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// world.issue("authority", "bob", "wholesale-distribution", None);
    /// world.revoke("authority", "bob", "wholesale-distribution");
    /// assert!(!world.has_credential("authority", "bob", "wholesale-distribution"));
    /// ```
    #[track_caller]
    pub fn revoke(&mut self, issuer: &str, subject: &str, kind: &str) {
        let registration = Registration::RevokeCredential {
            subject: PartyRef::Account(self.address(subject)),
            kind: kind.parse().expect("a kind of credential"),
        };
        self.by(issuer)
            .act(Action::Registry(registration))
            .happens();
    }

    /// What a party does next.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("mallory").offer([drill.items(1, 10)], "bob").is_refused("NotCustodian");
    /// ```
    pub fn by(&mut self, name: &str) -> Step<'_> {
        let party = self.party(name);
        Step::new(self, party)
    }

    /// Lets time pass before the next block.
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let before = world.now();
    /// world.wait(86_400_000);
    /// assert_eq!(world.now(), before.plus(86_400_000));
    /// ```
    pub fn wait(&mut self, ms: u64) {
        self.time += ms;
    }
}
