//! Claims: "I have it", said by a party that no offer named. What no one has is taken; of
//! another's things the claim waits for the offer that completes it.

use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedSlice, apply};
use super::slices::{Slice, offset_of, thing_after};
use super::standing::Standing;
use super::{Draft, Kernel};
use crate::LedgerError;
use crate::rules::Question;
use crate::state::decode;
use crate::stop::{Do, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, MAX_THINGS, Right, Things};
use marque_primitives::history::Role;
use marque_primitives::receipt::Outcome;
use marque_primitives::record::Claim;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Address, Amount, key};

impl Kernel<'_, '_> {
    /// Takes what no one has; of another's things it stays a claim.
    pub(crate) fn claim(&mut self, items: &Things, what: Right) -> Do<()> {
        self.check_named(items)?;
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
            self.check_order(&slice, &standing)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            if self.is_free(&slice, &standing, what)? {
                free.slice(Part::Subject, slice, standing);
            } else {
                let of = if what.possession() {
                    standing.custodian
                } else {
                    standing.owner
                };
                claimed.push((slice, of));
            }
        }
        let quantities = quantities(items)?;
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
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// Whether nobody stands against a claim: what is claimed is no one's, and in no one's
    /// hands but the claimer's.
    fn is_free(&self, slice: &Slice, standing: &Standing, what: Right) -> Do<bool> {
        let mine = |holder: Option<Address>| holder == Some(self.account());
        let has = (!what.possession() || mine(standing.custodian))
            && (!what.ownership() || mine(standing.owner));
        if has {
            return Err(slice
                .refusal(Invariant::NotApplicable, "the account has it already")
                .into());
        }
        let in_hand = if what == Right::Possession {
            standing.custodian.is_none()
        } else {
            standing.custodian.is_none() || mine(standing.custodian)
        };
        let unowned = !what.ownership() || standing.owner.is_none();
        Ok(in_hand && unowned && standing.parents.is_empty())
    }

    /// A claim on another's things is kept beside them: it writes into no one's history.
    fn keep_claims(
        &mut self,
        what: Right,
        items: &Things,
        claimed: &[(Slice, Option<Address>)],
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
        for (slice, of) in claimed {
            let claim = Claim {
                count: slice.record.count,
                amount: None,
                of: *of,
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
                of: None,
                what,
                event,
            };
            self.state
                .put(&key::claim(&account, &key::lot(id)), &claim)?;
        }
        self.receipt.outcome = Outcome::Observed(Some(waits));
        Ok(())
    }

    /// Takes away what `by` has claimed of a slice and its right while the account had it,
    /// and names it; what was claimed beyond the slice stays claimed.
    pub(crate) fn take_claims(
        &mut self,
        by: Address,
        slice: &Slice,
        what: Right,
        taken: &mut Vec<Thing>,
    ) -> Do<()> {
        let mut at = 0;
        while at < slice.record.count && taken.len() < MAX_THINGS {
            let here = thing_after(&slice.first, at).ok_or_else(overflow)?;
            let Some((first, claim)) = self.claim_from(by, &here)? else {
                break;
            };
            let left = slice.record.count.saturating_sub(at);
            let Some(before) = offset_of(&first, &here) else {
                // It begins further on, or on another line.
                match offset_of(&here, &first).filter(|gap| *gap < left) {
                    Some(gap) => at = at.saturating_add(gap),
                    None => break,
                }
                continue;
            };
            let count = claim.count.saturating_sub(before).min(left);
            at = at.saturating_add(count);
            if claim.what != what || claim.of != Some(self.account()) {
                continue;
            }
            self.split_claim(by, &first, &claim, before, count)?;
            let mut part = slice.clone();
            (part.first, part.record.count) = (here, count);
            taken.push(part.thing());
        }
        Ok(())
    }

    /// The claim of `by` that holds a thing, or the next one after it.
    fn claim_from(&mut self, by: Address, id: &ThingId) -> Do<Option<(ThingId, Claim)>> {
        let prefix = match id {
            ThingId::Item { line, serial } => key::claim(&by, &key::serial_class(*line, serial)),
            _ => key::claim(&by, &key::record(id)),
        };
        let own = key::claim(&by, &key::record(id));
        let start = key::claim(&by, &[]).len();
        let read = |(found, bytes): (Vec<u8>, Vec<u8>)| -> Do<(ThingId, Claim)> {
            let first = key::parse_record(found.get(start..).unwrap_or_default())
                .ok_or(LedgerError::Damaged { what: "claim" })?;
            Ok((first, decode("claim", &bytes)?))
        };
        if let Some(found) = self.state.at_or_before(&prefix, &own)? {
            let (first, claim) = read(found)?;
            if offset_of(&first, id).is_some_and(|offset| offset < claim.count) {
                return Ok(Some((first, claim)));
            }
        }
        self.state.after(&prefix, &own)?.map(read).transpose()
    }

    /// Leaves of a claim what stands before and after the part that is taken.
    fn split_claim(
        &mut self,
        by: Address,
        first: &ThingId,
        claim: &Claim,
        before: u64,
        count: u64,
    ) -> Do<()> {
        let own = key::claim(&by, &key::record(first));
        let part = |count| Claim {
            count,
            ..claim.clone()
        };
        if before > 0 {
            self.state.put(&own, &part(before))?;
        } else {
            self.state.remove(&own)?;
        }
        let taken = before.saturating_add(count);
        let after = claim.count.saturating_sub(taken);
        if after > 0 {
            let rest = thing_after(first, taken).ok_or_else(overflow)?;
            self.state
                .put(&key::claim(&by, &key::record(&rest)), &part(after))?;
        }
        Ok(())
    }

    /// As [`Self::take_claims`], for a quantity of a lot; says whether it was claimed.
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
