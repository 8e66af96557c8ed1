//! Using up inputs and bringing outputs into being. How much must come out of what went in
//! is the contract's rule, not the kernel's.

use super::commission::Birth;
use super::lots::quantities;
use super::moved::{Moved, MovedParcel, MovedSlice, apply};
use super::sides::{Rows, Sides};
use super::slices::refuse_shared;
use super::{Draft, Kernel, Written};
use crate::rules::Question;
use crate::stop::{Do, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, Things};
use marque_primitives::date::Date;
use marque_primitives::gs1::LotNumber;
use marque_primitives::history::{Role, Terms};
use marque_primitives::key;
use marque_primitives::record::OpenTransformation;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Thing, Uri};

impl Kernel<'_, '_> {
    pub(crate) fn transform(
        &mut self,
        id: Option<&Uri>,
        inputs: &Things,
        outputs: &Things,
        lot: Option<&LotNumber>,
        expiry: Option<Date>,
    ) -> Do<()> {
        if inputs.is_empty() && outputs.is_empty() {
            return refuse(Invariant::Shape, "a transformation names inputs or outputs");
        }
        if id.is_none() && (inputs.is_empty() || outputs.is_empty()) {
            let refusal = Refusal::kernel(
                Invariant::Shape,
                "inputs and outputs reported apart need a transformation id",
            );
            return Err(refusal.field("id").into());
        }
        let mut moved = Moved::default();
        let Sides { used, kept, made } = Sides::of(inputs, outputs);
        self.use_up(&used, &mut moved)?;
        self.keep_survivors(&kept, &mut moved)?;
        let birth = Birth {
            lot: lot.copied(),
            expiry,
            owner: self.account(),
        };
        let foreign = self.begin_things(&made, birth, Part::Output, &mut moved)?;
        let external = |moved: &MovedSlice| moved.slice.record.external;
        if let Some(foreign) = &foreign
            && moved.parcels.is_empty()
            && moved.slices.iter().all(external)
        {
            return Err(foreign.clone().into());
        }
        let runs = moved.slices.iter().map(|moved| &moved.slice);
        refuse_shared(runs.map(|slice| (slice.first.clone(), slice.record.count)))?;
        let question = Question {
            from: Some(self.account()),
            to: Some(self.account()),
            ..Question::default()
        };
        let mut moved = self.ask_about(Kind::Transform, &question, moved)?;
        let terms = Terms::Transformation {
            id: id.cloned(),
            used: u16::try_from(used.len()).map_err(|_| overflow())?,
            made: u16::try_from(made.len()).map_err(|_| overflow())?,
            lot: lot.copied(),
            expiry,
        };
        let draft = Draft {
            items: [&used[..], &kept, &made].concat(),
            terms: Some(terms),
            withheld: foreign,
            ..Draft::default()
        };
        let written = self.write_event(Kind::Transform, draft)?;
        let kept = Rows::of(&kept);
        let ends = |moved: &&mut MovedSlice| {
            moved.part == Part::Input && !kept.contains(&moved.slice.first)
        };
        self.leave_parents(written, moved.slices.iter_mut().filter(ends))?;
        self.write_used(written, &moved, &kept)?;
        self.write_begun(written, &moved, Role::Output)?;
        if let Some(id) = id {
            self.join(id, written, !inputs.is_empty(), !outputs.is_empty())?;
        }
        self.hold_lots(&moved.hold)
    }

    fn use_up(&mut self, inputs: &[Thing], moved: &mut Moved) -> Do<()> {
        let found = self.find(inputs)?;
        for thing in &found.unknown {
            // Raw material from outside the ledger becomes an external record.
            let Some(slice) = self.external(thing) else {
                continue;
            };
            let standing = self.state.standing(&slice)?;
            moved.slice(Part::Input, slice, standing);
        }
        for (slice, claimed) in found.with_claims() {
            if let Some(refusal) = slice.other_lot(claimed) {
                return Err(refusal.into());
            }
            let standing = self.state.standing(&slice)?;
            if !slice.record.external {
                self.check_custodian(&slice, &standing)?;
                self.check_not_offered(&slice, &standing)?;
                self.check_order(&slice, &standing)?;
                self.check_recalls(&slice.thing(), &standing.judgement.recalls, None)?;
                self.check_holds_nothing(&slice)?;
            }
            self.check_free(slice.thing(), &standing.judgement)?;
            moved.slice(Part::Input, slice, standing);
        }
        for (id, amount) in &quantities(inputs)? {
            if self.state.lot(id)?.is_none() {
                continue;
            }
            for parcel in self.draw_free(id, amount)? {
                self.check_parcel_free(&parcel)?;
                self.check_parcel_recalls(&parcel, None)?;
                moved.parcel(Part::Input, parcel);
            }
        }
        Ok(())
    }

    fn keep_survivors(&mut self, kept: &[Thing], moved: &mut Moved) -> Do<()> {
        for slice in self.find_all(kept)? {
            let standing = self.state.standing(&slice)?;
            self.check_custodian(&slice, &standing)?;
            self.check_not_offered(&slice, &standing)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            moved.slice(Part::Input, slice, standing);
        }
        Ok(())
    }

    fn write_used(&mut self, written: Written, moved: &Moved, kept: &Rows) -> Do<()> {
        let time = self.time();
        for MovedSlice { slice, effect, .. } in moved
            .slices
            .iter()
            .filter(|moved| moved.part == Part::Input)
        {
            let mut slice = slice.clone();
            let survives = kept.contains(&slice.first);
            if !survives {
                slice.record.ended = true;
            }
            slice.record.moved = slice.record.moved.max(time);
            apply(&mut slice.record, effect)?;
            let role = if survives { Role::Output } else { Role::Input };
            self.write_slice(written, &mut slice, role, None)?;
        }
        for MovedParcel { parcel, .. } in moved
            .parcels
            .iter()
            .filter(|moved| moved.part == Part::Input)
        {
            self.debit(parcel)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Input, None)?;
        }
        Ok(())
    }

    /// Joins reports of one transformation; it stays open while it lacks a side.
    fn join(&mut self, id: &Uri, written: Written, inputs: bool, outputs: bool) -> Do<()> {
        let own = key::transformation(id, &self.account());
        let mut open = self
            .state
            .get::<OpenTransformation>("transformation", &own)?
            .unwrap_or_default();
        let pushed = [(inputs, &mut open.inputs), (outputs, &mut open.outputs)]
            .into_iter()
            .filter(|(named, _)| *named)
            .all(|(_, side)| side.push(written.position).is_ok());
        if !pushed {
            return refuse(
                Invariant::Shape,
                "a transformation is reported in at most 64 parts",
            );
        }
        self.state.put(&own, &open)
    }
}
