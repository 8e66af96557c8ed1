//! How a step is to end.

use super::Step;
use super::report::report;
use crate::outcome::{Done, Refused};
use crate::party::Party;
use crate::world::World;
use marque_primitives::action::Action;
use marque_primitives::detail::{Evidence, Facts};
use marque_primitives::receipt::Status;

impl<'w> Step<'w> {
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

    /// Takes the step, however it ends.
    #[track_caller]
    pub fn ends(self) -> Result<Done, Box<Refused>> {
        let (world, party, action) = self.into_action();
        let (receipt, events, trace) = world.send(&party.key, vec![action]);
        match receipt.status.clone() {
            Status::Applied => Ok(Done {
                receipt,
                events,
                trace,
            }),
            Status::Refused { refusal, .. } => Err(Box::new(Refused {
                receipt,
                refusal,
                trace,
            })),
        }
    }

    /// It is applied.
    ///
    /// # Panics
    /// When it is refused: with the refusal and the trace.
    #[track_caller]
    pub fn happens(self) -> Done {
        let who = self.party.name.clone();
        match self.ends() {
            Ok(done) => done,
            Err(refused) => panic!("{who}'s step was refused, {refused}"),
        }
    }

    /// It is refused by this name, and leaves nothing.
    ///
    /// # Panics
    /// When it is applied, or refused by another name: with the trace.
    #[track_caller]
    pub fn is_refused(self, name: &str) -> Refused {
        let who = self.party.name.clone();
        match self.ends() {
            Err(refused) if refused.refusal.name.as_str() == name => *refused,
            Err(refused) => panic!("{who}'s step was to be refused by {name}, and was, {refused}"),
            Ok(Done { trace, .. }) => {
                panic!("{who}'s step was to be refused by {name}, and happened\n{trace}")
            }
        }
    }
}
