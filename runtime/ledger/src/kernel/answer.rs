//! Answers to offers: the named receiver accepts or rejects, the giver withdraws, all of it
//! or a part.

use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too};
use super::slices::Slice;
use super::{Draft, Kernel};
use crate::LedgerError;
use crate::rules::Question;
use crate::stop::{Do, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, OfferId, Things};
use marque_primitives::bounded::List;
use marque_primitives::history::{Role, Terms};
use marque_primitives::record::{Holding, Offer};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing};
use marque_primitives::{Address, Amount, Decimal, key};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

impl Kernel<'_, '_> {
    pub(crate) fn accept(&mut self, items: &Things) -> Do<()> {
        let account = self.account();
        self.accept_of(items, |offer| offer.to == account)
    }

    /// Accepts things of offers to the account that `mine` takes.
    pub(crate) fn accept_of(&mut self, items: &Things, mine: impl Fn(&Offer) -> bool) -> Do<()> {
        self.check_named(items)?;
        self.check_movable_kinds(items)?;
        let account = self.account();
        let mut moved = Moved::default();
        let mut offers = Offers::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            let id = self.offer_of(&mut offers, &slice, account)?;
            self.check_order(&slice, &standing)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            self.check_recalls(&slice.thing(), &standing.judgement.recalls, Some(account))?;
            self.check_contents(&slice, Some(account))?;
            offers.count(id, slice.record.count);
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(items)? {
            for (offer_id, parcel) in
                self.draw_offered(Kind::Accept, &mut offers, id, amount, &mine)?
            {
                self.check_parcel_free(&parcel)?;
                self.check_parcel_recalls(&parcel, Some(account))?;
                offers.parcel(offer_id, &parcel);
                moved.parcel(Part::Subject, parcel);
            }
        }
        let question = offers.question();
        let Some(what) = question.what else {
            return refuse(
                Invariant::Shape,
                "the offers give different rights; accept them apart",
            );
        };
        self.check_deadlines(&offers)?;
        let moved = self.ask_about(Kind::Accept, &question, moved)?;
        let draft = Draft {
            from: question.from,
            to: Some(account),
            what: question.what,
            items: moved.things(),
            terms: Some(offers.terms()?),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Accept, draft)?;
        let time = self.time();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            slice.record.offer = None;
            if what.possession() {
                slice.record.custodian = Some(account);
            }
            if what.ownership() {
                slice.record.owner = Some(account);
            }
            slice.record.moved = time;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let to = Holding {
                custodian: if what.possession() {
                    Some(account)
                } else {
                    parcel.from.custodian
                },
                owner: if what.ownership() {
                    Some(account)
                } else {
                    parcel.from.owner
                },
                offer: None,
                holders: held_too(&parcel.from, &effect)?,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.settle(offers)?;
        self.hold_lots(&moved.hold)
    }

    /// Takes back what the account offered, or its own claims.
    pub(crate) fn withdraw(&mut self, items: &Things) -> Do<()> {
        let before = self.state.checkpoint();
        if !self.withdraw_claims(items)? {
            self.state.undo(before);
            return self.close_offer(Kind::Withdraw, items);
        }
        let draft = Draft {
            items: items.to_vec(),
            ..Draft::default()
        };
        self.write_event(Kind::Withdraw, draft)?;
        Ok(())
    }

    /// Reject by the receiver, withdraw by the one who offered: the things stay where they
    /// are, whatever their status.
    pub(crate) fn close_offer(&mut self, kind: Kind, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_movable_kinds(items)?;
        let account = self.account();
        let mine = |offer: &Offer| {
            if kind == Kind::Reject {
                offer.to == account
            } else {
                offer.from == account
            }
        };
        let mut moved = Moved::default();
        let mut offers = Offers::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            let id = match slice.record.offer {
                Some(id) if mine(self.offer_in(&mut offers, id)?) => id,
                _ => {
                    let message = "no offer of this account is open on it";
                    return Err(slice.refusal(Invariant::NotOffered, message).into());
                }
            };
            offers.count(id, slice.record.count);
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(items)? {
            for (offer_id, parcel) in self.draw_offered(kind, &mut offers, id, amount, mine)? {
                offers.parcel(offer_id, &parcel);
                moved.parcel(Part::Subject, parcel);
            }
        }
        if kind == Kind::Reject {
            self.check_deadlines(&offers)?;
        }
        let question = offers.question();
        let moved = self.ask_about(kind, &question, moved)?;
        let draft = Draft {
            from: question.from,
            to: question.to,
            what: question.what,
            items: moved.things(),
            terms: Some(offers.terms()?),
            ..Draft::default()
        };
        let written = self.write_event(kind, draft)?;
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            slice.record.offer = None;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let to = Holding {
                offer: None,
                holders: held_too(&parcel.from, &effect)?,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.settle(offers)?;
        self.hold_lots(&moved.hold)
    }

    /// An offer, read once however many things of an action stand on it.
    pub(crate) fn offer_in<'o>(&mut self, offers: &'o mut Offers, id: OfferId) -> Do<&'o Offer> {
        match offers.known.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let offer = self.state.get("offer", &key::offer(id))?;
                Ok(unknown.insert(offer.ok_or(LedgerError::Damaged { what: "offer" })?))
            }
        }
    }

    /// The offer that names the account as the receiver of a thing.
    fn offer_of(&mut self, offers: &mut Offers, slice: &Slice, receiver: Address) -> Do<OfferId> {
        match slice.record.offer {
            Some(id) => {
                let to = self.offer_in(offers, id)?.to;
                if to == receiver {
                    return Ok(id);
                }
                let message = format!("it is offered to {to}, not to {receiver}");
                Err(slice.refusal(Invariant::NotOffered, &message).into())
            }
            None if slice.record.parent.is_some() => Err(slice
                .refusal(
                    Invariant::Packed,
                    "it is packed: accept the unit that holds it",
                )
                .into()),
            None if slice.record.custodian == Some(receiver) => Err(slice
                .refusal(Invariant::NotApplicable, "the account has it already")
                .into()),
            None => Err(slice
                .refusal(Invariant::NotOffered, "no offer is open on it")
                .into()),
        }
    }

    /// Draws a quantity from what is on offer, in the order of the offers' balances.
    fn draw_offered(
        &mut self,
        kind: Kind,
        offers: &mut Offers,
        id: &LotId,
        amount: &Amount,
        mine: impl Fn(&Offer) -> bool,
    ) -> Do<Vec<(OfferId, Parcel)>> {
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let mut missing = amount.value;
        let mut drawn = Vec::new();
        for (offer_id, balance) in self.offered(kind, id)? {
            if !missing.is_positive() {
                break;
            }
            if !mine(self.offer_in(offers, offer_id)?) {
                continue;
            }
            let value = missing.min(balance.value);
            missing = missing.checked_sub(value).ok_or_else(overflow)?;
            let parcel = Parcel {
                id: id.clone(),
                unit: amount.unit.clone(),
                from: balance.holding,
                value,
            };
            drawn.push((offer_id, parcel));
        }
        if missing.is_positive() {
            let thing = Thing::Lot {
                id: id.clone(),
                amount: amount.clone(),
            };
            return Err(
                Refusal::kernel(Invariant::NotOffered, "less of it is on offer")
                    .item(thing)
                    .into(),
            );
        }
        Ok(drawn)
    }

    fn check_deadlines(&self, offers: &Offers) -> Do<()> {
        let now = self.acting.block.time;
        match offers
            .answered()
            .find_map(|offer| offer.deadline.filter(|deadline| *deadline < now))
        {
            None => Ok(()),
            Some(deadline) => refuse(
                Invariant::OfferExpired,
                &format!("the offer was open until {deadline} ms"),
            ),
        }
    }

    /// Counts down what is open of each offer; an offer with nothing left is removed.
    fn settle(&mut self, offers: Offers) -> Do<()> {
        let Offers { mut known, taken } = offers;
        for (id, Taken { things, lots }) in taken {
            let Some(mut offer) = known.remove(&id) else {
                continue;
            };
            offer.open = offer
                .open
                .checked_sub(things)
                .ok_or(LedgerError::Damaged { what: "offer" })?;
            let mut left = offer.open_lots.into_vec();
            for open in &mut left {
                let taken = lots.get(&open.id).copied().unwrap_or_default();
                open.value = open.value.checked_sub(taken).ok_or_else(overflow)?;
            }
            left.retain(|open| open.value.is_positive());
            offer.open_lots = List::new(left).map_err(|_| overflow())?;
            if offer.open == 0 && offer.open_lots.is_empty() {
                self.state.remove(&key::offer(id))?;
            } else {
                self.state.put(&key::offer(id), &offer)?;
            }
        }
        Ok(())
    }
}

