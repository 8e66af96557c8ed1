//! Claims: "I have it", said by a party that no offer named. What no one has is taken; of
//! another's things the claim waits for the offer that completes it, and lapses when they
//! change hands without it.

use super::lots::{Parcel, Reach, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too};
use super::slices::Slice;
use super::standing::Standing;
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::state::decode;
use crate::stop::{Do, Stop, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, MAX_THINGS, Right, Things};
use marque_primitives::bounded::List;
use marque_primitives::history::Role;
use marque_primitives::receipt::Outcome;
use marque_primitives::record::{Balance, Claim, Holding, MAX_GIVERS};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Address, Amount, Decimal, key};
use std::collections::BTreeSet;

/// How many claims of one party on one lot may wait.
const MAX_WAITING: usize = 64;

/// Those whose offer completes a claim.
type Givers = List<Address, MAX_GIVERS>;

/// What a list of claimed things turned out to be.
#[derive(Default)]
struct Claimed {
    /// No one's, and so taken.
    free: Moved,
    /// Another's.
    slices: Vec<(Slice, Givers)>,
    /// Quantities of lots that others have.
    lots: Vec<(LotId, Amount, Givers)>,
    /// The account's own already.
    had: Vec<Thing>,
}

/// Who stands against a claim.
enum Against {
    NoOne,
    Oneself,
    Others(Givers),
}

impl Kernel<'_, '_> {
    /// Takes what no one has; of another's things it stays a claim. A report may name both,
    /// and what the account has already; an intent says which it means.
    pub(crate) fn claim(&mut self, items: &Things, what: Right) -> Do<()> {
        self.check_named(items)?;
        self.check_movable_kinds(items)?;
        let mut claimed = Claimed::default();
        for slice in self.find_all(items)? {
            self.sort_slice(slice, what, &mut claimed)?;
        }
        for (id, amount) in &quantities(items)? {
            self.sort_quantity(id, amount, what, &mut claimed)?;
        }
        let waits = !claimed.slices.is_empty() || !claimed.lots.is_empty();
        let intent = self.capture.is_none();
        if !claimed.had.is_empty() && (intent || !waits && claimed.free.is_empty()) {
            let mut refusal =
                Refusal::kernel(Invariant::NotApplicable, "the account has it already");
            for thing in claimed.had {
                refusal = refusal.item(thing);
            }
            return Err(refusal.into());
        }
        if intent && waits && !claimed.free.is_empty() {
            return refuse(
                Invariant::Shape,
                "some of it has a custodian and some has none; claim them apart",
            );
        }
        let taken = !claimed.free.is_empty();
        if taken {
            self.take_free(what, claimed.free)?;
        }
        if waits {
            let first = self.receipt.event;
            let refusal = self.keep_claims(what, claimed.slices, claimed.lots)?;
            if taken {
                self.receipt.event = first;
            } else {
                self.receipt.outcome = Outcome::Observed(Some(refusal));
            }
        }
        Ok(())
    }

    fn sort_slice(&mut self, slice: Slice, what: Right, claimed: &mut Claimed) -> Do<()> {
        let standing = self.state.standing(&slice)?;
        if slice.record.external {
            return Err(slice
                .refusal(Invariant::Unknown, "it was never commissioned here")
                .into());
        }
        self.check_order(&slice, &standing)?;
        self.check_free(slice.thing(), &standing.judgement)?;
        match self.against(&standing, what) {
            Against::Oneself => claimed.had.push(slice.thing()),
            Against::Others(givers) => claimed.slices.push((slice, givers)),
            Against::NoOne => {
                self.check_not_offered(&slice, &standing)?;
                let recalls = &standing.judgement.recalls;
                self.check_recalls(&slice.thing(), recalls, Some(self.account()))?;
                claimed.free.slice(Part::Subject, slice, standing);
            }
        }
        Ok(())
    }

    /// Free is what is no one's, and in no one's hands but the claimer's.
    fn against(&self, standing: &Standing, what: Right) -> Against {
        let mine = |holder: Option<Address>| holder == Some(self.account());
        if (!what.possession() || mine(standing.custodian))
            && (!what.ownership() || mine(standing.owner))
        {
            return Against::Oneself;
        }
        let in_hand = if what == Right::Possession {
            standing.custodian.is_none()
        } else {
            standing.custodian.is_none() || mine(standing.custodian)
        };
        let unowned = !what.ownership() || standing.owner.is_none();
        if in_hand && unowned && standing.parents.is_empty() {
            return Against::NoOne;
        }
        let of = if what.possession() {
            standing.custodian
        } else {
            standing.owner
        };
        // One account always fits.
        Against::Others(List::new(of.into_iter().collect()).unwrap_or_default())
    }

