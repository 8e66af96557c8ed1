//! Offers: the custodian offers possession, the owner ownership, and only the named
//! receiver accepts. Every offer needs acceptance; after its deadline it can only be
//! withdrawn.

use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply};
use super::slices::Slice;
use super::standing::Effective;
use super::{Draft, Kernel};
use crate::LedgerError;
use crate::rules::{Question, sooner};
use crate::stop::{Do, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, OfferId, PartyRef, Right, Things};
use marque_primitives::bounded::List;
use marque_primitives::history::Role;
use marque_primitives::record::{Holding, Offer, OpenLot};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing};
use marque_primitives::{Address, Amount, Decimal, TimeMs, key};
use std::collections::BTreeMap;

impl Kernel<'_, '_> {
    pub(crate) fn offer(
        &mut self,
        items: &Things,
        to: PartyRef,
        what: Right,
        deadline: Option<TimeMs>,
    ) -> Do<()> {
        self.check_named(items)?;
        self.check_time()?;
        self.check_movable_kinds(items)?;
        let to = self.resolve(to, "to")?;
        if to == self.account() {
            let refusal = Refusal::kernel(Invariant::Shape, "an offer goes to another party");
            return Err(refusal.field("to").into());
        }
        if deadline.is_some_and(|deadline| deadline <= self.acting.block.time) {
            let refusal =
                Refusal::kernel(Invariant::Shape, "the deadline has passed").field("deadline");
            return Err(refusal
                .expected(&format!("after {} ms", self.acting.block.time))
                .into());
        }
        let mut moved = Moved::default();
        for slice in self.find_all(items)? {
            self.check_offerable(&slice, to, what, &mut moved)?;
        }
        for (id, amount) in quantities(items) {
            self.draw_offerable(id, amount, to, what, &mut moved)?;
        }
        let question = Question {
            from: Some(self.account()),
            to: Some(to),
            what: Some(what),
            parent: None,
        };
        let moved = self.ask_about(Kind::Offer, &question, moved)?;
        let deadline = sooner(deadline, moved.deadline);
        self.write_offer(to, what, deadline, moved)
    }

    fn write_offer(
        &mut self,
        to: Address,
        what: Right,
        deadline: Option<TimeMs>,
        moved: Moved,
    ) -> Do<()> {
        self.state.counters.offers = self
            .state
            .counters
            .offers
            .checked_add(1)
            .ok_or(LedgerError::Overflow)?;
        let id = OfferId(self.state.counters.offers);
        let things = moved.things();
        let draft = Draft {
            from: Some(self.account()),
            to: Some(to),
            what: Some(what),
            items: things.clone(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Offer, draft)?;
        let open = moved
            .slices
            .iter()
            .map(|moved| moved.slice.record.count)
            .fold(0, u64::saturating_add);
        let open_lots = List::new(sums(moved.parcels.iter().map(|moved| &moved.parcel))?);
        let (Ok(items), Ok(open_lots)) = (List::new(things), open_lots) else {
            return refuse(
                Invariant::Shape,
                "the offer falls into more than 1,000 parts; split it",
            );
        };
        let offer = Offer {
            from: self.account(),
            to,
            what,
            deadline,
            made: self.acting.block.time,
            items,
            open,
            open_lots,
            documents: self
                .detail
                .open()
                .map(|open| open.documents.clone())
                .unwrap_or_default(),
            event: written.position,
        };
        self.state.put(&key::offer(id), &offer)?;
        self.receipt.offer = Some(id);
        let mut claimed: Vec<Thing> = Vec::new();
        for MovedSlice {
            mut slice,
            standing,
            effect,
            ..
        } in moved.slices
        {
            self.leave_parent(written, &mut slice, &standing)?;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect);
            slice.record.offer = Some(id);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
            if self.take_claim(to, &slice, what)? {
                claimed.push(slice.thing());
            }
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let held = Holding {
                offer: Some(id),
                quarantined: parcel.from.quarantined || effect.quarantine,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &held)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
            if self.take_lot_claim(to, &parcel, what)? {
                claimed.push(parcel.thing());
            }
        }
        self.hold_lots(&moved.hold)?;
        if claimed.is_empty() {
            return Ok(());
        }
        self.complete(to, claimed)
    }

