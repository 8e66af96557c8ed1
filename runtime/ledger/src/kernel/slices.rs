//! Runs: finding the records behind the things that an action names, and writing parts of
//! them back, which splits a run into at most three.

use super::{Kernel, Written};
use crate::LedgerError;
use crate::state::{State, decode};
use crate::stop::{Do, overflow, refuse};
use marque_primitives::action::RecallId;
use marque_primitives::bounded::List;
use marque_primitives::gs1::{LotNumber, Serial};
use marque_primitives::history::{ParentMark, Role};
use marque_primitives::key;
use marque_primitives::record::{MAX_RECALLS, Recall, Record};
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
        span_thing(&self.first, self.record.count)
    }

    /// Why a slice is refused whose identifier claims another lot than its record has.
    pub(crate) fn other_lot(&self, claimed: Option<LotNumber>) -> Option<Refusal> {
        if claimed.is_none() || self.record.lot == claimed || self.record.external {
            return None;
        }
        let message = "the identifier names another lot than the record";
        let refusal = self.refusal(Invariant::Mismatch, message).field("lot");
        Some(match &self.record.lot {
            Some(lot) => refusal.expected(lot.as_str()),
            None => refusal,
        })
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
    /// The lot that each slice's identifier claims.
    pub(crate) claimed: Vec<Option<LotNumber>>,
    /// Without a record; runs with the lot that their identifier claims.
    pub(crate) unknown: Vec<Thing>,
}

impl Found {
    fn slice(&mut self, slice: Slice, claimed: Option<LotNumber>) {
        self.slices.push(slice);
        self.claimed.push(claimed);
    }

    /// The slices, each with the lot that its identifier claims.
    pub(crate) fn with_claims(self) -> impl Iterator<Item = (Slice, Option<LotNumber>)> {
        self.slices.into_iter().zip(self.claimed)
    }
}

