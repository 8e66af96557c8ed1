//! Events by what they are about.

use std::ops::Range;

use marque_primitives::action::Kind;
use marque_primitives::detail::{Place, Term as Word};
use marque_primitives::gs1::Gtin;
use marque_primitives::thing::{LotId, ThingId, Uri};
use marque_primitives::{Address, Position, TimeMs};

use super::query::{Filter, Span, search};
use super::{EventAt, Page, PageRequest, Reader};
use crate::error::ChainError;
use crate::index::{Set, Term, stabbed, time_cover};

const LIST: u8 = b'e';
/// Events of one thing that a query by it looks at.
const OF_ONE: usize = 100_000;
/// Stretches of time whose lists are read side by side.
const STRETCHES: usize = 512;

/// Which events. Everything that is given has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// That name the thing, in its history or beside it.
    pub thing: Option<ThingId>,
    /// That name the lot, or items with it.
    pub lot: Option<LotId>,
    /// That name things of the product.
    pub product: Option<Gtin>,
    /// That name the class.
    pub class: Option<Uri>,
    /// That the account signed, gave, received or stood behind.
    pub party: Option<Address>,
    /// Seen at, or to be found thereafter at.
    pub place: Option<Place>,
    /// With the business step.
    pub step: Option<Word>,
    /// With the disposition.
    pub disposition: Option<Word>,
    /// Of one of these kinds; empty: of any.
    pub kinds: Vec<Kind>,
    /// Under the document.
    pub document: Option<Uri>,
    /// Decided by the contract.
    pub contract: Option<Address>,
    /// That happened within.
    pub time: Span,
    /// That were recorded within.
    pub recorded: Span,
    /// Declared to be errors, or not.
    pub declared: Option<bool>,
    /// Within these positions; none: all.
    pub positions: Option<Range<u64>>,
}

impl Reader {
    /// Events in order of their recording.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], [`ChainError::TooBroad`], or when the store fails.
    pub fn events(
        &self,
        query: &EventQuery,
        page: &PageRequest,
    ) -> Result<Page<EventAt>, ChainError> {
        let mut filters = self.filters(query)?;
        let all = 0..self.head().spans.events.end;
        let mut within = query.positions.clone().unwrap_or(all.clone());
        within.end = within.end.min(all.end);
        if !query.recorded.is_open() {
            let recorded = self.events_within(&self.heights(query.recorded)?)?;
            within = within.start.max(recorded.start)..within.end.min(recorded.end);
        }
        if let Some(next) = page.resume::<u64>(LIST)? {
            within.start = within.start.max(next);
        }
        let mut found = Vec::new();
        let limit = page.limit();
        let next = search(self.snapshot(), &mut filters, within, |position| {
            let event = self.event_there(Position(position))?;
            let happened = event.event.detail.time.unwrap_or(event.event.recorded);
            let declared = query
                .declared
                .is_none_or(|wanted| wanted == event.declared.is_some());
            if query.time.holds(happened) && declared {
                found.push(event);
            }
            Ok(found.len() >= limit)
        })?;
        Ok(match next {
            Some(next) => Page::more(found, LIST, &next),
            None => Page::last(found),
        })
    }

    fn filters(&self, query: &EventQuery) -> Result<Vec<Filter>, ChainError> {
        let mut filters = Vec::new();
        let mut term = |term: Option<Term>| filters.extend(term.map(Filter::term));
        term(query.document.clone().map(Term::Document));
        term(query.lot.clone().map(Term::Lot));
        term(query.class.clone().map(Term::Class));
        term(query.place.clone().map(Term::Place));
        term(query.party.map(Term::Party));
        term(query.product.map(Term::Product));
        term(query.contract.map(Term::Contract));
        term(query.step.as_ref().map(|step| Term::Step(step.to_string())));
        term(
            query
                .disposition
                .as_ref()
                .map(|disposition| Term::Disposition(disposition.to_string())),
        );
        if !query.kinds.is_empty() {
            filters.push(Filter::any(query.kinds.iter().copied().map(Term::Kind)));
        }
        if let Some(thing) = &query.thing {
            filters.push(Filter::These(self.events_of(thing)?));
        }
        if !query.time.is_open() {
            // No event is dated later than its recording and ten minutes.
            let latest = self.head().time().plus(600_000);
            let from = query.time.from.unwrap_or(TimeMs(0));
            let cover = time_cover(from, query.time.to.unwrap_or(latest).min(latest));
            if cover.len() <= STRETCHES {
                filters.push(Filter::any(cover));
            }
        }
        Ok(filters)
    }

    /// Positions of the events that name a thing, ascending.
    fn events_of(&self, thing: &ThingId) -> Result<Vec<u64>, ChainError> {
        let own = self.own_entries(thing)?;
        let mut positions: Vec<u64> = own.iter().map(|(_, entry)| entry.event.0).collect();
        positions.extend(stabbed(
            self.snapshot(),
            Set::Events,
            thing,
            0..u64::MAX,
            OF_ONE,
        )?);
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    }
}
