//! Captured events: what is known already, what custody they move, and what is kept of
//! them in any case.

use crate::kernel::Kernel;
use crate::stop::{Do, Stop};
use marque_primitives::action::{Capture, Kind, Operation, Report};
use marque_primitives::receipt::Outcome;
use marque_primitives::record::KnownEvent;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::{Hash, Position, key};

/// Where a report stands against the ones before it.
enum Known {
    New,
    Duplicate,
    /// The same event again, declared to be an error.
    Declared,
}

impl Kernel<'_, '_> {
    /// Keeps a captured event; custody follows it where rights and rules allow.
    pub(crate) fn report(&mut self, report: &Report) -> Do<()> {
        let known = self.known(&report.capture)?;
        if let Known::Duplicate = known {
            self.receipt.outcome = Outcome::Duplicate;
            return Ok(());
        }
        self.check_time()?;
        if let Known::Declared = known {
            // Its reason and what puts it right stand in the capture.
            let Capture { hash, event_id, .. } = &report.capture;
            return self.declare_error(hash, event_id.as_ref(), None);
        }
        self.keep(report)?;
        let event = self.receipt.event.unwrap_or(Position(0));
        let known = KnownEvent {
            event,
            account: self.account(),
            event_id: report.capture.event_id.clone(),
            declared: None,
        };
        self.state.put(&key::event(&report.capture.hash), &known)?;
        if let Some(id) = &report.capture.event_id {
            self.state.put(&key::event_id(id), &report.capture.hash)?;
        }
        Ok(())
    }

    fn known(&mut self, capture: &Capture) -> Do<Known> {
        let known: Option<KnownEvent> = self.state.get("event", &key::event(&capture.hash))?;
        if let Some(id) = &capture.event_id {
            let before: Option<Hash> = self.state.get("event id", &key::event_id(id))?;
            if before.is_some_and(|hash| hash != capture.hash) {
                let message = format!("the id {id} was used for another event");
                return Err(Refusal::kernel(Invariant::EventIdReused, &message)
                    .field("eventID")
                    .into());
            }
        }
        match (known, &capture.declaration) {
            (None, None) => Ok(Known::New),
            (Some(_), None) => Ok(Known::Duplicate),
            (None, Some(_)) => {
                let refusal = Refusal::kernel(
                    Invariant::UnknownEvent,
                    "the event that is declared an error was never recorded here",
                );
                Err(refusal.field("errorDeclaration").into())
            }
            (Some(known), Some(declaration)) => match known.declared {
                Some((_, digest)) if digest == declaration.digest => Ok(Known::Duplicate),
                _ => Ok(Known::Declared),
            },
        }
    }

    /// Tries what the event may stand for, in order; keeps an observation if none is allowed.
    fn keep(&mut self, report: &Report) -> Do<()> {
        let mut withheld: Option<Refusal> = None;
        for operation in &report.attempts {
            let (checkpoint, progress) = (self.state.checkpoint(), self.progress());
            match self.perform(operation) {
                Ok(()) => return self.kept(operation, withheld),
                Err(Stop::Refused(refusal)) if !ends_report(&refusal) => {
                    self.state.undo(checkpoint);
                    self.go_back(progress);
                    let next = falls_through(&refusal);
                    withheld.get_or_insert(*refusal);
                    if !next {
                        break;
                    }
                }
                Err(stop) => return Err(stop),
            }
        }
        self.observe(&report.items, report.parent.as_ref(), withheld)
    }

    /// A claim is kept, but it is not custody: the reason of the operation before it stays.
    fn kept(&mut self, operation: &Operation, withheld: Option<Refusal>) -> Do<()> {
        if operation.kind() == Kind::Claim && matches!(self.receipt.outcome, Outcome::Observed(_)) {
            self.receipt.outcome = Outcome::Observed(withheld);
        }
        Ok(())
    }
}

/// Refusals that end the transaction, report or not: nothing could be kept.
fn ends_report(refusal: &Refusal) -> bool {
    [
        Invariant::OutOfGas,
        Invariant::InFuture,
        Invariant::Repeated,
    ]
    .iter()
    .any(|invariant| refusal.is(*invariant))
}

/// Refusals that say "this is not what the event stands for", so that the next attempt is
/// tried. What a rule, a right or a status forbids, no other attempt gets around.
fn falls_through(refusal: &Refusal) -> bool {
    let invariants = [
        Invariant::NotOffered,
        Invariant::UnknownParty,
        Invariant::NotApplicable,
        Invariant::Unknown,
        Invariant::Packed,
    ];
    refusal.contract.is_none() && invariants.iter().any(|invariant| refusal.is(*invariant))
}
