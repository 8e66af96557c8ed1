//! The one batch of a block: block, certificate, state, receipts, history and indexes together,
//! or nothing of it.

use std::ops::{Bound, Range};

use marque_primitives::receipt::Status;
use marque_primitives::record::Counters;
use marque_proof::{Certificate, SignedHeader};
use marque_state::{Batch, Direction, State};
use parity_scale_codec::Encode;

use crate::application::{Durable, Outcome};
use crate::block::{Committed, Spans};
use crate::error::ChainError;
use crate::{index, tables};

/// Fills the batch that makes `outcome` the durable block after `before`.
pub(crate) fn block(
    batch: &mut Batch,
    before: &Durable,
    outcome: &Outcome,
    certificate: Certificate,
) -> Result<Committed, ChainError> {
    let header = outcome.header();
    let height = header.height.0;
    if header.parent != before.committed.hash {
        return Err(ChainError::Damaged {
            height,
            what: "the decided block does not follow the durable one",
        });
    }
    let after = before.state.ahead(outcome.update());
    let signed = SignedHeader {
        header: header.clone(),
        certificate,
    };
    let spans = spans(&before.committed.spans, outcome, &after)?;
    write_block(batch, &signed, outcome, &spans);
    forget_proposals(batch, before, outcome)?;
    outcome.update().write_to(batch);
    write_history(batch, outcome);
    let ids = outcome
        .transactions()
        .iter()
        .map(|transaction| transaction.id());
    index::write_ids(batch, &**before.snapshot(), height, ids)?;
    index::write_links(batch, outcome.links());
    let history = index::History {
        events: outcome.events(),
        entries: outcome.entries(),
        receipts: outcome.receipts(),
        transactions: outcome.transactions(),
        first_refusal: spans.refusals.start,
    };
    index::write_history(batch, &history, &index::Lots::of_block(&after))?;
    Ok(Committed {
        signed,
        hash: outcome.hash(),
        spans,
    })
}

/// Rows of the first block, which has neither transactions nor certificate signatures.
pub(crate) fn genesis(
    batch: &mut Batch,
    signed: &SignedHeader,
    links: &index::LinkChanges,
) -> Spans {
    let spans = Spans::default();
    let header = &signed.header;
    tables::HEADERS.put(batch, &header.height.0, signed);
    tables::HEIGHTS.put(batch, &header.hash().0, &header.height.0);
    tables::BODIES.put(batch, &header.height.0, &Vec::new());
    tables::SPANS.put(batch, &header.height.0, &spans);
    index::write_links(batch, links);
    spans
}

fn write_block(batch: &mut Batch, signed: &SignedHeader, outcome: &Outcome, spans: &Spans) {
    let height = outcome.header().height.0;
    tables::HEADERS.put(batch, &height, signed);
    tables::HEIGHTS.put(batch, &outcome.hash().0, &height);
    tables::SPANS.put(batch, &height, spans);
    let body: Vec<&[u8]> = outcome
        .transactions()
        .iter()
        .map(|transaction| transaction.bytes())
        .collect();
    batch.put(
        tables::BODIES.id(),
        height.to_be_bytes().to_vec(),
        body.encode(),
    );
    for (index, receipt) in (0_u32..).zip(outcome.encoded_receipts()) {
        let key = [&height.to_be_bytes()[..], &index.to_be_bytes()].concat();
        batch.put(tables::RECEIPTS.id(), key, receipt.clone());
    }
}

/// No proposal of a decided height is needed any more.
fn forget_proposals(
    batch: &mut Batch,
    before: &Durable,
    outcome: &Outcome,
) -> Result<(), ChainError> {
    let height = outcome.header().height.0;
    let last = (height, [u8::MAX; 32]);
    let rows = tables::PROPOSALS.range(
        &**before.snapshot(),
        Bound::Unbounded,
        Bound::Included(&last),
        Direction::Ascending,
    )?;
    for row in rows {
        tables::PROPOSALS.delete(batch, &row?.0);
    }
    tables::PROPOSALS.delete(batch, &(height, outcome.hash().0));
    Ok(())
}

fn write_history(batch: &mut Batch, outcome: &Outcome) {
    for (position, event) in outcome.events() {
        tables::EVENTS.put(batch, &position.0, event);
    }
    for (position, entry) in outcome.entries() {
        tables::ENTRIES.put(batch, &position.0, entry);
    }
}

/// Where the block's parts of the sequences lie; the ledger's counters have to agree.
fn spans(before: &Spans, outcome: &Outcome, after: &State) -> Result<Spans, ChainError> {
    let damaged = |what| ChainError::Damaged {
        height: outcome.header().height.0,
        what,
    };
    let counters: Counters = marque_ledger::read::counters(after)?.unwrap_or_default();
    let refused = outcome
        .receipts()
        .iter()
        .filter(|receipt| matches!(receipt.status, Status::Refused { .. }));
    let spans = Spans {
        entries: following(&before.entries, outcome.entries().len()),
        events: following(&before.events, outcome.events().len()),
        refusals: following(&before.refusals, refused.count()),
        transactions: u32::try_from(outcome.transactions().len())
            .map_err(|_| damaged("too many transactions"))?,
    };
    if spans.entries.end != counters.entries || spans.events.end != counters.events {
        return Err(damaged("the history's length is not the ledger's"));
    }
    Ok(spans)
}

fn following(before: &Range<u64>, count: usize) -> Range<u64> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    before.end..before.end.saturating_add(count)
}
