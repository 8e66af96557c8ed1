//! The kernel's invariants, read off the state with nothing of the kernel's own code but its
//! reading functions.

mod lots;

use super::Attempt;
use crate::world::{Sent, World};
use marque_ledger::{Effective, Standing, read};
use marque_primitives::action::Kind;
use marque_primitives::history::Counterparty;
use marque_primitives::record::Record;
use marque_primitives::thing::ThingId;
use marque_primitives::{Address, Lane, key};
use marque_state::{State, View};
use parity_scale_codec::DecodeAll;
use std::collections::BTreeSet;

/// Serials of a run that are looked at one by one: its first, and its last.
const LOOKED_AT: u128 = 12;

type Kept = Result<(), String>;

/// One movement between two states.
struct Between<'a> {
    before: &'a State,
    after: &'a State,
    attempt: &'a Attempt,
    sent: &'a Sent,
}

/// What is broken, as the invariant in words.
pub(super) fn check(world: &World, before: &State, attempt: &Attempt, sent: &Sent) -> Kept {
    let after = world.state();
    let between = Between {
        before,
        after,
        attempt,
        sent,
    };
    if attempt.done().is_none() {
        return between.left_nothing();
    }
    let mut lots = BTreeSet::new();
    for (key, value) in sent.changes.iter() {
        if let Some(first) = key::parse_record(key) {
            let Some(mut value) = value else {
                return Err(format!("a thing's record stays: {first:?} is gone"));
            };
            let record = Record::decode_all(&mut value).map_err(|error| error.to_string())?;
            between.one_record(key, &first, &record)?;
            for id in looked_at(&first, record.count) {
                between.thing(&id)?;
            }
        } else if let Some(id) = key::parse_balance(key) {
            lots.insert(id);
        }
    }
    lots.iter().try_for_each(|id| between.lot(id))
}

fn looked_at(first: &ThingId, count: u64) -> Vec<ThingId> {
    let ThingId::Item { line, serial } = first else {
        return vec![first.clone()];
    };
    let Some((digits, value)) = serial.numeric() else {
        return vec![first.clone()];
    };
    let last = u128::from(count).saturating_sub(1);
    let near = (0..=last.min(LOOKED_AT)).chain([last]);
    let serial = |at| marque_primitives::gs1::Serial::from_numeric(digits, value + at).ok();
    near.filter_map(serial)
        .map(|serial| ThingId::Item {
            line: *line,
            serial,
        })
        .collect()
}

fn standing(state: &State, id: &ThingId) -> Option<(Record, Standing)> {
    read::standing(state, id).expect("memory")
}

