//! Offers: the custodian offers possession, the owner ownership, and only the named
//! receiver accepts. Every offer needs acceptance; after its deadline it can only be
//! withdrawn.

use super::lots::{Parcel, Reach, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too};
use super::slices::{Slice, span_thing};
use super::{Draft, Kernel};
use crate::rules::{Question, sooner};
use crate::stop::{Do, Stop, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, MAX_THINGS, OfferId, PartyRef, Right, Things};
use marque_primitives::bounded::List;
use marque_primitives::detail::Detail;
use marque_primitives::history::{Role, Terms};
use marque_primitives::record::{Claim, Holding, Offer, OnOffer, OpenLot};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Address, Amount, Decimal, Position, TimeMs, key};
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
        for (id, amount) in &quantities(items)? {
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
        mut moved: Moved,
    ) -> Do<()> {
        self.state.counters.offers = self
            .state
            .counters
            .offers
            .checked_add(1)
            .ok_or_else(overflow)?;
        let id = OfferId(self.state.counters.offers);
        let draft = Draft {
            from: Some(self.account()),
            to: Some(to),
            what: Some(what),
            items: moved.things(),
            terms: Some(Terms::Offer {
                number: id,
                deadline,
            }),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Offer, draft)?;
        let mut open = 0u64;
        for MovedSlice { slice, .. } in &moved.slices {
            open = open.checked_add(slice.record.count).ok_or_else(overflow)?;
        }
        let open_lots = List::new(sums(moved.parcels.iter().map(|moved| &moved.parcel))?);
        let Ok(open_lots) = open_lots else {
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
            open,
            open_lots,
            event: written.position,
        };
        self.state.put(&key::offer(id), &offer)?;
        self.receipt.offer = Some(id);
        self.leave_parents(written, &mut moved.slices)?;
        let mut offered: Vec<Slice> = Vec::new();
        let mut parcels: Vec<Parcel> = Vec::new();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            slice.record.offer = Some(id);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
            offered.push(slice);
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let held = Holding {
                offer: Some(OnOffer { to, id }),
                holders: held_too(&parcel.from, &effect)?,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &held)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
            parcels.push(parcel);
        }
        self.hold_lots(&moved.hold)?;
        self.complete(to, what, &offered, &parcels)
    }

    /// The receiver may have said before that it has the things: each of its claims is an
    /// acceptance, with what it said then. If that is refused, claim and offer stay open.
    fn complete(
        &mut self,
        to: Address,
        what: Right,
        offered: &[Slice],
        parcels: &[Parcel],
    ) -> Do<()> {
        let Some(offer) = self.receipt.event else {
            return Ok(());
        };
        let mut claims: BTreeMap<Position, Completed> = BTreeMap::new();
        let mut left = MAX_THINGS;
        // One look tells that nothing at all was claimed, however much is offered.
        if self.state.under(&key::claims(&to, what), 1)?.is_empty() {
            return Ok(());
        }
        for slice in offered {
            for (first, claim) in self.take_claims(to, slice, what, left)? {
                left = left.saturating_sub(1);
                let done = claims.entry(claim.event).or_default();
                done.spans.push((first, claim));
            }
        }
        for parcel in parcels {
            for (own, claim) in self.take_lot_claims(to, parcel, what)? {
                let done = claims.entry(claim.event).or_default();
                done.quantities.push((own, parcel.id.clone(), claim));
            }
        }
        for done in claims.into_values() {
            self.complete_claim(to, what, offer, done)?;
        }
        self.receipt.event = Some(offer);
        Ok(())
    }

    /// Accepts of an offer what one claim said.
    fn complete_claim(
        &mut self,
        to: Address,
        what: Right,
        offer: Position,
        done: Completed,
    ) -> Do<()> {
        let (Some(claim), things) = (done.claim(), done.things()?) else {
            return Ok(());
        };
        let before = (self.state.checkpoint(), self.progress());
        let acting = self.acting;
        let said = Detail {
            time: claim.time,
            place: claim.place.clone(),
            location: claim.location.clone(),
            disposition: claim.disposition.clone(),
            ..Detail::default()
        };
        let detail = std::mem::replace(&mut self.detail, said);
        let decided = std::mem::take(&mut self.decided);
        (self.acting.account, self.acting.signer) = (to, claim.signer);
        self.completes = Some(claim.event);
        let accepted = self.accept_of(&things, |open| open.to == to && open.event == offer);
        self.completes = None;
        (self.acting, self.detail, self.decided) = (acting, detail, decided);
        match accepted {
            Ok(()) => Ok(()),
            Err(Stop::Refused(refusal)) if !refusal.is(Invariant::OutOfGas) => {
                self.state.undo(before.0);
                self.go_back(before.1);
                for (first, claim) in &done.spans {
                    self.state.put_span(&key::claims(&to, what), first, claim)?;
                }
                for (own, _, claim) in &done.quantities {
                    self.give_back(own, claim)?;
                }
                Ok(())
            }
            Err(stop) => Err(stop),
        }
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
        if slice.record.parent.is_some() && standing.custodian != Some(self.account()) {
            let refusal = slice.refusal(Invariant::Packed, "it is packed in another's hands");
            return Err(refusal.into());
        }
        self.check_order(slice, &standing)?;
        self.check_free(slice.thing(), &standing.judgement)?;
        self.check_recalls(&slice.thing(), &standing.judgement.recalls, Some(to))?;
        self.check_contents(slice, Some(to))?;
        moved.slice(Part::Subject, slice.clone(), standing);
        Ok(())
    }

    /// Nothing inside a unit is held, and recalled lots and products go back.
    pub(crate) fn check_contents(&mut self, slice: &Slice, to: Option<Address>) -> Do<()> {
        let contents = self.contents_of(slice)?;
        if contents.held > 0 {
            return Err(slice
                .refusal(
                    Invariant::Quarantined,
                    "it holds units or assets that are held",
                )
                .into());
        }
        for line in &contents.lines {
            let judgement = self.state.judge_line(line.line, line.lot, line.cleared)?;
            if judgement.held.is_some() || line.held.is_positive() {
                let part = match line.lot {
                    Some(lot) => format!("lot {} of", lot.as_str()),
                    None => "items of".into(),
                };
                let of = match line.line {
                    Line::Product(gtin) => gtin.to_string(),
                    Line::Returnable(grai) => grai.to_string(),
                };
                let message = format!("it holds {part} {of} that are held");
                return Err(slice.refusal(Invariant::Quarantined, &message).into());
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
        // The owner's goods may be in anyone's hands, but only its own hands are searched:
        // what others have they name themselves.
        let fits = |holding: &Holding| !what.ownership() || owned(holding);
        let parcels = self.draw(id, &lot, amount, Reach::Free(Some(account)), fits, owned)?;
        for parcel in parcels {
            self.check_parcel_free(&parcel)?;
            self.check_parcel_recalls(&parcel, Some(to))?;
            moved.parcel(Part::Subject, parcel);
        }
        Ok(())
    }
}

/// What an offer completes of one claim.
#[derive(Default)]
struct Completed {
    spans: Vec<(ThingId, Claim)>,
    /// By the claim's key.
    quantities: Vec<(Vec<u8>, LotId, Claim)>,
}

impl Completed {
    fn claim(&self) -> Option<&Claim> {
        let spans = self.spans.iter().map(|(_, claim)| claim);
        let quantities = self.quantities.iter().map(|(_, _, claim)| claim);
        spans.chain(quantities).next()
    }

    /// Everything that is accepted; of each lot one quantity.
    fn things(&self) -> Do<Things> {
        let mut things: Vec<Thing> = Vec::new();
        for (first, claim) in &self.spans {
            things.push(span_thing(first, claim.count));
        }
        let mut sums: BTreeMap<&LotId, Amount> = BTreeMap::new();
        for (_, id, claim) in &self.quantities {
            let Some(amount) = &claim.amount else {
                continue;
            };
            match sums.get_mut(id) {
                Some(sum) => {
                    sum.value = sum.value.checked_add(amount.value).ok_or_else(overflow)?;
                }
                None => {
                    sums.insert(id, amount.clone());
                }
            }
        }
        things.extend(sums.into_iter().map(|(id, amount)| Thing::Lot {
            id: id.clone(),
            amount,
        }));
        List::new(things).map_err(|_| overflow())
    }
}

/// How much of each lot some parcels are, in order of the lots.
fn sums<'p>(parcels: impl Iterator<Item = &'p Parcel>) -> Do<Vec<OpenLot>> {
    let mut sums: BTreeMap<&LotId, Decimal> = BTreeMap::new();
    for parcel in parcels {
        let sum = sums.entry(&parcel.id).or_default();
        *sum = sum.checked_add(parcel.value).ok_or_else(overflow)?;
    }
    Ok(sums
        .into_iter()
        .map(|(id, value)| OpenLot {
            id: id.clone(),
            value,
        })
        .collect())
}
