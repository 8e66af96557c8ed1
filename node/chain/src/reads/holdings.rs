//! What parties hold, offer and are offered, and what is inside what.

use marque_primitives::action::OfferId;
use marque_primitives::gs1::Gtin;
use marque_primitives::key::{self, Space};
use marque_primitives::record::{Balance, Offer, Record};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Address, Amount};
use marque_state::TableKey;
use parity_scale_codec::DecodeAll;

use super::{Page, PageRequest, Reader};
use crate::error::ChainError;
use crate::index::{Relation, offer_number};

const HOLDINGS: u8 = b'h';
const OFFERS: u8 = b'o';
const CHILDREN: u8 = b'c';
/// Units inside one another at most.
const NESTING: usize = 9;

/// A thing or quantity with the leaf that answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The whole run, unit, asset or quantity.
    pub thing: Thing,
    /// What it is directly inside of.
    pub inside: Option<ThingId>,
    /// Its record, if it is no quantity.
    pub record: Option<Record>,
    /// Its balance, if it is a quantity.
    pub balance: Option<Balance>,
}

/// Which holdings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldingFilter {
    /// Only items and quantities of the product. What is packed is found with `expand`.
    pub product: Option<Gtin>,
    /// After each unit also what is inside, nested units included.
    pub expand: bool,
}

/// Which side of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Offered to the party.
    In,
    /// Offered by the party.
    Out,
}

/// An open offer and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferAt {
    /// Its number.
    pub id: OfferId,
    /// The offer.
    pub offer: Offer,
}

impl Reader {
    /// What a party holds, in order of identifiers: runs, assets and units that are packed in
    /// nothing, then quantities of lots.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails.
    pub fn holdings(
        &self,
        holder: &Address,
        filter: &HoldingFilter,
        page: &PageRequest,
    ) -> Result<Page<Held>, ChainError> {
        // A path from a leaf that the holder has to one inside of it.
        let mut path: Vec<Vec<u8>> = page.resume(HOLDINGS)?.unwrap_or_default();
        if path.len() > NESTING {
            return Err(ChainError::BadCursor);
        }
        let mut inside = self.still_there(holder, &mut path)?;
        let limit = page.limit();
        let mut found = Vec::new();
        let mut looked = 0_usize;
        while found.len() <= limit && looked < 20_000 {
            looked = looked.saturating_add(1);
            let wanted = |key: &[u8]| filter.product.is_none_or(|gtin| of_product(key, gtin));
            let Some(next) = self.next_holding(holder, path, filter, inside)? else {
                return Ok(Page::cut(found, limit, HOLDINGS));
            };
            path = next;
            inside = true;
            if let Some(key) = path.last().filter(|key| wanted(key)) {
                let inside = path.len().checked_sub(2).and_then(|at| path.get(at));
                found.push((
                    path.clone(),
                    self.held(key, inside.and_then(|key| key::parse_record(key)))?,
                ));
            }
        }
        if found.len() > limit {
            return Ok(Page::cut(found, limit, HOLDINGS));
        }
        let items = found.into_iter().map(|(_, held)| held).collect();
        Ok(Page::more(items, HOLDINGS, &path))
    }

    /// Cuts off of a cursor's path what has moved since: the walk goes on after the first leaf
    /// that is not where it was, and never into it. Says whether it may go into the last one.
    fn still_there(&self, holder: &Address, path: &mut Vec<Vec<u8>>) -> Result<bool, ChainError> {
        let mut parent: Option<ThingId> = None;
        for (at, key) in path.iter().enumerate() {
            let there = match &parent {
                None => {
                    let first = self.linked(Relation::Holds, &holder.0, key, None, 1)?;
                    first.first() == Some(key)
                }
                Some(parent) => self.inside_of(key)?.as_ref() == Some(parent),
            };
            if !there {
                path.truncate(at.saturating_add(1));
                return Ok(false);
            }
            parent = key::parse_record(key);
        }
        Ok(true)
    }

    /// What a leaf is directly inside of.
    fn inside_of(&self, key: &[u8]) -> Result<Option<ThingId>, ChainError> {
        if self.view().get(key)?.is_none() {
            return Ok(None);
        }
        let held = self.held(key, None)?;
        Ok(match (held.record, held.balance) {
            (Some(record), _) => record.parent,
            (None, Some(balance)) => balance.holding.parent,
            (None, None) => None,
        })
    }

    /// The next leaf in the order of a walk that goes into units, where it may, before it goes
    /// on.
    fn next_holding(
        &self,
        holder: &Address,
        mut path: Vec<Vec<u8>>,
        filter: &HoldingFilter,
        inside: bool,
    ) -> Result<Option<Vec<Vec<u8>>>, ChainError> {
        if inside
            && filter.expand
            && path.len() < NESTING
            && let Some(parent) = path.last().and_then(|key| key::parse_record(key))
            && let Some((child, _)) = self.children_after(&parent, None, 1)?.pop()
        {
            path.push(child);
            return Ok(Some(path));
        }
        while let Some(last) = path.pop() {
            let next = match path.last().and_then(|key| key::parse_record(key)) {
                Some(parent) => self
                    .children_after(&parent, Some(&last), 1)?
                    .pop()
                    .map(|(key, _)| key),
                None => self.first_holding(holder, Some(&last), filter)?,
            };
            if let Some(next) = next {
                path.push(next);
                return Ok(Some(path));
            }
            if path.is_empty() {
                return Ok(None);
            }
        }
        Ok(self
            .first_holding(holder, None, filter)?
            .map(|first| vec![first]))
    }

