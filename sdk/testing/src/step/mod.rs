//! What a party does, and how it is to end.

mod ending;
mod evidence;
mod report;

use crate::code::Code;
use crate::goods::{Pallet, serial};
use crate::outcome::Done;
use crate::party::Party;
use crate::world::World;
use marque_primitives::Address;
use marque_primitives::action::{
    Action, CodeSource, ContractAction, Operation, PartyRef, Right, Things,
};
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::date::Date;
use marque_primitives::detail::{Detail, Fact, OpenEvidence};
use marque_primitives::gs1::LotNumber;
use marque_primitives::hash::sha256;
use marque_primitives::thing::Thing;
use parity_scale_codec::Encode;

/// One action on its way: what is done, when, where and with what evidence.
///
/// ```
/// use marque_testing::{Pallet, World, compile_example};
/// let mut world = World::new();
/// let code = compile_example("marque-sdk", "dealers");
/// let rules = world.by("alice").deploy(&code, &()).contract();
/// let watch = world.product("alice", "Watch", rules);
/// let (bob, pallet) = (world.address("bob"), Pallet::new(1));
/// world.by("alice").tell(rules, "list", &bob).happens();
/// world.by("bob").tell(rules, "list", &bob).is_refused("NotAllowed");
/// let made = world.by("alice").commission([watch.items(1, 10)]);
/// made.lot("L1").expiry("2030-01-31").at("alice").happens();
/// world.by("alice").pack(pallet, [watch.items(1, 10)]).happens();
/// let shipped = world.by("alice").offer([pallet.thing()], "bob").step("shipping");
/// shipped.document("desadv", "urn:x:1").fact("carrier", "Fast & Sons").happens();
/// // Reported as past.
/// world.by("bob").accept([pallet.thing()]).here().captured().happens().is_accepted();
/// assert_eq!(world.custodian(&watch.item(7)), Some(bob));
/// let now = world.now();
/// let seen = world.by("bob").observe([pallet.thing()]).temperature("4.5", "CEL", now, now);
/// assert!(seen.ends().is_ok());
/// ```
#[must_use = "a step is taken by saying how it ends: happens() or is_refused(…)"]
pub struct Step<'w> {
    world: &'w mut World,
    party: Party,
    action: Option<Action>,
    operation: Option<Operation>,
    detail: Detail,
    evidence: OpenEvidence,
    facts: Vec<Fact>,
    captured: bool,
}

impl<'w> Step<'w> {
    pub(crate) fn new(world: &'w mut World, party: Party) -> Self {
        Self {
            world,
            party,
            action: None,
            operation: None,
            detail: Detail::default(),
            evidence: OpenEvidence::default(),
            facts: Vec::new(),
            captured: false,
        }
    }

