//! The order of a thing's journey: its own history, its parents' while it was packed, and what
//! was recorded beside it. Positions alone; the pages of a trace read the events.

use std::ops::Range;

use marque_primitives::Position;
use marque_primitives::action::Kind;
use marque_primitives::gs1::Identifier;
use marque_primitives::history::{Entry, Head, ParentMark, Role};
use marque_primitives::thing::{Line, LotId, ThingId};

use super::Reader;
use super::query::Filter;
use super::trace::Source;
use crate::chain::read_block;
use crate::error::ChainError;
use crate::index::{Cursor, Set, Term, stabbed};
use crate::tables;

/// Steps of one journey at most.
const STEPS: usize = 100_000;
/// Units inside one another at most, as the kernel has it.
const NESTING: usize = 8;

/// Where a step stands among the others: refusals of a block after its events.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    parity_scale_codec::Encode,
    parity_scale_codec::Decode,
)]
pub(super) struct Place {
    /// An event's position, or for a refusal that of the first event of the next block.
    event: u64,
    /// 0: a refusal, 1: an event.
    class: u8,
    /// The entry's position or the refusal's number.
    tie: u64,
}

/// One line of a trace before it is read.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) place: Place,
    pub(super) source: Source,
    /// The entry through which the event belongs to a history.
    pub(super) entry: Option<Position>,
}

impl Step {
    pub(super) fn event(&self) -> Position {
        Position(self.place.event)
    }

    pub(super) fn refusal(&self) -> Option<u64> {
        (self.place.class == 0).then_some(self.place.tie)
    }
}

/// The part of the ledger's time in which a thing counts: entries strictly between the ends.
#[derive(Clone)]
struct Window {
    entries: Range<u64>,
    events: Range<u64>,
    /// Events at the ends, which the child's own entries show already.
    shown: Vec<Position>,
}

impl Window {
    fn all() -> Self {
        Self {
            entries: 0..u64::MAX,
            events: 0..u64::MAX,
            shown: Vec::new(),
        }
    }
}

/// A part of the sequence up to the reader's block.
fn until(events: &Range<u64>, end: u64) -> Range<u64> {
    events.start..events.end.min(end)
}

/// Steps that come together.
pub(super) struct Timeline<'r> {
    reader: &'r Reader,
    steps: Vec<Step>,
    refused: bool,
}

impl Reader {
    /// All entries of a thing's own history, oldest first.
    pub(super) fn own_entries(
        &self,
        thing: &ThingId,
    ) -> Result<Vec<(Position, Entry)>, ChainError> {
        let record = marque_ledger::read::record_at(self.view(), thing)?;
        match record {
            Some((_, record)) => self.entries_back_to(record.history, 0),
            None => Ok(Vec::new()),
        }
    }

    /// The entries of a history from position `from` on, oldest first.
    fn entries_back_to(&self, head: Head, from: u64) -> Result<Vec<(Position, Entry)>, ChainError> {
        let mut found = Vec::new();
        let mut at = head;
        while at.length > 0 && at.last.0 >= from {
            if found.len() >= STEPS {
                return Err(ChainError::TooBroad(
                    "the history is longer than one answer may read",
                ));
            }
            let entry = self.entry_there(at.last)?;
            let before = entry.before;
            found.push((at.last, entry));
            at = before;
        }
        found.reverse();
        Ok(found)
    }
}

impl<'r> Timeline<'r> {
    pub(super) fn new(reader: &'r Reader, refused: bool) -> Self {
        Self {
            reader,
            steps: Vec::new(),
            refused,
        }
    }

    /// The steps in order, each event and refusal once, the thing's own first.
    pub(super) fn finish(mut self) -> Vec<Step> {
        self.steps.sort_by_key(|step| {
            (
                step.place.event,
                step.place.class,
                step.entry.is_none(),
                step.place.tie,
            )
        });
        let mut seen = std::collections::BTreeSet::new();
        self.steps
            .retain(|step| match (step.refusal(), step.entry) {
                (Some(number), _) => seen.insert((0, number)),
                (None, Some(_)) => {
                    seen.insert((1, step.place.event));
                    true
                }
                (None, None) => seen.insert((1, step.place.event)),
            });
        self.steps
    }

