//! What is on the ledger.

use super::{STEP, World};
use marque_abi::interface::Interface;
use marque_abi::meta::Meta;
use marque_ledger::{BlockInfo, Standing, read};
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::record::{LotRecord, Record, Status};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::{Address, Decimal, Height, TimeMs};
use marque_state::State;
use parity_scale_codec::{Decode, Encode};

impl World {
    /// The time of the next block.
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let before = world.now();
    /// world.party("bob");
    /// assert_eq!(world.now(), before.plus(1_000), "his registration had a block");
    /// ```
    pub fn now(&self) -> TimeMs {
        TimeMs(self.time + STEP)
    }

    /// A question to a contract.
    ///
    /// ```
    /// # use marque_primitives::{Address, Decimal};
    /// # let (mut world, nobody) = (marque_testing::World::new(), Vec::<Address>::new());
    /// # let args = (Decimal::from_integer(5), 30u32, nobody.clone(), nobody);
    /// let code = marque_testing::compile("marque-fresh-food");
    /// let rules = world.by("alice").deploy(&code, &args).contract();
    /// let bob = world.address("bob");
    /// assert_eq!(world.query::<bool>(rules, "listed", &bob).ok(), Some(false));
    /// let refused = world.query::<bool>(rules, "noSuchThing", &bob).unwrap_err();
    /// assert_eq!(refused.name.as_str(), "NoSuchMessage");
    /// ```
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
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &()).contract();
    /// let interface = world.interface(rules);
    /// assert_eq!(interface.messages[0].name, "list");
    /// assert_eq!(interface.rules[0].kind, "offer");
    /// ```
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
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let height = |world: &World| world.state().tip().map(|tip| tip.height);
    /// let before = height(&world);
    /// world.party("bob");
    /// assert_ne!(height(&world), before, "his registration is in a block");
    /// ```
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A thing's record and how it stands; `None` if nothing is known of it.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// assert!(world.standing(&drill.item(1)).is_none());
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let (record, standing) = world.standing(&drill.item(1)).unwrap();
    /// assert!(!record.external && standing.custodian == record.custodian);
    /// ```
    pub fn standing(&self, id: &ThingId) -> Option<(Record, Standing)> {
        read::standing(&self.state, id).expect("memory")
    }

    /// Who has a thing.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// assert_eq!(world.custodian(&drill.item(1)), Some(world.address("alice")));
    /// ```
    pub fn custodian(&self, id: &ThingId) -> Option<Address> {
        self.standing(id)?.1.custodian
    }

    /// Whether a thing moves freely, its lot and parents counted in.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").decommission([drill.items(1, 1)]).happens();
    /// assert!(!world.is_free(&drill.item(1)) && world.is_free(&drill.item(2)));
    /// ```
    pub fn is_free(&self, id: &ThingId) -> bool {
        let standing = self.standing(id).expect("a known thing").1;
        standing.judgement.status == marque_ledger::Effective::Active
    }

    /// A lot's record.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// assert!(world.lot(&drill.lot("L7")).is_none());
    /// world.by("alice").commission([drill.items(1, 10)]).lot("L7").happens();
    /// assert_eq!(world.lot(&drill.lot("L7")).unwrap().brand, Some(world.address("alice")));
    /// ```
    pub fn lot(&self, id: &LotId) -> Option<LotRecord> {
        read::lot(&self.state, id).expect("memory")
    }

    /// Whether a party has a credential that holds in the next block.
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// world.issue("authority", "bob", "wholesale-distribution", None);
    /// assert!(world.has_credential("authority", "bob", "wholesale-distribution"));
    /// assert!(!world.has_credential("bob", "bob", "wholesale-distribution"), "his own word");
    /// ```
    pub fn has_credential(&mut self, issuer: &str, subject: &str, kind: &str) -> bool {
        let (issuer, subject) = (self.address(issuer), self.address(subject));
        let kind = kind.parse().expect("a kind of credential");
        let now = self.now();
        read::credential(&self.state, &subject, &issuer, &kind)
            .expect("memory")
            .is_some_and(|credential| credential.valid_at(now))
    }

    /// Whether a lot is held as a whole.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).lot("L7").happens();
    /// assert!(!world.is_lot_held(&drill.lot("L7")));
    /// ```
    pub fn is_lot_held(&self, id: &LotId) -> bool {
        self.lot(id)
            .is_some_and(|lot| lot.status == Status::Quarantined)
    }

    /// What an account has of a lot, packed or not.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (glue, alice) = (world.product("alice", "Glue", rules), world.address("alice"));
    /// world.by("alice").commission([glue.quantity("L7", "12", None)]).happens();
    /// let left = world.quantity(alice, &glue.lot("L7"));
    /// assert_eq!(left, marque_primitives::Decimal::from_integer(12));
    /// ```
    pub fn quantity(&self, account: Address, id: &LotId) -> Decimal {
        let balances = read::balances(&self.state, id).expect("memory");
        let own = balances
            .iter()
            .filter(|b| b.holding.custodian == Some(account));
        own.fold(Decimal::ZERO, |sum, b| {
            sum.checked_add(b.value).expect("a sum")
        })
    }

    pub(super) fn next(&self) -> BlockInfo {
        BlockInfo {
            height: Height(self.height + 1),
            time: self.now(),
        }
    }
}
