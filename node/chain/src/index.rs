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
//! - `stabs.rs`: ranges of serials, cut into aligned blocks, so that one serial is found in as
//!   many reads as a serial has bits.

mod beside;
mod links;
mod postings;
mod stabs;
mod terms;

pub(crate) use links::{LinkChanges, Relation, link_changes, offer_number, write_links};
pub(crate) use postings::{Cursor, Postings};
pub(crate) use stabs::{Set, stabbed};
pub(crate) use terms::{Term, time_cover};

use marque_primitives::action::Action;
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::transaction::Transaction;
use marque_state::{Batch, State};

use crate::application::Outcome;
use crate::error::ChainError;
use crate::tables::{self, RefusalRow};
use postings::{Builder, write_postings};

/// Adds the rows of a block's events, entries and refusals. `after` is the state after it,
/// `first_refusal` the number of its first refused transaction.
pub(crate) fn write_history(
    batch: &mut Batch,
    outcome: &Outcome,
    after: &State,
    first_refusal: u64,
) -> Result<(), ChainError> {
    let mut postings = Builder::default();
    for (position, event) in outcome.events() {
        terms::of_event(event, |term| postings.add(term, position.0));
    }
    for (_, entry) in outcome.entries() {
        terms::of_entry(entry, after, |term| postings.add(term, entry.event.0))?;
    }
    beside::write(batch, outcome.events(), outcome.entries());
    let mut refusal = first_refusal;
    for (receipt, transaction) in outcome.receipts().iter().zip(outcome.transactions()) {
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
