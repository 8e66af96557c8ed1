//! Lots: balances by custodian, owner, parent, offer and status. A balance never goes
//! below zero, and what is taken from one is put into others: the sum changes only where
//! quantities begin or end.

use super::contents::Load;
use super::standing::Source;
use super::{Kernel, Written};
use crate::state::decode;
use crate::stop::{Do, overflow, refuse};
use marque_primitives::action::{Kind, OfferId};
use marque_primitives::history::{ParentMark, Role};
use marque_primitives::record::{Balance, ContentLine, Holding, LotRecord, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, LotId, Thing};
use marque_primitives::{Address, Amount, Decimal, Unit, key};
use std::collections::BTreeMap;

/// A quantity drawn from one balance.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) id: LotId,
    pub(crate) unit: Unit,
    /// The balance that it was drawn from.
    pub(crate) from: Holding,
    pub(crate) value: Decimal,
}

impl Parcel {
    pub(crate) fn thing(&self) -> Thing {
        Thing::Lot {
            id: self.id.clone(),
            amount: Amount {
                value: self.value,
                unit: self.unit.clone(),
            },
        }
    }

    /// The line that it makes in a summary.
    fn line(&self, lot: &LotRecord) -> ContentLine {
        ContentLine {
            line: Line::Product(self.id.gtin),
            lot: Some(self.id.lot),
            expiry: lot.expiry,
            cleared: self.from.cleared,
            unit: self.unit.clone(),
            amount: self.value,
            held: if self.from.holders.is_empty() {
                Decimal::ZERO
            } else {
                self.value
            },
        }
    }
}

/// From which of a custodian's balances a quantity is drawn.
#[derive(Clone, Copy)]
pub(crate) enum Reach {
    /// What is packed in nothing.
    Free(Option<Address>),
    /// That first, then what was packed by it.
    All(Option<Address>),
}

/// Whether a balance is held with its lot.
pub(crate) fn is_held_with_lot(holding: &Holding, lot: &LotRecord) -> bool {
    lot.status == Status::Quarantined && holding.cleared != lot.quarantines
}

/// Whether a balance is held, on its own or with its lot.
pub(crate) fn is_held(holding: &Holding, lot: &LotRecord) -> bool {
    !holding.holders.is_empty() || is_held_with_lot(holding, lot)
}

/// The quantities of lots that a list of things names, each lot once, in the order of their
/// first mention. A lot that is named more than once, as an offer names it that drew on
/// several balances, is meant with the sum.
pub(crate) fn quantities<'t>(
    things: impl IntoIterator<Item = &'t Thing>,
) -> Do<Vec<(LotId, Amount)>> {
    let mut sums: Vec<(LotId, Amount)> = Vec::new();
    let mut at: BTreeMap<&LotId, usize> = BTreeMap::new();
    for thing in things {
        let Thing::Lot { id, amount } = thing else {
            continue;
        };
        let Some((_, sum)) = at.get(id).and_then(|at| sums.get_mut(*at)) else {
            at.insert(id, sums.len());
            sums.push((id.clone(), amount.clone()));
            continue;
        };
        if sum.unit != amount.unit {
            return refuse(Invariant::UnitMismatch, "a lot is named in two dimensions");
        }
        if !(sum.value.is_positive() && amount.value.is_positive()) {
            return refuse(Invariant::Shape, "a quantity is above zero");
        }
        sum.value = sum.value.checked_add(amount.value).ok_or_else(overflow)?;
    }
    Ok(sums)
}

impl Kernel<'_, '_> {
    /// A lot's record; quantities of an unknown lot are refused by name.
    pub(crate) fn known_lot(&mut self, id: &LotId) -> Do<LotRecord> {
        match self.state.lot(id)? {
            Some(lot) => Ok(lot),
            None => {
                let message = format!(
                    "no lot {} of {} was commissioned here",
                    id.lot.as_str(),
                    id.gtin
                );
                Err(Refusal::kernel(Invariant::Unknown, &message).into())
            }
        }
    }

