//! Handing things to someone without an account, and claims: "I have it", said by a party
//! that no offer named.

use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply};
use super::slices::{Slice, thing_after};
use super::{Draft, Kernel};
use crate::LedgerError;
use crate::rules::Question;
use crate::state::decode;
use crate::stop::{Do, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, Right, Things};
use marque_primitives::history::Role;
use marque_primitives::receipt::Outcome;
use marque_primitives::record::{Claim, Holding};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::{Address, Amount, key};

impl Kernel<'_, '_> {
    /// By custodian and owner in one: both rights leave the ledger's parties.
    pub(crate) fn release(&mut self, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_time()?;
        self.check_movable_kinds(items)?;
        let account = self.account();
        let mut moved = Moved::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            self.check_custodian(&slice, &standing)?;
            self.check_owner(&slice, &standing)?;
            self.check_not_offered(&slice, &standing)?;
            self.check_order(&slice)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            self.check_recalls(&slice.thing(), &standing.judgement.recalls, None)?;
            self.check_holds_nothing(&slice)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in quantities(items) {
            let lot = self.known_lot(id)?;
            self.check_amount(&lot, amount)?;
            let free =
                |holding: &Holding| holding.parent.is_none() && holding.owner == Some(account);
            for parcel in self.draw(id, amount, Some(account), free, |holding| {
                !holding.quarantined
            })? {
                self.check_parcel_free(&parcel)?;
                self.check_parcel_recalls(&parcel, None)?;
                moved.parcel(Part::Subject, parcel);
            }
        }
        let question = Question {
            from: Some(account),
            what: Some(Right::Both),
            ..Question::default()
        };
        let moved = self.ask_about(Kind::Release, &question, moved)?;
        let draft = Draft {
            from: Some(account),
            what: Some(Right::Both),
            items: moved.things(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Release, draft)?;
        let time = self.time();
        for MovedSlice {
            mut slice,
            standing,
            effect,
            ..
        } in moved.slices
        {
            self.leave_parent(written, &mut slice, &standing)?;
            slice.record.custodian = None;
            slice.record.owner = None;
            slice.record.moved = time;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let to = Holding {
                custodian: None,
                owner: None,
                quarantined: parcel.from.quarantined || effect.quarantine,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// Takes what no one has; of another's things it stays a claim.
    pub(crate) fn claim(&mut self, items: &Things, what: Right) -> Do<()> {
        self.check_named(items)?;
        self.check_time()?;
        self.check_movable_kinds(items)?;
        let account = self.account();
        let mut free = Moved::default();
        let mut claimed = Vec::new();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            if slice.record.external {
                return Err(slice
                    .refusal(Invariant::Unknown, "it was never commissioned here")
                    .into());
            }
            let holder = if what.possession() {
                standing.custodian
            } else {
                standing.owner
            };
            if holder == Some(account) {
                return Err(slice
                    .refusal(Invariant::NotApplicable, "the account has it already")
                    .into());
            }
            self.check_order(&slice)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            match holder {
                None if standing.parents.is_empty() => free.slice(Part::Subject, slice, standing),
                _ => claimed.push(slice),
            }
        }
        let quantities: Vec<(LotId, Amount)> = quantities(items)
            .map(|(id, amount)| (id.clone(), amount.clone()))
            .collect();
        for (id, amount) in &quantities {
            let lot = self.known_lot(id)?;
            self.check_amount(&lot, amount)?;
        }
        if free.is_empty() {
            return self.keep_claims(what, items, &claimed, &quantities);
        }
        if !claimed.is_empty() || !quantities.is_empty() {
            return refuse(
                Invariant::Shape,
                "some of it has a custodian and some has none; claim them apart",
            );
        }
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
            apply(&mut slice.record, &effect);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// A claim on another's things is kept beside them: it writes into no one's history.
    fn keep_claims(
        &mut self,
        what: Right,
        items: &Things,
        claimed: &[Slice],
        lots: &[(LotId, Amount)],
    ) -> Do<()> {
        let message =
            "someone else has it: kept as a claim that an offer by the custodian completes";
        let waits = Refusal::kernel(Invariant::NotOffered, message);
        let draft = Draft {
            to: Some(self.account()),
            what: Some(what),
            items: items.to_vec(),
            withheld: Some(waits.clone()),
            ..Draft::default()
        };
        let event = self.write_event(Kind::Claim, draft)?.position;
        let account = self.account();
        for slice in claimed {
            let claim = Claim {
                count: slice.record.count,
                amount: None,
                what,
                event,
            };
            self.state
                .put(&key::claim(&account, &slice.key()), &claim)?;
        }
        for (id, amount) in lots {
            let claim = Claim {
                count: 0,
                amount: Some(amount.clone()),
                what,
                event,
            };
            self.state
                .put(&key::claim(&account, &key::lot(id)), &claim)?;
        }
        self.receipt.outcome = Outcome::Observed(Some(waits));
        Ok(())
    }

    /// Takes away the claim of `by` that covers a slice and its right; says whether there
    /// was one. What it covers beyond the slice stays claimed.
    pub(crate) fn take_claim(&mut self, by: Address, slice: &Slice, what: Right) -> Do<bool> {
        let own = slice.key();
        let prefix = match &slice.first {
            ThingId::Item { line, serial } => key::claim(&by, &key::serial_class(*line, serial)),
            _ => key::claim(&by, &own),
        };
        let Some((found, bytes)) = self.state.at_or_before(&prefix, &key::claim(&by, &own))? else {
            return Ok(false);
        };
        let claim: Claim = decode("claim", &bytes)?;
        let start = key::claim(&by, &[]).len();
        let Some(first) = key::parse_record(found.get(start..).unwrap_or_default()) else {
            return Ok(false);
        };
        let Some(before) = super::slices::offset_of(&first, &slice.first) else {
            return Ok(false);
        };
        let taken = before
            .checked_add(slice.record.count)
            .ok_or(LedgerError::Overflow)?;
        let Some(after) = claim
            .count
            .checked_sub(taken)
            .filter(|_| claim.what == what)
        else {
            return Ok(false);
        };
        self.state.remove(&found)?;
        if before > 0 {
            self.state.put(
                &found,
                &Claim {
                    count: before,
                    ..claim.clone()
                },
            )?;
        }
        if after > 0 {
            let rest = thing_after(&first, taken).ok_or(LedgerError::Overflow)?;
            self.state.put(
                &key::claim(&by, &key::record(&rest)),
                &Claim {
                    count: after,
                    ..claim
                },
            )?;
        }
        Ok(true)
    }

    /// As [`Self::take_claim`], for a quantity of a lot.
    pub(crate) fn take_lot_claim(&mut self, by: Address, parcel: &Parcel, what: Right) -> Do<bool> {
        let own = key::claim(&by, &key::lot(&parcel.id));
        let Some(claim) = self
            .state
            .get::<Claim>("claim", &own)?
            .filter(|claim| claim.what == what)
        else {
            return Ok(false);
        };
        let Some(Amount { value, unit }) = claim.amount.clone() else {
            return Ok(false);
        };
        let Some(left) = value.checked_sub(parcel.value).filter(|left| left.0 >= 0) else {
            return Ok(false);
        };
        if left.is_positive() {
            self.state.put(
                &own,
                &Claim {
                    amount: Some(Amount { value: left, unit }),
                    ..claim
                },
            )?;
        } else {
            self.state.remove(&own)?;
        }
        Ok(true)
    }
}