    /// A quantity bears no name. An intent takes what no one has before it waits; a report
    /// of a receipt means what a party can have sent, if any has so much of it.
    fn sort_quantity(
        &mut self,
        id: &LotId,
        amount: &Amount,
        what: Right,
        claimed: &mut Claimed,
    ) -> Do<()> {
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let account = self.account();
        let (mut mine, mut sent) = (Decimal::ZERO, Decimal::ZERO);
        let mut givers: BTreeSet<Address> = BTreeSet::new();
        for Balance { holding, value } in self.balances_under(&key::balances(id))? {
            let holder = if what.possession() {
                holding.custodian
            } else {
                holding.owner
            };
            let owned = !what.ownership() || holding.owner == Some(account);
            match holder {
                Some(holder) if holder != account => {
                    givers.insert(holder);
                    sent = sent.checked_add(value).ok_or_else(overflow)?;
                }
                Some(_) if owned => mine = mine.checked_add(value).ok_or_else(overflow)?,
                _ => {}
            }
        }
        let covered = mine >= amount.value;
        if self.capture.is_none() || !covered && sent < amount.value {
            let unowned = |holding: &Holding| !what.ownership() || holding.owner.is_none();
            let mut hands = vec![None];
            if what == Right::Ownership {
                hands.push(Some(account));
            }
            for hand in hands {
                let parcels = match self
                    .draw(id, &lot, amount, Reach::Free(hand), unowned, |_| true)
                {
                    Ok(parcels) => parcels,
                    Err(Stop::Refused(refusal)) if refusal.is(Invariant::InsufficientBalance) => {
                        continue;
                    }
                    Err(stop) => return Err(stop),
                };
                for parcel in parcels {
                    self.check_parcel_free(&parcel)?;
                    self.check_parcel_recalls(&parcel, Some(account))?;
                    claimed.free.parcel(Part::Subject, parcel);
                }
                return Ok(());
            }
        }
        let thing = Thing::Lot {
            id: id.clone(),
            amount: amount.clone(),
        };
        if covered {
            claimed.had.push(thing);
            return Ok(());
        }
        if givers.is_empty() {
            let message = "no one has so much of it";
            return Err(Refusal::kernel(Invariant::InsufficientBalance, message)
                .item(thing)
                .into());
        }
        let Ok(givers) = List::new(givers.into_iter().collect()) else {
            let message = "the lot is in more than 64 hands; wait for the offer";
            return Err(Refusal::kernel(Invariant::NotOffered, message)
                .item(thing)
                .into());
        };
        claimed.lots.push((id.clone(), amount.clone(), givers));
        Ok(())
    }

