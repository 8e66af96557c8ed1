//! The journey of one thing, oldest first.

use marque_primitives::Position;
use marque_primitives::history::Entry;
use marque_primitives::thing::{LotId, ThingId};

use super::timeline::{Place, Timeline};
use super::{EventAt, Page, PageRequest, Reader, Refused};
use crate::error::ChainError;

const LIST: u8 = b't';

/// Whose journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceOf {
    /// An item's, asset's or unit's.
    Thing(ThingId),
    /// A lot's: the movements of its quantities.
    Lot(LotId),
}

/// How a line belongs to the journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It stands in the thing's own history, proved by its record's head.
    Own,
    /// It stands in the history of what held the thing at that time.
    Parent(ThingId),
    /// It speaks of the lot as a whole.
    Lot,
    /// It speaks of the product as a whole.
    Product,
    /// It names the thing, but stands beside its history: a sighting by someone else.
    Beside,
}

/// One line of a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // most lines are the large one
pub enum TraceLine {
    /// Something recorded.
    Recorded {
        /// How it belongs here.
        source: Source,
        /// The entry in the history that it stands in.
        entry: Option<(Position, Entry)>,
        /// What was recorded.
        event: Box<EventAt>,
    },
    /// A transaction that was refused; nothing of it happened.
    Refused(Box<Refused>),
}

impl Reader {
    /// A thing's journey in order of recording: its own history, its parents' moves while it was
    /// packed, decisions on its product and lot, sightings by others, and where `refused` is
    /// set, refused transactions.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], [`ChainError::TooBroad`] for a history of more than 100,000
    /// lines, or when the store fails.
    pub fn trace(
        &self,
        of: &TraceOf,
        refused: bool,
        page: &PageRequest,
    ) -> Result<Page<TraceLine>, ChainError> {
        let after = page.resume::<Place>(LIST)?;
        let mut timeline = Timeline::new(self, refused);
        match of {
            TraceOf::Thing(thing) => timeline.thing(thing)?,
            TraceOf::Lot(lot) => timeline.lot(lot)?,
        }
        let steps = timeline.finish();
        let limit = page.limit();
        let mut lines = Vec::new();
        for step in steps
            .into_iter()
            .filter(|step| after.is_none_or(|after| step.place > after))
        {
            if lines.len() > limit {
                break;
            }
            let line = match step.refusal() {
                Some(number) => TraceLine::Refused(Box::new(self.refused(number)?)),
                None => TraceLine::Recorded {
                    event: Box::new(self.event_there(step.event())?),
                    entry: match step.entry {
                        Some(position) => Some((position, self.entry_there(position)?)),
                        None => None,
                    },
                    source: step.source,
                },
            };
            lines.push((step.place, line));
        }
        Ok(Page::cut(lines, limit, LIST))
    }
}
