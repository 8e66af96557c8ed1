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
///
/// ```
/// use marque_sdk::prelude::*;
///
/// /// What lies within half a degree of the limit is held until someone has looked.
/// fn judge(warmest: Decimal) -> Verdict {
///     match warmest {
///         cold if cold <= decimal("4.5") => allow(),
///         cool if cool <= decimal("5") => quarantine("half a degree too warm").disposition("unavailable"),
///         _ => quarantine_lot("the cooling failed"),
///     }
/// }
/// assert_eq!(judge(decimal("3")), allow());
/// assert!(judge(decimal("4.8")).is_quarantine() && judge(decimal("9")).is_quarantine());
/// ```
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
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let verdict = allow();
/// assert!(!verdict.is_refusal() && !verdict.is_quarantine());
/// ```
pub fn allow() -> Verdict {
    verdict(Outcome::Allow, &[])
}

/// It happens, and what moves is held until the contract releases it.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let verdict = quarantine("not tested yet");
/// assert!(verdict.is_quarantine() && !verdict.is_refusal());
/// ```
pub fn quarantine(note: &str) -> Verdict {
    verdict(Outcome::Hold, cut(note.as_bytes(), MAX_NOTE))
}

/// It happens, and all of the lot is held until the contract releases it.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// // One bad sample puts all of its lot in doubt.
/// let verdict = quarantine_lot("Listeria found");
/// assert!(verdict.is_quarantine() && verdict != quarantine("Listeria found"));
/// ```
pub fn quarantine_lot(note: &str) -> Verdict {
    verdict(Outcome::HoldLot, cut(note.as_bytes(), MAX_NOTE))
}

/// It does not happen, nor does the rest of the transaction.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// #[refusals]
/// enum Refuse {
///     /// The lot has expired.
///     Expired,
/// }
/// let mut offer = given::movement(Kind::Offer);
/// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
/// let decision = given::read(&offer).judge(|_| Ok(refuse(Refuse::Expired)));
/// assert_eq!(decision, refuse(Refuse::Expired).into());
/// ```
pub fn refuse(reason: impl Into<Refused>) -> Verdict {
    verdict(Outcome::Refuse, reason.into().encoded())
}

