//! What a party does, and how it is to end.

use crate::goods::{Pallet, serial};
use crate::outcome::{Done, Refused};
use crate::party::Party;
use crate::world::World;
use marque_primitives::action::{
    Action, Capture, CodeSource, ContractAction, EventType, Operation, PartyRef, Report, Right,
    Things,
};
use marque_primitives::bounded::{Bytes, List, Text};
use marque_primitives::date::Date;
use marque_primitives::detail::{
    Detail, Document, Evidence, Fact, FactValue, Facts, OpenEvidence, Place, Sensor,
};
use marque_primitives::gs1::LotNumber;
use marque_primitives::hash::sha256;
use marque_primitives::receipt::Status;
use marque_primitives::thing::Thing;
use marque_primitives::{Address, Decimal, TimeMs};
use parity_scale_codec::Encode;

/// One action on its way: what is done, when, where and with what evidence.
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
    pub fn deploy(self, code: &[u8], args: &impl Encode) -> Done {
        // Each contract of an account gets a salt of its own: the hash of its code.
        let [a, b, c, d, e, f, g, h, ..] = sha256(&[code]).0;
        let action = ContractAction::Deploy {
            code: inline(code),
            salt: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            args: bytes(args),
        };
        self.act(Action::Contract(action)).happens()
    }

    /// Gives a contract new code; `args` are those of its migration.
    pub fn upgrade(self, contract: Address, code: &[u8], args: &impl Encode) -> Self {
        let code = inline(code);
        self.act(Action::Contract(ContractAction::Upgrade {
            contract,
            code,
            args: bytes(args),
        }))
    }

    /// Sends a contract a message.
    pub fn tell(self, contract: Address, name: &str, args: &impl Encode) -> Self {
        self.act(Action::Contract(ContractAction::Message {
            contract,
            name: Text::new(name).expect("a name"),
            args: bytes(args),
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

    /// Where a party's location was: the read point.
    pub fn at(mut self, party: &str) -> Self {
        self.detail.place = Some(self.world.party(party).place());
        self
    }

    /// Where it is thereafter: a party's location.
    pub fn then_at(mut self, party: &str) -> Self {
        self.detail.location = Some(self.world.party(party).place());
        self
    }

    /// Where it is thereafter: any place.
    pub fn then_at_place(mut self, place: Place) -> Self {
        self.detail.location = Some(place);
        self
    }

    /// When it happened; the block's time if not said.
    pub fn on(mut self, time: TimeMs) -> Self {
        self.detail.time = Some(time);
        self
    }

    /// The CBV business step.
    pub fn step(mut self, step: &str) -> Self {
        self.detail.step = Some(Text::new(step).expect("a step"));
        self
    }

    /// A document that it belongs to: CBV type and URI.
    pub fn document(mut self, kind: &str, id: &str) -> Self {
        let document = Document {
            kind: Text::new(kind).expect("a type"),
            id: Text::new(id).expect("a URI"),
        };
        self.evidence
            .documents
            .push(document)
            .expect("at most 64 documents");
        self
    }

    /// A fact in words.
    pub fn fact(mut self, name: &str, words: &str) -> Self {
        self.facts.push(Fact {
            name: Text::new(name).expect("a name"),
            value: FactValue::Text(Text::new(words).expect("words")),
        });
        self
    }

    /// A sensor report.
    pub fn sensor(mut self, sensor: Sensor) -> Self {
        self.evidence
            .sensors
            .push(sensor)
            .expect("at most 256 sensors");
        self
    }

    /// A temperature in degrees of `unit` (CEL, FAH, KEL) over a span.
    pub fn temperature(self, warmest: &str, unit: &str, from: TimeMs, to: TimeMs) -> Self {
        self.sensor(Sensor {
            kind: Text::new("Temperature").expect("a property"),
            unit: Some(Text::new(unit).expect("a unit")),
            max: Some(Decimal::parse(warmest).expect("a number")),
            from: Some(from),
            to: Some(to),
            ..Sensor::default()
        })
    }

    /// A sensor's alarm.
    pub fn alarm(self, property: &str) -> Self {
        self.sensor(Sensor {
            kind: Text::new(property).expect("a property"),
            alarm: true,
            ..Sensor::default()
        })
    }

    /// It is reported, not intended: a captured event about something past.
    pub fn captured(mut self) -> Self {
        self.captured = true;
        self
    }

    fn into_action(mut self) -> (&'w mut World, Party, Action) {
        self.evidence.facts = Facts::new(self.facts).expect("each fact once");
        self.detail.evidence = Evidence::Open(self.evidence);
        let action = match (self.action, self.operation) {
            (Some(action), _) => action,
            (None, Some(operation)) if self.captured => {
                Action::Fact(report(operation, self.detail))
            }
            (None, Some(operation)) => Action::Intent(operation, self.detail),
            (None, None) => panic!("a step does something"),
        };
        (self.world, self.party, action)
    }

    /// It is applied.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn happens(self) -> Done {
        let (world, party, action) = self.into_action();
        let (receipt, done) = world.send(&party.key, vec![action]);
        if let Status::Refused { refusal, .. } = &receipt.status {
            panic!("{}'s step was refused: {refusal} {refusal:?}", party.name);
        }
        done
    }

    /// It is refused by this name, and leaves nothing.
    ///
    /// # Panics
    /// When it is applied, or refused by another name.
    #[track_caller]
    pub fn is_refused(self, name: &str) -> Refused {
        let (world, party, action) = self.into_action();
        let (receipt, done) = world.send(&party.key, vec![action]);
        match receipt.status.clone() {
            Status::Refused { refusal, .. } => {
                assert_eq!(refusal.name.as_str(), name, "{refusal} {refusal:?}");
                Refused { receipt, refusal }
            }
            Status::Applied => panic!("{}'s step was not refused: {done:?}", party.name),
        }
    }
}

/// The report of something past that may stand for an operation.
fn report(operation: Operation, detail: Detail) -> Report {
    let (event_type, items, parent) = match &operation {
        Operation::Pack { parent, children } | Operation::Unpack { parent, children } => (
            EventType::AggregationEvent,
            children.clone(),
            Some(parent.clone()),
        ),
        Operation::Transform {
            inputs, outputs, ..
        } => {
            let all = inputs.iter().chain(outputs).cloned().collect();
            (
                EventType::TransformationEvent,
                List::new(all).expect("things"),
                None,
            )
        }
        Operation::Commission { items, .. }
        | Operation::Decommission { items }
        | Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items }
        | Operation::Observe { items, .. } => (EventType::ObjectEvent, items.clone(), None),
        other => panic!("no captured event stands for {other:?}"),
    };
    let hash = sha256(&[&operation.encode(), &detail.encode()]);
    let attempts = match operation {
        Operation::Observe { .. } => List::default(),
        operation => List::new(vec![operation]).expect("one attempt"),
    };
    Report {
        capture: Capture {
            event_type,
            hash,
            event_id: None,
            declaration: None,
        },
        attempts,
        items,
        parent,
        detail,
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
