//! Contents summaries: what a unit holds, a line per product, lot, expiry and release,
//! nested units counted in. Every pack and unpack keeps those of all units around it true.

use super::Kernel;
use super::slices::Slice;
use crate::LedgerError;
use crate::stop::{Do, overflow, refuse};
use marque_primitives::bounded::List;
use marque_primitives::key;
use marque_primitives::record::{
    ContentLine, Contents, MAX_CONTENT_LINES, MAX_SPLIT_LINES, Record,
};
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::ThingId;
use marque_primitives::{Decimal, Unit};

/// What something brings into a unit: the lines, what is held without a line, and how many
/// levels.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Load {
    lines: Vec<ContentLine>,
    held: u64,
    height: u8,
}

impl Load {
    /// With another load beside it.
    pub(crate) fn join(&mut self, other: Self) -> Do<()> {
        self.lines.extend(other.lines);
        self.held = self.held.checked_add(other.held).ok_or_else(overflow)?;
        self.height = self.height.max(other.height);
        Ok(())
    }

    /// A load of one line.
    pub(crate) fn of(line: ContentLine) -> Self {
        Self {
            lines: vec![line],
            held: 0,
            height: 1,
        }
    }
}

/// Whether a record is held by itself: such things stop the unit around them.
pub(crate) fn is_held(record: &Record) -> bool {
    record.ended || !record.holders.is_empty() || !record.recalls.is_empty()
}

/// What a slice is in a summary by itself: items make a line, units and assets count only
/// while they are held.
fn own_load(id: &ThingId, record: &Record) -> Load {
    let held = is_held(record);
    let ThingId::Item { line, .. } = id else {
        return Load {
            held: u64::from(held),
            height: 1,
            ..Load::default()
        };
    };
    let amount = Decimal::from_integer(record.count);
    Load::of(ContentLine {
        line: *line,
        lot: record.lot,
        expiry: record.expiry,
        cleared: record.cleared,
        unit: Unit::Each,
        amount,
        held: if held { amount } else { Decimal::ZERO },
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

    /// What a slice holds.
    pub(crate) fn contents_of(&mut self, slice: &Slice) -> Do<Contents> {
        if slice.record.is_parent {
            self.contents(&slice.first)
        } else {
            Ok(Contents::default())
        }
    }

    /// What a slice brings into a parent: itself, and what it holds.
    pub(crate) fn load_of(&mut self, slice: &Slice) -> Do<Load> {
        let mut load = own_load(&slice.first, &slice.record);
        if slice.record.count == 1 {
            let contents = self.contents_of(slice)?;
            load.lines.extend(contents.lines.into_vec());
            load.held = load.held.checked_add(contents.held).ok_or_else(overflow)?;
            load.height = contents.height.saturating_add(1);
        }
        Ok(load)
    }

    /// A unit and every unit around it hold more than before.
    pub(crate) fn add_contents(&mut self, unit: &ThingId, load: &Load) -> Do<()> {
        self.change_contents(unit, &Load::default(), load, MAX_CONTENT_LINES)
    }

    /// A unit and every unit around it hold less than before.
    pub(crate) fn take_contents(&mut self, unit: &ThingId, load: &Load) -> Do<()> {
        self.change_contents(unit, load, &Load::default(), MAX_CONTENT_LINES)
    }

    /// What a unit and every unit around it hold stays there, in another state.
    pub(crate) fn replace_contents(
        &mut self,
        unit: &ThingId,
        before: &Load,
        after: &Load,
    ) -> Do<()> {
        self.change_contents(unit, before, after, MAX_SPLIT_LINES)
    }

    fn change_contents(
        &mut self,
        unit: &ThingId,
        taken: &Load,
        added: &Load,
        most: usize,
    ) -> Do<()> {
        let mut height = added.height;
        let mut next = Some(unit.clone());
        while let Some(id) = next {
            let mut contents = self.contents(&id)?;
            let mut lines = contents.lines.into_vec();
            let had = lines.len();
            for line in &taken.lines {
                take(&mut lines, line)?;
            }
            for line in &added.lines {
                add(&mut lines, line)?;
            }
            // A summary that releases have split is still emptied and added to.
            let too_mixed = lines.len() > most.max(had);
            let Some(lines) = List::new(lines).ok().filter(|_| !too_mixed) else {
                return refuse(
                    Invariant::TooMixed,
                    &format!("the unit would hold more than {most} products and lots"),
                );
            };
            contents.lines = lines;
            contents.held = contents
                .held
                .checked_sub(taken.held)
                .and_then(|held| held.checked_add(added.held))
                .ok_or_else(overflow)?;
            contents.height = contents.height.max(height);
            height = height.saturating_add(u8::from(height > 0));
            self.state.put(&key::contents(&id), &contents)?;
            next = self
                .state
                .leaf(&id)?
                .ok_or(LedgerError::Damaged { what: "record" })?
                .1
                .parent;
        }
        Ok(())
    }

    /// Follows a change of a packed slice's own state through the summaries around it.
    pub(crate) fn follow_up(&mut self, old: &Record, slice: &Slice) -> Do<()> {
        let Some(parent) = old
            .parent
            .as_ref()
            .filter(|_| old.parent == slice.record.parent)
        else {
            return Ok(());
        };
        let part = Record {
            count: slice.record.count,
            ..old.clone()
        };
        let (before, after) = (
            own_load(&slice.first, &part),
            own_load(&slice.first, &slice.record),
        );
        if before == after {
            return Ok(());
        }
        self.replace_contents(parent, &before, &after)
    }

    /// The summary goes with the last thing inside.
    pub(crate) fn close_if_empty(&mut self, unit: &ThingId) -> Do<()> {
        if self.state.under(&key::children(unit), 1)?.is_empty() {
            self.state.remove(&key::contents(unit))?;
        }
        Ok(())
    }
}

fn add(lines: &mut Vec<ContentLine>, line: &ContentLine) -> Do<()> {
    match lines.binary_search_by(|probe| by_kind(probe, line)) {
        Err(at) => lines.insert(at, line.clone()),
        Ok(at) => {
            let present = lines.get_mut(at).ok_or_else(overflow)?;
            let sum = |a: Decimal, b| a.checked_add(b).ok_or_else(overflow);
            present.amount = sum(present.amount, line.amount)?;
            present.held = sum(present.held, line.held)?;
        }
    }
    Ok(())
}

/// What is taken was added before, and is taken out of its own record or balance first.
fn take(lines: &mut Vec<ContentLine>, line: &ContentLine) -> Do<()> {
    let at = lines.binary_search_by(|probe| by_kind(probe, line));
    let at = at.map_err(|_| overflow())?;
    let present = lines.get_mut(at).ok_or_else(overflow)?;
    let left = |a: Decimal, b| {
        let left = a.checked_sub(b).filter(|left| left.0 >= 0);
        left.ok_or_else(overflow)
    };
    present.amount = left(present.amount, line.amount)?;
    present.held = left(present.held, line.held)?;
    if !present.amount.is_positive() {
        lines.remove(at);
    }
    Ok(())
}