    /// The receiver had said before that it has the things: its claim is its acceptance.
    fn complete(&mut self, to: Address, claimed: Vec<Thing>) -> Do<()> {
        let Ok(claimed) = List::new(claimed) else {
            return Ok(());
        };
        let (account, event) = (self.acting.account, self.receipt.event);
        self.acting.account = to;
        let done = self.accept(&claimed);
        self.acting.account = account;
        self.receipt.event = event;
        done
    }

    /// Only things and quantities have custody; what is known by a URI or class has none.
    pub(crate) fn check_movable_kinds(&self, items: &Things) -> Do<()> {
        self.check_takes(
            items,
            |thing| !matches!(thing, Thing::Opaque(_) | Thing::Class { .. }),
            "a class or an external URI has no custodian; name items, units or quantities of lots",
        )
    }

    fn check_offerable(
        &mut self,
        slice: &Slice,
        to: Address,
        what: Right,
        moved: &mut Moved,
    ) -> Do<()> {
        let standing = self.state.standing(slice)?;
        if what.possession() {
            self.check_custodian(slice, &standing)?;
        }
        if what.ownership() {
            self.check_owner(slice, &standing)?;
        }
        self.check_not_offered(slice, &standing)?;
        self.check_order(slice)?;
        self.check_free(slice.thing(), &standing.judgement)?;
        self.check_recalls(&slice.thing(), &standing.judgement.recalls, Some(to))?;
        self.check_contents(slice, Some(to))?;
        moved.slice(Part::Subject, slice.clone(), standing);
        Ok(())
    }

    /// Nothing inside a unit is held, and recalled lots and products go back.
    fn check_contents(&mut self, slice: &Slice, to: Option<Address>) -> Do<()> {
        if slice.record.count != 1 {
            return Ok(());
        }
        for line in &self.contents(&slice.first)?.lines {
            let judgement = self.state.judge_line(line.line, line.lot, line.cleared)?;
            let what = match line.lot {
                Some(lot) => format!("it holds lot {} of", lot.as_str()),
                None => "it holds items of".into(),
            };
            let Line::Product(gtin) = line.line else {
                continue;
            };
            if judgement.status == Effective::Quarantined || line.held.is_positive() {
                return Err(slice
                    .refusal(
                        Invariant::Quarantined,
                        &format!("{what} {gtin} that are held"),
                    )
                    .into());
            }
            self.check_recalls(&slice.thing(), &judgement.recalls, to)?;
        }
        Ok(())
    }

    fn draw_offerable(
        &mut self,
        id: &LotId,
        amount: &Amount,
        to: Address,
        what: Right,
        moved: &mut Moved,
    ) -> Do<()> {
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let account = self.account();
        let owned = |holding: &Holding| holding.owner == Some(account);
        let parcels = if what.possession() {
            let fits = |holding: &Holding| {
                holding.parent.is_none()
                    && holding.offer.is_none()
                    && (!what.ownership() || owned(holding))
            };
            self.draw(id, amount, Some(account), fits, |holding| {
                !holding.quarantined && owned(holding)
            })?
        } else {
            // The owner's goods may be in anyone's hands, but here only its own hands are
            // searched: others' are named by their items.
            let fits = |holding: &Holding| {
                holding.parent.is_none() && holding.offer.is_none() && owned(holding)
            };
            self.draw(id, amount, Some(account), fits, |holding| {
                !holding.quarantined
            })?
        };
        for parcel in parcels {
            self.check_parcel_free(&parcel)?;
            self.check_parcel_recalls(&parcel, Some(to))?;
            moved.parcel(Part::Subject, parcel);
        }
        Ok(())
    }

