//! A movement's lines: what of it a rule sees, as runs and summaries and never one by one.

use crate::kernel::Kernel;
use crate::kernel::lots::Parcel;
use crate::kernel::slices::Slice;
use crate::kernel::standing::Standing;
use crate::stop::Do;
use marque_abi::movement::{MovedLine, Part};
use marque_primitives::Amount;
use marque_primitives::record::{ContentLine, LotRecord, Status};
use marque_primitives::thing::{Line, Run, ThingId};

impl Kernel<'_, '_> {
    /// The line of a slice, as a rule sees it.
    pub(crate) fn slice_line(
        &self,
        part: Part,
        slice: &Slice,
        standing: &Standing,
    ) -> Option<MovedLine> {
        let ThingId::Item { line, serial } = slice.first else {
            return None;
        };
        Some(MovedLine {
            part,
            line,
            lot: slice.record.lot,
            expiry: slice.record.expiry,
            run: Run::new(line, serial, slice.record.count),
            within: None,
            amount: Amount::count(slice.record.count),
            status: standing.judgement.stops(),
            recalled: !standing.judgement.recalls.is_empty(),
            held: Default::default(),
            custodian: standing.custodian,
            owner: standing.owner,
            place: slice.record.place.clone(),
            disposition: slice.record.disposition.clone(),
            moved: slice.record.moved,
        })
    }

    /// The line of a quantity.
    pub(crate) fn parcel_line(
        &mut self,
        part: Part,
        parcel: &Parcel,
        lot: &LotRecord,
    ) -> Do<MovedLine> {
        let line = Line::Product(parcel.id.gtin);
        let judgement = self
            .state
            .judge_line(line, Some(parcel.id.lot), parcel.from.cleared)?;
        let own = if parcel.from.holders.is_empty() {
            Status::Active
        } else {
            Status::Quarantined
        };
        Ok(MovedLine {
            part,
            line,
            lot: Some(parcel.id.lot),
            expiry: lot.expiry,
            run: None,
            within: None,
            amount: Amount {
                value: parcel.value,
                unit: parcel.unit.clone(),
            },
            status: judgement.stops().max(own),
            recalled: !judgement.recalls.is_empty(),
            held: Default::default(),
            custodian: parcel.from.custodian,
            owner: parcel.from.owner,
            place: None,
            disposition: None,
            moved: lot.created,
        })
    }

    /// The lines of what a slice holds, nested units included.
    pub(crate) fn content_lines(
        &mut self,
        part: Part,
        slice: &Slice,
        standing: &Standing,
    ) -> Do<Vec<MovedLine>> {
        let mut moved = Vec::new();
        for content in &self.contents_of(slice)?.lines {
            moved.push(self.content_line(part, slice, standing, content)?);
        }
        Ok(moved)
    }

    fn content_line(
        &mut self,
        part: Part,
        slice: &Slice,
        standing: &Standing,
        content: &ContentLine,
    ) -> Do<MovedLine> {
        let judgement = self
            .state
            .judge_line(content.line, content.lot, content.cleared)?;
        Ok(MovedLine {
            part,
            line: content.line,
            lot: content.lot,
            expiry: content.expiry,
            run: None,
            within: Some(slice.first.clone()),
            amount: Amount {
                value: content.amount,
                unit: content.unit.clone(),
            },
            status: judgement.stops().max(standing.judgement.stops()),
            recalled: !judgement.recalls.is_empty(),
            held: content.held,
            custodian: standing.custodian,
            owner: standing.owner,
            place: slice.record.place.clone(),
            disposition: slice.record.disposition.clone(),
            moved: slice.record.moved,
        })
    }
}
