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
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// #[refusals]
/// enum Refuse {
///     /// It was {degrees} degrees warm.
///     TooWarm { degrees: Decimal },
/// }
/// /// A rule of the cold chain.
/// fn cold(movement: &Movement, degrees: Decimal) -> Result<Verdict> {
///     let mut findings = Findings::new();
///     if degrees > decimal("4.5") {
///         findings.hold(Refuse::TooWarm { degrees });
///     }
///     findings.verdict(movement)
/// }
/// let mut receipt = given::movement(Kind::Accept);
/// assert!(cold(&given::read(&receipt), decimal("7")).is_err(), "an intent is refused");
/// receipt.captured = true;
/// let held = quarantine("TooWarm: It was 7 degrees warm.");
/// assert_eq!(cold(&given::read(&receipt), decimal("7")), Ok(held));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    first: Option<Refused>,
    reach: Option<Reach>,
    notes: Buf,
}

impl Findings {
    /// Nothing wrong so far.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// assert_eq!(Findings::new().kept(), allow());
    /// ```
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
    ///
    /// ```
    /// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
    ///
    /// let unsigned = Refusal::new(5200, "Unsigned", "the delivery note bears no name", "sign it");
    /// let mut findings = Findings::new();
    /// findings.note(unsigned);
    /// assert_eq!(findings.kept(), allow().note("Unsigned: the delivery note bears no name"));
    /// ```
    pub fn note(&mut self, reason: impl Into<Refused>) {
        self.add(reason.into(), Reach::Note);
    }

    /// A rule whose goods must stop: an intent is refused, of a fact what moved is held.
    ///
    /// ```
    /// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
    ///
    /// let finding = |name: &str, message: &str| Refusal::new(5200, name, message, "ask the brand");
    /// let mut findings = Findings::new();
    /// findings.hold(finding("TooWarm", "7 degrees"));
    /// findings.note(finding("Unsigned", "no name"));
    /// // What reaches furthest decides; all of it is noted.
    /// assert_eq!(findings.kept(), quarantine("TooWarm: 7 degrees; Unsigned: no name"));
    /// ```
    pub fn hold(&mut self, reason: impl Into<Refused>) {
        self.add(reason.into(), Reach::Hold);
    }

    /// A rule that puts all of the lot in doubt: an intent is refused, of a fact the whole
    /// lot is held.
    ///
    /// ```
    /// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
    ///
    /// let mut findings = Findings::new();
    /// findings.hold_lot(Refusal::new(5200, "Listeria", "found in 25 g", "keep all of the lot"));
    /// assert_eq!(findings.kept(), quarantine_lot("Listeria: found in 25 g"));
    /// ```
    pub fn hold_lot(&mut self, reason: impl Into<Refused>) {
        self.add(reason.into(), Reach::HoldLot);
    }

    /// Whether nothing is wrong.
    ///
    /// ```
    /// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
    ///
    /// let mut findings = Findings::new();
    /// assert!(findings.is_empty());
    /// findings.note(Refusal::new(5200, "Unsigned", "no name", "sign it"));
    /// assert!(!findings.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// What follows.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*, primitives::refusal::Refusal};
    ///
    /// let mut findings = Findings::new();
    /// findings.note(Refusal::new(5200, "Unsigned", "no name", "sign it"));
    /// let mut receipt = given::movement(Kind::Accept);
    /// assert!(findings.clone().verdict(&given::read(&receipt)).is_err());
    /// receipt.captured = true;
    /// assert!(findings.verdict(&given::read(&receipt)).is_ok());
    /// ```
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
    ///
    /// ```
    /// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
    ///
    /// /// A rule of observations: nothing moves, so there is nothing to refuse.
    /// fn observe(found: Findings) -> Verdict {
    ///     found.kept().disposition("damaged")
    /// }
    /// let mut found = Findings::new();
    /// found.hold(Refusal::new(5200, "SealBroken", "on the lid", "send it back"));
    /// assert_eq!(observe(found), quarantine("SealBroken: on the lid").disposition("damaged"));
    /// ```
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
