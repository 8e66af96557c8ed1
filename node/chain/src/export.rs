//! What a snapshot holds, block by block, for tools that read it without a node.

use std::ops::{Bound, Range};

use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::Receipt;
use marque_primitives::transaction::Transaction;
use marque_proof::SignedHeader;
use marque_state::{Direction, Snapshot, StateError, Table, TableValue};

use crate::chain::read_block;
use crate::error::ChainError;
use crate::tables;

/// A part of a block.
#[derive(Clone, Copy, Debug)]
pub enum Exported<'a> {
    /// Its header and certificate; first.
    Block(&'a SignedHeader),
    /// One of its transactions.
    Transaction {
        /// Its place in the block.
        index: u32,
        /// The transaction.
        transaction: &'a Transaction,
    },
    /// The receipt of the transaction just before.
    Receipt {
        /// The transaction's place in the block.
        index: u32,
        /// The receipt.
        receipt: &'a Receipt,
    },
    /// One of its events.
    Event {
        /// Its place among all events.
        position: u64,
        /// The event.
        event: &'a Event,
    },
    /// One of its history entries.
    Entry {
        /// Its place among all entries.
        position: u64,
        /// The entry.
        entry: &'a Entry,
    },
}

/// The newest block's height.
///
/// # Errors
/// When the store fails, or holds no block.
pub fn height(snapshot: &dyn Snapshot) -> Result<u64, ChainError> {
    let tip = marque_state::tables::TIP.get(snapshot, &())?;
    Ok(tip.ok_or(StateError::NoGenesis)?.height)
}

/// Tells a block's parts, in their order.
///
/// # Errors
/// When the store fails, or the block is not whole.
pub fn block(
    snapshot: &dyn Snapshot,
    height: u64,
    tell: &mut dyn FnMut(Exported<'_>),
) -> Result<(), ChainError> {
    let missing = |what| ChainError::Damaged { height, what };
    let committed = read_block(snapshot, height)?;
    tell(Exported::Block(&committed.signed));
    let body = tables::BODIES.get(snapshot, &height)?;
    let body = body.ok_or_else(|| missing("the block's transactions are missing"))?;
    for (index, bytes) in (0_u32..).zip(body) {
        let transaction =
            Transaction::decode(bytes).map_err(|_| missing("a transaction does not decode"))?;
        tell(Exported::Transaction {
            index,
            transaction: &transaction,
        });
        let receipt = tables::RECEIPTS.get(snapshot, &(height, index))?;
        let receipt = receipt.ok_or_else(|| missing("a receipt is missing"))?;
        tell(Exported::Receipt {
            index,
            receipt: &receipt,
        });
    }
    each(
        snapshot,
        &tables::EVENTS,
        &committed.spans.events,
        |position, event| {
            tell(Exported::Event { position, event });
        },
    )?;
    each(
        snapshot,
        &tables::ENTRIES,
        &committed.spans.entries,
        |position, entry| {
            tell(Exported::Entry { position, entry });
        },
    )
}

fn each<V: TableValue>(
    snapshot: &dyn Snapshot,
    table: &Table<u64, V>,
    span: &Range<u64>,
    mut tell: impl FnMut(u64, &V),
) -> Result<(), ChainError> {
    let rows = table.range(
        snapshot,
        Bound::Included(&span.start),
        Bound::Excluded(&span.end),
        Direction::Ascending,
    )?;
    for row in rows {
        let (position, value) = row?;
        tell(position, &value);
    }
    Ok(())
}