/// The offers that an action meets, and how much it closes of those that it answers.
#[derive(Default)]
pub(crate) struct Offers {
    known: BTreeMap<OfferId, Offer>,
    taken: BTreeMap<OfferId, Taken>,
}

/// How much of an offer an action closes.
#[derive(Default)]
struct Taken {
    things: u64,
    lots: BTreeMap<LotId, Decimal>,
}

impl Offers {
    fn count(&mut self, id: OfferId, things: u64) {
        let taken = self.taken.entry(id).or_default();
        taken.things = taken.things.saturating_add(things);
    }

    fn parcel(&mut self, id: OfferId, parcel: &Parcel) {
        let taken = self.taken.entry(id).or_default();
        let sum = taken.lots.entry(parcel.id.clone()).or_default();
        *sum = sum.checked_add(parcel.value).unwrap_or(*sum);
    }

    /// Those that something is taken of.
    fn answered(&self) -> impl Iterator<Item = &Offer> {
        self.taken.keys().filter_map(|id| self.known.get(id))
    }

    /// Which offers the event answers.
    fn terms(&self) -> Do<Terms> {
        let offers = List::new(self.taken.keys().copied().collect()).map_err(|_| overflow())?;
        Ok(Terms::Answer { offers })
    }

    /// What rules are asked: giver, receiver and right where all offers agree on them.
    fn question(&self) -> Question {
        let mut offers = self.answered();
        let Some(first) = offers.next() else {
            return Question::default();
        };
        let mut question = Question {
            from: Some(first.from),
            to: Some(first.to),
            what: Some(first.what),
            parent: None,
        };
        for other in offers {
            question.from = question.from.filter(|from| *from == other.from);
            question.to = question.to.filter(|to| *to == other.to);
            question.what = question.what.filter(|what| *what == other.what);
        }
        question
    }
}
