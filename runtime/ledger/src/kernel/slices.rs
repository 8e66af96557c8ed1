//! Runs: finding the records behind the things that an action names, and writing parts of
//! them back, which splits a run into at most three.

use super::{Kernel, Written};
use crate::LedgerError;
use crate::state::{State, decode};
use crate::stop::{Do, refuse};
use marque_primitives::gs1::Serial;
use marque_primitives::history::{ParentMark, Role};
use marque_primitives::key;
use marque_primitives::record::Record;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Run, Thing, ThingId};

/// A part of a run, or the whole of it: neighbouring things with one record.
///
/// `record.count` is the slice's own count. The leaf behind it may be larger until the
/// slice is stored.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    /// The first thing.
    pub(crate) first: ThingId,
    /// What is recorded of each.
    pub(crate) record: Record,
}

impl Slice {
    pub(crate) fn key(&self) -> Vec<u8> {
        key::record(&self.first)
    }

    /// The slice as a thing that an event or refusal names.
    pub(crate) fn thing(&self) -> Thing {
        match &self.first {
            ThingId::Item { line, serial } => match Run::new(*line, *serial, self.record.count) {
                Some(run) => Thing::Run { run, lot: None },
                None => self.first.clone().into(),
            },
            other => other.clone().into(),
        }
    }

    /// A kernel refusal that names the slice.
    pub(crate) fn refusal(&self, invariant: Invariant, message: &str) -> Refusal {
        Refusal::kernel(invariant, message).item(self.thing())
    }
}

/// What a list of serialised things turned out to be.
#[derive(Default)]
pub(crate) struct Found {
    /// With a record, in the order named.
    pub(crate) slices: Vec<Slice>,
    /// Without one.
    pub(crate) unknown: Vec<Thing>,
}

/// The serial that stands `offset` after `first`.
pub(crate) fn serial_after(first: &Serial, offset: u64) -> Option<Serial> {
    if offset == 0 {
        return Some(*first);
    }
    let (digits, value) = first.numeric()?;
    Serial::from_numeric(digits, value.checked_add(u128::from(offset))?).ok()
}

/// The thing that stands `offset` after `first`; only items have neighbours.
pub(crate) fn thing_after(first: &ThingId, offset: u64) -> Option<ThingId> {
    match first {
        ThingId::Item { line, serial } => Some(ThingId::Item {
            line: *line,
            serial: serial_after(serial, offset)?,
        }),
        other => (offset == 0).then(|| other.clone()),
    }
}

/// How far `of` stands behind `first` on the same line, if it does.
pub(crate) fn offset_of(first: &ThingId, of: &ThingId) -> Option<u64> {
    if first == of {
        return Some(0);
    }
    match (first, of) {
        (ThingId::Item { line: a, serial: x }, ThingId::Item { line: b, serial: y }) if a == b => {
            let ((dx, x), (dy, y)) = (x.numeric()?, y.numeric()?);
            (dx == dy).then(|| {
                y.checked_sub(x)
                    .and_then(|offset| u64::try_from(offset).ok())
            })?
        }
        _ => None,
    }
}

/// What the records of a thing's kind and serial class begin with.
fn class_prefix(id: &ThingId) -> Vec<u8> {
    match id {
        ThingId::Item { line, serial } => key::serial_class(*line, serial),
        other => key::record(other),
    }
}

impl State<'_> {
    /// The live leaf that answers for a thing: the first thing of its run, and its record.
    pub(crate) fn leaf(&mut self, id: &ThingId) -> Do<Option<(ThingId, Record)>> {
        let found = self.at_or_before(&class_prefix(id), &key::record(id))?;
        let Some((found_key, bytes)) = found else {
            return Ok(None);
        };
        let record: Record = decode("record", &bytes)?;
        let first = key::parse_record(&found_key).ok_or(LedgerError::Damaged { what: "record" })?;
        let holds = offset_of(&first, id).is_some_and(|offset| offset < record.count);
        Ok(holds.then_some((first, record)))
    }

    /// One thing with its record, as a slice of one.
    pub(crate) fn slice(&mut self, id: &ThingId) -> Do<Option<Slice>> {
        let leaf = self.leaf(id)?;
        Ok(leaf.map(|(_, mut record)| {
            record.count = 1;
            Slice {
                first: id.clone(),
                record,
            }
        }))
    }
}