impl Between<'_> {
    /// What was refused leaves the next nonce and nothing else.
    fn left_nothing(&self) -> Kept {
        let account = &self.attempt.account;
        let nonce = key::nonce(account, account, Lane(0));
        for (key, value) in self.sent.changes.iter() {
            let was = self.before.get(key).expect("memory");
            if *key != *nonce && value != was.as_deref() {
                return Err(format!(
                    "a refusal leaves nothing: leaf {} changed",
                    marque_primitives::hash::to_hex(key)
                ));
            }
        }
        if self.sent.entries.is_empty() && self.sent.events.is_empty() {
            return Ok(());
        }
        Err("a refusal leaves nothing: it is in a history".into())
    }

    fn kind(&self) -> Kind {
        let operation = self.attempt.operation.as_ref();
        operation.map_or(Kind::Contract, |operation| operation.kind())
    }

    /// A thing has one record: runs do not overlap.
    fn one_record(&self, key: &[u8], first: &ThingId, record: &Record) -> Kept {
        let end = |id: &ThingId, count: u64| {
            let ThingId::Item { serial, .. } = id else {
                return None;
            };
            let (digits, value) = serial.numeric()?;
            Some((digits, value, value + u128::from(count)))
        };
        let Some((digits, from, to)) = end(first, record.count) else {
            return Ok(());
        };
        let class = key.len().saturating_sub(size_of::<u128>());
        let neighbours = [
            self.after.before(key).expect("memory"),
            self.after.after(key).expect("memory"),
        ];
        for (other, value) in neighbours.into_iter().flatten() {
            if other.get(..class) != key.get(..class) {
                continue;
            }
            let Some(id) = key::parse_record(&other) else {
                continue;
            };
            let record = Record::decode_all(&mut &*value).map_err(|error| error.to_string())?;
            if let Some((others, start, end)) = end(&id, record.count)
                && others == digits
                && start < to
                && from < end
            {
                return Err(format!(
                    "a thing has one custodian and one owner: {first:?} and {id:?} overlap"
                ));
            }
        }
        Ok(())
    }

    /// What may have become of one thing.
    fn thing(&self, id: &ThingId) -> Kept {
        let Some((record, now)) = standing(self.after, id) else {
            return Err(format!("a thing's record stays: {id:?} is gone"));
        };
        if let Some(offer) = record.offer
            && read::offer(self.after, offer).expect("memory").is_none()
        {
            return Err(format!("what is on offer has its offer: {id:?}"));
        }
        // What was only seen so far begins when a party makes or takes it.
        let known = standing(self.before, id).filter(|(former, _)| !former.external);
        let Some((former, was)) = known else {
            return self.begins(id, &record, &now);
        };
        let moved = was.custodian != now.custodian;
        if former.ended {
            let same = !moved && was.owner == now.owner && former.parent == record.parent;
            if !same || (!record.ended && self.kind() != Kind::Reinstate) {
                return Err(format!("what ended does not move: {id:?}"));
            }
        }
        self.passes(id, "custodian", was.custodian, now.custodian)?;
        self.passes(id, "owner", was.owner, now.owner)?;
        if moved && self.kind() == Kind::Accept {
            self.was_offered(id, &former, &was)?;
        }
        match now.custodian {
            Some(to) if moved && was.judgement.status == Effective::Recalled => {
                self.may_collect(id, to, &former, &was)
            }
            _ => Ok(()),
        }
    }

    /// What is seen for the first time is external and nobody's; else who makes it has it.
    fn begins(&self, id: &ThingId, record: &Record, now: &Standing) -> Kept {
        let makes = matches!(
            self.kind(),
            Kind::Commission | Kind::Transform | Kind::Pack | Kind::Claim
        );
        let own = now.custodian == Some(self.attempt.account);
        if own && makes || record.external && now.custodian.is_none() {
            return Ok(());
        }
        Err(format!(
            "things begin with who commissions, makes or packs them: {id:?}"
        ))
    }

    /// A right passes to who takes it, by an acceptance, a claim, or the offer that completes
    /// a claim; it ends with a release.
    fn passes(
        &self,
        id: &dyn core::fmt::Debug,
        right: &str,
        was: Option<Address>,
        now: Option<Address>,
    ) -> Kept {
        if was == now {
            return Ok(());
        }
        let kind = self.kind();
        let may = match now {
            None => kind == Kind::Release,
            Some(to) => self.takes(to),
        };
        if may {
            return Ok(());
        }
        let who = |account: Option<Address>| account.map_or("nobody".into(), |a| a.to_string());
        Err(format!(
            "only the receiver accepts: the {right} of {id:?} was {}, is {}, by {} of {}",
            who(was),
            who(now),
            kind.name(),
            self.attempt.by
        ))
    }

    /// Whether a party may have come to something in this movement.
    fn takes(&self, to: Address) -> bool {
        let completes = || {
            self.sent
                .events
                .iter()
                .any(|event| event.claim.is_some() && event.to == Some(Counterparty::Account(to)))
        };
        let begins = matches!(
            self.kind(),
            Kind::Accept | Kind::Claim | Kind::Commission | Kind::Transform
        );
        begins && to == self.attempt.account || completes()
    }

    /// What was accepted was on offer to who accepted.
    fn was_offered(&self, id: &ThingId, former: &Record, was: &Standing) -> Kept {
        let records = was.parents.iter().map(|(_, record)| record);
        let mut offers = records.chain([former]).filter_map(|record| record.offer);
        let to_them = |offer| {
            let offer = read::offer(self.before, offer).expect("memory");
            offer.is_some_and(|offer| offer.to == self.attempt.account)
        };
        // A captured acceptance may stand for a claim of what nobody has.
        if offers.any(to_them) || self.attempt.captured && was.custodian.is_none() {
            return Ok(());
        }
        Err(format!(
            "only the receiver accepts: {id:?} was not on offer to {}",
            self.attempt.by
        ))
    }

    /// What is recalled goes to the brand and to the recall's collectors.
    fn may_collect(&self, id: &ThingId, to: Address, former: &Record, was: &Standing) -> Kept {
        let collects = was.judgement.recalls.iter().any(|recall| {
            let recall = read::recall(self.before, *recall).expect("memory");
            recall.is_some_and(|recall| recall.by == to || recall.collectors.contains(&to))
        });
        if collects || former.brand == Some(to) {
            return Ok(());
        }
        Err(format!(
            "what is recalled goes to the brand and its collectors: {id:?} went to {to}"
        ))
    }
}
