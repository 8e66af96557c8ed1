//! From rules' verdicts back to the things: which part of what moves, and how.

use super::Kernel;
use super::lots::Parcel;
use super::slices::Slice;
use super::standing::Standing;
use crate::rules::{Effect, Question, Ruled, sooner, split_by_parts};
use crate::stop::{Do, refuse};
use marque_abi::movement::{MovedLine, Part};
use marque_primitives::action::Kind;
use marque_primitives::record::{Holders, Holding, Record};
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, LotId, Thing};
use marque_primitives::{Address, TimeMs};
use std::collections::BTreeSet;

/// What an action is about to move, before and after its rules were asked.
#[derive(Default)]
pub(crate) struct Moved {
    pub(crate) slices: Vec<MovedSlice>,
    pub(crate) parcels: Vec<MovedParcel>,
    /// Lots to hold as a whole once the movement is written.
    pub(crate) hold: BTreeSet<LotId>,
    /// The soonest deadline that a rule set.
    pub(crate) deadline: Option<TimeMs>,
}

/// Items, an asset or a unit.
pub(crate) struct MovedSlice {
    pub(crate) part: Part,
    pub(crate) slice: Slice,
    pub(crate) standing: Standing,
    pub(crate) effect: Effect,
}

/// A quantity.
pub(crate) struct MovedParcel {
    pub(crate) part: Part,
    pub(crate) parcel: Parcel,
    pub(crate) effect: Effect,
}

impl Moved {
    pub(crate) fn is_empty(&self) -> bool {
        self.slices.is_empty() && self.parcels.is_empty()
    }

    pub(crate) fn slice(&mut self, part: Part, slice: Slice, standing: Standing) {
        self.slices.push(MovedSlice {
            part,
            slice,
            standing,
            effect: Effect::default(),
        });
    }

    pub(crate) fn parcel(&mut self, part: Part, parcel: Parcel) {
        self.parcels.push(MovedParcel {
            part,
            parcel,
            effect: Effect::default(),
        });
    }

    /// Everything that moves, as an event names it.
    pub(crate) fn things(&self) -> Vec<Thing> {
        let slices = self.slices.iter().map(|moved| moved.slice.thing());
        slices
            .chain(self.parcels.iter().map(|moved| moved.parcel.thing()))
            .collect()
    }

    /// Notes the lot of a line, if it has one, to be held as a whole.
    fn hold_line(&mut self, line: &MovedLine) -> bool {
        match (line.line, line.lot) {
            (Line::Product(gtin), Some(lot)) => {
                self.hold.insert(LotId { gtin, lot });
                true
            }
            _ => false,
        }
    }
}

/// Lays a rule's effect on a record.
pub(crate) fn apply(record: &mut Record, effect: &Effect) -> Do<()> {
    if let Some(disposition) = &effect.terms.disposition {
        record.disposition = Some(disposition.clone());
    }
    hold(&mut record.holders, &effect.holders)
}

/// Adds holders to those that there are. A hold that finds no room stops the movement.
pub(crate) fn hold<'a>(
    holders: &mut Holders,
    more: impl IntoIterator<Item = &'a Address>,
) -> Do<()> {
    for holder in more {
        if holders.insert_sorted(*holder).is_err() {
            return refuse(
                Invariant::Quarantined,
                "sixteen contracts hold it, and another would",
            );
        }
    }
    Ok(())
}

/// As [`hold`], for a quantity.
pub(crate) fn held_too(holding: &Holding, effect: &Effect) -> Do<Holders> {
    let mut holders = holding.holders.clone();
    hold(&mut holders, &effect.holders)?;
    Ok(holders)
}

impl Kernel<'_, '_> {
    /// Asks the rules about everything that moves; slices come back split where a verdict
    /// is about a part of them.
    pub(crate) fn ask_about(&mut self, kind: Kind, question: &Question, moved: Moved) -> Do<Moved> {
        let mut lines: Vec<MovedLine> = Vec::new();
        // How many lines each slice and parcel has, in order.
        let mut own = Vec::new();
        let mut inside = Vec::new();
        for MovedSlice {
            part,
            slice,
            standing,
            ..
        } in &moved.slices
        {
            let line = self.slice_line(*part, slice, standing);
            own.push(line.is_some());
            lines.extend(line);
            let contents = self.content_lines(*part, slice, standing)?;
            inside.push(contents.len());
            lines.extend(contents);
        }
        for MovedParcel { part, parcel, .. } in &moved.parcels {
            let lot = self.known_lot(&parcel.id)?;
            lines.push(self.parcel_line(*part, parcel, &lot)?);
        }
        let time = self.time();
        self.late = moved
            .slices
            .iter()
            .any(|moved| time < moved.standing.seen(&moved.slice.record));
        let mut ruled = self.ask(kind, question, lines)?.into_iter();
        let mut after = Moved {
            hold: moved.hold,
            deadline: moved.deadline,
            ..Moved::default()
        };
        for ((moved, own), inside) in moved.slices.into_iter().zip(own).zip(inside) {
            let own = if own { ruled.next() } else { None };
            let inside: Vec<Ruled> = ruled.by_ref().take(inside).collect();
            after.ruled_slice(moved, own, &inside)?;
        }
        for moved in moved.parcels {
            let Some(ruled) = ruled.next() else { continue };
            let mut effect = ruled.overall();
            after.deadline = sooner(after.deadline, effect.terms.deadline);
            if effect.whole_lot && after.hold_line(&ruled.line) {
                effect.holders.clear();
            }
            after.parcels.push(MovedParcel { effect, ..moved });
        }
        Ok(after)
    }

    /// Holds the lots that rules asked to hold, after their movement is written.
    pub(crate) fn hold_lots(&mut self, lots: &BTreeSet<LotId>) -> Do<()> {
        for id in lots {
            self.hold_lot(id)?;
        }
        Ok(())
    }

    /// Refuses an operation on things that it cannot take.
    pub(crate) fn check_takes(
        &self,
        items: &[Thing],
        takes: fn(&Thing) -> bool,
        what: &str,
    ) -> Do<()> {
        match items.iter().find(|thing| !takes(thing)) {
            None => Ok(()),
            Some(_) => refuse(Invariant::NotApplicable, what),
        }
    }
}

impl Moved {
    fn ruled_slice(&mut self, moved: MovedSlice, own: Option<Ruled>, inside: &[Ruled]) -> Do<()> {
        let mut around = Effect::default();
        for ruled in inside {
            let effect = ruled.overall();
            self.deadline = sooner(self.deadline, effect.terms.deadline);
            // What moves in a unit is held with the unit, unless all of its lot is.
            if !(effect.whole_lot && self.hold_line(&ruled.line)) {
                around.holders.extend(effect.holders);
            }
            if effect.terms.disposition.is_some() {
                around.terms.disposition = effect.terms.disposition;
            }
        }
        let Some(own) = own else {
            self.slices.push(MovedSlice {
                effect: around,
                ..moved
            });
            return Ok(());
        };
        for (slice, mut effect) in split_by_parts(&moved.slice, &own.parts)? {
            self.deadline = sooner(self.deadline, effect.terms.deadline);
            if effect.whole_lot && self.hold_line(&own.line) {
                effect.holders.clear();
            }
            effect.holders.extend(&around.holders);
            self.slices.push(MovedSlice {
                part: moved.part,
                slice,
                standing: moved.standing.clone(),
                effect,
            });
        }
        Ok(())
    }
}
