//! The words by which events and refused transactions are found.

use std::collections::BTreeSet;

use marque_primitives::action::{Action, Kind, Parent};
use marque_primitives::detail::Place;
use marque_primitives::gs1::Gtin;
use marque_primitives::history::{Counterparty, Entry, Event, Role, Terms};
use marque_primitives::refusal::{MAX_RANGES, Refusal};
use marque_primitives::thing::{Line, LotId, Thing, Uri};
use marque_primitives::transaction::Body;
use marque_primitives::{Address, TimeMs, key};
use parity_scale_codec::Encode;

use super::stabs::Range;

/// A word. Refusals have their own, since their numbers are not events' positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// An account that signed, gave, received or stood behind the event.
    Party(Address),
    /// What happened.
    Kind(Kind),
    /// CBV business step.
    Step(String),
    /// CBV disposition.
    Disposition(String),
    /// Where it was seen, or is thereafter.
    Place(Place),
    /// A document's URI.
    Document(Uri),
    /// A contract that decided.
    Contract(Address),
    /// A product of which things were named.
    Product(Gtin),
    /// A lot that was named, or of which items were.
    Lot(LotId),
    /// A class that was named.
    Class(Uri),
    /// A class that was recalled, lifted or governed as a whole.
    ClassStatus(Uri),
    /// An aligned stretch of event time: 2^`shift` milliseconds.
    Time { shift: u8, number: u64 },
    /// A lot that a transformation used.
    LotInput(LotId),
    /// A lot that a transformation made.
    LotOutput(LotId),
    /// A contract that refused, or ruled a product that was named.
    RefusedContract(Address),
    /// A product of which things were refused.
    RefusedProduct(Gtin),
    /// An account that was refused.
    RefusedParty(Address),
    /// A rule or invariant by name.
    RefusedRule(String),
}

impl Term {
    /// Kind and word as they stand in rows' keys; the numbers are final.
    pub(crate) fn into_key(self) -> (u8, Vec<u8>) {
        match self {
            Self::Party(address) => (1, address.0.to_vec()),
            Self::Kind(kind) => (2, vec![kind as u8]),
            Self::Step(step) => (3, step.into_bytes()),
            Self::Disposition(disposition) => (4, disposition.into_bytes()),
            Self::Place(place) => (5, place.encode()),
            Self::Document(id) => (6, id.as_bytes().to_vec()),
            Self::Contract(address) => (7, address.0.to_vec()),
            Self::Product(gtin) => (8, gtin.as_u64().to_be_bytes().to_vec()),
            Self::Lot(lot) => (9, key::lot(&lot)),
            Self::Class(id) => (10, id.as_bytes().to_vec()),
            Self::ClassStatus(id) => (11, id.as_bytes().to_vec()),
            Self::Time { shift, number } => (12, [&[shift][..], &number.to_be_bytes()].concat()),
            Self::LotInput(lot) => (13, key::lot(&lot)),
            Self::LotOutput(lot) => (14, key::lot(&lot)),
            Self::RefusedContract(address) => (32, address.0.to_vec()),
            Self::RefusedProduct(gtin) => (33, gtin.as_u64().to_be_bytes().to_vec()),
            Self::RefusedParty(address) => (34, address.0.to_vec()),
            Self::RefusedRule(name) => (35, name.into_bytes()),
        }
    }
}

/// Stretches of event time, from an hour to nine years: a span of time is found as a few
/// stretches of each length.
const SHIFTS: [u8; 5] = [22, 26, 30, 34, 38];

fn stretch(time: TimeMs, shift: u8) -> Term {
    Term::Time {
        shift,
        number: time.0.checked_shr(shift.into()).unwrap_or(0),
    }
}

/// Stretches that together hold every moment from `from` to `to`, both included, and some
/// beside them.
pub(crate) fn time_cover(from: TimeMs, to: TimeMs) -> Vec<Term> {
    let mut terms = Vec::new();
    let [finest, coarser @ ..] = SHIFTS;
    let (mut shift, mut low, mut high) = (finest, from.0 >> finest, to.0 >> finest);
    for next in coarser {
        // Off the ends until both are at the bounds of the next length.
        let per = 1_u64
            .checked_shl(u32::from(next.saturating_sub(shift)))
            .unwrap_or(1);
        while low <= high && low % per != 0 {
            terms.push(Term::Time { shift, number: low });
            low = low.saturating_add(1);
        }
        while low <= high && high % per != per.saturating_sub(1) {
            terms.push(Term::Time {
                shift,
                number: high,
            });
            let Some(below) = high.checked_sub(1) else {
                return terms;
            };
            high = below;
        }
        if low > high {
            return terms;
        }
        (shift, low, high) = (next, low / per, high / per);
    }
    // The rest of all time that a ledger sees is a handful of the longest stretches.
    let last = high.min(low.saturating_add(63));
    terms.extend((low..=last).map(|number| Term::Time { shift, number }));
    terms
}