impl Verdict {
    /// With a note, shown with the event; it replaces that of a quarantine.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let late = allow().note("reported a day late");
    /// assert_ne!(late, allow());
    /// assert_eq!(quarantine("odd").note("seal broken"), quarantine("seal broken"));
    /// ```
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        if self.outcome != Outcome::Refuse {
            self.text = Buf::copy(cut(note.as_bytes(), MAX_NOTE));
        }
        self
    }

    /// With a CBV disposition in place of the movement's.
    ///
    /// ```
    /// use marque_sdk::abi::decision::{Decision as Sent, Verdict as Judged};
    /// use marque_sdk::{codec::Decode as _, prelude::*, verdict::Answer as _};
    ///
    /// let answer = allow().disposition("needs_replacement").answer()?;
    /// let Ok(Judged::Allow(terms)) = Sent::decode(&mut &*answer).map(|sent| sent.verdict) else { panic!() };
    /// assert_eq!(terms.disposition.as_deref(), Some("needs_replacement"));
    /// # Ok::<(), Refused>(())
    /// ```
    #[must_use]
    pub fn disposition(mut self, disposition: &str) -> Self {
        self.disposition = Buf::copy(cut(disposition.as_bytes(), MAX_NOTE));
        self
    }

    /// With a moment until which an offer can be accepted, if sooner than the offer says.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// /// Milk is to be fetched within the day.
    /// fn by_tonight(movement: &Movement) -> Verdict {
    ///     allow().deadline(Date::of(movement.now()).end())
    /// }
    /// let offer = given::read(&given::movement(Kind::Offer));
    /// let midnight = Date::from_ymd(2026, 5, 1).unwrap().end();
    /// assert_eq!(by_tonight(&offer), allow().deadline(midnight));
    /// ```
    #[must_use]
    pub fn deadline(mut self, deadline: TimeMs) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Whether it is a refusal.
    ///
    /// ```
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// let refused = Memory::new().call(only_brand).unwrap_err();
    /// assert!(refuse(refused).is_refusal());
    /// assert!(!quarantine("odd").is_refusal(), "it happens, and is held");
    /// ```
    pub fn is_refusal(&self) -> bool {
        self.outcome == Outcome::Refuse
    }

    /// Whether it holds what moves.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// assert!(quarantine("odd").is_quarantine() && quarantine_lot("odd").is_quarantine());
    /// assert!(!allow().note("odd").is_quarantine());
    /// ```
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
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// /// The first crate of a delivery is looked at, the others pass.
/// fn sample(movement: &Movement) -> Decision {
///     let passed = Decision::from(allow());
///     match movement.lines().next() {
///         Some(first) => passed.except_part(&first, 0, 1, &quarantine("a sample")),
///         None => passed,
///     }
/// }
/// let mut receipt = given::movement(Kind::Accept);
/// assert_eq!(sample(&given::read(&receipt)), allow().into());
/// receipt.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
/// assert_eq!(sample(&given::read(&receipt)).exceptions(), 1);
/// ```
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
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = ["L7", "L8"].map(|lot| given::line(&given::lot("09506000134352", lot), 1)).into();
    /// let offer = given::read(&offer);
    /// let second = offer.lines().nth(1).unwrap();
    /// let decision = Decision::from(allow()).except(&second, &quarantine("not tested yet"));
    /// let by_line = offer.judge(|line| match line.lot_number() {
    ///     "L7" => Ok(allow()),
    ///     _ => Ok(quarantine("not tested yet")),
    /// });
    /// assert_eq!(decision, by_line);
    /// ```
    #[must_use]
    pub fn except(self, line: &Line<'_>, verdict: &Verdict) -> Self {
        self.except_part(line, 0, line.count().unwrap_or(1), verdict)
    }

    /// With another answer for some of a run's items: `count` of them from the one at
    /// `offset` on, counted from 0. Parts ascend and do not overlap.
    ///
    /// ```
    /// use marque_sdk::abi::decision::Decision as Sent;
    /// use marque_sdk::native::given;
    /// use marque_sdk::{codec::Decode as _, prelude::*, verdict::Answer as _};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// let offer = given::read(&offer);
    /// let line = offer.lines().next().unwrap();
    /// // The serials 000004 and 000005 stood in the rain.
    /// let decision = Decision::from(allow()).except_part(&line, 3, 2, &quarantine("wet"));
    /// let sent = Sent::decode(&mut &*decision.answer()?).unwrap();
    /// assert_eq!((sent.exceptions[0].offset, sent.exceptions[0].count), (3, 2));
    /// # Ok::<(), Refused>(())
    /// ```
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
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// let offer = given::read(&offer);
    /// let line = offer.lines().next().unwrap();
    /// let decision = Decision::from(allow());
    /// assert_eq!(decision.exceptions(), 0);
    /// assert_eq!(decision.except(&line, &quarantine("wet")).exceptions(), 1);
    /// ```
    pub fn exceptions(&self) -> usize {
        self.count
    }
}

/// What a rule may return: nothing at all (it happens), a [`Verdict`], a [`Decision`], or
/// a [`Result`] of one of them.
///
/// ```
/// use marque_sdk::prelude::*;
/// use marque_sdk::verdict::Answer;
///
/// fn bytes(answer: impl Answer) -> usize {
///     answer.answer().map_or(0, |bytes| bytes.len())
/// }
/// assert_eq!(bytes(()), 0, "no answer at all is to allow");
/// assert!(bytes(quarantine("wet")) > bytes(allow()));
/// ```
#[diagnostic::on_unimplemented(
    message = "a rule cannot answer `{Self}`",
    note = "answer `()`, `Verdict`, `Decision`, or a `Result` of one of them"
)]
pub trait Answer {
    /// The decision's bytes.
    ///
    /// ```
    /// use marque_sdk::abi::decision::Decision as Sent;
    /// use marque_sdk::{codec::Decode as _, prelude::*, verdict::Answer as _};
    ///
    /// let answer = allow().answer()?;
    /// assert_eq!(Sent::decode(&mut &*answer), Ok(Sent::allow()));
    /// # Ok::<(), Refused>(())
    /// ```
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
