//! Lots: who has how much, which items, and what became of them by transformation.

use std::collections::BTreeSet;

use marque_primitives::history::Role;
use marque_primitives::key;
use marque_primitives::record::{Balance, OpenTransformation};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Address, Position};
use marque_state::prefix_end;
use parity_scale_codec::DecodeAll;

use super::query::Filter;
use super::{Held, Page, PageRequest, Reader};
use crate::error::ChainError;
use crate::index::{Cursor, Relation, Term};

const BALANCES: u8 = b'b';
const ITEMS: u8 = b'i';
const REACH: u8 = b'R';
/// Lots and events that one answer follows.
const FOLLOWED: usize = 10_000;

/// Which way transformations are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From what was used to what was made of it.
    Downstream,
    /// From what was made to what was used for it.
    Upstream,
}

/// A step from one lot through a transformation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotLink {
    /// The lot that the step begins at.
    pub from: LotId,
    /// The lot that it leads to, if what it leads to has one.
    pub lot: Option<LotId>,
    /// What the transformation used or made.
    pub thing: Thing,
    /// The event that says so.
    pub event: Position,
    /// Steps from the lot that was asked for, from 1.
    pub depth: u32,
}

/// Something that a lot, or what was made of it, is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The lot asked for, or one made of it.
    pub lot: LotId,
    /// Items or a quantity of it.
    pub held: Held,
    /// Who has it, parents counted in.
    pub holder: Option<Address>,
    /// What holds it, from the inside out.
    pub parents: Vec<ThingId>,
}

impl Reader {
    /// The balances of a lot.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails.
    pub fn balances(&self, lot: &LotId, page: &PageRequest) -> Result<Page<Balance>, ChainError> {
        let after: Option<Vec<u8>> = page.resume(BALANCES)?;
        let found = self.balance_keys(lot, after, page.limit().saturating_add(1))?;
        let decoded: Result<Vec<_>, ChainError> = found
            .into_iter()
            .map(|(key, value)| {
                let damaged = ChainError::Damaged {
                    height: self.head().height().0,
                    what: "a balance does not decode",
                };
                Balance::decode_all(&mut value.as_slice())
                    .map(|balance| (key, balance))
                    .map_err(|_| damaged)
            })
            .collect();
        Ok(Page::cut(decoded?, page.limit(), BALANCES))
    }

    fn balance_keys(
        &self,
        lot: &LotId,
        after: Option<Vec<u8>>,
        limit: usize,
    ) -> Result<Vec<marque_state::Entry>, ChainError> {
        let prefix = key::balances(lot);
        let mut from = after
            .filter(|after| after.starts_with(&prefix))
            .unwrap_or_default();
        if from.is_empty() {
            from.clone_from(&prefix);
        } else {
            from.push(0);
        }
        Ok(self
            .view()
            .scan(&from, prefix_end(&prefix).as_deref(), limit)?)
    }

    /// The runs of a lot's items, packed ones included.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails.
    pub fn lot_items(&self, lot: &LotId, page: &PageRequest) -> Result<Page<Held>, ChainError> {
        let after: Option<Vec<u8>> = page.resume(ITEMS)?;
        let limit = page.limit();
        let keys = self.linked(
            Relation::InLot,
            &key::lot(lot),
            &[],
            after.as_deref(),
            limit.saturating_add(1),
        )?;
        let mut found = Vec::new();
        for key in keys {
            let mut held = self.held(&key, None)?;
            held.inside = held
                .record
                .as_ref()
                .and_then(|record| record.parent.clone());
            found.push((key, held));
        }
        Ok(Page::cut(found, limit, ITEMS))
    }

    /// What was made of a lot, or what it was made of, through any number of transformations,
    /// nearest first.
    ///
    /// # Errors
    /// [`ChainError::TooBroad`] beyond 10,000 steps, or when the store fails.
    pub fn lot_links(&self, lot: &LotId, way: Way) -> Result<Vec<LotLink>, ChainError> {
        let mut links = Vec::new();
        let mut seen = BTreeSet::from([lot.clone()]);
        let mut frontier = vec![lot.clone()];
        let mut depth = 0_u32;
        while !frontier.is_empty() {
            depth = depth.saturating_add(1);
            let mut next = Vec::new();
            for from in frontier {
                for (thing, event) in self.transformed(&from, way)? {
                    if links.len() >= FOLLOWED {
                        return Err(ChainError::TooBroad(
                            "the lot reaches more than 10,000 others",
                        ));
                    }
                    let lot = self.lot_of(&thing)?;
                    if let Some(lot) = lot.iter().find(|lot| seen.insert((*lot).clone())) {
                        next.push(lot.clone());
                    }
                    links.push(LotLink {
                        from: from.clone(),
                        lot,
                        thing,
                        event,
                        depth,
                    });
                }
            }
            frontier = next;
        }
        Ok(links)
    }