/// The words of an event.
pub(crate) fn of_event(event: &Event, mut add: impl FnMut(Term)) {
    let named = |party: &Option<Counterparty>| match party {
        Some(Counterparty::Account(address)) => Some(*address),
        _ => None,
    };
    let parties = [
        Some(event.account),
        Some(event.signer),
        named(&event.from),
        named(&event.to),
    ];
    let parties: BTreeSet<Address> = parties.into_iter().flatten().collect();
    parties
        .into_iter()
        .for_each(|party| add(Term::Party(party)));
    add(Term::Kind(event.kind));
    let time = event.detail.time.unwrap_or(event.recorded);
    SHIFTS
        .into_iter()
        .for_each(|shift| add(stretch(time, shift)));
    if let Some(step) = &event.detail.step {
        add(Term::Step(step.to_string()));
    }
    if let Some(disposition) = &event.detail.disposition {
        add(Term::Disposition(disposition.to_string()));
    }
    let anchor = match &event.terms {
        Some(Terms::Anchor(place)) => Some(place),
        _ => None,
    };
    let named = event.detail.place.iter().chain(&event.detail.location);
    let places: BTreeSet<&Place> = named.chain(anchor).collect();
    places
        .into_iter()
        .for_each(|place| add(Term::Place(place.clone())));
    if let Some(open) = event.detail.open() {
        open.documents
            .iter()
            .for_each(|document| add(Term::Document(document.id.clone())));
    }
    event
        .decided
        .iter()
        .for_each(|decided| add(Term::Contract(decided.contract)));
    let whole = matches!(event.kind, Kind::Recall | Kind::Lift | Kind::Govern);
    let (mut products, mut lots) = (BTreeSet::new(), BTreeSet::new());
    for thing in &event.items {
        if let Some(gtin) = product_of(thing) {
            products.insert(gtin);
        }
        match thing {
            Thing::Run {
                run,
                lot: Some(lot),
            } => {
                if let Line::Product(gtin) = run.line() {
                    lots.insert(LotId { gtin, lot: *lot });
                }
            }
            Thing::Lot { id, .. } => drop(lots.insert(id.clone())),
            Thing::Class { id, .. } => {
                add(Term::Class(id.clone()));
                if whole {
                    add(Term::ClassStatus(id.clone()));
                }
            }
            _ => {}
        }
    }
    if let Some(Terms::Birth { lot: Some(lot), .. }) = &event.terms {
        lots.extend(products.iter().map(|gtin| LotId {
            gtin: *gtin,
            lot: *lot,
        }));
    }
    products
        .into_iter()
        .for_each(|gtin| add(Term::Product(gtin)));
    lots.into_iter().for_each(|lot| add(Term::Lot(lot)));
}

/// The words that an entry adds to its event: the lot of its subject, also where the event
/// names serials alone, and what a transformation did with it.
pub(crate) fn of_entry(entry: &Entry, lot: LotId) -> impl Iterator<Item = Term> {
    let side = match entry.role {
        Role::Input => Some(Term::LotInput(lot.clone())),
        Role::Output => Some(Term::LotOutput(lot.clone())),
        _ => None,
    };
    side.into_iter().chain([Term::Lot(lot)])
}

fn product_of(thing: &Thing) -> Option<Gtin> {
    match thing {
        Thing::Run { run, .. } => match run.line() {
            Line::Product(gtin) => Some(gtin),
            Line::Returnable(_) => None,
        },
        Thing::Lot { id, .. } => Some(id.gtin),
        _ => None,
    }
}

/// The things by which a refused transaction is found, at most sixteen: those that the refusal
/// names, or else the first that the refused action names.
pub(crate) fn refused_things(refusal: &Refusal, action: Option<&Action>) -> Vec<Thing> {
    if !refusal.items.is_empty() {
        return refusal.items.to_vec();
    }
    let mut things = Vec::new();
    let mut name = |thing: Thing| {
        if things.len() < MAX_RANGES {
            things.push(thing);
        }
    };
    match action {
        Some(Action::Intent(operation, _)) => {
            if let Some(Parent::Thing(id)) = operation.parent() {
                name(id.clone().into());
            }
            operation.things().cloned().for_each(name);
        }
        Some(Action::Fact(report)) => {
            report.items.iter().cloned().for_each(&mut name);
            report
                .parent
                .iter()
                .cloned()
                .map(Thing::from)
                .for_each(name);
        }
        _ => {}
    }
    things
}

/// The words of a refused transaction.
pub(crate) fn of_refusal(
    body: &Body,
    refusal: &Refusal,
    things: &[Thing],
    mut add: impl FnMut(Term),
) {
    add(Term::RefusedParty(body.account));
    add(Term::RefusedRule(refusal.name.to_string()));
    if let Some(contract) = refusal.contract {
        add(Term::RefusedContract(contract));
    }
    let products: BTreeSet<Gtin> = things.iter().filter_map(product_of).collect();
    products
        .into_iter()
        .for_each(|gtin| add(Term::RefusedProduct(gtin)));
}

/// The ranges of serials and things among `things`.
pub(crate) fn ranges(things: &[Thing]) -> impl Iterator<Item = Range> {
    things.iter().filter_map(Range::of)
}

#[cfg(test)]
mod tests;