    /// An amount that can be moved: above zero, in the lot's dimension.
    pub(crate) fn check_amount(&self, lot: &LotRecord, amount: &Amount) -> Do<()> {
        if !amount.value.is_positive() {
            return Err(
                Refusal::kernel(Invariant::Shape, "a quantity is above zero")
                    .field("quantity")
                    .into(),
            );
        }
        if amount.unit == Unit::Each && amount.value.to_integer().is_none() {
            return Err(
                Refusal::kernel(Invariant::Shape, "things are counted in whole numbers")
                    .field("quantity")
                    .into(),
            );
        }
        if lot.unit.as_ref().is_some_and(|unit| *unit != amount.unit) {
            let message = "the quantity has another dimension than the lot's balances";
            return Err(Refusal::kernel(Invariant::UnitMismatch, message)
                .field("unit")
                .into());
        }
        Ok(())
    }

    /// Adds to a balance.
    pub(crate) fn credit(&mut self, id: &LotId, holding: &Holding, value: Decimal) -> Do<()> {
        let own = key::balance(id, holding);
        let before = self.state.get::<Balance>("balance", &own)?;
        if before.is_none()
            && let Some(parent) = &holding.parent
        {
            self.state
                .put_bytes(&key::child(parent, &own), Vec::new())?;
        }
        let value = match before {
            Some(balance) => balance.value.checked_add(value).ok_or_else(overflow)?,
            None => value,
        };
        self.state.put(
            &own,
            &Balance {
                holding: holding.clone(),
                value,
            },
        )
    }

    /// Takes a parcel out of its balance.
    pub(crate) fn debit(&mut self, parcel: &Parcel) -> Do<()> {
        let own = key::balance(&parcel.id, &parcel.from);
        let balance: Option<Balance> = self.state.get("balance", &own)?;
        let left = balance
            .map_or(Decimal::ZERO, |balance| balance.value)
            .checked_sub(parcel.value);
        match left {
            Some(left) if left.is_positive() => self.state.put(
                &own,
                &Balance {
                    holding: parcel.from.clone(),
                    value: left,
                },
            ),
            Some(Decimal::ZERO) => {
                if let Some(parent) = &parcel.from.parent {
                    self.state.remove(&key::child(parent, &own))?;
                }
                self.state.remove(&own)
            }
            _ => refuse(
                Invariant::InsufficientBalance,
                "the balance is smaller than the quantity",
            ),
        }
    }

    /// Moves a parcel to another holding of the same lot.
    pub(crate) fn transfer(&mut self, parcel: &Parcel, to: &Holding) -> Do<()> {
        self.debit(parcel)?;
        self.credit(&parcel.id, to, parcel.value)
    }

    /// All balances whose keys begin with `prefix`; gas bounds their number.
    pub(crate) fn balances_under(&mut self, prefix: &[u8]) -> Do<Vec<Balance>> {
        let mut balances = Vec::new();
        let mut at = prefix.to_vec();
        while let Some((next, bytes)) = self.state.after(prefix, &at)? {
            balances.push(decode("balance", &bytes)?);
            at = next;
        }
        Ok(balances)
    }

    /// A custodian's balances that are on no offer.
    pub(crate) fn balances_in(&mut self, id: &LotId, reach: Reach) -> Do<Vec<Balance>> {
        let (Reach::Free(custodian) | Reach::All(custodian)) = reach;
        let mut balances = self.balances_under(&key::balances_of(id, false, custodian))?;
        if let Reach::All(_) = reach {
            balances.extend(self.balances_under(&key::balances_of(id, true, custodian))?);
        }
        Ok(balances)
    }

    /// What of a lot is on offer to the account, or by it where it withdraws; the oldest
    /// offers first.
    pub(crate) fn offered(&mut self, kind: Kind, id: &LotId) -> Do<Vec<(OfferId, Balance)>> {
        let account = self.account();
        let by = kind == Kind::Withdraw;
        let prefix = key::balances_on_offer(id, (!by).then_some(&account));
        let mut offered = Vec::new();
        for balance in self.balances_under(&prefix)? {
            let Holding {
                offer,
                custodian,
                owner,
                ..
            } = &balance.holding;
            // Only who has it or owns it can have offered it.
            if let Some(offer) = offer
                && (!by || [custodian, owner].contains(&&Some(account)))
            {
                offered.push((offer.id, balance));
            }
        }
        offered.sort_by_key(|(offer, _)| *offer);
        Ok(offered)
    }

