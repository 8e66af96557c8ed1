//! A captured event may name things of which only some can move as it says: what is not
//! known here is seen, what is not on offer is claimed, and neither holds up the rest.

use super::Kernel;
use super::answer::Offers;
use super::slices::Slice;
use crate::stop::{Do, overflow};
use marque_primitives::action::{Kind, Operation, Things};
use marque_primitives::bounded::List;
use marque_primitives::gs1::LotNumber;
use marque_primitives::record::Offer;
use marque_primitives::thing::Thing;
use marque_primitives::{Amount, Decimal};

/// An operation of a report, and what of its things it leaves out.
pub(crate) struct Sorted {
    /// With what it can be about; as it was where that is nothing.
    pub(crate) now: Operation,
    /// Not on offer.
    pub(crate) later: Things,
    /// Not known.
    pub(crate) aside: Things,
}

/// The things that an operation moves, where the ledger has to know them.
fn moved(operation: &mut Operation) -> Option<&mut Things> {
    match operation {
        Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Withdraw { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items }
        | Operation::Decommission { items }
        | Operation::Pack {
            children: items, ..
        }
        | Operation::Unpack {
            children: items, ..
        } => Some(items),
        _ => None,
    }
}

/// A slice as its identifier named it.
fn as_named(slice: &Slice, claimed: Option<LotNumber>) -> Thing {
    match slice.thing() {
        Thing::Run { run, .. } => Thing::Run { run, lot: claimed },
        other => other,
    }
}

impl Kernel<'_, '_> {
    /// Sorts the things of an operation. What falls into too many parts stays together.
    pub(crate) fn sort(&mut self, operation: &Operation) -> Do<Sorted> {
        let mut sorted = Sorted {
            now: operation.clone(),
            later: List::default(),
            aside: List::default(),
        };
        let Some(things) = moved(&mut sorted.now) else {
            return Ok(sorted);
        };
        let (known, aside) = self.split_known(things)?;
        if let (false, Ok(known), Ok(aside)) =
            (known.is_empty(), List::new(known), List::new(aside))
        {
            (*things, sorted.aside) = (known, aside);
        }
        let kind = operation.kind();
        if matches!(kind, Kind::Accept | Kind::Withdraw) {
            let (open, rest) = self.split_offered(kind, things)?;
            if let (false, Ok(open), Ok(rest)) = (open.is_empty(), List::new(open), List::new(rest))
            {
                (*things, sorted.later) = (open, rest);
            }
        }
        Ok(sorted)
    }

    fn split_known(&mut self, things: &Things) -> Do<(Vec<Thing>, Vec<Thing>)> {
        let (mut known, mut aside) = (Vec::new(), Vec::new());
        for thing in things {
            if let Thing::Lot { id, .. } = thing {
                let there = self.state.lot(id)?.is_some();
                if there { &mut known } else { &mut aside }.push(thing.clone());
                continue;
            }
            let found = self.find([thing])?;
            let external = |slice: &Slice| slice.record.external;
            if found.unknown.is_empty() && !found.slices.iter().any(external) {
                known.push(thing.clone());
                continue;
            }
            aside.extend(found.unknown.iter().cloned());
            for (slice, claimed) in found.with_claims() {
                let into = if external(&slice) {
                    &mut aside
                } else {
                    &mut known
                };
                into.push(as_named(&slice, claimed));
            }
        }
        Ok((known, aside))
    }

    /// What is on offer to the account, or by it where it withdraws, and what is not.
    fn split_offered(&mut self, kind: Kind, things: &Things) -> Do<(Vec<Thing>, Vec<Thing>)> {
        let account = self.account();
        let mine = |offer: &Offer| match kind {
            Kind::Accept => offer.to == account,
            _ => offer.from == account,
        };
        let mut offers = Offers::default();
        let (mut open, mut rest) = (Vec::new(), Vec::new());
        for thing in things {
            if let Thing::Lot { id, amount } = thing {
                let mut left = amount.value;
                for (number, balance) in self.offered(kind, id)? {
                    if mine(self.offer_in(&mut offers, number)?) {
                        let value = left.min(balance.value);
                        left = left.checked_sub(value).ok_or_else(overflow)?;
                    }
                }
                let taken = amount.value.checked_sub(left).ok_or_else(overflow)?;
                for (value, into) in [(taken, &mut open), (left, &mut rest)] {
                    if value != Decimal::ZERO {
                        let unit = amount.unit.clone();
                        let amount = Amount { value, unit };
                        let id = id.clone();
                        into.push(Thing::Lot { id, amount });
                    }
                }
                continue;
            }
            let (mut on_offer, mut others) = (Vec::new(), Vec::new());
            for (slice, claimed) in self.find([thing])?.with_claims() {
                let into = match slice.record.offer {
                    Some(number) if mine(self.offer_in(&mut offers, number)?) => &mut on_offer,
                    _ => &mut others,
                };
                into.push(as_named(&slice, claimed));
            }
            match (on_offer.is_empty(), others.is_empty()) {
                (true, _) => rest.push(thing.clone()),
                (_, true) => open.push(thing.clone()),
                _ => {
                    open.extend(on_offer);
                    rest.extend(others);
                }
            }
        }
        Ok((open, rest))
    }
}
