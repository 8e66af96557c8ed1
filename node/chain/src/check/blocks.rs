//! Every block: its place in the chain, its certificate, and what its roots commit to.

use std::ops::Bound;
use std::sync::Arc;

use marque_primitives::header::Header;
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::transaction::Transaction;
use marque_proof::{SignedHeader, Validator, header, merkle};
use marque_state::{Direction, TableKey, prefix_end};
use parity_scale_codec::DecodeAll;

use super::Check;
use crate::application::{proof_validators, verified};
use crate::block::Spans;
use crate::tables;

impl Check<'_> {
    pub(super) fn blocks(&mut self, tip: u64) {
        let validators = proof_validators(self.genesis);
        let mut before: Option<(Header, Spans)> = None;
        for height in 0..=tip {
            self.progress("blocks", height, tip);
            before = self.block(height, before.as_ref(), &validators);
            self.report.blocks = self.report.blocks.saturating_add(1);
        }
        let after = tip.saturating_add(1).to_key();
        const HEIGHT: usize = size_of::<u64>();
        for (table, length) in [
            (tables::HEADERS.id(), HEIGHT),
            (tables::BODIES.id(), HEIGHT),
            (tables::SPANS.id(), HEIGHT),
            (tables::RECEIPTS.id(), HEIGHT + size_of::<u32>()),
        ] {
            self.ends(table, &after, "it is above the newest block");
            self.shaped(table, length);
        }
        if let Some((_, spans)) = before {
            let end = spans.refusals.end.to_key();
            self.ends(tables::REFUSALS.id(), &end, "no block refused it");
        }
        self.heights(tip);
        self.proposals(tip);
    }

    /// Checks a block; gives what the next one follows.
    fn block(
        &mut self,
        height: u64,
        before: Option<&(Header, Spans)>,
        validators: &[Validator],
    ) -> Option<(Header, Spans)> {
        let snapshot = self.snapshot.clone();
        let signed = self.found("headers", tables::HEADERS.get(&*snapshot, &height))?;
        let spans = self.found("spans", tables::SPANS.get(&*snapshot, &height))?;
        let Some(signed) = signed else {
            self.at_height("headers", height, "the header is missing");
            return None;
        };
        self.header(
            height,
            &signed,
            before.map(|(header, _)| header),
            validators,
        );
        let Some(spans) = spans else {
            self.at_height("spans", height, "the row is missing");
            return None;
        };
        let expected = before.map_or(Some(&Spans::default()).cloned(), |(_, spans)| {
            Some(spans.clone())
        });
        if let Some(last) = expected
            && (spans.entries.start != last.entries.end
                || spans.events.start != last.events.end
                || spans.refusals.start != last.refusals.end)
        {
            self.at_height(
                "spans",
                height,
                "it does not begin where the last block ended",
            );
        }
        let transactions = self.body(height, &signed.header, &spans);
        self.receipts(height, &signed.header, &spans, transactions.as_deref());
        Some((signed.header, spans))
    }

    fn header(
        &mut self,
        height: u64,
        signed: &SignedHeader,
        before: Option<&Header>,
        validators: &[Validator],
    ) {
        let header = &signed.header;
        let genesis = self.genesis.hash();
        if header.height.0 != height {
            self.at_height("headers", height, "it says that it is of another height");
        }
        match before {
            Some(before) => {
                if let Err(error) = header::follows(before, header) {
                    self.at_height("headers", height, error);
                }
            }
            None if height == 0 && header.parent != genesis => {
                self.at_height("headers", height, "it is of another genesis");
            }
            None => {}
        }
        let certified = if height == 0 {
            // Nobody signs the first block.
            let certificate = &signed.certificate;
            let alone = certificate.signatures.is_empty() && certificate.round == 0;
            alone && certificate.height == 0 && certificate.header == header.hash().0
        } else {
            signed.verify(&genesis.0, validators).is_ok()
        };
        if !certified {
            self.at_height("headers", height, "its certificate does not verify");
        }
        let snapshot = self.snapshot.clone();
        let found = tables::HEIGHTS.get(&*snapshot, &header.hash().0);
        if self
            .found("heights", found)
            .is_some_and(|found| found != Some(height))
        {
            self.at_height("heights", height, "its hash does not lead to it");
        }
    }

    /// The block's transactions, if they are what its header commits to.
    fn body(
        &mut self,
        height: u64,
        header: &Header,
        spans: &Spans,
    ) -> Option<Vec<Arc<Transaction>>> {
        let snapshot = self.snapshot.clone();
        let body = self.found("bodies", tables::BODIES.get(&*snapshot, &height))?;
        let Some(body) = body else {
            self.at_height("bodies", height, "its transactions are missing");
            return None;
        };
        let Some(transactions) = verified(body) else {
            self.at_height(
                "bodies",
                height,
                "a transaction is malformed or its signature wrong",
            );
            return None;
        };
        let ids: Vec<_> = transactions
            .iter()
            .map(|transaction| transaction.id().0)
            .collect();
        if merkle::root(&ids) != header.tx_root.0 {
            self.at_height(
                "bodies",
                height,
                "they have another root than the header says",
            );
            return None;
        }
        if usize::try_from(spans.transactions).ok() != Some(ids.len()) {
            self.at_height("spans", height, "it counts other transactions");
        }
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        self.report.transactions = self.report.transactions.saturating_add(count);
        Some(transactions)
    }

    fn receipts(
        &mut self,
        height: u64,
        header: &Header,
        spans: &Spans,
        transactions: Option<&[Arc<Transaction>]>,
    ) {
        let prefix = height.to_key();
        let end = prefix_end(&prefix);
        let to = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let snapshot = self.snapshot.clone();
        let rows = snapshot.range(
            tables::RECEIPTS.id(),
            Bound::Included(&prefix),
            to,
            Direction::Ascending,
        );
        let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let Some(rows) = self.found("receipts", rows) else {
            return;
        };
        let hashes: Vec<_> = rows
            .iter()
            .map(|(_, row)| header::receipt_hash(row))
            .collect();
        let keys = (0_u32..).map(|index| [&prefix[..], &index.to_be_bytes()].concat());
        if merkle::root(&hashes) != header.receipts_root.0 {
            self.at_height(
                "receipts",
                height,
                "they have another root than the header says",
            );
        } else if !rows
            .iter()
            .map(|(key, _)| key)
            .eq(keys.take(rows.len()).collect::<Vec<_>>().iter())
        {
            self.at_height("receipts", height, "one does not stand in its place");
        }
        let mut refused = 0_u64;
        for (at, (_, row)) in rows.iter().enumerate() {
            let Ok(receipt) = Receipt::decode_all(&mut row.as_slice()) else {
                self.at_height("receipts", height, "one does not decode");
                continue;
            };
            if matches!(receipt.status, Status::Refused { .. }) {
                refused = refused.saturating_add(1);
            }
            let of = transactions.and_then(|transactions| transactions.get(at));
            if transactions.is_some() && of.is_none_or(|of| of.id() != receipt.transaction) {
                self.at_height("receipts", height, "one is of another transaction");
            }
        }
        if spans.refusals.end.checked_sub(spans.refusals.start) != Some(refused) {
            self.at_height("spans", height, "it counts other refusals");
        }
    }

    fn heights(&mut self, tip: u64) {
        let snapshot = self.snapshot.clone();
        let all = (Bound::Unbounded, Bound::Unbounded);
        let rows = snapshot.range(tables::HEIGHTS.id(), all.0, all.1, Direction::Ascending);
        let count = rows.and_then(|rows| {
            rows.into_iter()
                .try_fold(0_u64, |count, row| row.map(|_| count.saturating_add(1)))
        });
        if let Some(count) = self.found("heights", count)
            && count != tip.saturating_add(1)
        {
            self.damaged("heights", "", format_args!("it names {count} blocks"));
        }
    }

    /// Blocks that may yet be signed are whole, and above the newest one.
    fn proposals(&mut self, tip: u64) {
        let snapshot = self.snapshot.clone();
        let all = (Bound::Unbounded, Bound::Unbounded);
        let rows = tables::PROPOSALS.range(&*snapshot, all.0, all.1, Direction::Ascending);
        let Some(rows) = self.found("proposals", rows) else {
            return;
        };
        for row in rows {
            let Some(((height, hash), block)) = self.found("proposals", row) else {
                continue;
            };
            let header = &block.header;
            let ids = verified(block.transactions).map(|transactions| {
                let ids: Vec<_> = transactions.iter().map(|one| one.id().0).collect();
                merkle::root(&ids)
            });
            if height <= tip || header.height.0 != height || header.hash().0 != hash {
                self.at_height("proposals", height, "it is not of a block to come");
            } else if ids != Some(header.tx_root.0) {
                self.at_height("proposals", height, "its transactions are not its header's");
            }
        }
    }
}
