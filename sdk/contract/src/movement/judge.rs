//! One verdict for each line, gathered into a decision.

use super::{Line, Movement};
use crate::refusal::Result;
use crate::verdict::{Decision, Exception, Verdict, allow};
use alloc::vec::Vec;
use marque_primitives::refusal::MAX_RANGES;

impl Movement {
    /// Asks `rule` about every line; a line's refusal names that line alone.
    ///
    /// A decision has one verdict and at most 16 exceptions. The verdict is that of most
    /// lines. Of more than 16 exceptions refusals come first (one refuses the transaction
    /// anyway); where none refuses, all lines get the strictest verdict, a quarantine.
    pub fn judge(&self, mut rule: impl FnMut(&Line) -> Result<Verdict>) -> Decision {
        let verdicts = self.lines().iter().map(|line| match rule(line) {
            Ok(verdict) => verdict,
            Err(reason) => Verdict::Refuse(reason),
        });
        decide(verdicts.collect(), self.lines())
    }
}

/// The most frequent verdict, the rest as exceptions.
fn decide(verdicts: Vec<Verdict>, lines: &[Line]) -> Decision {
    let Some(most) = most_frequent(&verdicts) else {
        return allow().into();
    };
    let others = || {
        let numbered = verdicts.iter().zip(lines).zip(0u32..);
        numbered.filter(|((verdict, _), _)| **verdict != most)
    };
    let too_many = others().count() > MAX_RANGES;
    if too_many && !verdicts.iter().any(Verdict::is_refusal) {
        let held = verdicts.iter().find(|verdict| verdict.is_quarantine());
        return held.cloned().unwrap_or(most).into();
    }
    let exceptions = others()
        .filter(|((verdict, _), _)| !too_many || verdict.is_refusal())
        .take(MAX_RANGES)
        .map(|((verdict, line), at)| Exception {
            line: at,
            offset: 0,
            count: count(line),
            verdict: verdict.clone(),
        })
        .collect();
    Decision {
        exceptions,
        verdict: most,
    }
}

fn most_frequent(verdicts: &[Verdict]) -> Option<Verdict> {
    let mut kinds: Vec<(&Verdict, u32)> = Vec::new();
    for verdict in verdicts {
        match kinds.iter_mut().find(|(kind, _)| *kind == verdict) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => kinds.push((verdict, 1)),
        }
    }
    // The first of the most frequent, so that the order of lines alone decides.
    let mut best: Option<(&Verdict, u32)> = None;
    for (kind, count) in kinds {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((kind, count));
        }
    }
    best.map(|(kind, _)| kind.clone())
}

/// All of a line.
fn count(line: &Line) -> u64 {
    line.run.as_ref().map_or_else(
        || line.amount.value.to_integer().unwrap_or(u64::MAX),
        |run| run.count(),
    )
}