    pub(crate) fn accept(&mut self, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_time()?;
        self.check_movable_kinds(items)?;
        let account = self.account();
        let mut moved = Moved::default();
        let mut offers = Offers::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            let (id, offer) = self.offer_of(&slice, account)?;
            self.check_order(&slice)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            self.check_recalls(&slice.thing(), &standing.judgement.recalls, Some(account))?;
            self.check_contents(&slice, Some(account))?;
            offers.count(id, offer, slice.record.count);
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in quantities(items) {
            for (offer_id, offer, parcel) in
                self.draw_offered(id, amount, |offer| offer.to == account)?
            {
                self.check_parcel_free(&parcel)?;
                self.check_parcel_recalls(&parcel, Some(account))?;
                offers.parcel(offer_id, offer, &parcel);
                moved.parcel(Part::Subject, parcel);
            }
        }
        let question = offers.question();
        self.check_deadlines(&offers)?;
        let moved = self.ask_about(Kind::Accept, &question, moved)?;
        let draft = Draft {
            from: question.from,
            to: Some(account),
            what: question.what,
            items: moved.things(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Accept, draft)?;
        let time = self.time();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            let what = slice
                .record
                .offer
                .and_then(|id| offers.what(id))
                .unwrap_or(Right::Possession);
            slice.record.offer = None;
            if what.possession() {
                slice.record.custodian = Some(account);
            }
            if what.ownership() {
                slice.record.owner = Some(account);
            }
            slice.record.moved = time;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let what = parcel
                .from
                .offer
                .and_then(|id| offers.what(id))
                .unwrap_or(Right::Possession);
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
                quarantined: parcel.from.quarantined || effect.quarantine,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.settle(offers)?;
        self.hold_lots(&moved.hold)
    }

    /// Reject by the receiver, withdraw by the one who offered: the things stay where they
    /// are, whatever their status.
    pub(crate) fn close_offer(&mut self, kind: Kind, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_time()?;
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
            let Some((id, offer)) = self.open_offer(&slice)?.filter(|(_, offer)| mine(offer))
            else {
                return Err(slice
                    .refusal(
                        Invariant::NotOffered,
                        "no offer of this account is open on it",
                    )
                    .into());
            };
            offers.count(id, offer, slice.record.count);
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in quantities(items) {
            for (offer_id, offer, parcel) in self.draw_offered(id, amount, mine)? {
                offers.parcel(offer_id, offer, &parcel);
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
            ..Draft::default()
        };
        let written = self.write_event(kind, draft)?;
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            slice.record.offer = None;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let to = Holding {
                offer: None,
                quarantined: parcel.from.quarantined || effect.quarantine,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.settle(offers)?;
        self.hold_lots(&moved.hold)
    }

    fn open_offer(&mut self, slice: &Slice) -> Do<Option<(OfferId, Offer)>> {
        let Some(id) = slice.record.offer else {
            return Ok(None);
        };
        let offer = self
            .state
            .get("offer", &key::offer(id))?
            .ok_or(LedgerError::Damaged { what: "offer" })?;
        Ok(Some((id, offer)))
    }

    /// The offer that names the account as the receiver of a thing.
    fn offer_of(&mut self, slice: &Slice, receiver: Address) -> Do<(OfferId, Offer)> {
        match self.open_offer(slice)? {
            Some((id, offer)) if offer.to == receiver => Ok((id, offer)),
            Some((_, offer)) => {
                let message = format!("it is offered to {}, not to {receiver}", offer.to);
                Err(slice.refusal(Invariant::NotOffered, &message).into())
            }
            None if slice.record.parent.is_some() => Err(slice
                .refusal(
                    Invariant::Packed,
                    "it is packed: accept the unit that holds it",
                )
                .into()),
            None => Err(slice
                .refusal(Invariant::NotOffered, "no offer is open on it")
                .into()),
        }
    }

    /// Draws a quantity from what is on offer, in the order of the offers' balances.
    fn draw_offered(
        &mut self,
        id: &LotId,
        amount: &Amount,
        mine: impl Fn(&Offer) -> bool,
    ) -> Do<Vec<(OfferId, Offer, Parcel)>> {
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let mut missing = amount.value;
        let mut drawn = Vec::new();
        for balance in self.offered(id)? {
            let Some(offer_id) = balance.holding.offer.filter(|_| missing.is_positive()) else {
                continue;
            };
            let offer: Offer = self
                .state
                .get("offer", &key::offer(offer_id))?
                .ok_or(LedgerError::Damaged { what: "offer" })?;
            if !mine(&offer) {
                continue;
            }
            let value = missing.min(balance.value);
            missing = missing.checked_sub(value).ok_or(LedgerError::Overflow)?;
            let parcel = Parcel {
                id: id.clone(),
                unit: amount.unit.clone(),
                from: balance.holding,
                value,
            };
            drawn.push((offer_id, offer, parcel));
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
            .open
            .values()
            .find_map(|taken| taken.offer.deadline.filter(|deadline| *deadline < now))
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
        for (
            id,
            Taken {
                mut offer,
                things,
                lots,
            },
        ) in offers.open
        {
            offer.open = offer
                .open
                .checked_sub(things)
                .ok_or(LedgerError::Damaged { what: "offer" })?;
            let mut left = offer.open_lots.into_vec();
            for open in &mut left {
                let taken = lots.get(&open.id).copied().unwrap_or_default();
                open.value = open.value.checked_sub(taken).ok_or(LedgerError::Overflow)?;
            }
            left.retain(|open| open.value.is_positive());
            offer.open_lots = List::new(left).map_err(|_| LedgerError::Overflow)?;
            if offer.open == 0 && offer.open_lots.is_empty() {
                self.state.remove(&key::offer(id))?;
            } else {
                self.state.put(&key::offer(id), &offer)?;
            }
        }
        Ok(())
    }
}

/// How much of each lot some parcels are, in order of the lots.
fn sums<'p>(parcels: impl Iterator<Item = &'p Parcel>) -> Do<Vec<OpenLot>> {
    let mut sums: BTreeMap<&LotId, Decimal> = BTreeMap::new();
    for parcel in parcels {
        let sum = sums.entry(&parcel.id).or_default();
        *sum = sum.checked_add(parcel.value).ok_or(LedgerError::Overflow)?;
    }
    Ok(sums
        .into_iter()
        .map(|(id, value)| OpenLot {
            id: id.clone(),
            value,
        })
        .collect())
}

/// The offers that an action closes in part.
#[derive(Default)]
struct Offers {
    open: BTreeMap<OfferId, Taken>,
}

/// How much of an offer an action closes.
struct Taken {
    offer: Offer,
    things: u64,
    lots: BTreeMap<LotId, Decimal>,
}

impl Offers {
    fn taken(&mut self, id: OfferId, offer: Offer) -> &mut Taken {
        self.open.entry(id).or_insert(Taken {
            offer,
            things: 0,
            lots: BTreeMap::new(),
        })
    }

    fn count(&mut self, id: OfferId, offer: Offer, things: u64) {
        let taken = self.taken(id, offer);
        taken.things = taken.things.saturating_add(things);
    }

    fn parcel(&mut self, id: OfferId, offer: Offer, parcel: &Parcel) {
        let sum = self
            .taken(id, offer)
            .lots
            .entry(parcel.id.clone())
            .or_default();
        *sum = sum.checked_add(parcel.value).unwrap_or(*sum);
    }

    fn what(&self, id: OfferId) -> Option<Right> {
        self.open.get(&id).map(|taken| taken.offer.what)
    }

    /// What rules are asked: giver and right where all offers agree on them.
    fn question(&self) -> Question {
        let mut offers = self.open.values().map(|taken| &taken.offer);
        let Some(first) = offers.next() else {
            return Question::default();
        };
        let same = |other: &Offer| {
            other.from == first.from && other.to == first.to && other.what == first.what
        };
        if offers.all(same) {
            Question {
                from: Some(first.from),
                to: Some(first.to),
                what: Some(first.what),
                parent: None,
            }
        } else {
            Question {
                to: Some(first.to),
                ..Question::default()
            }
        }
    }
}
