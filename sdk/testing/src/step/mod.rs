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
    pub fn act(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    /// Any operation.
    pub fn operate(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Puts a contract on the ledger; `args` are those of its init.
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
    pub fn commission(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Commission {
            items: things(items),
            lot: None,
            expiry: None,
            owner: None,
        })
    }

    /// The lot of what is commissioned or made.
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
    pub fn offer(self, items: impl Into<Vec<Thing>>, to: &str) -> Self {
        self.offer_right(items, to, Right::Possession)
    }

    /// Offers a right to a party.
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
    pub fn accept(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Accept {
            items: things(items),
        })
    }

    /// Says "I have it".
    pub fn claim(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Claim {
            items: things(items),
            what: Right::Possession,
        })
    }

    /// Hands things to someone without an account.
    pub fn release(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Release {
            items: things(items),
        })
    }

    /// Ends things.
    pub fn decommission(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Decommission {
            items: things(items),
        })
    }

    /// Undoes a decommission.
    pub fn reinstate(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Reinstate {
            items: things(items),
        })
    }

    /// Puts things into a unit.
    pub fn pack(self, parent: Pallet, children: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Pack {
            parent: parent.id(),
            children: things(children),
        })
    }

    /// Takes things out of a unit; none named: everything.
    pub fn unpack(self, parent: Pallet, children: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Unpack {
            parent: parent.id(),
            children: things(children),
        })
    }

    /// Writes down a sighting or measurement.
    pub fn observe(self, items: impl Into<Vec<Thing>>) -> Self {
        self.operate(Operation::Observe {
            items: things(items),
            parent: None,
        })
    }

    /// Makes things of others.
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
pub fn serial_of(number: u64) -> marque_primitives::gs1::Serial {
    serial(number)
}

fn inline(code: &[u8]) -> CodeSource {
    CodeSource::Inline(Bytes::new(code.to_vec()).expect("code of at most 512 KiB"))
}