    fn take_free(&mut self, what: Right, free: Moved) -> Do<()> {
        let account = self.account();
        let question = Question {
            to: Some(account),
            what: Some(what),
            ..Question::default()
        };
        let moved = self.ask_about(Kind::Claim, &question, free)?;
        let draft = Draft {
            to: Some(account),
            what: Some(what),
            items: moved.things(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Claim, draft)?;
        let time = self.time();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
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
                custodian: parcel
                    .from
                    .custodian
                    .or(what.possession().then_some(account)),
                owner: parcel.from.owner.or(what.ownership().then_some(account)),
                holders: held_too(&parcel.from, &effect)?,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// A claim on another's things is kept beside them: it writes into no one's history.
    /// What was claimed before of the same serials, it replaces; quantities add up.
    fn keep_claims(
        &mut self,
        what: Right,
        slices: Vec<(Slice, Givers)>,
        lots: Vec<(LotId, Amount, Givers)>,
    ) -> Do<Refusal> {
        let message =
            "someone else has it: kept as a claim that an offer by the custodian completes";
        let waits = Refusal::kernel(Invariant::NotOffered, message);
        let quantities = lots.iter().map(|(id, amount, _)| Thing::Lot {
            id: id.clone(),
            amount: amount.clone(),
        });
        let things = slices.iter().map(|(slice, _)| slice.thing());
        let draft = Draft {
            to: Some(self.account()),
            what: Some(what),
            items: things.chain(quantities).collect(),
            withheld: Some(waits.clone()),
            ..Draft::default()
        };
        let event = self.write_event(Kind::Claim, draft)?.position;
        let claim = Claim {
            count: 0,
            amount: None,
            of: List::default(),
            what,
            event,
            signer: self.acting.signer,
            made: self.acting.block.time,
            time: self.detail.time,
            place: self.detail.place.clone(),
            location: self.detail.location.clone(),
            disposition: self.detail.disposition.clone(),
        };
        let account = self.account();
        let prefix = key::claims(&account, what);
        for (slice, of) in slices {
            let claim = Claim {
                count: slice.record.count,
                of,
                ..claim.clone()
            };
            self.state.put_span(&prefix, &slice.first, &claim)?;
        }
        for (id, amount, of) in lots {
            let prefix = key::lot_claims(&account, what, &id);
            if self.state.under(&prefix, MAX_WAITING)?.len() >= MAX_WAITING {
                return Err(Refusal::kernel(
                    Invariant::Shape,
                    "64 claims on the lot wait for offers; withdraw those that are void",
                )
                .into());
            }
            let claim = Claim {
                amount: Some(amount),
                of,
                ..claim.clone()
            };
            self.state.put(&key::lot_claim(&prefix, event), &claim)?;
        }
        Ok(waits)
    }

    /// Takes away what `by` has claimed of an offered slice since it last changed hands: an
    /// early acceptance of what the account gives.
    pub(crate) fn take_claims(
        &mut self,
        by: Address,
        slice: &Slice,
        what: Right,
        limit: usize,
    ) -> Do<Vec<(ThingId, Claim)>> {
        let (giver, moved) = (self.account(), slice.record.moved);
        let prefix = key::claims(&by, what);
        self.state.cut_spans(
            &prefix,
            &slice.first,
            slice.record.count,
            limit,
            |claim: &Claim| claim.of.contains(&giver) && claim.time.unwrap_or(claim.made) >= moved,
        )
    }

    /// As [`Self::take_claims`], for a quantity of a lot, the oldest claims first.
    pub(crate) fn take_lot_claims(
        &mut self,
        by: Address,
        parcel: &Parcel,
        what: Right,
    ) -> Do<Vec<(Vec<u8>, Claim)>> {
        let giver = self.account();
        let prefix = key::lot_claims(&by, what, &parcel.id);
        let fits = |claim: &Claim| claim.of.contains(&giver);
        self.cut_lot_claims(&prefix, parcel.value, fits)
    }

    /// Takes at most `value` out of the claims under `prefix` that `fits` takes, the oldest
    /// first: each with its key and what is taken of it.
    fn cut_lot_claims(
        &mut self,
        prefix: &[u8],
        value: Decimal,
        fits: impl Fn(&Claim) -> bool,
    ) -> Do<Vec<(Vec<u8>, Claim)>> {
        let mut missing = value;
        let mut taken = Vec::new();
        for (own, bytes) in self.state.under(prefix, MAX_WAITING)? {
            let claim: Claim = decode("claim", &bytes)?;
            let Some(amount) = claim.amount.clone() else {
                continue;
            };
            let value = amount.value.min(missing);
            if !value.is_positive() || !fits(&claim) {
                continue;
            }
            missing = missing.checked_sub(value).ok_or_else(overflow)?;
            let of = |value| Claim {
                amount: Some(Amount {
                    value,
                    ..amount.clone()
                }),
                ..claim.clone()
            };
            let left = amount.value.checked_sub(value).ok_or_else(overflow)?;
            if left.is_positive() {
                self.state.put(&own, &of(left))?;
            } else {
                self.state.remove(&own)?;
            }
            taken.push((own, of(value)));
        }
        Ok(taken)
    }

    /// Gives back a quantity that was taken from a claim.
    pub(crate) fn give_back(&mut self, own: &[u8], claim: &Claim) -> Do<()> {
        let left = self.state.get::<Claim>("claim", own)?;
        let left = left.and_then(|left| left.amount).map(|left| left.value);
        let amount = claim.amount.clone().map(|amount| {
            let value = left.map_or(Some(amount.value), |left| left.checked_add(amount.value));
            value.map(|value| Amount { value, ..amount })
        });
        let Some(amount) = amount.flatten() else {
            return Err(overflow());
        };
        let claim = Claim {
            amount: Some(amount),
            ..claim.clone()
        };
        self.state.put(own, &claim)
    }

    /// Ends the account's own claims on things and quantities, if all that is named is claimed.
    pub(crate) fn withdraw_claims(&mut self, items: &Things) -> Do<bool> {
        let account = self.account();
        let rights = [Right::Possession, Right::Ownership];
        for thing in items {
            let Some((first, count)) = super::slices::extent(thing) else {
                if matches!(thing, Thing::Lot { .. }) {
                    continue;
                }
                return Ok(false);
            };
            let mut found = false;
            for what in rights {
                let prefix = key::claims(&account, what);
                let all = |_: &Claim| true;
                let cut = self
                    .state
                    .cut_spans(&prefix, &first, count, MAX_THINGS, all)?;
                found |= !cut.is_empty();
            }
            if !found {
                return Ok(false);
            }
        }
        for (id, amount) in &quantities(items)? {
            let mut found = false;
            for what in rights {
                let prefix = key::lot_claims(&account, what, id);
                let cut = self.cut_lot_claims(&prefix, amount.value, |_| true)?;
                let mut cut = cut.iter().filter_map(|(_, claim)| claim.amount.as_ref());
                let sum = cut.try_fold(Decimal::ZERO, |sum, cut| sum.checked_add(cut.value));
                found |= sum == Some(amount.value);
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(!items.is_empty())
    }
}
