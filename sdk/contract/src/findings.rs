//! What a rule finds wrong with a movement, and what follows from it.
//!
//! An intent that breaks a rule is refused. A captured fact that breaks it has happened
//! already: refusing it would only hide who has the goods. It is kept, and the goods are
//! held or the finding is noted.

use crate::Movement;
use crate::buf::Buf;
use crate::refusal::{Refused, Result};
use crate::verdict::{Verdict, allow, quarantine, quarantine_lot};

/// How far a finding reaches in a captured fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Reach {
    /// The goods are good; the finding is noted.
    Note,
    /// What moves is held.
    Hold,
    /// All of the lot is held.
    HoldLot,
}

/// The rules that a line breaks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    first: Option<Refused>,
    reach: Option<Reach>,
    notes: Buf,
}

impl Findings {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    fn add(&mut self, reason: Refused, reach: Reach) {
        if !self.notes.is_empty() {
            self.notes.add(b"; ");
        }
        reason.put_note(&mut self.notes);
        self.reach = self.reach.max(Some(reach));
        self.first.get_or_insert(reason);
    }

    /// A rule that leaves the goods good: an intent is refused, a fact is kept and noted.
    pub fn note(&mut self, reason: impl Into<Refused>) {
        self.add(reason.into(), Reach::Note);
    }

    /// A rule whose goods must stop: an intent is refused, of a fact what moved is held.
    pub fn hold(&mut self, reason: impl Into<Refused>) {
        self.add(reason.into(), Reach::Hold);
    }

    /// A rule that puts all of the lot in doubt: an intent is refused, of a fact the whole
    /// lot is held.
    pub fn hold_lot(&mut self, reason: impl Into<Refused>) {
        self.add(reason.into(), Reach::HoldLot);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// What follows.
    ///
    /// # Errors
    /// The first finding, if the movement is an intent.
    pub fn verdict(self, movement: &Movement) -> Result<Verdict> {
        match self.first {
            Some(reason) if !movement.captured() => Err(reason),
            _ => Ok(self.kept()),
        }
    }

    /// What follows if it has happened in any case, as of an observation, which is how
    /// findings are reported.
    pub fn kept(self) -> Verdict {
        let note = crate::host::trusted(&self.notes);
        match self.reach {
            None => allow(),
            Some(Reach::Note) => allow().note(note),
            Some(Reach::Hold) => quarantine(note),
            Some(Reach::HoldLot) => quarantine_lot(note),
        }
    }
}
