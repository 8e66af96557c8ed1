//! A rule's verdicts, laid on the parts of the lines that they name.

use crate::callee::Callee;
use crate::kernel::Kernel;
use crate::kernel::slices::{Slice, thing_after};
use crate::stop::{Do, Stop, overflow};
use marque_abi::decision::{Decision, Exception, Terms, Verdict};
use marque_abi::movement::MovedLine;
use marque_primitives::bounded::Text;
use marque_primitives::history::Decided;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Run, Thing, ThingId};
use marque_primitives::{Address, TimeMs};
use std::collections::BTreeSet;

/// What rules add to a part of a movement.
#[derive(Clone, Default, Debug)]
pub(crate) struct Effect {
    /// The contracts that hold the things.
    pub(crate) holders: BTreeSet<Address>,
    /// Hold all of their lot.
    pub(crate) whole_lot: bool,
    pub(crate) terms: Terms,
}

/// A line, and for each of its parts the effect: offset and count within its things.
pub(crate) struct Ruled {
    pub(crate) line: MovedLine,
    pub(crate) parts: Vec<(u64, u64, Effect)>,
}

impl Ruled {
    /// The strongest effect on the line as a whole.
    pub(crate) fn overall(&self) -> Effect {
        let mut overall = Effect::default();
        for (_, _, effect) in &self.parts {
            overall.holders.extend(&effect.holders);
            overall.whole_lot |= effect.whole_lot;
            if effect.terms != Terms::default() {
                overall.terms = effect.terms.clone();
            }
        }
        overall
    }
}

impl Kernel<'_, '_> {
    pub(super) fn take_decision(
        &mut self,
        callee: &Callee,
        at: &[usize],
        decision: Decision,
        ruled: &mut [Ruled],
    ) -> Do<()> {
        let mut taken = Taken {
            callee,
            refused: None,
            note: None,
            held: false,
        };
        let mut exceptions = decision.exceptions.iter().peekable();
        for (own, at) in at.iter().enumerate() {
            let own = u32::try_from(own).map_err(|_| overflow())?;
            let Some(ruled) = ruled.get_mut(*at) else {
                continue;
            };
            let whole = ruled.line.run.as_ref().map_or(1, Run::count);
            ruled.parts.clear();
            let mut next = 0u64;
            while let Some(exception) = exceptions.next_if(|e| e.line == own) {
                let Some(end) = exception_end(exception, &ruled.line, next, whole) else {
                    return Err(beside_the_question(callee));
                };
                let start = exception.offset;
                if start > next {
                    taken.take(&decision.verdict, ruled, next, start)?;
                }
                taken.take(&exception.verdict, ruled, start, end)?;
                next = end;
            }
            if next < whole {
                taken.take(&decision.verdict, ruled, next, whole)?;
            }
        }
        // Out of order, or about lines that there are not.
        if exceptions.next().is_some() {
            return Err(beside_the_question(callee));
        }
        let Taken {
            refused,
            note,
            held,
            ..
        } = taken;
        if let Some(refusal) = refused {
            return Err(refusal.into());
        }
        if let Some(note) = &note {
            // A receipt shows as many notes as fit; the event keeps every rule's.
            let _ = self.receipt.notes.push(note.clone());
        }
        self.decided.push(Decided {
            contract: callee.address,
            version: callee.record.version,
            note,
            held,
        });
        Ok(())
    }
}

/// A decision on its way into the lines.
struct Taken<'c> {
    callee: &'c Callee,
    refused: Option<Refusal>,
    note: Option<Text<255>>,
    held: bool,
}

impl Taken<'_> {
    fn take(&mut self, verdict: &Verdict, ruled: &mut Ruled, start: u64, end: u64) -> Do<()> {
        let (quarantine, whole_lot, note, terms) = match verdict {
            Verdict::Allow(terms) => (false, false, terms.note.clone(), terms),
            Verdict::Quarantine {
                whole_lot,
                note,
                terms,
            } => (true, *whole_lot, Some(note.clone()), terms),
            Verdict::Refuse(refusal) => {
                let mut refusal = match self.refused.take() {
                    Some(first) => first,
                    None => self.callee.sign(refusal.clone()),
                };
                let within = ruled.line.within.clone().map(Thing::from);
                for thing in line_thing(&ruled.line, start, end)
                    .into_iter()
                    .chain(within)
                {
                    if !refusal.items.contains(&thing) {
                        refusal = refusal.item(thing);
                    }
                }
                self.refused = Some(refusal);
                return Ok(());
            }
        };
        self.held |= quarantine;
        if self.note.is_none() {
            self.note = note;
        }
        let count = end.checked_sub(start).ok_or_else(overflow)?;
        let holder = quarantine.then_some(self.callee.address);
        ruled.parts.push((
            start,
            count,
            Effect {
                holders: holder.into_iter().collect(),
                whole_lot,
                terms: terms.clone(),
            },
        ));
        Ok(())
    }
}

fn beside_the_question(callee: &Callee) -> Stop {
    let message = format!(
        "{} answered about things that it was not asked of",
        callee.name()
    );
    callee.refusal(Invariant::Trapped, &message).into()
}

/// Where an exception ends, if it lies within its line and behind the one before.
fn exception_end(exception: &Exception, line: &MovedLine, next: u64, whole: u64) -> Option<u64> {
    // A line without a run has no parts: any exception is about all of it.
    let (offset, count) = if line.run.is_some() {
        (exception.offset, exception.count)
    } else {
        (0, whole)
    };
    let end = offset.checked_add(count)?;
    (offset >= next && count > 0 && end <= whole && (line.run.is_some() || exception.offset == 0))
        .then_some(end)
}

/// A part of a line as a thing that a refusal names.
fn line_thing(line: &MovedLine, start: u64, end: u64) -> Option<Thing> {
    match (&line.run, line.line, line.lot) {
        (Some(run), ..) => {
            let first = thing_after(
                &ThingId::Item {
                    line: run.line(),
                    serial: *run.first(),
                },
                start,
            )?;
            let ThingId::Item { line, serial } = first else {
                return None;
            };
            Some(Thing::Run {
                run: Run::new(line, serial, end.checked_sub(start)?)?,
                lot: None,
            })
        }
        (None, Line::Product(gtin), Some(lot)) => Some(Thing::Lot {
            id: LotId { gtin, lot },
            amount: line.amount.clone(),
        }),
        (None, ..) => None,
    }
}

/// Splits slices where rules answered about parts, each with its effect.
pub(crate) fn split_by_parts(
    slice: &Slice,
    parts: &[(u64, u64, Effect)],
) -> Do<Vec<(Slice, Effect)>> {
    let mut split: Vec<(Slice, Effect)> = Vec::new();
    for (offset, count, effect) in parts {
        let first = thing_after(&slice.first, *offset).ok_or_else(overflow)?;
        let mut part = Slice {
            first,
            record: slice.record.clone(),
        };
        part.record.count = *count;
        split.push((part, effect.clone()));
    }
    Ok(split)
}

/// The sooner of two moments.
pub(crate) fn sooner(a: Option<TimeMs>, b: Option<TimeMs>) -> Option<TimeMs> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
