//! Sightings, checks and measurements. The custodian and its observers write into a
//! thing's own history; everyone else's sightings stand beside it. Things that were never
//! commissioned here get an external record.

use super::lots::{Parcel, Reach, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too};
use super::slices::Slice;
use super::standing::Effective;
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::stop::{Do, overflow};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, Things};
use marque_primitives::gs1::LotNumber;
use marque_primitives::history::Role;
use marque_primitives::receipt::Outcome;
use marque_primitives::record::{Balance, Holders, Holding, LotRecord};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Amount, Decimal};

/// What a sighting names, sorted.
#[derive(Default)]
struct Seen {
    /// Into whose history the account may write.
    own: Moved,
    /// Quantities into whose lot's history it may write, as named.
    quantities: Vec<(LotId, Amount)>,
    /// Whether something later is known of any of it.
    late: bool,
    /// What is odd about it, each in the order of what is told first: another lot, more
    /// than there can be or not where it is said to be, seen after its end, never
    /// commissioned.
    lot: Option<Refusal>,
    count: Option<Refusal>,
    ended: Option<Refusal>,
    unknown: Option<Refusal>,
}

impl Seen {
    fn oddity(&mut self) -> Option<Refusal> {
        let odd = self.lot.take().or(self.count.take());
        odd.or(self.ended.take()).or(self.unknown.take())
    }
}

/// Adds a thing to the refusal that names such things.
fn note(of: &mut Option<Refusal>, invariant: Invariant, message: &str, thing: Thing) {
    let refusal = of
        .take()
        .unwrap_or_else(|| Refusal::kernel(invariant, message));
    *of = Some(refusal.item(thing));
}

impl Kernel<'_, '_> {
    /// Writes a sighting down; `withheld` says why it is not more than that.
    pub(crate) fn observe(
        &mut self,
        items: &Things,
        parent: Option<&ThingId>,
        withheld: Option<Refusal>,
    ) -> Do<()> {
        let draft = Draft {
            withheld,
            ..Draft::default()
        };
        let withheld = self.record_sighting(Kind::Observe, items, parent, draft)?;
        self.receipt.outcome = Outcome::Observed(withheld);
        Ok(())
    }

    /// The work of observations and of ties to documents: the event, and an entry in each
    /// history that the account may write into. The draft says what it is beside things.
    /// Gives back what keeps it from being more, or what is odd about it.
    pub(crate) fn record_sighting(
        &mut self,
        kind: Kind,
        items: &Things,
        parent: Option<&ThingId>,
        draft: Draft,
    ) -> Do<Option<Refusal>> {
        self.late = false;
        let mut seen = self.seen(items, parent)?;
        let oddity = seen.oddity();
        let beside = draft.withheld.is_some();
        // An observation that was to be more has been judged already.
        let moved = match kind {
            Kind::Observe if !beside => {
                let question = Question {
                    parent: parent.cloned(),
                    ..Question::default()
                };
                self.ask_about(kind, &question, seen.own)?
            }
            _ => seen.own,
        };
        let mut named = items.to_vec();
        if let Some(parent) = parent {
            let parent = Thing::from(parent.clone());
            if !named.contains(&parent) {
                named.push(parent);
            }
        }
        let withheld = draft.withheld.or(oddity);
        let draft = Draft {
            items: named,
            parent: parent.cloned(),
            withheld: withheld.clone(),
            late: seen.late,
            ..draft
        };
        let written = self.write_event(kind, draft)?;
        let mut hold = moved.hold;
        for MovedSlice {
            mut slice,
            standing,
            effect,
            ..
        } in moved.slices
        {
            if !beside && standing.judgement.status != Effective::Ended {
                self.describe(&mut slice.record)?;
            }
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            if effect.holders.is_empty() {
                continue;
            }
            if parcel.from.custodian == Some(self.account()) {
                let held = Holding {
                    holders: held_too(&parcel.from, &effect)?,
                    ..parcel.from.clone()
                };
                self.transfer(&parcel, &held)?;
            } else {
                // Nobody knows which part of the lot was seen.
                hold.insert(parcel.id.clone());
            }
        }
        for (id, amount) in seen.quantities {
            let thing = Thing::Lot {
                id: id.clone(),
                amount,
            };
            self.write_lot(written, &id, thing, Role::Subject, None)?;
        }
        self.hold_lots(&hold)?;
        Ok(withheld)
    }

