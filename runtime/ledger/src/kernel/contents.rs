//! Contents summaries: what a unit holds, a line per product, lot, expiry and release,
//! nested units counted in. Every pack and unpack keeps those of all units around it true.

use super::Kernel;
use crate::LedgerError;
use crate::stop::{Do, refuse};
use marque_primitives::bounded::List;
use marque_primitives::key;
use marque_primitives::record::{ContentLine, Contents, Record, Status};
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::ThingId;
use marque_primitives::{Decimal, Unit};

use super::slices::Slice;

/// Whether lines come in or go out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Add,
    Take,
}

/// Whether a record is held by itself: such things stop the unit around them.
pub(crate) fn is_held(record: &Record) -> bool {
    record.status != Status::Active || !record.recalls.is_empty()
}

/// The line that a slice of items makes in a summary; units and assets make none.
pub(crate) fn line_of(slice: &Slice) -> Option<ContentLine> {
    let ThingId::Item { line, .. } = slice.first else {
        return None;
    };
    let amount = Decimal::from_integer(slice.record.count);
    let held = if is_held(&slice.record) {
        amount
    } else {
        Decimal::ZERO
    };
    Some(ContentLine {
        line,
        lot: slice.record.lot,
        expiry: slice.record.expiry,
        cleared: slice.record.cleared,
        unit: Unit::Each,
        amount,
        held,
    })
}

/// Lines merge where everything but the amounts is equal.
fn by_kind(a: &ContentLine, b: &ContentLine) -> core::cmp::Ordering {
    let kind = |line: &ContentLine| (line.line, line.lot, line.expiry, line.cleared);
    kind(a).cmp(&kind(b)).then_with(|| a.unit.cmp(&b.unit))
}

impl Kernel<'_, '_> {
    pub(crate) fn contents(&mut self, id: &ThingId) -> Do<Contents> {
        Ok(self
            .state
            .get("contents", &key::contents(id))?
            .unwrap_or_default())
    }

    /// The lines that a slice brings into a parent: its own, and what it holds.
    pub(crate) fn lines_inside(&mut self, slice: &Slice) -> Do<Vec<ContentLine>> {
        let mut lines: Vec<ContentLine> = line_of(slice).into_iter().collect();
        if slice.record.count == 1 {
            lines.extend(self.contents(&slice.first)?.lines.into_vec());
        }
        Ok(lines)
    }

    /// Adds lines to, or takes them from, a unit and every unit around it.
    pub(crate) fn change_contents(
        &mut self,
        unit: &ThingId,
        change: Change,
        lines: &[ContentLine],
        height: u8,
    ) -> Do<()> {
        let mut around = vec![unit.clone()];
        let record = self
            .state
            .slice(unit)?
            .ok_or(LedgerError::Damaged { what: "record" })?
            .record;
        around.extend(
            self.state
                .parents(record.parent.as_ref())?
                .into_iter()
                .map(|(id, _)| id),
        );
        let mut height = height;
        for id in around {
            let mut contents = self.contents(&id)?;
            let mut merged = contents.lines.into_vec();
            for line in lines {
                apply(&mut merged, change, line)?;
            }
            let Ok(lines) = List::new(merged) else {
                return refuse(
                    Invariant::TooMixed,
                    "the unit would hold more than 64 products and lots",
                );
            };
            contents.lines = lines;
            if change == Change::Add {
                contents.height = contents.height.max(height);
                height = height.saturating_add(1);
            }
            self.state.put(&key::contents(&id), &contents)?;
        }
        Ok(())
    }

    /// Follows a change of a packed thing's own status up through the units around it.
    pub(crate) fn change_held(&mut self, before: &Slice, after: &Slice) -> Do<()> {
        let (Some(parent), Some(old), Some(new)) =
            (&before.record.parent, line_of(before), line_of(after))
        else {
            return Ok(());
        };
        if old == new {
            return Ok(());
        }
        let parent = parent.clone();
        self.change_contents(&parent, Change::Take, &[old], 0)?;
        self.change_contents(&parent, Change::Add, &[new], 0)
    }
}

fn apply(lines: &mut Vec<ContentLine>, change: Change, line: &ContentLine) -> Do<()> {
    let at = lines.binary_search_by(|probe| by_kind(probe, line));
    match (change, at) {
        (Change::Add, Err(at)) => lines.insert(at, line.clone()),
        (Change::Add, Ok(at)) => {
            if let Some(present) = lines.get_mut(at) {
                present.amount = present
                    .amount
                    .checked_add(line.amount)
                    .ok_or(LedgerError::Overflow)?;
                present.held = present
                    .held
                    .checked_add(line.held)
                    .ok_or(LedgerError::Overflow)?;
            }
        }
        (Change::Take, Ok(at)) => {
            let Some(present) = lines.get_mut(at) else {
                return Ok(());
            };
            present.amount = present
                .amount
                .checked_sub(line.amount)
                .ok_or(LedgerError::Overflow)?;
            present.held = present
                .held
                .checked_sub(line.held)
                .ok_or(LedgerError::Overflow)?;
            if !present.amount.is_positive() {
                lines.remove(at);
            }
        }
        // What is taken was added: the summary and the records would disagree.
        (Change::Take, Err(_)) => return Err(LedgerError::Damaged { what: "contents" }.into()),
    }
    Ok(())
}