    /// Any action.
    ///
    /// ```
    /// use marque_primitives::action::{Action, Registration};
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let registration = Registration::RegisterParty {
    ///     account: world.address("bob"),
    ///     name: "Bob's Shop".try_into()?,
    ///     locations: Default::default(),
    /// };
    /// world.by("bob").act(Action::Registry(registration)).is_refused("NotRegistrar");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn act(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    /// Any operation.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// use marque_primitives::action::{Operation, PartyRef, Things};
    ///
    /// let drill = world.product("alice", "Drill", rules);
    /// let for_the_bank = Operation::Commission {
    ///     items: Things::new(vec![drill.items(1, 10)])?,
    ///     lot: None,
    ///     expiry: None,
    ///     owner: Some(PartyRef::Account(world.address("bank"))),
    /// };
    /// world.by("alice").operate(for_the_bank).happens();
    /// assert_eq!(world.standing(&drill.item(1)).unwrap().0.owner, Some(world.address("bank")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn operate(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Puts a contract on the ledger; `args` are those of its init.
    ///
    /// ```
    /// use marque_testing::{World, compile_example};
    ///
    /// let mut world = World::new();
    /// let code = compile_example("marque-sdk", "dealers");
    /// let rules = world.by("alice").deploy(&code, &()).contract();
    /// assert_eq!(world.interface(rules).messages[0].name, "list");
    /// ```
    ///
    /// # Panics
    /// When the ledger refuses the code or its init refuses the arguments.
    #[track_caller]
    pub fn deploy(self, code: impl Into<Code>, args: &impl Encode) -> Done {
        let code = code.into();
        self.world.know(&code);
        // Each contract of an account gets a salt of its own: the hash of its code.
        let [a, b, c, d, e, f, g, h, ..] = sha256(&[code.wasm()]).0;
        let action = ContractAction::Deploy {
            code: inline(code.wasm()),
            salt: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            args: bytes(args),
        };
        self.act(Action::Contract(action)).happens()
    }

    /// Gives a contract new code; `args` are those of its migration.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// // Other fields, and no `#[migrate]` that makes them of the old ones.
    /// let other = compile_example("marque-sdk", "dealers");
    /// world.by("alice").upgrade(rules, &other, &()).is_refused("StorageMismatch");
    /// ```
    pub fn upgrade(self, contract: Address, code: impl Into<Code>, args: &impl Encode) -> Self {
        let code = code.into();
        self.world.know(&code);
        let code = inline(code.wasm());
        self.act(Action::Contract(ContractAction::Upgrade {
            contract,
            code,
            args: bytes(args),
        }))
    }

    /// Sends a contract a message.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &()).contract();
    /// let bob = world.address("bob");
    /// world.by("mallory").tell(rules, "list", &bob).is_refused("NotAllowed");
    /// world.by("alice").tell(rules, "list", &bob).happens();
    /// ```
    pub fn tell(self, contract: Address, name: &str, args: &impl Encode) -> Self {
        self.tell_encoded(contract, name, bytes(args))
    }

    pub(crate) fn tell_encoded(self, contract: Address, name: &str, args: Bytes<65536>) -> Self {
        self.act(Action::Contract(ContractAction::Message {
            contract,
            name: Text::new(name).expect("a name"),
            args,
        }))
    }

    /// Brings things into being.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// assert_eq!(world.custodian(&drill.item(10)), Some(world.address("alice")));
    /// assert_eq!(world.custodian(&drill.item(11)), None);
    /// ```
    pub fn commission(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Commission {
            items: things(items),
            lot: None,
            expiry: None,
            owner: None,
        })
    }

    /// The lot of what is commissioned or made.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).lot("L7").happens();
    /// assert!(world.lot(&drill.lot("L7")).is_some());
    /// ```
    pub fn lot(mut self, number: &str) -> Self {
        let number = Some(LotNumber::new(number).expect("a lot number"));
        match &mut self.operation {
            Some(Operation::Commission { lot, .. } | Operation::Transform { lot, .. }) => {
                *lot = number;
            }
            other => panic!("only what begins has a lot to be given: {other:?}"),
        }
        self
    }

    /// The last good day of what is commissioned or made, as `2026-05-09`.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let glue = world.product("alice", "Glue", rules);
    /// world.by("alice").commission([glue.items(1, 10)]).expiry("2026-05-09").happens();
    /// let (record, _) = world.standing(&glue.item(1)).unwrap();
    /// assert_eq!(record.expiry, marque_primitives::date::Date::parse("2026-05-09"));
    /// ```
    pub fn expiry(mut self, day: &str) -> Self {
        let day = Some(Date::parse(day).expect("a day such as 2026-05-09"));
        match &mut self.operation {
            Some(Operation::Commission { expiry, .. } | Operation::Transform { expiry, .. }) => {
                *expiry = day;
            }
            other => panic!("only what begins has an expiry to be given: {other:?}"),
        }
        self
    }

    /// Offers possession to a party.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").offer([drill.items(1, 10)], "bob").happens();
    /// world.by("bob").accept([drill.items(1, 10)]).happens();
    /// assert_eq!(world.custodian(&drill.item(1)), Some(world.address("bob")));
    /// ```
    pub fn offer(self, items: impl Into<Vec<Thing>>, to: &str) -> Self {
        self.offer_right(items, to, Right::Possession)
    }

    /// Offers a right to a party.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// use marque_primitives::action::Right;
    ///
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").offer_right([drill.items(1, 10)], "bank", Right::Ownership).happens();
    /// world.by("bank").accept([drill.items(1, 10)]).happens();
    /// let (record, standing) = world.standing(&drill.item(1)).unwrap();
    /// assert_eq!(record.owner, Some(world.address("bank")));
    /// assert_eq!(standing.custodian, Some(world.address("alice")));
    /// ```
    pub fn offer_right(self, items: impl Into<Vec<Thing>>, to: &str, what: Right) -> Self {
        let to = PartyRef::Account(self.world.address(to));
        self.operate(Operation::Offer {
            items: things(items),
            to,
            what,
            deadline: None,
        })
    }

