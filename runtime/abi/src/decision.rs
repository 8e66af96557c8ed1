//! What a rule answers.

use marque_primitives::TimeMs;
use marque_primitives::bounded::{List, Text};
use marque_primitives::detail::Term;
use marque_primitives::refusal::{MAX_RANGES, Refusal};
use parity_scale_codec::{Decode, Encode};

/// The answer for a line or a part of it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Verdict {
    /// It happens.
    #[codec(index = 0)]
    Allow(Terms),
    /// It happens, and is held from then on.
    #[codec(index = 1)]
    Quarantine {
        /// Hold all of the lot, not only what moves.
        whole_lot: bool,
        /// Why; shown with the event.
        note: Text<255>,
        /// As for what is allowed.
        terms: Terms,
    },
    /// It does not happen, nor does the rest of the transaction.
    #[codec(index = 2)]
    Refuse(Refusal),
}

/// What a rule adds to a movement that it lets happen.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct Terms {
    /// Replaces the movement's disposition.
    pub disposition: Option<Term>,
    /// Shown with the event.
    pub note: Option<Text<255>>,
    /// Until when an offer can be accepted, if sooner than the offer says.
    pub deadline: Option<TimeMs>,
}

/// A part of a line that is answered apart.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Exception {
    /// Which of the movement's lines, from 0.
    pub line: u32,
    /// From which of the line's items on, from 0; with `count` it may take in the whole line.
    pub offset: u64,
    /// How many; a line without a run has no parts: 0 and the whole count.
    pub count: u64,
    /// The answer.
    pub verdict: Verdict,
}

/// The output of a rule's export.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Decision {
    /// For every line that no exception names.
    pub verdict: Verdict,
    /// In ascending order of line and offset, not overlapping.
    pub exceptions: List<Exception, MAX_RANGES>,
}

impl Decision {
    /// It happens, nothing is added.
    pub fn allow() -> Self {
        Verdict::Allow(Terms::default()).into()
    }
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            exceptions: List::default(),
        }
    }
}