    /// The journey of an item, asset or unit.
    pub(super) fn thing(&mut self, thing: &ThingId) -> Result<(), ChainError> {
        let record = marque_ledger::read::record_at(self.reader.view(), thing)?;
        let head = record.as_ref().map(|(_, record)| record.history);
        self.follow(thing, head, Window::all(), None, 0)?;
        if let ThingId::Item {
            line: Line::Product(gtin),
            ..
        } = thing
        {
            let first = self
                .steps
                .iter()
                .filter(|step| step.entry.is_some())
                .map(|step| step.place.event)
                .min();
            let product = Identifier::Gtin {
                gtin: *gtin,
                variant: None,
            };
            self.class(product, Source::Product, first.unwrap_or(0))?;
            if let Some(lot) = record.and_then(|(_, record)| record.lot) {
                let lot = Identifier::Lgtin {
                    gtin: *gtin,
                    lot,
                    variant: None,
                };
                self.class(lot, Source::Lot, first.unwrap_or(0))?;
            }
        }
        Ok(())
    }

    /// The history of a lot's quantities, and what else named it.
    pub(super) fn lot(&mut self, lot: &LotId) -> Result<(), ChainError> {
        if let Some(record) = marque_ledger::read::lot(self.reader.view(), lot)? {
            for (position, entry) in self.reader.entries_back_to(record.history, 0)? {
                self.entry(position, &entry, Source::Own);
            }
        }
        self.postings(Filter::term(Term::Lot(lot.clone())), &Source::Beside, 0)?;
        let id = Identifier::Lgtin {
            gtin: lot.gtin,
            lot: lot.lot,
            variant: None,
        };
        self.class(id, Source::Beside, 0)?;
        self.class(
            Identifier::Gtin {
                gtin: lot.gtin,
                variant: None,
            },
            Source::Product,
            0,
        )
    }

    /// A thing within a window: what happened to it, and while it was inside another, to that.
    fn follow(
        &mut self,
        thing: &ThingId,
        head: Option<Head>,
        window: Window,
        within: Option<&ThingId>,
        depth: usize,
    ) -> Result<(), ChainError> {
        let mut inside: Option<(ParentMark, Window)> = None;
        if let Some(head) = head {
            let before = self.start(head, &window)?;
            if let Some(mark) = before {
                inside = Some((
                    mark,
                    Window {
                        entries: window.entries.clone(),
                        ..window.clone()
                    },
                ));
            }
            for (position, entry) in self.reader.entries_back_to(head, window.entries.start)? {
                if position.0 >= window.entries.end {
                    break;
                }
                if window.entries.start > 0 && position.0 == window.entries.start {
                    continue;
                }
                let child = entry.role != Role::Parent;
                if within.is_none() || (child && !window.shown.contains(&entry.event)) {
                    let source = within.map_or(Source::Own, |id| Source::Parent(id.clone()));
                    self.entry(position, &entry, source);
                }
                match (entry.kind, child, entry.parent) {
                    (Kind::Pack, true, Some(mark)) => {
                        let shown = [window.shown.as_slice(), &[entry.event]].concat();
                        let entries = position.0..window.entries.end;
                        let events = entry.event.0..window.events.end;
                        inside = Some((
                            mark,
                            Window {
                                entries,
                                events,
                                shown,
                            },
                        ));
                    }
                    (Kind::Unpack, true, mark) => {
                        if let Some((packed, mut slice)) = inside.take() {
                            slice.entries.end = position.0;
                            slice.events.end = entry.event.0.saturating_add(1);
                            slice.shown.push(entry.event);
                            let head = mark
                                .filter(|mark| mark.id == packed.id)
                                .map_or(packed.head, |mark| mark.head);
                            self.parent(&packed.id, Some(head), slice, depth)?;
                        }
                    }
                    _ => {}
                }
            }
        }
        if let Some((packed, slice)) = inside {
            self.parent(&packed.id, None, slice, depth)?;
        }
        self.beside(thing, &window, within)
    }

    fn parent(
        &mut self,
        id: &ThingId,
        head: Option<Head>,
        window: Window,
        depth: usize,
    ) -> Result<(), ChainError> {
        if depth >= NESTING {
            return Ok(());
        }
        let head = match head {
            Some(head) => Some(head),
            None => marque_ledger::read::record_at(self.reader.view(), id)?
                .map(|(_, record)| record.history),
        };
        self.follow(id, head, window, Some(id), depth.saturating_add(1))
    }