impl Kernel<'_, '_> {
    /// Finds the records behind things; lots and classes are left out. Refuses a thing that
    /// stands twice, and one whose identifier claims another lot than its record.
    pub(crate) fn find<'t>(&mut self, things: impl IntoIterator<Item = &'t Thing>) -> Do<Found> {
        let mut found = Found::default();
        for thing in things {
            match thing {
                Thing::Run { run, lot } => {
                    let from = found.slices.len();
                    self.find_run(run, &mut found)?;
                    for slice in found.slices.get(from..).unwrap_or_default() {
                        if lot.is_some() && slice.record.lot != *lot && !slice.record.external {
                            let refusal = slice.refusal(
                                Invariant::Mismatch,
                                "the identifier names another lot than the record",
                            );
                            return Err(refusal.field("lot").into());
                        }
                    }
                }
                Thing::Asset(_) | Thing::Unit(_) | Thing::Opaque(_) => {
                    let Some(id) = thing.id() else { continue };
                    match self.state.slice(&id)? {
                        Some(slice) => found.slices.push(slice),
                        None => found.unknown.push(thing.clone()),
                    }
                }
                Thing::Lot { .. } | Thing::Class { .. } => {}
            }
        }
        distinct(&found.slices)?;
        Ok(found)
    }

    fn find_run(&mut self, run: &Run, found: &mut Found) -> Do<()> {
        let id = |offset| {
            let serial = serial_after(run.first(), offset).ok_or(LedgerError::Overflow)?;
            Ok::<_, LedgerError>(ThingId::Item {
                line: run.line(),
                serial,
            })
        };
        let unknown = |from: u64, to: u64| {
            let ThingId::Item { line, serial } = id(from)? else {
                return Err(LedgerError::Overflow);
            };
            let run =
                Run::new(line, serial, to.saturating_sub(from)).ok_or(LedgerError::Overflow)?;
            Ok(Thing::Run { run, lot: None })
        };
        let prefix = key::serial_class(run.line(), run.first());
        let mut at = 0;
        while at < run.count() {
            let here = id(at)?;
            if let Some((first, mut record)) = self.state.leaf(&here)? {
                let within = offset_of(&first, &here).ok_or(LedgerError::Overflow)?;
                let left = record.count.saturating_sub(within);
                record.count = left.min(run.count().saturating_sub(at));
                at = at.checked_add(record.count).ok_or(LedgerError::Overflow)?;
                found.slices.push(Slice {
                    first: here,
                    record,
                });
                continue;
            }
            // No record here: the gap reaches to the next run, or to the end.
            let next = match self.state.after(&prefix, &key::record(&here))? {
                Some((next, _)) => {
                    key::parse_record(&next).and_then(|next| offset_of(&here, &next))
                }
                None => None,
            };
            let end = next.map_or(run.count(), |gap| at.saturating_add(gap).min(run.count()));
            found.unknown.push(unknown(at, end)?);
            at = end;
        }
        Ok(())
    }

    /// As [`Kernel::find`], and everything has to be known.
    pub(crate) fn find_all<'t>(
        &mut self,
        things: impl IntoIterator<Item = &'t Thing>,
    ) -> Do<Vec<Slice>> {
        let found = self.find(things)?;
        if found.unknown.is_empty() {
            return Ok(found.slices);
        }
        let mut refusal = Refusal::kernel(
            Invariant::Unknown,
            "things that were never commissioned here",
        );
        for thing in found.unknown {
            refusal = refusal.item(thing);
        }
        Err(refusal.into())
    }

    /// Writes a slice back. Where its leaf is larger, the rest keeps the old record, which
    /// shares the history up to here: nothing is copied.
    pub(crate) fn store(&mut self, slice: &Slice) -> Do<()> {
        let own = slice.key();
        if let Some((first, old)) = self.state.leaf(&slice.first)? {
            let before = offset_of(&first, &slice.first).ok_or(LedgerError::Overflow)?;
            let taken = before
                .checked_add(slice.record.count)
                .ok_or(LedgerError::Overflow)?;
            let after = old.count.checked_sub(taken).ok_or(LedgerError::Overflow)?;
            if after > 0 {
                let rest = thing_after(&first, taken).ok_or(LedgerError::Overflow)?;
                self.put_record(
                    &key::record(&rest),
                    None,
                    &Record {
                        count: after,
                        ..old.clone()
                    },
                )?;
            }
            if before > 0 {
                self.put_record(
                    &key::record(&first),
                    Some(&old),
                    &Record {
                        count: before,
                        ..old.clone()
                    },
                )?;
                return self.put_record(&own, None, &slice.record);
            }
            return self.put_record(&own, Some(&old), &slice.record);
        }
        self.put_record(&own, None, &slice.record)
    }

    /// Writes a record's leaf and its place among its parent's children.
    fn put_record(&mut self, own: &[u8], old: Option<&Record>, new: &Record) -> Do<()> {
        let (was, is) = (old.and_then(|old| old.parent.as_ref()), new.parent.as_ref());
        if was != is {
            if let Some(parent) = was {
                self.state.remove(&key::child(parent, own))?;
            }
            if let Some(parent) = is {
                self.state.put_bytes(&key::child(parent, own), Vec::new())?;
            }
        }
        self.state.put(own, new)
    }

    /// Appends the action's entry to a slice's history and writes it back.
    pub(crate) fn write_slice(
        &mut self,
        written: Written,
        slice: &mut Slice,
        role: Role,
        parent: Option<ParentMark>,
    ) -> Do<()> {
        slice.record.history =
            self.write_entry(written, slice.thing(), role, slice.record.history, parent)?;
        self.store(slice)
    }

    /// Takes over what the action says of where things are and what they are good for.
    pub(crate) fn describe(&mut self, record: &mut Record) -> Do<()> {
        if let Some(place) = self.detail.location.as_ref().or(self.detail.place.as_ref()) {
            record.place = Some(place.clone());
        }
        if let Some(disposition) = &self.detail.disposition {
            record.disposition = Some(disposition.clone());
        }
        for term in &self.detail.unset {
            record.persistent.remove_sorted(term);
        }
        for term in &self.detail.set {
            if record.persistent.insert_sorted(term.clone()).is_err() {
                return refuse(
                    Invariant::Shape,
                    "a thing has at most 16 persistent dispositions",
                );
            }
        }
        Ok(())
    }
}

/// Refuses slices that share a thing.
pub(crate) fn distinct(slices: &[Slice]) -> Do<()> {
    let mut ranges: Vec<(Vec<u8>, &Slice)> =
        slices.iter().map(|slice| (slice.key(), slice)).collect();
    ranges.sort_by(|a, b| a.0.cmp(&b.0));
    for pair in ranges.windows(2) {
        let [(_, a), (_, b)] = pair else { continue };
        if offset_of(&a.first, &b.first).is_some_and(|offset| offset < a.record.count) {
            return Err(b
                .refusal(Invariant::Repeated, "the action names the same thing twice")
                .into());
        }
    }
    Ok(())
}
