//! The indexes from nothing but the blocks and the live state.

use std::ops::Bound;
use std::sync::Arc;

use marque_primitives::Position;
use marque_primitives::history::{Entry, Event};
use marque_primitives::transaction::Transaction;
use marque_state::{Batch, Direction, Snapshot, State, Store, Table, TableId, TableValue, View};

use super::lots::{Births, Lots};
use super::{History, links, write_history, write_ids};
use crate::block::Spans;
use crate::error::ChainError;
use crate::tables;

/// The tables that can be built again.
pub(crate) const DERIVED: [TableId; 6] = [
    tables::LINKS.id(),
    tables::POSTINGS.id(),
    tables::REFUSALS.id(),
    tables::TRANSACTIONS.id(),
    tables::SEGMENTS.id(),
    marque_state::tables::STABS.id(),
];

/// Rows that one commit writes or removes.
const STEP: usize = 10_000;

/// Removes all index rows of a store and writes them again. No chain may run on it; if it is
/// interrupted, it has to be done again.
///
/// # Errors
/// When the store fails or what it holds contradicts itself.
pub fn rebuild(store: &dyn Store) -> Result<(), ChainError> {
    for table in DERIVED {
        loop {
            let snapshot = store.snapshot()?;
            let all = (Bound::Unbounded, Bound::Unbounded);
            let rows = snapshot.range(table, all.0, all.1, Direction::Ascending)?;
            let mut batch = Batch::new();
            for row in rows.take(STEP) {
                batch.delete(table, row?.0);
            }
            if batch.is_empty() {
                break;
            }
            store.commit(batch)?;
        }
    }
    let state = State::open(store.snapshot()?)?;
    derive(&state, store, &mut |_| Ok(()))
}

/// Writes all index rows of a state and of the blocks beside it into a store that has none; `each`
/// hears of every block.
pub(crate) fn derive(
    state: &State,
    store: &dyn Store,
    each: &mut dyn FnMut(u64) -> Result<(), ChainError>,
) -> Result<(), ChainError> {
    relink(store, state)?;
    let tip = state.tip().map_or(0, |tip| tip.height);
    let births = Births::default();
    for height in 1..=tip {
        let mut batch = Batch::new();
        write_block(&mut batch, state, &*store.snapshot()?, height, &births)?;
        store.commit(batch)?;
        each(height)?;
    }
    Ok(())
}

fn relink(store: &dyn Store, state: &State) -> Result<(), ChainError> {
    let mut from = Vec::new();
    loop {
        let leaves = state.scan(&from, None, STEP)?;
        let Some((last, _)) = leaves.last() else {
            return Ok(());
        };
        from = [last.as_slice(), &[0]].concat();
        let mut batch = Batch::new();
        for (key, value) in &leaves {
            let made = links::links_of(key, value)?;
            links::write_links(
                &mut batch,
                &made.into_iter().map(|link| (link, true)).collect(),
            );
        }
        store.commit(batch)?;
    }
}

fn write_block(
    batch: &mut Batch,
    state: &State,
    before: &dyn Snapshot,
    height: u64,
    births: &Births,
) -> Result<(), ChainError> {
    let snapshot = &**state.snapshot();
    let missing = || ChainError::Damaged {
        height,
        what: "a part of the block is missing",
    };
    let spans: Spans = tables::SPANS.get(snapshot, &height)?.ok_or_else(missing)?;
    let body = tables::BODIES.get(snapshot, &height)?.ok_or_else(missing)?;
    let transactions: Option<Vec<_>> = body
        .into_iter()
        .map(|bytes| Transaction::decode(bytes).ok().map(Arc::new))
        .collect();
    let mut receipts = Vec::new();
    for index in 0..spans.transactions {
        receipts.push(Arc::new(
            tables::RECEIPTS
                .get(snapshot, &(height, index))?
                .ok_or_else(missing)?,
        ));
    }
    let events: Vec<(Position, Event)> = sequence(snapshot, &tables::EVENTS, &spans.events)?;
    let entries: Vec<(Position, Entry)> = sequence(snapshot, &tables::ENTRIES, &spans.entries)?;
    let history = History {
        events: &events,
        entries: &entries,
        receipts: &receipts,
        transactions: &transactions.ok_or_else(missing)?,
        first_refusal: spans.refusals.start,
    };
    let lots = Lots::of_earlier(state, spans.events.end, births);
    write_history(batch, &history, &lots)?;
    let ids = history
        .transactions
        .iter()
        .map(|transaction| transaction.id());
    Ok(write_ids(batch, before, height, ids)?)
}

fn sequence<V: TableValue>(
    snapshot: &dyn Snapshot,
    table: &Table<u64, V>,
    span: &std::ops::Range<u64>,
) -> Result<Vec<(Position, V)>, ChainError> {
    let rows = table.range(
        snapshot,
        Bound::Included(&span.start),
        Bound::Excluded(&span.end),
        Direction::Ascending,
    )?;
    rows.map(|row| {
        row.map(|(position, value)| (Position(position), value))
            .map_err(Into::into)
    })
    .collect()
}
