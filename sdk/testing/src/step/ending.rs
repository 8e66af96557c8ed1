//! How a step is to end.

use super::Step;
use super::report::report;
use crate::outcome::{Done, Refused};
use crate::party::Party;
use crate::world::{Sent, World};
use marque_primitives::action::Action;
use marque_primitives::detail::{Evidence, Facts};

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

    #[track_caller]
    pub(crate) fn sent(self) -> Sent {
        let (world, party, action) = self.into_action();
        world.send(party.account, &party.key, vec![action])
    }

    /// Takes the step, however it ends.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let ended = world.by("alice").release([drill.items(1, 1)]).ends();
    /// assert_eq!(ended.unwrap_err().refusal.name.as_str(), "ProfessionalUse");
    /// ```
    ///
    /// # Errors
    /// The refusal, with its trace.
    #[track_caller]
    pub fn ends(self) -> Result<Done, Box<Refused>> {
        self.sent().ended()
    }

    /// It is applied.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let done = world.by("alice").commission([drill.items(1, 10)]).happens();
    /// assert_eq!(done.events.len(), 1);
    /// ```
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
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let refused = world.by("alice").release([drill.items(1, 1)]).is_refused("ProfessionalUse");
    /// assert_eq!(refused.refusal.contract, Some(rules));
    /// ```
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
