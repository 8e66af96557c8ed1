//! Putting things into a logistic unit or any other thing that holds them.

use super::contents::{Change, is_held};
use super::lots::quantities;
use super::moved::{Moved, MovedParcel, MovedSlice, apply};
use super::slices::Slice;
use super::standing::{Effective, MAX_NESTING};
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::stop::{Do, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, Things};
use marque_primitives::bounded::List;
use marque_primitives::history::{Head, ParentMark, Role};
use marque_primitives::record::{Holding, Record, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Thing, ThingId};
use marque_primitives::{Address, TimeMs};

impl Kernel<'_, '_> {
    /// By the custodian of parent and children; the parent begins with its first pack.
    pub(crate) fn pack(&mut self, parent: &ThingId, children: &Things) -> Do<()> {
        self.check_named(children)?;
        self.check_time()?;
        self.check_takes(
            children,
            |thing| !matches!(thing, Thing::Class { .. }),
            "a class is not packed; name its items or a quantity of a lot",
        )?;
        let mut moved = Moved::default();
        for slice in self.find_all(children)? {
            self.check_child(parent, &slice, &mut moved)?;
        }
        for (id, amount) in quantities(children) {
            for parcel in self.draw_free(id, amount)? {
                self.check_parcel_free(&parcel)?;
                moved.parcel(Part::Subject, parcel);
            }
        }
        let mut unit = self.parent_for(parent, &moved)?;
        let inside = self.check_nesting(parent, &unit, &moved)?;
        let question = Question {
            from: Some(self.account()),
            parent: Some(parent.clone()),
            ..Question::default()
        };
        let moved = self.ask_about(Kind::Pack, &question, moved)?;
        let draft = Draft {
            items: moved.things(),
            parent: Some(parent.clone()),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Pack, draft)?;
        self.describe(&mut unit.record)?;
        self.write_slice(written, &mut unit, Role::Parent, None)?;
        let mark = ParentMark {
            id: parent.clone(),
            head: unit.record.history,
        };
        let unit_owner = self.state.standing(&unit)?.owner;
        for MovedSlice {
            mut slice,
            standing,
            effect,
            ..
        } in moved.slices
        {
            // Within the same event: first out of where it was, if anywhere.
            self.leave_parent(written, &mut slice, &standing)?;
            apply(&mut slice.record, &effect);
            self.describe(&mut slice.record)?;
            slice.record.parent = Some(parent.clone());
            slice.record.owned_with_parent = slice.record.owner == unit_owner;
            self.write_slice(written, &mut slice, Role::Subject, Some(mark.clone()))?;
            let lines = self.lines_inside(&slice)?;
            self.change_contents(parent, Change::Add, &lines, inside)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let to = Holding {
                parent: Some(parent.clone()),
                owned_with_parent: parcel.from.owner == unit_owner,
                quarantined: parcel.from.quarantined || effect.quarantine,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(
                written,
                &parcel.id,
                parcel.thing(),
                Role::Subject,
                Some(mark.clone()),
            )?;
            let packed = super::lots::Parcel { from: to, ..parcel };
            let lot = self.known_lot(&packed.id)?;
            let line = packed.line(&lot);
            self.change_contents(parent, Change::Add, &[line], inside)?;
        }
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
        self.check_order(slice)?;
        self.check_free(slice.thing(), &standing.judgement)?;
        if is_held(&slice.record) {
            // Its lot's or product's recall goes with the unit; its own would stop the unit.
            return Err(slice
                .refusal(Invariant::Recalled, "a recall names it: move it by itself")
                .into());
        }
        moved.slice(Part::Subject, slice.clone(), standing);
        Ok(())
    }

    /// The parent's record: as it stands in the account's hands, or a new logistic unit.
    fn parent_for(&mut self, parent: &ThingId, moved: &Moved) -> Do<Slice> {
        if let Some(slice) = self.state.slice(parent)? {
            let standing = self.state.standing(&slice)?;
            self.check_custodian(&slice, &standing)?;
            self.check_not_offered(&slice, &standing)?;
            if standing.judgement.status != Effective::Recalled {
                self.check_free(slice.thing(), &standing.judgement)?;
            }
            return Ok(slice);
        }
        if !matches!(parent, ThingId::Unit(_)) {
            let refusal = Refusal::kernel(
                Invariant::Unknown,
                "the parent was never commissioned here; only an SSCC begins with its first pack",
            );
            return Err(refusal.field("parent").item(parent.clone().into()).into());
        }
        let brand = self.licensee(parent)?;
        self.check_unit_licence(brand)?;
        let record = Record {
            count: 1,
            brand,
            external: false,
            lot: None,
            expiry: None,
            custodian: Some(self.account()),
            owner: self.common_owner(moved),
            offer: None,
            parent: None,
            owned_with_parent: false,
            place: None,
            disposition: None,
            persistent: List::default(),
            status: Status::Active,
            cleared: 0,
            recalls: List::default(),
            moved: TimeMs(0),
            history: Head::EMPTY,
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

    /// No cycles, and at most eight units inside one another. Gives back how many levels
    /// the parent will hold.
    fn check_nesting(&mut self, parent: &ThingId, unit: &Slice, moved: &Moved) -> Do<u8> {
        let around = self.state.parents(unit.record.parent.as_ref())?;
        let mut height = 0u8;
        for MovedSlice { slice, .. } in &moved.slices {
            if slice.first == *parent
                || around.iter().any(|(id, _)| *id == slice.first)
                || holds(slice, parent)
            {
                return Err(slice
                    .refusal(Invariant::Cycle, "it would hold itself")
                    .into());
            }
            if slice.record.count == 1 {
                height = height.max(self.contents(&slice.first)?.height);
            }
        }
        let inside = height.saturating_add(1);
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
        Ok(inside)
    }
}

/// Whether a run takes in the parent itself.
fn holds(slice: &Slice, parent: &ThingId) -> bool {
    match (&slice.first, parent) {
        (
            ThingId::Item {
                line: a,
                serial: first,
            },
            ThingId::Item { line: b, serial },
        ) if a == b => match (first.numeric(), serial.numeric()) {
            (Some((da, from)), Some((db, at))) => {
                da == db && at >= from && at.saturating_sub(from) < u128::from(slice.record.count)
            }
            _ => first == serial,
        },
        _ => false,
    }
}
