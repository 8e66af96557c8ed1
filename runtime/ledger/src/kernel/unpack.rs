//! Taking things out of what holds them. What comes out keeps its parent's custodian,
//! place and quarantine.

use super::contents::Load;
use super::lots::{Parcel, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too, hold};
use super::recall::set_recall;
use super::slices::Slice;
use super::standing::Standing;
use super::{Draft, Kernel, Written};
use crate::LedgerError;
use crate::rules::{Effect, Question};
use crate::state::decode;
use crate::stop::{Do, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, MAX_THINGS, Things};
use marque_primitives::history::{ParentMark, Role};
use marque_primitives::record::{Balance, Holding, Record};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Amount, key};
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Kernel<'_, '_> {
    pub(crate) fn unpack(&mut self, parent: &ThingId, children: &Things) -> Do<()> {
        self.check_takes(
            children,
            |thing| !matches!(thing, Thing::Class { .. }),
            "a class is not in a parent; name its items or a quantity of a lot",
        )?;
        let unit = self.parent_in_hand(parent)?;
        let mut moved = Moved::default();
        if children.is_empty() {
            self.all_children(parent, &mut moved)?;
        } else {
            self.named_children(parent, children, &mut moved)?;
        }
        for MovedSlice {
            slice, standing, ..
        } in &moved.slices
        {
            self.check_order(slice, standing)?;
        }
        let question = Question {
            from: Some(self.account()),
            parent: Some(parent.clone()),
            ..Question::default()
        };
        let moved = self.ask_about(Kind::Unpack, &question, moved)?;
        let draft = Draft {
            items: moved.things(),
            parent: Some(parent.clone()),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Unpack, draft)?;
        let mut load = Load::default();
        for MovedSlice { slice, .. } in &moved.slices {
            load.join(self.load_of(slice)?)?;
        }
        for MovedParcel { parcel, .. } in &moved.parcels {
            load.join(self.load_of_parcel(parcel)?)?;
        }
        for MovedSlice {
            mut slice,
            standing,
            effect,
            ..
        } in moved.slices
        {
            take_over(&mut slice, &standing)?;
            slice.record.moved = self.time();
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            self.write_unpacked(written, &mut slice, parent)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            self.unpack_parcel(written, parent, &unit, &parcel, &effect)?;
        }
        // After its parts: what a balance does not hold is refused before a summary lacks it.
        self.take_contents(parent, &load)?;
        self.write_parent(written, parent)?;
        self.hold_lots(&moved.hold)
    }

    /// A parent that the account has and that is not on offer.
    fn parent_in_hand(&mut self, parent: &ThingId) -> Do<(Slice, Standing)> {
        let Some(slice) = self.state.slice(parent)? else {
            let refusal = Refusal::kernel(
                Invariant::Unknown,
                "the parent was never packed or commissioned here",
            );
            return Err(refusal.field("parent").item(parent.clone().into()).into());
        };
        let standing = self.state.standing(&slice)?;
        self.check_custodian(&slice, &standing)?;
        self.check_not_offered(&slice, &standing)?;
        Ok((slice, standing))
    }

    fn all_children(&mut self, parent: &ThingId, moved: &mut Moved) -> Do<()> {
        let prefix = key::children(parent);
        let found = self.state.under(&prefix, MAX_THINGS.saturating_add(1))?;
        if found.is_empty() {
            return Err(Refusal::kernel(Invariant::Empty, "nothing is packed in it")
                .item(parent.clone().into())
                .into());
        }
        if found.len() > MAX_THINGS {
            return refuse(
                Invariant::Shape,
                "the unit holds more than 1,000 runs; name what comes out",
            );
        }
        for (child, _) in found {
            let own = child.get(prefix.len()..).unwrap_or_default();
            if let Some(id) = key::parse_record(own) {
                let record: Record = self
                    .state
                    .get("record", own)?
                    .ok_or(LedgerError::Damaged { what: "child" })?;
                let slice = Slice { first: id, record };
                let standing = self.state.standing(&slice)?;
                moved.slice(Part::Subject, slice, standing);
            } else {
                let id = key::parse_balance(own).ok_or(LedgerError::Damaged { what: "child" })?;
                let balance = self
                    .state
                    .bytes(own)?
                    .ok_or(LedgerError::Damaged { what: "child" })?;
                let balance: Balance = decode("balance", &balance)?;
                let unit = self
                    .known_lot(&id)?
                    .unit
                    .ok_or(LedgerError::Damaged { what: "lot" })?;
                moved.parcel(
                    Part::Subject,
                    Parcel {
                        id,
                        unit,
                        from: balance.holding,
                        value: balance.value,
                    },
                );
            }
        }
        Ok(())
    }

    fn named_children(&mut self, parent: &ThingId, children: &Things, moved: &mut Moved) -> Do<()> {
        for slice in self.find_all(children)? {
            if slice.record.parent.as_ref() != Some(parent) {
                return Err(slice
                    .refusal(Invariant::NotPacked, "it is not in that parent")
                    .into());
            }
            let standing = self.state.standing(&slice)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(children)? {
            let lot = self.known_lot(id)?;
            self.check_amount(&lot, amount)?;
            for parcel in self.draw_packed(parent, id, amount)? {
                moved.parcel(Part::Subject, parcel);
            }
        }
        Ok(())
    }

    /// Draws a quantity out of a parent, whoever had it when it went in.
    fn draw_packed(&mut self, parent: &ThingId, id: &LotId, amount: &Amount) -> Do<Vec<Parcel>> {
        let mut prefix = key::children(parent);
        prefix.extend_from_slice(&key::balances(id));
        let under = key::children(parent).len();
        let mut missing = amount.value;
        let mut parcels = Vec::new();
        for (child, _) in self.state.under(&prefix, MAX_THINGS)? {
            if !missing.is_positive() {
                break;
            }
            let own = child.get(under..).unwrap_or_default();
            let Some(balance) = self.state.get::<Balance>("balance", own)? else {
                continue;
            };
            let value = missing.min(balance.value);
            missing = missing.checked_sub(value).ok_or_else(overflow)?;
            parcels.push(Parcel {
                id: id.clone(),
                unit: amount.unit.clone(),
                from: balance.holding,
                value,
            });
        }
        if missing.is_positive() {
            let thing = Thing::Lot {
                id: id.clone(),
                amount: amount.clone(),
            };
            return Err(
                Refusal::kernel(Invariant::NotPacked, "the parent holds less of it")
                    .item(thing)
                    .into(),
            );
        }
        Ok(parcels)
    }

    /// Packed things that move by their own names leave their parents: inferred unpackings.
    /// What stands deepest leaves first, so that a unit that leaves another is done with its
    /// own children, and has one entry for all of them.
    pub(crate) fn leave_parents<'m>(
        &mut self,
        written: Written,
        moved: impl IntoIterator<Item = &'m mut MovedSlice>,
    ) -> Do<()> {
        let inferred = Written {
            kind: Kind::Unpack,
            inferred: true,
            ..written
        };
        let mut by_parent: BTreeMap<(Reverse<usize>, ThingId), Vec<&mut MovedSlice>> =
            BTreeMap::new();
        for child in moved {
            if let Some(parent) = child.slice.record.parent.clone() {
                let depth = Reverse(child.standing.parents.len());
                by_parent.entry((depth, parent)).or_default().push(child);
            }
        }
        for ((_, parent), children) in by_parent {
            for MovedSlice {
                slice, standing, ..
            } in children
            {
                let load = self.load_of(slice)?;
                take_over(slice, standing)?;
                self.write_unpacked(inferred, slice, &parent)?;
                self.take_contents(&parent, &load)?;
            }
            self.write_parent(written, &parent)?;
        }
        Ok(())
    }

    /// Writes the entry of what came out, and its record.
    fn write_unpacked(&mut self, written: Written, slice: &mut Slice, parent: &ThingId) -> Do<()> {
        slice.record.parent = None;
        slice.record.owned_with_parent = false;
        let mark = self.mark_of(parent)?;
        self.write_slice(written, slice, Role::Subject, Some(mark))
    }

    /// A unit's history as it stands.
    fn mark_of(&mut self, parent: &ThingId) -> Do<ParentMark> {
        let (_, record) = self
            .state
            .leaf(parent)?
            .ok_or(LedgerError::Damaged { what: "record" })?;
        Ok(ParentMark {
            id: parent.clone(),
            head: record.history,
        })
    }

    /// The entry in the history of the unit that something came out of.
    fn write_parent(&mut self, written: Written, parent: &ThingId) -> Do<()> {
        let mut slice = self
            .state
            .slice(parent)?
            .ok_or(LedgerError::Damaged { what: "record" })?;
        self.write_slice(written, &mut slice, Role::Parent, None)?;
        self.close_if_empty(parent)
    }

    fn unpack_parcel(
        &mut self,
        written: Written,
        parent: &ThingId,
        unit: &(Slice, Standing),
        parcel: &Parcel,
        effect: &Effect,
    ) -> Do<()> {
        let (slice, standing) = unit;
        let around = || standing.parents.iter().map(|(_, parent)| parent);
        if !slice.record.recalls.is_empty() || around().any(|parent| !parent.recalls.is_empty()) {
            // A quantity has no place for a recall of the unit, which it would escape.
            return Err(slice
                .refusal(
                    Invariant::Recalled,
                    "a recall names the unit: quantities of lots stay in it",
                )
                .into());
        }
        let mut holders = held_too(&parcel.from, effect)?;
        for unit in around().chain([&slice.record]) {
            hold(&mut holders, &unit.holders)?;
        }
        let owner = if parcel.from.owned_with_parent {
            standing.owner
        } else {
            parcel.from.owner
        };
        let to = Holding {
            custodian: standing.custodian,
            owner,
            parent: None,
            owned_with_parent: false,
            holders,
            ..parcel.from.clone()
        };
        self.transfer(parcel, &to)?;
        let (id, thing) = (&parcel.id, parcel.thing());
        let mark = self.mark_of(parent)?;
        self.write_lot(written, id, thing, Role::Subject, Some(mark))
    }
}

/// Writes custodian, place, owner, holds and recalls of the units around it into what comes
/// out.
fn take_over(slice: &mut Slice, standing: &Standing) -> Do<()> {
    let record = &mut slice.record;
    record.custodian = standing.custodian;
    record.owner = standing.owner;
    record.moved = standing.moved(record);
    record.seen = standing.seen(record);
    let mut outermost = standing.parents.iter().rev();
    if let Some(place) = outermost.find_map(|(_, parent)| parent.place.clone()) {
        record.place = Some(place);
    }
    for (_, parent) in &standing.parents {
        hold(&mut record.holders, &parent.holders)?;
        for recall in &parent.recalls {
            set_recall(&mut record.recalls, *recall)?;
        }
    }
    Ok(())
}
