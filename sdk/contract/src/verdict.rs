//! What a rule answers. The encodings are those of [`marque_abi::decision`].

use crate::buf::Buf;
use crate::bytes::{owned, put, put_maybe};
use crate::refusal::{Refused, Result};
use alloc::string::String;
use alloc::vec::Vec;
use marque_primitives::TimeMs;
use parity_scale_codec::{Compact, Encode};

/// Bytes of a note or disposition.
const MAX_NOTE: usize = 255;

/// The answer for a movement, a line, or a part of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It happens.
    Allow(Terms),
    /// It happens, and is held until the contract releases it.
    Quarantine {
        /// Hold all of the lot, not only what moves.
        whole_lot: bool,
        /// Why; shown with the event.
        note: String,
        /// As for what is allowed.
        terms: Terms,
    },
    /// It does not happen, nor does the rest of the transaction.
    Refuse(Refused),
}

/// What a rule adds to a movement that it lets happen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    /// Replaces the movement's CBV disposition.
    pub disposition: Option<String>,
    /// Shown with the event.
    pub note: Option<String>,
    /// Until when an offer can be accepted, if sooner than the offer says.
    pub deadline: Option<TimeMs>,
}

/// A part of a line that is answered apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exception {
    /// Which of the movement's lines, from 0.
    pub line: u32,
    /// From which of the line's items on, from 0.
    pub offset: u64,
    /// How many.
    pub count: u64,
    /// The answer.
    pub verdict: Verdict,
}

/// A verdict for every line, and at most 16 exceptions in ascending order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// For every line that no exception names.
    pub verdict: Verdict,
    /// In ascending order of line and offset, not overlapping.
    pub exceptions: Vec<Exception>,
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            exceptions: Vec::new(),
        }
    }
}

fn put_terms(terms: &Terms, out: &mut Buf) {
    put_maybe(
        terms.disposition.as_deref().map(str::as_bytes),
        MAX_NOTE,
        out,
    );
    put_maybe(terms.note.as_deref().map(str::as_bytes), MAX_NOTE, out);
    terms.deadline.encode_to(out);
}

fn put_verdict(verdict: &Verdict, out: &mut Buf) {
    match verdict {
        Verdict::Allow(terms) => {
            out.add(&[0]);
            put_terms(terms, out);
        }
        Verdict::Quarantine {
            whole_lot,
            note,
            terms,
        } => {
            out.add(&[1]);
            out.add(&[u8::from(*whole_lot)]);
            put(note.as_bytes(), MAX_NOTE, out);
            put_terms(terms, out);
        }
        Verdict::Refuse(reason) => {
            out.add(&[2]);
            out.add(&reason.0);
        }
    }
}

/// What a rule may return: nothing at all (it happens), a [`Verdict`], a [`Decision`], or
/// a [`Result`] of one of them.
#[diagnostic::on_unimplemented(
    message = "a rule cannot answer `{Self}`",
    note = "answer `()`, `Verdict`, `Decision`, or a `Result` of one of them"
)]
pub trait Answer {
    /// The decision's bytes.
    ///
    /// # Errors
    /// The refusal of the whole movement.
    fn answer(self) -> Result<Buf>;
}

impl Answer for () {
    fn answer(self) -> Result<Buf> {
        // Allowed, no terms, no exceptions: a rule that only says yes or no needs no encoder.
        Ok(Buf::copy(&[0; 5]))
    }
}

impl Answer for Verdict {
    fn answer(self) -> Result<Buf> {
        Decision::from(self).answer()
    }
}

impl Answer for Decision {
    fn answer(self) -> Result<Buf> {
        let mut out = Buf::new();
        put_verdict(&self.verdict, &mut out);
        let count = u32::try_from(self.exceptions.len()).unwrap_or(u32::MAX);
        Compact(count).encode_to(&mut out);
        for exception in &self.exceptions {
            exception.line.encode_to(&mut out);
            exception.offset.encode_to(&mut out);
            exception.count.encode_to(&mut out);
            put_verdict(&exception.verdict, &mut out);
        }
        Ok(out)
    }
}

impl<A: Answer, E: Into<Refused>> Answer for core::result::Result<A, E> {
    fn answer(self) -> Result<Buf> {
        self.map_err(Into::into)?.answer()
    }
}

/// It happens.
pub fn allow() -> Verdict {
    Verdict::Allow(Terms::default())
}

/// It happens, and what moves is held until the contract releases it.
pub fn quarantine(note: &str) -> Verdict {
    Verdict::Quarantine {
        whole_lot: false,
        note: owned(note.as_bytes(), MAX_NOTE),
        terms: Terms::default(),
    }
}

/// It happens, and all of the lot is held until the contract releases it.
pub fn quarantine_lot(note: &str) -> Verdict {
    Verdict::Quarantine {
        whole_lot: true,
        note: owned(note.as_bytes(), MAX_NOTE),
        terms: Terms::default(),
    }
}

/// It does not happen.
pub fn refuse(reason: impl Into<Refused>) -> Verdict {
    Verdict::Refuse(reason.into())
}

impl Verdict {
    fn terms(&mut self) -> Option<&mut Terms> {
        match self {
            Self::Allow(terms) | Self::Quarantine { terms, .. } => Some(terms),
            Self::Refuse(_) => None,
        }
    }

    /// With a note, shown with the event; it replaces that of a quarantine.
    #[must_use]
    pub fn note(mut self, text: &str) -> Self {
        match &mut self {
            Self::Quarantine { note, .. } => *note = owned(text.as_bytes(), MAX_NOTE),
            Self::Allow(terms) => terms.note = Some(owned(text.as_bytes(), MAX_NOTE)),
            Self::Refuse(_) => {}
        }
        self
    }

    /// With a CBV disposition in place of the movement's.
    #[must_use]
    pub fn disposition(mut self, disposition: &str) -> Self {
        if let Some(terms) = self.terms() {
            terms.disposition = Some(owned(disposition.as_bytes(), MAX_NOTE));
        }
        self
    }

    /// With a moment until which an offer can be accepted, if sooner than the offer says.
    #[must_use]
    pub fn deadline(mut self, deadline: TimeMs) -> Self {
        if let Some(terms) = self.terms() {
            terms.deadline = Some(deadline);
        }
        self
    }

    /// Whether it is a refusal.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refuse(_))
    }

    /// Whether it holds what moves.
    pub fn is_quarantine(&self) -> bool {
        matches!(self, Self::Quarantine { .. })
    }
}