    /// Takes what is offered.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").offer([drill.items(1, 10)], "bob").happens();
    /// // Less came than was sent.
    /// world.by("bob").accept([drill.items(1, 9)]).happens();
    /// assert_eq!(world.custodian(&drill.item(10)), Some(world.address("alice")));
    /// ```
    pub fn accept(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Accept {
            items: things(items),
        })
    }

    /// Says "I have it".
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("bob").claim([drill.items(1, 10)]).happens();
    /// assert_eq!(world.custodian(&drill.item(1)), Some(world.address("alice")), "until she offers it");
    /// world.by("alice").offer([drill.items(1, 10)], "bob").happens();
    /// assert_eq!(world.custodian(&drill.item(1)), Some(world.address("bob")));
    /// ```
    pub fn claim(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Claim {
            items: things(items),
            what: Right::Possession,
        })
    }

    /// Hands things to someone without an account.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").release([drill.items(1, 1)]).is_refused("ProfessionalUse");
    /// ```
    pub fn release(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Release {
            items: things(items),
        })
    }

    /// Ends things.
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
    pub fn decommission(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Decommission {
            items: things(items),
        })
    }

    /// Undoes a decommission.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").decommission([drill.items(1, 1)]).happens();
    /// // Only a contract's rule can allow it, and this one has none for it.
    /// world.by("alice").reinstate([drill.items(1, 1)]).is_refused("NotReinstatable");
    /// ```
    pub fn reinstate(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Reinstate {
            items: things(items),
        })
    }

    /// Puts things into a unit.
    ///
    /// ```
    /// # use marque_testing::{Pallet, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (drill, pallet) = (world.product("alice", "Drill", rules), Pallet::new(1));
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").pack(pallet, [drill.items(1, 10)]).happens();
    /// let (record, _) = world.standing(&drill.item(1)).unwrap();
    /// assert_eq!(record.parent, Some(pallet.id()));
    /// ```
    pub fn pack(self, parent: Pallet, children: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Pack {
            parent: parent.id(),
            children: things(children),
        })
    }

    /// Takes things out of a unit; none named: everything.
    ///
    /// ```
    /// # use marque_testing::{Pallet, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (drill, pallet) = (world.product("alice", "Drill", rules), Pallet::new(1));
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// world.by("alice").pack(pallet, [drill.items(1, 10)]).happens();
    /// world.by("alice").unpack(pallet, [drill.items(1, 1)]).happens();
    /// let parent = |number| world.standing(&drill.item(number)).unwrap().0.parent;
    /// assert_eq!((parent(1), parent(2)), (None, Some(pallet.id())));
    /// ```
    pub fn unpack(self, parent: Pallet, children: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Unpack {
            parent: parent.id(),
            children: things(children),
        })
    }

    /// Writes down a sighting or measurement.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let seen = world.by("alice").observe([drill.items(1, 10)]).step("inspecting").happens();
    /// assert_eq!(seen.events[0].detail.step.as_deref(), Some("inspecting"));
    /// ```
    pub fn observe(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Observe {
            items: things(items),
            parent: None,
        })
    }

    /// Makes things of others.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (part, drill) = (world.product("alice", "Part", rules), world.product("alice", "Drill", rules));
    /// world.by("alice").commission([part.items(1, 10)]).happens();
    /// world.by("alice").transform([part.items(1, 9)], [drill.items(1, 3)]).lot("D1").happens();
    /// assert!(!world.is_free(&part.item(9)) && world.is_free(&part.item(10)));
    /// assert_eq!(world.custodian(&drill.item(3)), Some(world.address("alice")));
    /// ```
    pub fn transform(self, inputs: impl Into<Vec<Thing>>, outputs: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Transform {
            id: None,
            inputs: things(inputs),
            outputs: things(outputs),
            lot: None,
            expiry: None,
        })
    }
}

fn things(items: impl Into<Vec<Thing>>) -> Things {
    List::new(items.into()).expect("at most 1,000 things")
}

fn bytes<const N: usize>(args: &impl Encode) -> Bytes<N> {
    Bytes::new(args.encode()).expect("arguments that fit")
}

/// A serial of six digits, as messages take it.
///
/// ```
/// use marque_testing::serial_of;
///
/// assert_eq!(serial_of(7).as_str(), "000007");
/// ```
pub fn serial_of(number: u64) -> marque_primitives::gs1::Serial {
    serial(number)
}

fn inline(code: &[u8]) -> CodeSource {
    CodeSource::Inline(Bytes::new(code.to_vec()).expect("code of at most 512 KiB"))
}
