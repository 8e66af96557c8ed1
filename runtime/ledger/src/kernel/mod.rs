//! Custody: what no contract may break. One file for each family of operations.
//!
//! Every operation goes the same way: find what it names ([`slices`], [`lots`]), check
//! rights and status, ask the contracts ([`crate::rules`]), write the event, then the
//! records and their entries. A refusal anywhere undoes the whole action.

pub(crate) mod answer;
pub(crate) mod associate;
pub(crate) mod claim;
pub(crate) mod commission;
pub(crate) mod contents;
pub(crate) mod correct;
pub(crate) mod end;
pub(crate) mod govern;
pub(crate) mod lots;
pub(crate) mod moved;
pub(crate) mod observe;
pub(crate) mod offer;
pub(crate) mod pack;
pub(crate) mod recall;
pub(crate) mod release;
pub(crate) mod rights;
pub(crate) mod sides;
pub(crate) mod slices;
pub(crate) mod sort;
pub(crate) mod spans;
pub(crate) mod standing;
pub(crate) mod transform;
pub(crate) mod unpack;

use crate::machine::Machine;
use crate::outcome::BlockInfo;
use crate::state::State;
use crate::stop::{Do, refuse};
use marque_primitives::action::{Capture, Kind, Operation, PartyRef, Right};
use marque_primitives::bounded::List;
use marque_primitives::detail::Detail;
use marque_primitives::history::{
    Counterparty, Decided, Entry, Event, Head, ParentMark, Role, Terms,
};
use marque_primitives::receipt::{ActionReceipt, ContractEvent, Outcome};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, Hash, Position, TimeMs, key};

/// How far into the future an event may be dated.
pub(crate) const MAX_FUTURE_MS: u64 = 10 * 60 * 1_000;

/// Who acts, in which block, for which transaction.
#[derive(Clone, Copy)]
pub(crate) struct Acting {
    pub(crate) block: BlockInfo,
    pub(crate) transaction: Hash,
    pub(crate) action: u32,
    /// The key that signed.
    pub(crate) signer: Address,
    /// On whose behalf.
    pub(crate) account: Address,
}

/// One action at work.
pub(crate) struct Kernel<'k, 's> {
    pub(crate) state: &'k mut State<'s>,
    pub(crate) machine: &'k dyn Machine,
    pub(crate) acting: Acting,
    /// A report of something past: what is unknown becomes external.
    pub(crate) capture: Option<Capture>,
    pub(crate) detail: Detail,
    /// The claim that the acceptance at work completes.
    pub(crate) completes: Option<Position>,
    /// Whether something later is known of what the action at work moves.
    pub(crate) late: bool,
    /// What rules decided so far.
    pub(crate) decided: Vec<Decided>,
    pub(crate) emitted: Vec<ContractEvent>,
    /// Contracts that are running, outermost first.
    pub(crate) stack: Vec<Address>,
    pub(crate) receipt: ActionReceipt,
    /// Contracts' lines for their developers, where someone reads them.
    pub(crate) log: Option<&'k mut Vec<(Address, String)>>,
}

/// How far an action had come.
pub(crate) struct Progress {
    decided: usize,
    emitted: usize,
    receipt: ActionReceipt,
}

/// The event that an operation writes, once its rules have spoken.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) from: Option<Address>,
    pub(crate) to: Option<Address>,
    pub(crate) what: Option<Right>,
    pub(crate) items: Vec<Thing>,
    pub(crate) parent: Option<ThingId>,
    pub(crate) terms: Option<Terms>,
    pub(crate) withheld: Option<Refusal>,
    pub(crate) late: bool,
}

/// A written event, as its entries name it.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) kind: Kind,
    /// Whether what an entry says was inferred from the event, which is of another kind.
    pub(crate) inferred: bool,
    pub(crate) position: Position,
    pub(crate) hash: Hash,
}

/// An empty receipt of an action.
pub(crate) fn new_receipt() -> ActionReceipt {
    ActionReceipt {
        outcome: Outcome::Accepted,
        event: None,
        offer: None,
        recall: None,
        contract: None,
        notes: List::default(),
        emitted: Vec::new(),
        output: Default::default(),
    }
}

