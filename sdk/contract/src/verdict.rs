//! What a rule answers. The encodings are those of [`marque_abi::decision`].

use crate::buf::Buf;
use crate::bytes::{cut, put_len, put_maybe, put_sized};
use crate::movement::Line;
use crate::refusal::{Refused, Result};
use marque_primitives::TimeMs;
use parity_scale_codec::Encode;

/// Bytes of a note or disposition.
const MAX_NOTE: usize = 255;

/// What happens to what moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Allow,
    Hold,
    HoldLot,
    Refuse,
}

/// The answer for a movement, a line, or a part of a line; see [`allow`], [`quarantine`],
/// [`quarantine_lot`] and [`refuse`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    outcome: Outcome,
    /// The note, or the encoded refusal.
    text: Buf,
    disposition: Buf,
    deadline: Option<TimeMs>,
}

fn verdict(outcome: Outcome, text: &[u8]) -> Verdict {
    Verdict {
        outcome,
        text: Buf::copy(text),
        disposition: Buf::new(),
        deadline: None,
    }
}

/// It happens.
pub fn allow() -> Verdict {
    verdict(Outcome::Allow, &[])
}

/// It happens, and what moves is held until the contract releases it.
pub fn quarantine(note: &str) -> Verdict {
    verdict(Outcome::Hold, cut(note.as_bytes(), MAX_NOTE))
}

/// It happens, and all of the lot is held until the contract releases it.
pub fn quarantine_lot(note: &str) -> Verdict {
    verdict(Outcome::HoldLot, cut(note.as_bytes(), MAX_NOTE))
}

/// It does not happen, nor does the rest of the transaction.
pub fn refuse(reason: impl Into<Refused>) -> Verdict {
    verdict(Outcome::Refuse, reason.into().encoded())
}

impl Verdict {
    /// With a note, shown with the event; it replaces that of a quarantine.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        if self.outcome != Outcome::Refuse {
            self.text = Buf::copy(cut(note.as_bytes(), MAX_NOTE));
        }
        self
    }

    /// With a CBV disposition in place of the movement's.
    #[must_use]
    pub fn disposition(mut self, disposition: &str) -> Self {
        self.disposition = Buf::copy(cut(disposition.as_bytes(), MAX_NOTE));
        self
    }

    /// With a moment until which an offer can be accepted, if sooner than the offer says.
    #[must_use]
    pub fn deadline(mut self, deadline: TimeMs) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Whether it is a refusal.
    pub fn is_refusal(&self) -> bool {
        self.outcome == Outcome::Refuse
    }

    /// Whether it holds what moves.
    pub fn is_quarantine(&self) -> bool {
        matches!(self.outcome, Outcome::Hold | Outcome::HoldLot)
    }

    pub(crate) fn encoded(&self) -> Buf {
        let mut out = Buf::new();
        self.put(&mut out);
        out
    }

    fn put(&self, out: &mut Buf) {
        let some = |text: &Buf| !text.is_empty();
        let held = self.is_quarantine();
        match self.outcome {
            Outcome::Allow => out.add(&[0]),
            Outcome::Hold | Outcome::HoldLot => {
                out.add(&[1, u8::from(self.outcome == Outcome::HoldLot)]);
                put_sized(&self.text, out);
            }
            Outcome::Refuse => {
                out.add(&[2]);
                out.add(&self.text);
                return;
            }
        }
        let disposition = some(&self.disposition).then_some(&*self.disposition);
        put_maybe(disposition, MAX_NOTE, out);
        put_maybe(
            (some(&self.text) && !held).then_some(&*self.text),
            MAX_NOTE,
            out,
        );
        self.deadline.encode_to(out);
    }
}

/// A verdict for every line, and exceptions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    verdict: Buf,
    count: usize,
    exceptions: Buf,
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        Self::of(&verdict.encoded())
    }
}

impl Decision {
    pub(crate) fn of(verdict: &[u8]) -> Self {
        Self {
            verdict: Buf::copy(verdict),
            count: 0,
            exceptions: Buf::new(),
        }
    }

    /// With another answer for a line. The ledger takes at most 16 exceptions, in ascending
    /// order of the lines.
    #[must_use]
    pub fn except(self, line: &Line<'_>, verdict: &Verdict) -> Self {
        self.except_part(line, 0, line.count().unwrap_or(1), verdict)
    }

    /// With another answer for some of a run's items: `count` of them from the one at
    /// `offset` on, counted from 0. Parts ascend and do not overlap.
    #[must_use]
    pub fn except_part(
        mut self,
        line: &Line<'_>,
        offset: u64,
        count: u64,
        verdict: &Verdict,
    ) -> Self {
        self.add(line, offset, count, &verdict.encoded());
        self
    }

    pub(crate) fn add(&mut self, line: &Line<'_>, offset: u64, count: u64, verdict: &[u8]) {
        let out = &mut self.exceptions;
        out.add(&line.index().to_le_bytes());
        out.add(&offset.to_le_bytes());
        out.add(&count.to_le_bytes());
        out.add(verdict);
        self.count = self.count.saturating_add(1);
    }

    /// How many exceptions it has.
    pub fn exceptions(&self) -> usize {
        self.count
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
        // No answer at all is the ledger's short form of "allowed, nothing added".
        Ok(Buf::new())
    }
}

impl Answer for Verdict {
    fn answer(self) -> Result<Buf> {
        Decision::from(self).answer()
    }
}

impl Answer for Decision {
    fn answer(self) -> Result<Buf> {
        let mut out = self.verdict;
        put_len(self.count, &mut out);
        out.add(&self.exceptions);
        Ok(out)
    }
}

impl<A: Answer, E: Into<Refused>> Answer for core::result::Result<A, E> {
    fn answer(self) -> Result<Buf> {
        self.map_err(Into::into)?.answer()
    }
}
