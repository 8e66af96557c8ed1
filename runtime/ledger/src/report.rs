//! Captured events: what is known already, what custody they move, and what is kept of
//! them in any case.

use crate::kernel::Kernel;
use crate::kernel::sort::Sorted;
use crate::stop::{Do, Stop};
use marque_primitives::action::{Capture, Kind, Operation, Report, Things};
use marque_primitives::receipt::Outcome;
use marque_primitives::record::KnownEvent;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::ThingId;
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
            event_id: report.capture.event_id.clone(),
            declared: None,
        };
        let account = self.account();
        self.state
            .put(&key::event(&report.capture.hash, &account), &known)?;
        if let Some(id) = &report.capture.event_id {
            self.state
                .put(&key::event_id(id, &account), &report.capture.hash)?;
        }
        Ok(())
    }

    /// Hash and id are what the document says: they are judged against the account's own
    /// events alone, so that nobody takes another's name.
    fn known(&mut self, capture: &Capture) -> Do<Known> {
        let account = self.account();
        let known: Option<KnownEvent> = self
            .state
            .get("event", &key::event(&capture.hash, &account))?;
        if let Some(id) = &capture.event_id {
            let before: Option<Hash> = self.state.get("event id", &key::event_id(id, &account))?;
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
            (Some(known), Some(declaration))
                if known
                    .declared
                    .is_some_and(|(_, digest)| digest == declaration.digest) =>
            {
                Ok(Known::Duplicate)
            }
            (_, Some(_)) => Ok(Known::Declared),
        }
    }

    /// Tries what the event may stand for; recalls and lifts are no alternatives but follow
    /// what else it stands for. Keeps an observation if nothing is allowed, and nothing but
    /// the event itself if not even that is.
    fn keep(&mut self, report: &Report) -> Do<()> {
        let follows =
            |operation: &&Operation| matches!(operation.kind(), Kind::Recall | Kind::Lift);
        let (then, first): (Vec<_>, Vec<_>) = report.attempts.iter().partition(follows);
        if first.is_empty() && !then.is_empty() {
            return match self.perform_also(&then)? {
                None => Ok(()),
                withheld => self.sight(&report.items, report.parent.as_ref(), withheld),
            };
        }
        self.stand_for(&first, report)?;
        let (event, outcome) = (self.receipt.event, self.receipt.outcome.clone());
        let withheld = self.perform_also(&then)?;
        self.receipt.event = event;
        if withheld.is_some() || then.is_empty() {
            self.receipt.outcome = outcome;
        }
        Ok(())
    }

    /// Does each that is allowed; why none was, where none was.
    fn perform_also(&mut self, operations: &[&Operation]) -> Do<Option<Refusal>> {
        let (mut done, mut first) = (None, None);
        let mut withheld: Option<Refusal> = None;
        for operation in operations {
            match self.attempt(|kernel| kernel.perform(operation))? {
                Some(refusal) => {
                    withheld.get_or_insert(refusal);
                }
                None => {
                    first = first.or(self.receipt.event);
                    done = Some(Outcome::Accepted);
                }
            }
        }
        let Some(outcome) = done else {
            return Ok(withheld);
        };
        (self.receipt.event, self.receipt.outcome) = (first, outcome);
        Ok(None)
    }

    /// Tries alternatives in order.
    fn stand_for(&mut self, alternatives: &[&Operation], report: &Report) -> Do<()> {
        let mut withheld: Option<Refusal> = None;
        let mut attempts = alternatives.iter().copied();
        while let Some(operation) = attempts.next() {
            let Sorted { now, later, aside } = self.sort(operation)?;
            let Some(refusal) = self.attempt(|kernel| kernel.perform(&now))? else {
                if now.kind() == Kind::Claim && matches!(self.receipt.outcome, Outcome::Observed(_))
                {
                    // A claim is kept, but it is not custody: the reason of what was tried
                    // before it stays.
                    self.receipt.outcome = Outcome::Observed(withheld);
                }
                let next = attempts.next();
                return self.keep_rest(next, later, &aside);
            };
            let next = falls_through(&refusal);
            withheld.get_or_insert(refusal);
            if !next {
                break;
            }
        }
        self.sight(&report.items, report.parent.as_ref(), withheld)
    }

    /// What of a report's things the operation that was done left out: what was not on offer
    /// is claimed if that is what the report tries next, and all else is seen. The outcome
    /// is that of what was done.
    fn keep_rest(&mut self, next: Option<&Operation>, later: Things, aside: &Things) -> Do<()> {
        let (event, outcome) = (self.receipt.event, self.receipt.outcome.clone());
        if !later.is_empty() {
            let what = match next {
                Some(Operation::Claim { what, .. }) => Some(*what),
                _ => None,
            };
            let message = "no offer of it is open";
            let refusal = match what {
                Some(what) => self.attempt(|kernel| kernel.claim(&later, what))?,
                None => Some(Refusal::kernel(Invariant::NotOffered, message)),
            };
            if refusal.is_some() {
                self.sight(&later, None, refusal)?;
            }
        }
        if !aside.is_empty() {
            self.sight(aside, None, None)?;
        }
        (self.receipt.event, self.receipt.outcome) = (event, outcome);
        Ok(())
    }

    /// Keeps a sighting; where its rule or a limit refuses even that, beside the things.
    fn sight(
        &mut self,
        items: &Things,
        parent: Option<&ThingId>,
        withheld: Option<Refusal>,
    ) -> Do<()> {
        let first = withheld.clone();
        match self.attempt(|kernel| kernel.observe(items, parent, first))? {
            None => Ok(()),
            Some(refusal) => self.observe(items, parent, withheld.or(Some(refusal))),
        }
    }

    /// Does a part of a report, or undoes it and says why it was refused.
    fn attempt(&mut self, part: impl FnOnce(&mut Self) -> Do<()>) -> Do<Option<Refusal>> {
        let (checkpoint, progress) = (self.state.checkpoint(), self.progress());
        match part(self) {
            Ok(()) => Ok(None),
            Err(Stop::Refused(refusal)) if !ends_report(&refusal) => {
                self.state.undo(checkpoint);
                self.go_back(progress);
                Ok(Some(*refusal))
            }
            Err(stop) => Err(stop),
        }
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