    /// The other side of the transformations that a lot took part in.
    fn transformed(&self, lot: &LotId, way: Way) -> Result<Vec<(Thing, Position)>, ChainError> {
        let (own, other) = match way {
            Way::Downstream => (Term::LotInput(lot.clone()), Role::Output),
            Way::Upstream => (Term::LotOutput(lot.clone()), Role::Input),
        };
        let mut filter = Filter::term(own);
        let mut events = BTreeSet::new();
        let mut from = 0;
        while let Some(event) = filter.seek(self.snapshot(), from)? {
            events.insert(Position(event));
            events.extend(self.joined(Position(event))?);
            if events.len() > FOLLOWED {
                return Err(ChainError::TooBroad(
                    "the lot was transformed more than 10,000 times",
                ));
            }
            from = event.saturating_add(1);
        }
        let mut found = Vec::new();
        for event in events {
            for (_, entry) in self.entries_of(event)? {
                if entry.role == other {
                    found.push((entry.subject, event));
                }
            }
        }
        Ok(found)
    }

    /// The events that reported the other parts of a transformation.
    fn joined(&self, event: Position) -> Result<Vec<Position>, ChainError> {
        let mut found = Vec::new();
        for key in self.linked(Relation::JoinedBy, &event.0.to_be_bytes(), &[], None, 1)? {
            let Some(value) = self.view().get(&key)? else {
                continue;
            };
            let damaged = ChainError::Damaged {
                height: self.head().height().0,
                what: "a transformation does not decode",
            };
            let joined =
                OpenTransformation::decode_all(&mut value.as_slice()).map_err(|_| damaged)?;
            found.extend(joined.inputs.iter().chain(&joined.outputs).copied());
        }
        Ok(found)
    }

    fn lot_of(&self, thing: &Thing) -> Result<Option<LotId>, ChainError> {
        match thing {
            Thing::Lot { id, .. } => Ok(Some(id.clone())),
            Thing::Run { run, .. } => {
                let Line::Product(gtin) = run.line() else {
                    return Ok(None);
                };
                let id = ThingId::Item {
                    line: run.line(),
                    serial: *run.first(),
                };
                let record = marque_ledger::read::record_at(self.view(), &id)?;
                Ok(record
                    .and_then(|(_, record)| record.lot)
                    .map(|lot| LotId { gtin, lot }))
            }
            _ => Ok(None),
        }
    }

    /// Everything that a recall of a lot reaches now: items and quantities of the lot and of all
    /// that was made of it, with who has them and what they are packed in.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], [`ChainError::TooBroad`], or when the store fails.
    pub fn lot_reach(&self, lot: &LotId, page: &PageRequest) -> Result<Page<Reached>, ChainError> {
        let (first, mut after): (u32, Option<Vec<u8>>) = page.resume(REACH)?.unwrap_or_default();
        let mut lots = vec![lot.clone()];
        let made = self
            .lot_links(lot, Way::Downstream)?
            .into_iter()
            .filter_map(|link| link.lot);
        let mut seen = BTreeSet::from([lot.clone()]);
        lots.extend(made.filter(|lot| seen.insert(lot.clone())));
        let limit = page.limit();
        let mut found = Vec::new();
        for (number, lot) in (0_u32..)
            .zip(lots)
            .skip_while(|(number, _)| *number < first)
        {
            let want = limit.saturating_add(1).saturating_sub(found.len());
            for key in self.leaves_of_lot(&lot, after.take(), want)? {
                found.push(((number, Some(key.clone())), self.reached(&lot, &key)?));
            }
            if found.len() > limit {
                break;
            }
        }
        Ok(Page::cut(found, limit, REACH))
    }

    /// Keys of a lot's items, then of its balances, after a key.
    fn leaves_of_lot(
        &self,
        lot: &LotId,
        after: Option<Vec<u8>>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, ChainError> {
        let in_balances = after
            .as_ref()
            .is_some_and(|after| key::parse_balance(after).is_some());
        let mut keys = Vec::new();
        if !in_balances {
            keys = self.linked(
                Relation::InLot,
                &key::lot(lot),
                &[],
                after.as_deref(),
                limit,
            )?;
        }
        let after = after.filter(|_| in_balances);
        let rest = limit.saturating_sub(keys.len());
        keys.extend(
            self.balance_keys(lot, after, rest)?
                .into_iter()
                .map(|(key, _)| key),
        );
        Ok(keys)
    }

    fn reached(&self, lot: &LotId, key: &[u8]) -> Result<Reached, ChainError> {
        let mut held = self.held(key, None)?;
        let (inside, own) = match (&held.record, &held.balance) {
            (Some(record), _) => (record.parent.clone(), record.custodian),
            (None, Some(balance)) => (balance.holding.parent.clone(), balance.holding.custodian),
            (None, None) => (None, None),
        };
        let mut parents: Vec<ThingId> = inside.iter().cloned().collect();
        let mut holder = own;
        if let Some(parent) = &inside
            && let Some((record, standing)) = marque_ledger::read::standing(self.view(), parent)?
        {
            holder = standing.custodian.or(record.custodian);
            parents.extend(standing.parents.into_iter().map(|(id, _)| id));
        }
        held.inside = inside;
        Ok(Reached {
            lot: lot.clone(),
            held,
            holder,
            parents,
        })
    }
}
