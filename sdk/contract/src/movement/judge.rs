//! One verdict for each line, gathered into a decision.

use super::{Line, Movement};
use crate::buf::Buf;
use crate::bytes::Reader;
use crate::refusal::Result;
use crate::verdict::{Decision, Verdict, refuse};
use marque_primitives::refusal::MAX_RANGES;

impl Movement {
    /// Asks `rule` about every line; a line's refusal names that line alone.
    ///
    /// A decision has one verdict and at most 16 exceptions. Where all lines agree, that is
    /// the verdict; else it is to allow, and the other lines are exceptions. Of more than 16
    /// the refusals stay (one refuses the transaction anyway); where none refuses but one
    /// is held, all lines are held with it.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let lot = |number| given::lot("09506000134352", number);
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.lines = vec![given::line(&lot("L7"), 12), given::line(&lot("L8"), 30)];
    /// let decision = given::read(&offer).judge(|line| {
    ///     Ok(if line.lot_number() == "L8" { quarantine("not tested yet") } else { allow() })
    /// });
    /// assert_eq!(decision.exceptions(), 1);
    /// ```
    pub fn judge(&self, mut rule: impl FnMut(&Line<'_>) -> Result<Verdict>) -> Decision {
        self.judge_each(&mut rule)
    }

    fn judge_each(&self, rule: &mut dyn FnMut(&Line<'_>) -> Result<Verdict>) -> Decision {
        let mut verdicts = Buf::new();
        for line in self.lines() {
            let verdict = rule(&line).unwrap_or_else(refuse).encoded();
            verdicts.add(
                &u32::try_from(verdict.len())
                    .unwrap_or(u32::MAX)
                    .to_le_bytes(),
            );
            verdicts.add(&verdict);
        }
        self.decide(Encoded(Reader(&verdicts)))
    }

    fn decide(&self, verdicts: Encoded<'_>) -> Decision {
        let (mut apart, mut refused, mut agreed) = (0usize, false, true);
        let (mut first, mut held): (Option<&[u8]>, &[u8]) = (None, ALLOWED);
        for verdict in verdicts {
            agreed &= *first.get_or_insert(verdict) == verdict;
            apart = apart.wrapping_add(usize::from(verdict != ALLOWED));
            match verdict.first() {
                Some(&HELD) if held == ALLOWED => held = verdict,
                Some(&REFUSED) => refused = true,
                _ => {}
            }
        }
        if agreed {
            return Decision::of(first.unwrap_or(ALLOWED));
        }
        let too_many = apart > MAX_RANGES;
        if too_many && !refused {
            return Decision::of(held);
        }
        let mut decision = Decision::of(ALLOWED);
        for (line, verdict) in self.lines().zip(verdicts) {
            let named = verdict != ALLOWED && (!too_many || verdict.first() == Some(&REFUSED));
            if named && decision.exceptions() < MAX_RANGES {
                decision.add(&line, 0, line.count().unwrap_or(1), verdict);
            }
        }
        decision
    }
}

/// Allowed, nothing added: what a movement without lines gets.
const ALLOWED: &[u8] = &[0; 4];
/// What a quarantine's encoding begins with.
const HELD: u8 = 1;
/// What a refusal's encoding begins with.
const REFUSED: u8 = 2;

/// Verdicts in their encoding, each behind its length.
#[derive(Clone, Copy)]
struct Encoded<'v>(Reader<'v>);

impl<'v> Iterator for Encoded<'v> {
    type Item = &'v [u8];

    fn next(&mut self) -> Option<&'v [u8]> {
        if self.0.0.is_empty() {
            return None;
        }
        let len = self.0.word();
        Some(self.0.take(len as usize))
    }
}