    fn first_holding(
        &self,
        holder: &Address,
        after: Option<&[u8]>,
        filter: &HoldingFilter,
    ) -> Result<Option<Vec<u8>>, ChainError> {
        let first = self
            .linked(Relation::Holds, &holder.0, &[], after, 1)?
            .pop();
        let (Some(gtin), false) = (filter.product, filter.expand) else {
            return Ok(first);
        };
        // A product's items stand together, and so do its lots: go straight to them.
        let items = key::line(Line::Product(gtin));
        let balances = [&[Space::Balance as u8][..], &gtin.as_u64().to_be_bytes()].concat();
        for prefix in [items, balances] {
            if after.is_some_and(|after| after >= prefix.as_slice() && !after.starts_with(&prefix))
            {
                continue;
            }
            let from = after.filter(|after| after.starts_with(&prefix));
            if let Some(found) = self
                .linked(Relation::Holds, &holder.0, &prefix, from, 1)?
                .pop()
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Where links of a relation lead, ascending: those that begin with `prefix`, after `after`.
    pub(super) fn linked(
        &self,
        relation: Relation,
        from: &[u8],
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, ChainError> {
        use std::ops::Bound;
        if self.past.is_some() {
            return Err(ChainError::NewestOnly);
        }
        let mut base = Vec::new();
        (relation as u8).encode_key(&mut base, false);
        from.to_vec().encode_key(&mut base, false);
        let start = [base.as_slice(), prefix].concat();
        let end = marque_state::prefix_end(&start);
        let resumed = after.map(|after| [base.as_slice(), after].concat());
        let low = resumed
            .as_deref()
            .map_or(Bound::Included(start.as_slice()), Bound::Excluded);
        let high = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let rows = crate::tables::LINKS.range_of_bytes(
            self.snapshot(),
            low,
            high,
            marque_state::Direction::Ascending,
        )?;
        rows.take(limit).map(|row| Ok(row?.0.2)).collect()
    }

    /// The thing behind the key of a record or balance.
    pub(super) fn held(&self, key: &[u8], inside: Option<ThingId>) -> Result<Held, ChainError> {
        let damaged = || ChainError::Damaged {
            height: self.head().height().0,
            what: "an index names a leaf that is not there",
        };
        let value = self.view().get(key)?.ok_or_else(damaged)?;
        if let Some(lot) = key::parse_balance(key) {
            let balance = Balance::decode_all(&mut value.as_slice()).map_err(|_| damaged())?;
            let unit = marque_ledger::read::lot(self.view(), &lot)?
                .and_then(|lot| lot.unit)
                .ok_or_else(damaged)?;
            let thing = Thing::Lot {
                id: lot,
                amount: Amount {
                    value: balance.value,
                    unit,
                },
            };
            return Ok(Held {
                thing,
                inside,
                record: None,
                balance: Some(balance),
            });
        }
        let record = Record::decode_all(&mut value.as_slice()).map_err(|_| damaged())?;
        let thing = key::record_thing(key, record.count).ok_or_else(damaged)?;
        Ok(Held {
            thing,
            inside,
            record: Some(record),
            balance: None,
        })
    }

    fn children_after(
        &self,
        parent: &ThingId,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Thing)>, ChainError> {
        Ok(marque_ledger::read::children(
            self.view(),
            parent,
            after,
            limit,
        )?)
    }

    /// What is directly inside a thing.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails.
    pub fn children(&self, parent: &ThingId, page: &PageRequest) -> Result<Page<Held>, ChainError> {
        let after: Option<Vec<u8>> = page.resume(CHILDREN)?;
        let limit = page.limit();
        let mut found = Vec::new();
        for (key, _) in self.children_after(parent, after.as_deref(), limit.saturating_add(1))? {
            let held = self.held(&key, Some(parent.clone()))?;
            found.push((key, held));
        }
        Ok(Page::cut(found, limit, CHILDREN))
    }

    /// A party's open offers, oldest first.
    ///
    /// # Errors
    /// [`ChainError::BadCursor`], or when the store fails.
    pub fn offers(
        &self,
        party: &Address,
        side: Side,
        page: &PageRequest,
    ) -> Result<Page<OfferAt>, ChainError> {
        let relation = match side {
            Side::In => Relation::OfferedTo,
            Side::Out => Relation::OfferedBy,
        };
        let after: Option<Vec<u8>> = page.resume(OFFERS)?;
        let limit = page.limit();
        let mut found = Vec::new();
        let damaged = || ChainError::Damaged {
            height: self.head().height().0,
            what: "an index names an offer that is not there",
        };
        for number in self.linked(
            relation,
            &party.0,
            &[],
            after.as_deref(),
            limit.saturating_add(1),
        )? {
            let id = offer_number(&number).ok_or_else(damaged)?;
            let offer = marque_ledger::read::offer(self.view(), id)?.ok_or_else(damaged)?;
            found.push((number, OfferAt { id, offer }));
        }
        Ok(Page::cut(found, limit, OFFERS))
    }
}

fn of_product(key: &[u8], gtin: Gtin) -> bool {
    match key::parse_record(key) {
        Some(ThingId::Item { line, .. }) => line == Line::Product(gtin),
        Some(_) => false,
        None => key::parse_balance(key).is_some_and(|LotId { gtin: own, .. }| own == gtin),
    }
}
