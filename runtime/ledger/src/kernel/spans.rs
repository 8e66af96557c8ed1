//! Neighbouring things under one leaf beside their records: claims and associations are
//! kept like runs, and taking a part out of one leaves what stands before and after it.

use super::slices::{offset_of, thing_after};
use crate::LedgerError;
use crate::state::{State, decode};
use crate::stop::{Do, overflow};
use marque_primitives::key;
use marque_primitives::record::{Association, Claim};
use marque_primitives::thing::ThingId;
use parity_scale_codec::{DecodeAll, Encode};

/// A leaf that stands for `count` things from the one in its key on.
pub(crate) trait Span: Clone + Encode + DecodeAll {
    const WHAT: &'static str;
    fn count(&self) -> u64;
    /// The same for another number of things.
    fn of(&self, count: u64) -> Self;
}

impl Span for Claim {
    const WHAT: &'static str = "claim";

    fn count(&self) -> u64 {
        self.count
    }

    fn of(&self, count: u64) -> Self {
        Self {
            count,
            ..self.clone()
        }
    }
}

impl Span for Association {
    const WHAT: &'static str = "association";

    fn count(&self) -> u64 {
        self.count
    }

    fn of(&self, count: u64) -> Self {
        Self {
            count,
            ..self.clone()
        }
    }
}

/// The key of a span under a prefix.
pub(crate) fn span_key(prefix: &[u8], first: &ThingId) -> Vec<u8> {
    let mut own = prefix.to_vec();
    own.extend_from_slice(&key::record(first));
    own
}

impl State<'_> {
    /// Takes out what the spans under `prefix` hold of `count` things from `first`, where
    /// `fits` says yes: at most `limit` parts, in order.
    pub(crate) fn cut_spans<T: Span>(
        &mut self,
        prefix: &[u8],
        first: &ThingId,
        count: u64,
        limit: usize,
        fits: impl Fn(&T) -> bool,
    ) -> Do<Vec<(ThingId, T)>> {
        let mut taken = Vec::new();
        let mut at = 0u64;
        while at < count && taken.len() < limit {
            let here = thing_after(first, at).ok_or_else(overflow)?;
            let Some((begin, span)) = self.span_from::<T>(prefix, &here)? else {
                break;
            };
            let left = count.saturating_sub(at);
            let Some(before) = offset_of(&begin, &here) else {
                // It begins further on, or on another line.
                match offset_of(&here, &begin).filter(|gap| *gap < left) {
                    Some(gap) => at = at.saturating_add(gap),
                    None => break,
                }
                continue;
            };
            let size = span.count().saturating_sub(before).min(left);
            at = at.saturating_add(size);
            if fits(&span) {
                self.split_span(prefix, &begin, &span, before, size)?;
                taken.push((here, span.of(size)));
            }
        }
        Ok(taken)
    }

    /// Puts a span in the place of what its range held before.
    pub(crate) fn put_span<T: Span>(&mut self, prefix: &[u8], first: &ThingId, span: &T) -> Do<()> {
        self.cut_spans::<T>(prefix, first, span.count(), usize::MAX, |_| true)?;
        self.put(&span_key(prefix, first), span)
    }

    /// The span that holds a thing, or the next one after it.
    fn span_from<T: Span>(&mut self, prefix: &[u8], id: &ThingId) -> Do<Option<(ThingId, T)>> {
        let own = span_key(prefix, id);
        let mut class = prefix.to_vec();
        match id {
            ThingId::Item { line, serial } => {
                class.extend_from_slice(&key::serial_class(*line, serial));
            }
            _ => class.extend_from_slice(&key::record(id)),
        }
        let read = |(found, bytes): (Vec<u8>, Vec<u8>)| -> Do<(ThingId, T)> {
            let first = key::parse_record(found.get(prefix.len()..).unwrap_or_default())
                .ok_or(LedgerError::Damaged { what: T::WHAT })?;
            Ok((first, decode(T::WHAT, &bytes)?))
        };
        if let Some(found) = self.at_or_before(&class, &own)? {
            let (first, span) = read(found)?;
            if offset_of(&first, id).is_some_and(|offset| offset < span.count()) {
                return Ok(Some((first, span)));
            }
        }
        self.after(&class, &own)?.map(read).transpose()
    }

    /// Leaves of a span what stands before and after the part that is taken.
    fn split_span<T: Span>(
        &mut self,
        prefix: &[u8],
        first: &ThingId,
        span: &T,
        before: u64,
        count: u64,
    ) -> Do<()> {
        let own = span_key(prefix, first);
        if before > 0 {
            self.put(&own, &span.of(before))?;
        } else {
            self.remove(&own)?;
        }
        let taken = before.saturating_add(count);
        let after = span.count().saturating_sub(taken);
        if after > 0 {
            let rest = thing_after(first, taken).ok_or_else(overflow)?;
            self.put(&span_key(prefix, &rest), &span.of(after))?;
        }
        Ok(())
    }
}
