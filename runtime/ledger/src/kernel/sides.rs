//! What a transformation names on both sides, on the one or on the other, by serials and
//! not by spelling: one walk over the sorted runs of each side.

use marque_primitives::gs1::{LotNumber, Serial};
use marque_primitives::key;
use marque_primitives::thing::{Line, Run, Thing, ThingId};
use std::collections::BTreeSet;

/// Things in a row: what they are counted along, the first's number, and how many.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    /// The line and class of numeric serials; of everything else the record's whole key.
    class: Vec<u8>,
    from: u128,
    count: u64,
    thing: Thing,
}

impl Row {
    fn end(&self) -> u128 {
        self.from.saturating_add(u128::from(self.count))
    }

    /// The part of it from one number to another.
    fn part(&self, from: u128, to: u128) -> Option<Thing> {
        let count = u64::try_from(to.checked_sub(from)?).ok()?;
        match &self.thing {
            Thing::Run { run, lot } if count < self.count => {
                part_of(run.line(), run.first(), from, count, *lot)
            }
            whole => Some(whole.clone()),
        }
    }
}

fn part_of(
    line: Line,
    first: &Serial,
    from: u128,
    count: u64,
    lot: Option<LotNumber>,
) -> Option<Thing> {
    let (digits, _) = first.numeric()?;
    let run = Run::new(line, Serial::from_numeric(digits, from).ok()?, count)?;
    Some(Thing::Run { run, lot })
}

/// Things in the order of their keys; what has no record of its own is left out.
#[derive(Default)]
pub(crate) struct Rows(Vec<Row>);

impl Rows {
    pub(crate) fn of(things: &[Thing]) -> Self {
        let mut rows: Vec<Row> = things.iter().filter_map(row).collect();
        rows.sort_unstable();
        Self(rows)
    }

    pub(crate) fn contains(&self, id: &ThingId) -> bool {
        let (class, number) = place(id);
        let after = self
            .0
            .partition_point(|row| (row.class.as_slice(), row.from) <= (class.as_slice(), number));
        after
            .checked_sub(1)
            .and_then(|at| self.0.get(at))
            .is_some_and(|row| row.class == class && number < row.end())
    }

    /// What of these rows stands in others as well, and what does not.
    fn split(&self, others: &Self) -> (Vec<Thing>, Vec<Thing>) {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let mut others = others.0.iter().peekable();
        for row in &self.0 {
            let mut at = row.from;
            // An other row may reach into the next of these, so that it is looked at again.
            while at < row.end() {
                while others
                    .next_if(|other| (&other.class, other.end()) <= (&row.class, at))
                    .is_some()
                {}
                let meets = others
                    .peek()
                    .filter(|other| other.class == row.class && other.from < row.end());
                let Some(other) = meets else {
                    outside.extend(row.part(at, row.end()));
                    break;
                };
                if other.from > at {
                    outside.extend(row.part(at, other.from));
                    at = other.from;
                }
                let to = other.end().min(row.end());
                inside.extend(row.part(at, to));
                at = to;
            }
        }
        (inside, outside)
    }
}

/// What goes in, what comes out, and what is on both sides: a repaired or refilled thing.
pub(crate) struct Sides {
    pub(crate) used: Vec<Thing>,
    pub(crate) kept: Vec<Thing>,
    pub(crate) made: Vec<Thing>,
}

impl Sides {
    /// A quantity survives where both sides name it alike.
    pub(crate) fn of(inputs: &[Thing], outputs: &[Thing]) -> Self {
        let (ins, outs) = (Rows::of(inputs), Rows::of(outputs));
        let (mut kept, mut used) = ins.split(&outs);
        let (_, mut made) = outs.split(&ins);
        let quantities = |things: &[Thing]| -> BTreeSet<Thing> {
            let nameless = things.iter().filter(|thing| row(thing).is_none());
            nameless.cloned().collect()
        };
        let (ins, outs) = (quantities(inputs), quantities(outputs));
        kept.extend(ins.intersection(&outs).cloned());
        let only = |things: &[Thing], others: &BTreeSet<Thing>| -> Vec<Thing> {
            let named = things.iter().filter(|thing| row(thing).is_none());
            named
                .filter(|thing| !others.contains(*thing))
                .cloned()
                .collect()
        };
        used.extend(only(inputs, &outs));
        made.extend(only(outputs, &ins));
        Self { used, kept, made }
    }
}

fn place(id: &ThingId) -> (Vec<u8>, u128) {
    match id {
        ThingId::Item { line, serial } => match serial.numeric() {
            Some((_, number)) => (key::serial_class(*line, serial), number),
            None => (key::record(id), 0),
        },
        other => (key::record(other), 0),
    }
}

fn row(thing: &Thing) -> Option<Row> {
    let (id, count) = super::slices::extent(thing)?;
    let (class, from) = place(&id);
    Some(Row {
        class,
        from,
        count,
        thing: thing.clone(),
    })
}
