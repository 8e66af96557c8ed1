//! The lots of items that are named by their serials alone.
//!
//! An item has its lot from its birth on and never another, so that any later state tells it.
//! What was told of it before, while it was external, was told of no lot. Rows written with a
//! block and rows built anew have to be the same, so both ask whether the item was born by the
//! end of the block: the state after the block says it in the record, a later one in the history.

use std::cell::RefCell;
use std::collections::BTreeMap;

use marque_primitives::action::Kind;
use marque_primitives::history::{Head, Role};
use marque_primitives::key;
use marque_primitives::record::Record;
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_state::{State, View as _};
use parity_scale_codec::DecodeAll as _;

use super::stabs::Range;
use crate::error::ChainError;
use crate::tables;

/// Births that are kept in memory, so that a long history is read once and not for each entry.
const KEPT: usize = 10_000;

/// Positions of the events in which items were born, by their records' keys.
#[derive(Default)]
pub(super) struct Births(RefCell<BTreeMap<Vec<u8>, Option<u64>>>);

/// What tells a block's items their lots.
pub(crate) struct Lots<'a> {
    state: &'a State,
    /// Where the block's events end, if the state is a later one.
    until: Option<(u64, &'a Births)>,
}

impl<'a> Lots<'a> {
    /// By the state after the block.
    pub(crate) fn of_block(state: &'a State) -> Self {
        Self { state, until: None }
    }

    /// By a later state, which is durable with its history; the block's events end at `end`.
    pub(super) fn of_earlier(state: &'a State, end: u64, births: &'a Births) -> Self {
        Self {
            state,
            until: Some((end, births)),
        }
    }

    /// The lot of an entry's subject: all items of a run that has a history have one.
    pub(super) fn of_subject(&self, subject: &Thing) -> Result<Option<LotId>, ChainError> {
        let run = match subject {
            Thing::Lot { id, .. } => return Ok(Some(id.clone())),
            Thing::Run { run, .. } => run,
            _ => return Ok(None),
        };
        let key = key::item(run.line(), run.first());
        match self.state.get(&key)? {
            Some(record) => self.of_record(&key, &record),
            None => Ok(None),
        }
    }

    /// The lots of all items in a range.
    pub(super) fn of_range(
        &self,
        range: &Range,
        mut add: impl FnMut(LotId),
    ) -> Result<(), ChainError> {
        let (class, first, last) = match range {
            Range::One { key } => {
                if let Some(record) = self.state.get(key)? {
                    self.of_record(key, &record)?.into_iter().for_each(add);
                }
                return Ok(());
            }
            Range::Serials { class, first, last } => (class, first, last),
        };
        let at = |serial: &u128| [class.as_slice(), &serial.to_be_bytes()].concat();
        let (start, end) = (at(first), at(last));
        let mut leaf = match self.state.at_or_before(&start)? {
            Some((key, record)) if reaches(&key, &record, class, *first) => Some((key, record)),
            _ => self.state.after(&start)?,
        };
        while let Some((key, record)) = leaf.filter(|(key, _)| *key <= end) {
            self.of_record(&key, &record)?
                .into_iter()
                .for_each(&mut add);
            leaf = self.state.after(&key)?;
        }
        Ok(())
    }

    fn of_record(&self, key: &[u8], record: &[u8]) -> Result<Option<LotId>, ChainError> {
        let Some(ThingId::Item {
            line: Line::Product(gtin),
            ..
        }) = key::parse_record(key)
        else {
            return Ok(None);
        };
        let Ok(record) = Record::decode_all(&mut &*record) else {
            return Err(self.damaged("a record does not decode"));
        };
        match record.lot {
            Some(lot) if self.is_born(key, &record)? => Ok(Some(LotId { gtin, lot })),
            _ => Ok(None),
        }
    }

    fn is_born(&self, key: &[u8], record: &Record) -> Result<bool, ChainError> {
        let Some((end, births)) = self.until.filter(|_| !record.external) else {
            return Ok(!record.external);
        };
        let known = births.0.borrow().get(key).copied();
        let birth = match known {
            Some(birth) => birth,
            None => {
                let birth = self.birth(record.history)?;
                let mut kept = births.0.borrow_mut();
                if kept.len() >= KEPT {
                    kept.clear();
                }
                kept.insert(key.to_vec(), birth);
                birth
            }
        };
        Ok(birth.is_some_and(|birth| birth < end))
    }

    /// The event of a history in which the item was commissioned or made.
    fn birth(&self, history: Head) -> Result<Option<u64>, ChainError> {
        let mut at = history;
        while at.length > 0 {
            let entry = tables::ENTRIES.get(&**self.state.snapshot(), &at.last.0)?;
            let Some(entry) = entry else {
                return Err(self.damaged("an entry of a history is missing"));
            };
            if entry.kind == Kind::Commission || entry.role == Role::Output {
                return Ok(Some(entry.event.0));
            }
            at = entry.before;
        }
        Ok(None)
    }

    fn damaged(&self, what: &'static str) -> ChainError {
        ChainError::Damaged {
            height: self.state.tip().map_or(0, |tip| tip.height),
            what,
        }
    }
}

/// Whether a record of the class holds the serial or one after it.
fn reaches(key: &[u8], record: &[u8], class: &[u8], serial: u128) -> bool {
    let first = key
        .strip_prefix(class)
        .and_then(|rest| rest.try_into().ok());
    let record = Record::decode_all(&mut &*record).ok();
    match first.map(u128::from_be_bytes).zip(record) {
        Some((first, record)) => serial
            .checked_sub(first)
            .is_none_or(|after| after < u128::from(record.count)),
        None => false,
    }
}
