//! Secondary rows: what finds records and events by something else than their keys.
//!
//! All of it can be built again: *links* from the live leaves of the state, *postings* and
//! *stabs* from the blocks' events, entries and receipts. Contracts cannot read it, and no
//! root commits to it.
//!
//! - `links.rs`: from a holder, brand, lot … to the leaves that name it, kept by the difference
//!   between a leaf's old and new value.
//! - `terms.rs`: by which words an event or refusal is found; `postings.rs` keeps them as one
//!   row for a word and block, positions as differences.
//! - `lots.rs`: the lots of items that an event names by their serials alone.
//! - `ids.rs`: transactions by id, which no order of keys helps.
//! - `stabs.rs`: ranges of serials, cut into aligned blocks, so that one serial is found in as
//!   many reads as a serial has bits.

mod beside;
mod ids;
mod links;
mod lots;
mod postings;
mod rebuild;
mod stabs;
mod terms;

pub(crate) use ids::{Segment, find as find_id, write as write_ids};
pub(crate) use links::{LinkChanges, Relation, offer_number, prepare, write_links};
pub(crate) use lots::Lots;
pub(crate) use postings::{Cursor, Postings};
pub use rebuild::rebuild;
pub(crate) use rebuild::{DERIVED, derive};
pub(crate) use stabs::{Set, stabbed};
pub(crate) use terms::{Term, time_cover};

use std::sync::Arc;

use marque_primitives::Position;
use marque_primitives::action::Action;
use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::transaction::Transaction;
use marque_state::Batch;

use crate::error::ChainError;
use crate::tables::{self, RefusalRow};
use postings::{Builder, write_postings};

/// What a block left for the indexes.
pub(crate) struct History<'a> {
    pub(crate) events: &'a [(Position, Event)],
    pub(crate) entries: &'a [(Position, Entry)],
    pub(crate) receipts: &'a [Arc<Receipt>],
    pub(crate) transactions: &'a [Arc<Transaction>],
    /// The number of its first refused transaction.
    pub(crate) first_refusal: u64,
}

/// Adds the rows of a block's events, entries and refusals.
pub(crate) fn write_history(
    batch: &mut Batch,
    block: &History<'_>,
    lots: &Lots<'_>,
) -> Result<(), ChainError> {
    let mut postings = Builder::default();
    for (position, event) in block.events {
        terms::of_event(event, |term| postings.add(term, position.0));
    }
    for (_, entry) in block.entries {
        let lot = lots.of_subject(&entry.subject)?;
        lot.into_iter()
            .flat_map(|lot| terms::of_entry(entry, lot))
            .for_each(|term| postings.add(term, entry.event.0));
    }
    for (position, range) in beside::ranges(block.events, block.entries) {
        lots.of_range(&range, |lot| postings.add(Term::Lot(lot), position.0))?;
        stabs::write(batch, Set::Events, range, position.0);
    }
    let mut refusal = block.first_refusal;
    for (receipt, transaction) in block.receipts.iter().zip(block.transactions) {
        if refused(batch, receipt, transaction, refusal, &mut postings) {
            refusal = refusal.saturating_add(1);
        }
    }
    write_postings(batch, postings);
    Ok(())
}

fn refused(
    batch: &mut Batch,
    receipt: &Receipt,
    transaction: &Transaction,
    number: u64,
    postings: &mut Builder,
) -> bool {
    let Status::Refused { action, refusal } = &receipt.status else {
        return false;
    };
    let body = transaction.body();
    let action = usize::try_from(*action)
        .ok()
        .and_then(|at| body.actions.get(at));
    let row = RefusalRow {
        place: (receipt.height.0, receipt.index),
        account: body.account,
        signer: body.key,
        kind: action.map(Action::kind),
    };
    tables::REFUSALS.put(batch, &number, &row);
    let things = terms::refused_things(refusal, action);
    terms::of_refusal(body, refusal, &things, |term| postings.add(term, number));
    for range in terms::ranges(&things) {
        stabs::write(batch, Set::Refusals, range, number);
    }
    true
}