    /// Draws a quantity from balances that are not on offer and that `fits` takes, in the
    /// order of their keys: what is not held first, and of that what `first` prefers.
    pub(crate) fn draw(
        &mut self,
        id: &LotId,
        lot: &LotRecord,
        amount: &Amount,
        reach: Reach,
        fits: impl Fn(&Holding) -> bool,
        first: impl Fn(&Holding) -> bool,
    ) -> Do<Vec<Parcel>> {
        let mut balances = self.balances_in(id, reach)?;
        balances.retain(|balance| fits(&balance.holding));
        balances.sort_by_key(|balance| {
            let holding = &balance.holding;
            (is_held(holding, lot), !first(holding))
        });
        let mut parcels = Vec::new();
        let mut missing = amount.value;
        for balance in balances {
            if !missing.is_positive() {
                break;
            }
            let value = missing.min(balance.value);
            missing = missing.checked_sub(value).ok_or_else(overflow)?;
            parcels.push(Parcel {
                id: id.clone(),
                unit: amount.unit.clone(),
                from: balance.holding,
                value,
            });
        }
        if missing.is_positive() {
            let thing = Thing::Lot {
                id: id.clone(),
                amount: amount.clone(),
            };
            let have = amount.value.checked_sub(missing).unwrap_or_default();
            let message = format!("the account has {have} of it free to move");
            let refusal = Refusal::kernel(Invariant::InsufficientBalance, &message).item(thing);
            return Err(refusal
                .field("quantity")
                .expected(&format!("at most {have}"))
                .into());
        }
        Ok(parcels)
    }

    /// Draws what the account has of a lot, unpacked and not offered.
    pub(crate) fn draw_free(&mut self, id: &LotId, amount: &Amount) -> Do<Vec<Parcel>> {
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let account = self.account();
        self.draw(
            id,
            &lot,
            amount,
            Reach::Free(Some(account)),
            |_| true,
            |holding| holding.owner == Some(account),
        )
    }

    /// Neither the parcel nor its lot is held.
    pub(crate) fn check_parcel_free(&mut self, parcel: &Parcel) -> Do<()> {
        let line = Line::Product(parcel.id.gtin);
        let mut judgement =
            self.state
                .judge_line(line, Some(parcel.id.lot), parcel.from.cleared)?;
        if !parcel.from.holders.is_empty() {
            judgement.hold(Source::Own);
        }
        self.check_free(parcel.thing(), &judgement)
    }

    /// Open recalls of a parcel's lot and product.
    pub(crate) fn check_parcel_recalls(&mut self, parcel: &Parcel, to: Option<Address>) -> Do<()> {
        let line = Line::Product(parcel.id.gtin);
        let recalls = self
            .state
            .judge_line(line, Some(parcel.id.lot), parcel.from.cleared)?
            .recalls;
        self.check_recalls(&parcel.thing(), &recalls, to)
    }

    /// Appends the action's entry to the history of a parcel's lot.
    pub(crate) fn write_lot(
        &mut self,
        written: Written,
        id: &LotId,
        thing: Thing,
        role: Role,
        parent: Option<ParentMark>,
    ) -> Do<()> {
        let mut lot = self.known_lot(id)?;
        lot.history = self.write_entry(written, thing, role, lot.history, parent)?;
        self.state.put(&key::lot(id), &lot)
    }

    /// What a parcel brings into a unit.
    pub(crate) fn load_of_parcel(&mut self, parcel: &Parcel) -> Do<Load> {
        let lot = self.known_lot(&parcel.id)?;
        Ok(Load::of(parcel.line(&lot)))
    }
}
