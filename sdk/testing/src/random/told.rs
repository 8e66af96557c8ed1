//! What was tried, and what came of it.

use crate::outcome::{Done, Refused};
use marque_primitives::Address;
use marque_primitives::action::Operation;
use marque_primitives::receipt::Outcome;
use std::collections::BTreeMap;

/// One movement or message that was tried; what [`Movements::always`] is shown.
///
/// ```
/// use marque_testing::Attempt;
/// /// Refused steps have their reason in words.
/// fn told(attempt: &Attempt) -> Result<(), String> {
///     match &attempt.ended {
///         Err(refused) if refused.refusal.remedy.is_none() => Err(attempt.to_string()),
///         _ => Ok(()),
///     }
/// }
/// # let _ = told;
/// ```
///
/// [`Movements::always`]: crate::Movements::always
#[derive(Debug)]
pub struct Attempt {
    /// Which, from 1.
    pub number: u64,
    /// Who tried.
    pub by: String,
    /// Its account.
    pub account: Address,
    /// What; nothing where a contract was told something.
    pub operation: Option<Operation>,
    /// What a contract was told.
    pub message: Option<String>,
    /// Whether it was reported as past.
    pub captured: bool,
    /// How it ended.
    pub ended: Result<Done, Box<Refused>>,
}

impl Attempt {
    /// What it left, if it happened.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let movements = Movements::new(20).parties(["alice", "bob"]).products("alice", [drill]);
    /// let movements = movements.always("what happens leaves an event", |_, attempt| match attempt.done() {
    ///     Some(done) if done.events.is_empty() => Err("there is none".into()),
    ///     _ => Ok(()),
    /// });
    /// assert!(movements.run(&mut world).happened() > 0);
    /// ```
    pub fn done(&self) -> Option<&Done> {
        self.ended.as_ref().ok()
    }
}

impl core::fmt::Display for Attempt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let captured = if self.captured { ", captured" } else { "" };
        match (&self.operation, &self.message) {
            (Some(operation), _) => write!(f, "{}{captured}: {operation:?}", self.by)?,
            (None, Some(message)) => write!(f, "{} tells {message}", self.by)?,
            (None, None) => f.write_str(&self.by)?,
        }
        match &self.ended {
            Ok(done) => write!(f, "\nit happened\n{}", done.trace),
            Err(refused) => write!(f, "\nit was refused, {refused}"),
        }
    }
}

/// What came of a run: how often each kind of movement happened, and each refusal came.
///
/// ```
/// use marque_testing::Summary;
/// let summary = Summary::default();
/// assert_eq!(summary.happened(), 0);
/// assert_eq!(summary.to_string(), "seed 0; happened:; refused:");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The seed.
    pub seed: u64,
    /// By kind.
    pub applied: BTreeMap<String, u64>,
    /// By the refusal's name.
    pub refused: BTreeMap<String, u64>,
}

impl Summary {
    /// How many happened.
    ///
    /// ```
    /// use marque_testing::Summary;
    ///
    /// let mut summary = Summary::default();
    /// summary.applied.extend([("offer".to_owned(), 3), ("accept".to_owned(), 2)]);
    /// assert_eq!(summary.happened(), 5);
    /// ```
    pub fn happened(&self) -> u64 {
        self.applied.values().sum()
    }
}

impl core::fmt::Display for Summary {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "seed {}; happened:", self.seed)?;
        for (kind, count) in &self.applied {
            write!(f, " {kind} {count}")?;
        }
        f.write_str("; refused:")?;
        for (name, count) in &self.refused {
            write!(f, " {name} {count}")?;
        }
        Ok(())
    }
}

impl Summary {
    pub(super) fn add(&mut self, attempt: &Attempt) {
        let kind = match &attempt.operation {
            Some(operation) => operation.kind().name(),
            None => "message",
        };
        match &attempt.ended {
            Ok(done) => {
                let observed = matches!(done.action().outcome, Outcome::Observed(_));
                let kind = match observed {
                    true => format!("{kind} (observed)"),
                    false => kind.into(),
                };
                *self.applied.entry(kind).or_default() += 1;
            }
            Err(refused) => {
                let name = refused.refusal.name.as_str().to_owned();
                *self.refused.entry(name).or_default() += 1;
            }
        }
    }
}