    /// What a thing was inside of when its window began.
    fn start(&self, head: Head, window: &Window) -> Result<Option<ParentMark>, ChainError> {
        let mut at = head;
        let mut looked = 0_usize;
        while at.length > 0 && window.entries.start > 0 && looked < STEPS {
            let entry = self.reader.entry_there(at.last)?;
            if at.last.0 <= window.entries.start && entry.role != Role::Parent {
                match (entry.kind, entry.parent) {
                    (Kind::Pack, mark) => return Ok(mark),
                    (Kind::Unpack, _) => return Ok(None),
                    _ => {}
                }
            }
            at = entry.before;
            looked = looked.saturating_add(1);
        }
        Ok(None)
    }

    fn entry(&mut self, position: Position, entry: &Entry, source: Source) {
        let place = Place {
            event: entry.event.0,
            class: 1,
            tie: position.0,
        };
        self.steps.push(Step {
            place,
            source,
            entry: Some(position),
        });
    }

    /// Sightings by others and refused transactions that named a thing within a window.
    fn beside(
        &mut self,
        thing: &ThingId,
        window: &Window,
        within: Option<&ThingId>,
    ) -> Result<(), ChainError> {
        let snapshot = self.reader.snapshot();
        let events = until(&window.events, self.reader.head().spans.events.end);
        for event in stabbed(snapshot, Set::Events, thing, events, STEPS)? {
            if within.is_some() && window.shown.contains(&Position(event)) {
                continue;
            }
            let place = Place {
                event,
                class: 1,
                tie: u64::MAX,
            };
            self.steps.push(Step {
                place,
                source: Source::Beside,
                entry: None,
            });
        }
        if !self.refused {
            return Ok(());
        }
        let numbers = until(
            &self.refusals_of(window)?,
            self.reader.head().spans.refusals.end,
        );
        for number in stabbed(snapshot, Set::Refusals, thing, numbers, STEPS)? {
            let missing = ChainError::Damaged {
                height: 0,
                what: "a refused transaction is missing",
            };
            let row = tables::REFUSALS.get(snapshot, &number)?.ok_or(missing)?;
            let event = read_block(snapshot, row.place.0)?.spans.events.end;
            let place = Place {
                event,
                class: 0,
                tie: number,
            };
            self.steps.push(Step {
                place,
                source: Source::Beside,
                entry: None,
            });
        }
        Ok(())
    }

    /// The refusals in the blocks of a window's events.
    fn refusals_of(&self, window: &Window) -> Result<Range<u64>, ChainError> {
        let snapshot = self.reader.snapshot();
        let height = |event: u64| -> Result<Option<u64>, ChainError> {
            Ok(tables::EVENTS
                .get(snapshot, &event)?
                .map(|event| event.height.0))
        };
        let mut numbers = 0..u64::MAX;
        if window.events.start > 0
            && let Some(height) = height(window.events.start)?
        {
            numbers.start = read_block(snapshot, height)?.spans.refusals.start;
        }
        if window.events.end < u64::MAX
            && let Some(height) = height(window.events.end.saturating_sub(1))?
        {
            numbers.end = read_block(snapshot, height)?.spans.refusals.end;
        }
        Ok(numbers)
    }

    /// Recalls and other decisions on a whole product or lot.
    fn class(&mut self, id: Identifier, source: Source, from: u64) -> Result<(), ChainError> {
        let Ok(id) = marque_primitives::Text::new(id.to_canonical()) else {
            return Ok(());
        };
        self.postings(Filter::term(Term::ClassStatus(id)), &source, from)
    }

    fn postings(
        &mut self,
        mut filter: Filter,
        source: &Source,
        from: u64,
    ) -> Result<(), ChainError> {
        let snapshot = self.reader.snapshot();
        let mut from = from;
        let end = self.reader.head().spans.events.end;
        while let Some(event) = filter.seek(snapshot, from)?.filter(|event| *event < end) {
            if self.steps.len() >= STEPS {
                return Err(ChainError::TooBroad("more events than one answer may read"));
            }
            let place = Place {
                event,
                class: 1,
                tie: u64::MAX,
            };
            self.steps.push(Step {
                place,
                source: source.clone(),
                entry: None,
            });
            from = event.saturating_add(1);
        }
        Ok(())
    }
}