    /// The things into whose history the account may write, with external records for what
    /// is unknown; and what is odd about it all.
    fn seen(&mut self, items: &Things, parent: Option<&ThingId>) -> Do<Seen> {
        let mut seen = Seen::default();
        let found = self.find(items)?;
        for thing in &found.unknown {
            let Some(slice) = self.external(thing) else {
                continue;
            };
            unknown(&mut seen, thing.clone());
            let standing = self.state.standing(&slice)?;
            seen.own.slice(Part::Subject, slice, standing);
        }
        for (slice, claimed) in found.with_claims() {
            self.seen_slice(slice, claimed, parent, &mut seen)?;
        }
        for (id, amount) in &quantities(items)? {
            match self.state.lot(id)? {
                Some(lot) => self.seen_quantity(id, &lot, amount, &mut seen)?,
                None => unknown(&mut seen, quantity(id, amount)),
            }
        }
        Ok(seen)
    }

    fn seen_slice(
        &mut self,
        slice: Slice,
        claimed: Option<LotNumber>,
        parent: Option<&ThingId>,
        seen: &mut Seen,
    ) -> Do<()> {
        // A label may say more than the record; a record of another lot is another thing's.
        let contradicts = slice.record.lot.is_some() || self.capture.is_none();
        if contradicts && let Some(refusal) = slice.other_lot(claimed) {
            if self.capture.is_none() {
                return Err(refusal.into());
            }
            seen.lot.get_or_insert(refusal);
            return Ok(());
        }
        let standing = self.state.standing(&slice)?;
        seen.late |= self.time() < standing.seen(&slice.record);
        if slice.record.external {
            unknown(seen, slice.thing());
        }
        if standing.judgement.status == Effective::Ended {
            let message = "it was seen after it had been decommissioned";
            note(
                &mut seen.ended,
                Invariant::Decommissioned,
                message,
                slice.thing(),
            );
        }
        let elsewhere = |parent: &ThingId| {
            !slice.record.external
                && slice.record.parent.as_ref() != Some(parent)
                && slice.first != *parent
        };
        if parent.is_some_and(elsewhere) {
            let message = "it was seen in a parent that does not hold it here";
            note(&mut seen.count, Invariant::Mismatch, message, slice.thing());
        }
        if self.may_write(&slice, &standing)? {
            seen.own.slice(Part::Subject, slice, standing);
        }
        Ok(())
    }

    /// A quantity is the holder's, who has at least so much of it; the brand and those whom
    /// it lets observe may write into the lot's history, too.
    fn seen_quantity(
        &mut self,
        id: &LotId,
        lot: &LotRecord,
        amount: &Amount,
        seen: &mut Seen,
    ) -> Do<()> {
        let account = self.account();
        let balances = self.balances_in(id, Reach::All(Some(account)))?;
        let mut has = Decimal::ZERO;
        for balance in &balances {
            has = has.checked_add(balance.value).ok_or_else(overflow)?;
        }
        if balances.is_empty() && !self.observes_lot(id, lot.brand)? {
            return Ok(());
        }
        let same_unit = lot.unit.as_ref() == Some(&amount.unit);
        if !balances.is_empty() && (!same_unit || amount.value > has) {
            let message = format!("more of it was seen than the {has} that the account has");
            note(
                &mut seen.count,
                Invariant::Mismatch,
                &message,
                quantity(id, amount),
            );
        }
        seen.quantities.push((id.clone(), amount.clone()));
        if !same_unit || !amount.value.is_positive() {
            return Ok(());
        }
        let mut missing = amount.value;
        for Balance { holding, value } in balances {
            let value = value.min(missing);
            if holding.parent.is_some() || !value.is_positive() {
                continue;
            }
            missing = missing.checked_sub(value).ok_or_else(overflow)?;
            seen.own.parcel(
                Part::Subject,
                Parcel {
                    id: id.clone(),
                    unit: amount.unit.clone(),
                    from: holding,
                    value,
                },
            );
        }
        if missing == amount.value {
            // None of it is in hand: the rule is asked about the quantity alone.
            seen.own.parcel(
                Part::Subject,
                Parcel {
                    id: id.clone(),
                    unit: amount.unit.clone(),
                    from: nobodys(),
                    value: missing,
                },
            );
        }
        Ok(())
    }
}

fn quantity(id: &LotId, amount: &Amount) -> Thing {
    Thing::Lot {
        id: id.clone(),
        amount: amount.clone(),
    }
}

fn unknown(seen: &mut Seen, thing: Thing) {
    let message = "it was never commissioned here: kept as external, unverified";
    note(&mut seen.unknown, Invariant::Unknown, message, thing);
}

fn nobodys() -> Holding {
    Holding {
        offer: None,
        custodian: None,
        owner: None,
        parent: None,
        owned_with_parent: false,
        holders: Holders::default(),
        cleared: 0,
    }
}
