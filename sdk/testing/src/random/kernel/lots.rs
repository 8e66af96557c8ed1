//! Quantities of lots.

use super::{Between, Kept, standing};
use marque_ledger::read;
use marque_primitives::action::Kind;
use marque_primitives::history::Role;
use marque_primitives::thing::{LotId, Thing};
use marque_primitives::{Address, Decimal};
use marque_state::State;
use std::collections::BTreeMap;

impl Between<'_> {
    /// A lot's balances: above zero, their sum changed by what began and ended, and more only
    /// with who took it.
    pub(super) fn lot(&self, id: &LotId) -> Kept {
        let (was, now) = (balances(self.before, id)?, balances(self.after, id)?);
        let mut sum = Decimal::ZERO;
        for value in now.values() {
            sum = add(sum, *value)?;
        }
        for value in was.values() {
            sum = subtract(sum, *value)?;
        }
        let told = self.told(id)?;
        if sum != told {
            return Err(format!(
                "balances keep their sum: of {id:?} {told} came into being, and there are {sum} more"
            ));
        }
        for (who, value) in &now {
            let former = was.get(who).copied().unwrap_or(Decimal::ZERO);
            if *value > former
                && let Some(who) = who
                && !self.takes(*who)
            {
                return Err(format!(
                    "only the receiver accepts: {who} has {value} of {id:?} instead of {former}"
                ));
            }
        }
        Ok(())
    }

    /// What of a lot came into being in this movement, by its history.
    fn told(&self, id: &LotId) -> Result<Decimal, String> {
        let mut told = Decimal::ZERO;
        for entry in &self.sent.entries {
            let Thing::Lot { id: of, amount } = &entry.subject else {
                continue;
            };
            if of != id {
                continue;
            }
            told = match (entry.kind, &entry.role) {
                (Kind::Commission, _) | (Kind::Transform, Role::Output) => add(told, amount.value)?,
                (Kind::Decommission, _) | (Kind::Transform, Role::Input) => {
                    subtract(told, amount.value)?
                }
                _ => told,
            };
        }
        Ok(told)
    }
}

fn add(sum: Decimal, value: Decimal) -> Result<Decimal, String> {
    sum.checked_add(value)
        .ok_or_else(|| "sums stay in range".into())
}

fn subtract(sum: Decimal, value: Decimal) -> Result<Decimal, String> {
    sum.checked_sub(value)
        .ok_or_else(|| "sums stay in range".into())
}

/// What each party has of a lot, packed things by who has the outermost unit.
fn balances(state: &State, id: &LotId) -> Result<BTreeMap<Option<Address>, Decimal>, String> {
    let mut sums = BTreeMap::new();
    for balance in read::balances(state, id).expect("memory") {
        let holding = &balance.holding;
        if !balance.value.is_positive() {
            return Err(format!("balances are above zero: {balance:?} of {id:?}"));
        }
        if let Some(offer) = holding.offer
            && read::offer(state, offer.id).expect("memory").is_none()
        {
            return Err(format!(
                "what is on offer has its offer: {balance:?} of {id:?}"
            ));
        }
        let who = match &holding.parent {
            Some(parent) => standing(state, parent).and_then(|(_, standing)| standing.custodian),
            None => holding.custodian,
        };
        let sum = sums.entry(who).or_insert(Decimal::ZERO);
        *sum = add(*sum, balance.value)?;
    }
    Ok(sums)
}
