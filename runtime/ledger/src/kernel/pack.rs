//! Putting things into a logistic unit or any other thing that holds them.

use super::commission::blank;
use super::contents::Load;
use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too};
use super::slices::{Slice, takes_in};
use super::standing::MAX_NESTING;
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::stop::{Do, refuse};
use marque_abi::movement::Part;
use marque_primitives::Address;
use marque_primitives::action::{Kind, Things};
use marque_primitives::history::{ParentMark, Role};
use marque_primitives::record::{Holding, Record};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Thing, ThingId};

impl Kernel<'_, '_> {
    /// By the custodian of parent and children; the parent begins with its first pack.
    pub(crate) fn pack(&mut self, parent: &ThingId, children: &Things) -> Do<()> {
        self.check_named(children)?;
        self.check_takes(
            children,
            |thing| !matches!(thing, Thing::Class { .. }),
            "a class is not packed; name its items or a quantity of a lot",
        )?;
        let mut moved = Moved::default();
        for slice in self.find_all(children)? {
            self.check_child(parent, &slice, &mut moved)?;
        }
        for (id, amount) in &quantities(children)? {
            for parcel in self.draw_free(id, amount)? {
                self.check_parcel_free(&parcel)?;
                moved.parcel(Part::Subject, parcel);
            }
        }
        let mut unit = self.parent_for(parent, &moved)?;
        self.check_nesting(parent, &unit, &moved)?;
        let question = Question {
            from: Some(self.account()),
            parent: Some(parent.clone()),
            ..Question::default()
        };
        let mut moved = self.ask_about(Kind::Pack, &question, moved)?;
        let draft = Draft {
            items: moved.things(),
            parent: Some(parent.clone()),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Pack, draft)?;
        // Out of where they were before anything goes in: one child may have held another.
        self.leave_parents(written, &mut moved.slices)?;
        self.describe(&mut unit.record)?;
        unit.record.is_parent = true;
        self.write_slice(written, &mut unit, Role::Parent, None)?;
        let mark = ParentMark {
            id: parent.clone(),
            head: unit.record.history,
        };
        let owner = self.state.standing(&unit)?.owner;
        let mut load = Load::default();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            slice.record.parent = Some(parent.clone());
            slice.record.moved = self.time();
            slice.record.owned_with_parent = slice.record.owner == owner;
            self.write_slice(written, &mut slice, Role::Subject, Some(mark.clone()))?;
            load.join(self.load_of(&slice)?)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let packed = Holding {
                parent: Some(parent.clone()),
                owned_with_parent: parcel.from.owner == owner,
                holders: held_too(&parcel.from, &effect)?,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &packed)?;
            let (id, thing) = (&parcel.id, parcel.thing());
            self.write_lot(written, id, thing, Role::Subject, Some(mark.clone()))?;
            load.join(self.load_of_parcel(&Parcel {
                from: packed,
                ..parcel
            })?)?;
        }
        self.add_contents(parent, &load)?;
        self.hold_lots(&moved.hold)
    }

    fn check_child(&mut self, parent: &ThingId, slice: &Slice, moved: &mut Moved) -> Do<()> {
        let standing = self.state.standing(slice)?;
        if slice.record.parent.as_ref() == Some(parent) {
            return Err(slice
                .refusal(Invariant::Packed, "it is in that parent already")
                .into());
        }
        self.check_custodian(slice, &standing)?;
        self.check_not_offered(slice, &standing)?;
        self.check_order(slice, &standing)?;
        self.check_free(slice.thing(), &standing.judgement)?;
        // Its lot's or product's recall goes with the unit. Its own, which that of a unit
        // around it would become, would stop the unit.
        let around = standing.parents.iter().map(|(_, parent)| parent);
        if core::iter::once(&slice.record)
            .chain(around)
            .any(|record| !record.recalls.is_empty())
        {
            let message = "a recall names it, or the unit that it is in: move it by itself";
            return Err(slice.refusal(Invariant::Recalled, message).into());
        }
        moved.slice(Part::Subject, slice.clone(), standing);
        Ok(())
    }

    /// The parent's record: as it stands in the account's hands, or a new logistic unit,
    /// which may have been seen before it began.
    fn parent_for(&mut self, parent: &ThingId, moved: &Moved) -> Do<Slice> {
        let seen = self.state.slice(parent)?;
        let is_unit = matches!(parent, ThingId::Unit(_));
        if let Some(slice) = seen
            .as_ref()
            .filter(|seen| !(is_unit && seen.record.external))
        {
            let standing = self.state.standing(slice)?;
            self.check_custodian(slice, &standing)?;
            self.check_not_offered(slice, &standing)?;
            self.check_order(slice, &standing)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            return Ok(slice.clone());
        }
        if !is_unit {
            let refusal = Refusal::kernel(
                Invariant::Unknown,
                "the parent was never commissioned here; only an SSCC begins with its first pack",
            );
            return Err(refusal.field("parent").item(parent.clone().into()).into());
        }
        let brand = self.licensee(parent)?;
        self.check_unit_licence(brand)?;
        let record = Record {
            brand,
            external: false,
            custodian: Some(self.account()),
            owner: self.common_owner(moved),
            ended: false,
            ..seen.map_or_else(|| blank(1), |seen| seen.record)
        };
        Ok(Slice {
            first: parent.clone(),
            record,
        })
    }

    /// A new unit belongs to the owner of its first contents, if they have one owner.
    fn common_owner(&self, moved: &Moved) -> Option<Address> {
        let slices = moved.slices.iter().map(|moved| moved.standing.owner);
        let mut owners = slices.chain(moved.parcels.iter().map(|moved| moved.parcel.from.owner));
        let first = owners.next().flatten();
        if first.is_some() && owners.all(|owner| owner == first) {
            first
        } else {
            Some(self.account())
        }
    }

    /// No cycles, and at most eight units inside one another.
    fn check_nesting(&mut self, parent: &ThingId, unit: &Slice, moved: &Moved) -> Do<()> {
        let around = self.state.parents(unit.record.parent.as_ref())?;
        let mut height = 0u8;
        for MovedSlice { slice, .. } in &moved.slices {
            let child = slice.thing();
            if takes_in(&child, parent) || around.iter().any(|(id, _)| takes_in(&child, id)) {
                return Err(slice
                    .refusal(Invariant::Cycle, "it would hold itself")
                    .into());
            }
            height = height.max(self.contents_of(slice)?.height);
        }
        let levels = around
            .len()
            .saturating_add(1)
            .saturating_add(usize::from(height));
        if levels > MAX_NESTING {
            return refuse(
                Invariant::TooDeep,
                &format!("units would stand {levels} deep inside one another"),
            );
        }
        Ok(())
    }
}