impl Kernel<'_, '_> {
    /// Does one operation, or refuses it.
    pub(crate) fn perform(&mut self, operation: &Operation) -> Do<()> {
        self.check_time()?;
        match operation {
            Operation::Commission {
                items,
                lot,
                expiry,
                owner,
            } => self.commission(items, lot.as_ref(), *expiry, owner.as_ref()),
            Operation::Decommission { items } => self.decommission(items),
            Operation::Reinstate { items } => self.reinstate(items),
            Operation::Offer {
                items,
                to,
                what,
                deadline,
            } => self.offer(items, *to, *what, *deadline),
            Operation::Accept { items } => self.accept(items),
            Operation::Reject { items } => self.close_offer(Kind::Reject, items),
            Operation::Withdraw { items } => self.withdraw(items),
            Operation::Claim { items, what } => self.claim(items, *what),
            Operation::Release { items } => self.release(items),
            Operation::Pack { parent, children } => self.pack(parent, children),
            Operation::Unpack { parent, children } => self.unpack(parent, children),
            Operation::Observe { items, parent } => self.observe(items, parent.as_ref(), None),
            Operation::Associate { parent, children } => self.associate(parent, children),
            Operation::Dissociate { parent, children } => self.dissociate(parent, children),
            Operation::Transform {
                id,
                inputs,
                outputs,
                lot,
                expiry,
            } => self.transform(id.as_ref(), inputs, outputs, lot.as_ref(), *expiry),
            Operation::Recall {
                target,
                reason,
                instructions,
                collectors,
            } => self.recall(target, reason, instructions, collectors),
            Operation::Lift { recall } => self.lift(*recall),
            Operation::Link {
                items,
                parent,
                unlink,
            } => self.link(items, parent.as_ref(), *unlink),
            Operation::DeclareError {
                event,
                event_id,
                reason,
                corrective,
            } => {
                let terms = Terms::Correction {
                    event: *event,
                    reason: reason.clone(),
                    corrective: corrective.clone(),
                };
                self.declare_error(event, event_id.as_ref(), Some(terms))
            }
            Operation::LiftOf { target } => self.lift_of(target),
            Operation::EndHold { target } => self.end_hold(target),
        }
    }

    /// What an action has to show so far, apart from the state.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            decided: self.decided.len(),
            emitted: self.emitted.len(),
            receipt: self.receipt.clone(),
        }
    }

    /// Forgets what came after; the state is undone apart.
    pub(crate) fn go_back(&mut self, to: Progress) {
        self.decided.truncate(to.decided);
        self.emitted.truncate(to.emitted);
        self.receipt = to.receipt;
        self.late = false;
    }

    pub(crate) fn account(&self) -> Address {
        self.acting.account
    }

    /// When the action happened: as it says, or block time.
    pub(crate) fn time(&self) -> TimeMs {
        self.detail.time.unwrap_or(self.acting.block.time)
    }

    /// Nothing is dated later than block time and ten minutes.
    pub(crate) fn check_time(&self) -> Do<()> {
        let latest = self.acting.block.time.plus(MAX_FUTURE_MS);
        if self.time() > latest {
            let refusal =
                Refusal::kernel(Invariant::InFuture, "the movement is dated in the future");
            return Err(refusal
                .field("time")
                .expected(&format!("at most {latest} ms"))
                .into());
        }
        Ok(())
    }

    /// The account behind a party's name.
    pub(crate) fn resolve(&mut self, party: PartyRef, field: &str) -> Do<Address> {
        match party {
            PartyRef::Account(address) => Ok(address),
            PartyRef::Location(gln) => match self.state.get("location", &key::location(&gln))? {
                Some(address) => Ok(address),
                None => {
                    let message = format!("no party has registered {gln}");
                    Err(Refusal::kernel(Invariant::UnknownParty, &message)
                        .field(field)
                        .into())
                }
            },
        }
    }

    /// Writes the action's event; entries come after it.
    pub(crate) fn write_event(&mut self, kind: Kind, draft: Draft) -> Do<Written> {
        let Ok(items) = List::new(draft.items) else {
            return refuse(
                Invariant::Shape,
                "the action touches more than 2,000 things; split it",
            );
        };
        let event = Event {
            height: self.acting.block.height,
            recorded: self.acting.block.time,
            transaction: self.acting.transaction,
            action: self.acting.action,
            kind,
            signer: self.acting.signer,
            account: self.acting.account,
            from: draft.from.map(Counterparty::Account),
            to: draft.to.map(Counterparty::Account),
            what: draft.what,
            items,
            parent: draft.parent,
            terms: draft.terms,
            withheld: draft.withheld,
            late: draft.late || self.late,
            claim: self.completes,
            decided: self.decided.clone(),
            detail: self.detail.clone(),
            // The report's first event stands for it: what a contract does because of it, or
            // what it completes, was not captured itself.
            capture: self
                .capture
                .clone()
                .filter(|_| kind != Kind::Govern && self.receipt.event.is_none()),
        };
        let (position, hash) = self.state.event(event)?;
        self.receipt.event = Some(position);
        Ok(Written {
            kind,
            inferred: false,
            position,
            hash,
        })
    }

    /// Appends an entry to a history.
    pub(crate) fn write_entry(
        &mut self,
        written: Written,
        subject: Thing,
        role: Role,
        before: Head,
        parent: Option<ParentMark>,
    ) -> Do<Head> {
        let entry = Entry {
            subject,
            role,
            kind: written.kind,
            inferred: written.inferred,
            event: written.position,
            event_hash: written.hash,
            before,
            parent,
        };
        self.state.entry(entry)
    }
}
