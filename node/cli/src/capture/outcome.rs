//! What became of an event.

pub use marque_client::api::CaptureOutcome as Outcome;
use marque_client::api::{self, CaptureTotals, Receipt};
use marque_epcis::{Invalid, Unmapped};
use marque_primitives::Hash;
use marque_primitives::refusal::Refusal;
use serde::Serialize;

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

/// How many of each, and of the files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Totals {
    pub documents: u64,
    pub unreadable: u64,
    #[serde(flatten)]
    pub of: CaptureTotals,
}

impl Totals {
    /// What keeps the exit code from being 0.
    pub fn bad(&self) -> u64 {
        self.of
            .refused
            .saturating_add(self.of.invalid)
            .saturating_add(self.unreadable)
    }
}
