//! What queries by terms share: all filters hold at once, answers in order of recording.

use std::ops::Range;

use marque_primitives::TimeMs;
use marque_state::{Snapshot, StateError};

use super::Reader;
use crate::chain::read_block;
use crate::error::ChainError;
use crate::index::{Cursor, Postings, Term};

/// A span of time; an end left out is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first moment that belongs to it.
    pub from: Option<TimeMs>,
    /// The last moment that belongs to it.
    pub to: Option<TimeMs>,
}

impl Span {
    /// Whether a moment lies within.
    #[must_use]
    pub fn holds(&self, time: TimeMs) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time <= to)
    }

    pub(super) fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// How many positions a page may look at before it ends.
const LOOKS: usize = 20_000;

/// Positions that fit one filter.
pub(super) enum Filter {
    /// Those of any of some terms.
    Any(Vec<Postings>),
    /// These, ascending.
    These(Vec<u64>),
}

impl Filter {
    pub(super) fn term(term: Term) -> Self {
        Self::any([term])
    }

    pub(super) fn any(terms: impl IntoIterator<Item = Term>) -> Self {
        Self::Any(terms.into_iter().map(Postings::new).collect())
    }
}

impl Cursor for Filter {
    fn seek(&mut self, snapshot: &dyn Snapshot, from: u64) -> Result<Option<u64>, StateError> {
        match self {
            Self::Any(lists) => {
                let mut least = None;
                for list in lists {
                    let found = list.seek(snapshot, from)?;
                    least = match (least, found) {
                        (Some(least), Some(found)) => Some(std::cmp::min::<u64>(least, found)),
                        (least, found) => least.or(found),
                    };
                }
                Ok(least)
            }
            Self::These(positions) => {
                let below = positions.partition_point(|position| *position < from);
                Ok(positions.get(below).copied())
            }
        }
    }
}

/// Looks for positions that fit all filters, until `visit` says that it has enough. Gives back
/// where to go on, `None` at the end.
pub(super) fn search(
    snapshot: &dyn Snapshot,
    filters: &mut [Filter],
    positions: Range<u64>,
    mut visit: impl FnMut(u64) -> Result<bool, ChainError>,
) -> Result<Option<u64>, ChainError> {
    let mut at = positions.start;
    for _ in 0..LOOKS {
        if at >= positions.end {
            return Ok(None);
        }
        let mut candidate = at;
        for filter in filters.iter_mut() {
            match filter.seek(snapshot, candidate)? {
                Some(found) => candidate = found,
                None => return Ok(None),
            }
        }
        if candidate >= positions.end {
            return Ok(None);
        }
        // The filters before the last one that moved have yet to agree.
        if candidate != at && filters.len() > 1 {
            at = candidate;
            continue;
        }
        at = candidate.saturating_add(1);
        if visit(candidate)? {
            return Ok(Some(at));
        }
    }
    Ok(Some(at))
}

impl Reader {
    /// The heights whose blocks were made within a span of time.
    pub(super) fn heights(&self, span: Span) -> Result<Range<u64>, ChainError> {
        let end = self.head().height().0.saturating_add(1);
        let from = span.from.map_or(Ok(0), |from| self.height_from(from))?;
        let to = span.to.map_or(Ok(end), |to| self.height_from(to.plus(1)))?;
        Ok(from..to.max(from))
    }

    /// The events of some heights.
    pub(super) fn events_within(&self, heights: &Range<u64>) -> Result<Range<u64>, ChainError> {
        if heights.is_empty() {
            return Ok(0..0);
        }
        let first = read_block(self.snapshot(), heights.start)?
            .spans
            .events
            .start;
        let last = read_block(self.snapshot(), heights.end.saturating_sub(1))?
            .spans
            .events
            .end;
        Ok(first..last)
    }

    /// The refusals of some heights.
    pub(super) fn refusals_within(&self, heights: &Range<u64>) -> Result<Range<u64>, ChainError> {
        if heights.is_empty() {
            return Ok(0..0);
        }
        let first = read_block(self.snapshot(), heights.start)?
            .spans
            .refusals
            .start;
        let last = read_block(self.snapshot(), heights.end.saturating_sub(1))?
            .spans
            .refusals
            .end;
        Ok(first..last)
    }
}
