//! What became of an event.

use marque_client::api::{self, Receipt};
use marque_epcis::{Invalid, Unmapped};
use marque_primitives::Hash;
use marque_primitives::refusal::Refusal;
use serde::Serialize;

/// How an event ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Custody moved or structure changed.
    Accepted,
    /// Kept, nothing moved.
    Observed,
    /// Recorded before.
    Duplicate,
    /// Another party's to sign.
    Pending,
    /// Not kept.
    Refused,
    /// Its form is wrong.
    Invalid,
}

impl Outcome {
    /// The word that tables and totals have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Observed => "observed",
            Self::Duplicate => "duplicate",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Invalid => "invalid",
        }
    }
}

/// An outcome with its reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Told {
    /// How it ended.
    pub outcome: Outcome,
    /// The reason's stable name, or what is wrong with the form.
    pub reason: Option<String>,
    /// The reason in words, with the values that decided.
    pub message: Option<String>,
    /// The field at fault.
    pub field: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
    /// The transaction.
    pub tx: Option<Hash>,
}

impl Told {
    /// Without a reason.
    pub fn plain(outcome: Outcome) -> Self {
        Self {
            outcome,
            reason: None,
            message: None,
            field: None,
            remedy: None,
            tx: None,
        }
    }

    /// With a reason of the command's own.
    pub fn because(outcome: Outcome, reason: &str, message: String, remedy: &str) -> Self {
        Self {
            reason: Some(reason.into()),
            message: Some(message),
            remedy: Some(remedy.into()),
            ..Self::plain(outcome)
        }
    }

    /// With the ledger's or a contract's reason.
    pub fn refusal(outcome: Outcome, refusal: &Refusal) -> Self {
        let text = |text: &dyn ToString| Some(text.to_string()).filter(|text| !text.is_empty());
        Self {
            outcome,
            reason: text(&refusal.name),
            message: text(&refusal.message),
            field: refusal.field.as_ref().and_then(|field| text(field)),
            remedy: refusal.remedy.as_ref().and_then(|remedy| text(remedy)),
            tx: None,
        }
    }

    /// Of an event whose form is wrong.
    pub fn invalid(invalid: &Invalid) -> Self {
        Self {
            reason: Some(invalid.reason.clone()),
            field: Some(invalid.field.clone()).filter(|field| !field.is_empty()),
            remedy: Some(invalid.remedy.clone()),
            ..Self::plain(Outcome::Invalid)
        }
    }

    /// Of an event that does not reach the ledger.
    pub fn unmapped(unmapped: &Unmapped) -> Self {
        match unmapped {
            Unmapped::Invalid(invalid) => Self::invalid(invalid),
            Unmapped::Refused(refusal) => Self::refusal(Outcome::Refused, refusal),
        }
    }

    /// Of an event that was sent, or tried.
    pub fn receipt(receipt: &Receipt) -> Self {
        let action = receipt.actions.first();
        let told = match (&receipt.refusal, action) {
            (Some(refusal), _) => Self::refusal(Outcome::Refused, refusal),
            (None, Some(action)) => {
                let outcome = match action.outcome {
                    api::Outcome::Accepted => Outcome::Accepted,
                    api::Outcome::Observed => Outcome::Observed,
                    api::Outcome::Duplicate => Outcome::Duplicate,
                };
                match &action.refusal {
                    Some(refusal) => Self::refusal(outcome, refusal),
                    None => Self::plain(outcome),
                }
            }
            (None, None) => Self::plain(Outcome::Observed),
        };
        Self {
            tx: Some(receipt.transaction),
            ..told
        }
    }
}

/// How many of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Totals {
    pub documents: usize,
    pub unreadable: usize,
    pub events: usize,
    pub accepted: usize,
    pub observed: usize,
    pub duplicate: usize,
    pub pending: usize,
    pub refused: usize,
    pub invalid: usize,
}

impl Totals {
    /// Counts an event.
    pub fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Observed => &mut self.observed,
            Outcome::Duplicate => &mut self.duplicate,
            Outcome::Pending => &mut self.pending,
            Outcome::Refused => &mut self.refused,
            Outcome::Invalid => &mut self.invalid,
        };
        *counter = counter.saturating_add(1);
        self.events = self.events.saturating_add(1);
    }

    /// What keeps the exit code from being 0.
    pub fn bad(&self) -> usize {
        self.refused
            .saturating_add(self.invalid)
            .saturating_add(self.unreadable)
    }
}
