//! Ending things, and undoing an end where a contract's rule allows it.

use super::lots::quantities;
use super::moved::{Moved, MovedParcel, MovedSlice, apply};
use super::standing::Effective;
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::stop::Do;
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, Things};
use marque_primitives::history::Role;
use marque_primitives::key;
use marque_primitives::record::Contract;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, Thing, ThingId};

use super::slices::Slice;

impl Kernel<'_, '_> {
    /// By the custodian, or by whom the contract's rule allows.
    pub(crate) fn decommission(&mut self, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_takes(
            items,
            |thing| !matches!(thing, Thing::Class { .. }),
            "a class is not decommissioned; name its items or a quantity of a lot",
        )?;
        let mut moved = Moved::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            if standing.custodian != Some(self.account())
                && !self.has_rule(&slice, Kind::Decommission)?
            {
                self.check_custodian(&slice, &standing)?;
            }
            self.check_not_offered(&slice, &standing)?;
            self.check_order(&slice, &standing)?;
            if standing.judgement.status == Effective::Ended {
                return Err(slice
                    .refusal(Invariant::Decommissioned, "it is decommissioned already")
                    .into());
            }
            self.check_holds_nothing(&slice)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(items)? {
            for parcel in self.draw_free(id, amount)? {
                moved.parcel(Part::Subject, parcel);
            }
        }
        let question = Question {
            from: Some(self.account()),
            ..Question::default()
        };
        let mut moved = self.ask_about(Kind::Decommission, &question, moved)?;
        let draft = Draft {
            from: Some(self.account()),
            items: moved.things(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Decommission, draft)?;
        self.leave_parents(written, &mut moved.slices)?;
        let time = self.time();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            slice.record.ended = true;
            slice.record.moved = time;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, .. } in moved.parcels {
            self.debit(&parcel)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// Only where the contract of each thing has a rule that allows it.
    pub(crate) fn reinstate(&mut self, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_takes(
            items,
            |thing| matches!(thing, Thing::Run { .. }),
            "only items are reinstated; quantities are commissioned anew",
        )?;
        let mut moved = Moved::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            if !slice.record.ended {
                return Err(slice
                    .refusal(Invariant::NotApplicable, "it is not decommissioned")
                    .into());
            }
            if !self.has_rule(&slice, Kind::Reinstate)? {
                return Err(slice
                    .refusal(
                        Invariant::NotReinstatable,
                        "no rule of its contract allows a reinstatement",
                    )
                    .into());
            }
            moved.slice(Part::Subject, slice, standing);
        }
        let moved = self.ask_about(Kind::Reinstate, &Question::default(), moved)?;
        let written = self.write_event(
            Kind::Reinstate,
            Draft {
                items: moved.things(),
                ..Draft::default()
            },
        )?;
        let time = self.time();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            slice.record.ended = false;
            slice.record.moved = time;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }

    /// Whether the contract of a thing's product has a rule for a kind.
    pub(crate) fn has_rule(&mut self, slice: &Slice, kind: Kind) -> Do<bool> {
        let ThingId::Item {
            line: Line::Product(gtin),
            ..
        } = slice.first
        else {
            return Ok(false);
        };
        let Some(address) = self
            .state
            .product(gtin)?
            .and_then(|product| product.contract)
        else {
            return Ok(false);
        };
        let contract: Option<Contract> = self.state.get("contract", &key::contract(&address))?;
        Ok(contract.is_some_and(|contract| contract.rules_on(kind)))
    }

    /// What holds something is emptied before it ends.
    pub(crate) fn check_holds_nothing(&mut self, slice: &Slice) -> Do<()> {
        if slice.record.count == 1
            && !self
                .state
                .under(&key::children(&slice.first), 1)?
                .is_empty()
        {
            return Err(slice
                .refusal(
                    Invariant::NotApplicable,
                    "it still holds things: unpack them first",
                )
                .into());
        }
        Ok(())
    }
}