/// `count` neighbouring things as one.
pub(crate) fn span_thing(first: &ThingId, count: u64) -> Thing {
    match first {
        ThingId::Item { line, serial } => match Run::new(*line, *serial, count) {
            Some(run) => Thing::Run { run, lot: None },
            None => first.clone().into(),
        },
        other => other.clone().into(),
    }
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

impl State<'_> {
    /// The live leaf that answers for a thing: the first thing of its run, and its record.
    pub(crate) fn leaf(&mut self, id: &ThingId) -> Do<Option<(ThingId, Record)>> {
        let own = key::record(id);
        let ThingId::Item { line, serial } = id else {
            let record: Option<Record> = self.get("record", &own)?;
            return match record {
                Some(record) => Ok(Some((id.clone(), self.without_lifted(record)?))),
                None => Ok(None),
            };
        };
        let Some((found, bytes)) = self.at_or_before(&key::serial_class(*line, serial), &own)?
        else {
            return Ok(None);
        };
        let record: Record = decode("record", &bytes)?;
        if found == own {
            return Ok(Some((id.clone(), self.without_lifted(record)?)));
        }
        let first = key::parse_record(&found).ok_or(LedgerError::Damaged { what: "record" })?;
        if offset_of(&first, id).is_none_or(|offset| offset >= record.count) {
            return Ok(None);
        }
        Ok(Some((first, self.without_lifted(record)?)))
    }

    /// What came out of a recalled unit took its recalls along; lifting one does not find it
    /// again, so that its id stands here until the thing is next written.
    fn without_lifted(&mut self, mut record: Record) -> Do<Record> {
        if record.recalls.is_empty() {
            return Ok(record);
        }
        let mut open: List<RecallId, MAX_RECALLS> = List::default();
        for id in &record.recalls {
            let recall: Option<Recall> = self.get("recall", &key::recall(*id))?;
            if recall.is_some_and(|recall| recall.lifted.is_none()) {
                open.push(*id).map_err(|_| overflow())?;
            }
        }
        record.recalls = open;
        Ok(record)
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
    /// stands twice.
    pub(crate) fn find<'t>(&mut self, things: impl IntoIterator<Item = &'t Thing>) -> Do<Found> {
        let mut found = Found::default();
        for thing in things {
            match thing {
                Thing::Run { run, lot } => self.find_run(run, *lot, &mut found)?,
                Thing::Asset(_) | Thing::Unit(_) | Thing::Opaque(_) => {
                    let Some(id) = thing.id() else { continue };
                    match self.state.slice(&id)? {
                        Some(slice) => found.slice(slice, None),
                        None => found.unknown.push(thing.clone()),
                    }
                }
                Thing::Lot { .. } | Thing::Class { .. } => {}
            }
        }
        distinct(&found)?;
        Ok(found)
    }

    fn find_run(&mut self, run: &Run, lot: Option<LotNumber>, found: &mut Found) -> Do<()> {
        let line = run.line();
        let prefix = key::serial_class(line, run.first());
        let mut at = 0;
        while at < run.count() {
            let serial = serial_after(run.first(), at).ok_or_else(overflow)?;
            let here = ThingId::Item { line, serial };
            if let Some((first, mut record)) = self.state.leaf(&here)? {
                let within = offset_of(&first, &here).ok_or_else(overflow)?;
                let left = record.count.saturating_sub(within);
                record.count = left.min(run.count().saturating_sub(at));
                at = at.checked_add(record.count).ok_or_else(overflow)?;
                let first = here;
                found.slice(Slice { first, record }, lot);
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
            let gap = Run::new(line, serial, end.saturating_sub(at)).ok_or_else(overflow)?;
            found.unknown.push(Thing::Run { run: gap, lot });
            at = end;
        }
        Ok(())
    }

    /// As [`Kernel::find`]; everything has to be known, and of the lot that its identifier
    /// claims.
    pub(crate) fn find_all<'t>(
        &mut self,
        things: impl IntoIterator<Item = &'t Thing>,
    ) -> Do<Vec<Slice>> {
        let found = self.find(things)?;
        if found.unknown.is_empty() {
            for (slice, claimed) in found.slices.iter().zip(&found.claimed) {
                if let Some(refusal) = slice.other_lot(*claimed) {
                    return Err(refusal.into());
                }
            }
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

    /// Appends the action's entry to a slice's history and writes it back. Where its leaf is
    /// larger, the rest keeps the old record, which shares the history up to here: nothing
    /// is copied. While the slice stays in its parent, the summaries around it follow.
    pub(crate) fn write_slice(
        &mut self,
        written: Written,
        slice: &mut Slice,
        role: Role,
        parent: Option<ParentMark>,
    ) -> Do<()> {
        let leaf = self.state.leaf(&slice.first)?;
        if let Some((_, old)) = &leaf {
            // The same action may have written into this history since the slice was found.
            slice.record.history = old.history;
        }
        slice.record.history =
            self.write_entry(written, slice.thing(), role, slice.record.history, parent)?;
        let Some((first, old)) = leaf else {
            return self.put_record(&slice.key(), None, &slice.record);
        };
        self.follow_up(&old, slice)?;
        self.split(&first, &old, slice)
    }

    /// Writes a slice into the leaf that holds it.
    fn split(&mut self, first: &ThingId, old: &Record, slice: &Slice) -> Do<()> {
        let own = slice.key();
        let before = offset_of(first, &slice.first).ok_or_else(overflow)?;
        let taken = before
            .checked_add(slice.record.count)
            .ok_or_else(overflow)?;
        let after = old
            .count
            .checked_sub(taken)
            .ok_or(LedgerError::Damaged { what: "record" })?;
        let part = |count| Record {
            count,
            ..old.clone()
        };
        if after > 0 {
            let rest = thing_after(first, taken).ok_or_else(overflow)?;
            self.put_record(&key::record(&rest), None, &part(after))?;
        }
        if before > 0 {
            self.put_record(&key::record(first), Some(old), &part(before))?;
            return self.put_record(&own, None, &slice.record);
        }
        self.put_record(&own, Some(old), &slice.record)
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

    /// Takes over what the action says of where things are and what they are good for,
    /// unless something later was said before.
    pub(crate) fn describe(&mut self, record: &mut Record) -> Do<()> {
        let time = self.time();
        if time < record.seen {
            return Ok(());
        }
        record.seen = time;
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

/// Refuses an action that names a thing twice, known or not.
fn distinct(found: &Found) -> Do<()> {
    let known = found
        .slices
        .iter()
        .map(|slice| (slice.first.clone(), slice.record.count));
    let unknown = found.unknown.iter().filter_map(extent);
    refuse_shared(known.chain(unknown))
}

/// Refuses runs that share a thing.
pub(crate) fn refuse_shared(runs: impl Iterator<Item = (ThingId, u64)>) -> Do<()> {
    let mut runs: Vec<(Vec<u8>, ThingId, u64)> = runs
        .map(|(first, count)| (key::record(&first), first, count))
        .collect();
    runs.sort_unstable();
    for pair in runs.windows(2) {
        let [(_, a, count), (_, b, _)] = pair else {
            continue;
        };
        if offset_of(a, b).is_some_and(|offset| offset < *count) {
            let refusal =
                Refusal::kernel(Invariant::Repeated, "the action names the same thing twice");
            return Err(refusal.item(b.clone().into()).into());
        }
    }
    Ok(())
}

/// The first thing and the count of what has records of its own.
pub(crate) fn extent(thing: &Thing) -> Option<(ThingId, u64)> {
    match thing {
        Thing::Run { run, .. } => {
            let first = ThingId::Item {
                line: run.line(),
                serial: *run.first(),
            };
            Some((first, run.count()))
        }
        other => Some((other.id()?, 1)),
    }
}

/// Whether a named thing takes in another.
pub(crate) fn takes_in(named: &Thing, id: &ThingId) -> bool {
    extent(named)
        .is_some_and(|(first, count)| offset_of(&first, id).is_some_and(|offset| offset < count))
}
