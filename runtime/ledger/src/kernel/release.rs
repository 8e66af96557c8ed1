//! Handing things to someone without an account.

use super::lots::{Reach, quantities};
use super::moved::{Moved, MovedParcel, MovedSlice, apply, held_too};
use super::{Draft, Kernel};
use crate::rules::Question;
use crate::stop::Do;
use marque_abi::movement::Part;
use marque_primitives::action::{Kind, Right, Things};
use marque_primitives::history::Role;
use marque_primitives::record::Holding;

impl Kernel<'_, '_> {
    /// By custodian and owner in one: both rights leave the ledger's parties.
    pub(crate) fn release(&mut self, items: &Things) -> Do<()> {
        self.check_named(items)?;
        self.check_movable_kinds(items)?;
        let account = self.account();
        let mut moved = Moved::default();
        for slice in self.find_all(items)? {
            let standing = self.state.standing(&slice)?;
            self.check_custodian(&slice, &standing)?;
            self.check_owner(&slice, &standing)?;
            self.check_not_offered(&slice, &standing)?;
            self.check_order(&slice, &standing)?;
            self.check_free(slice.thing(), &standing.judgement)?;
            self.check_recalls(&slice.thing(), &standing.judgement.recalls, None)?;
            self.check_holds_nothing(&slice)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(items)? {
            let lot = self.known_lot(id)?;
            self.check_amount(&lot, amount)?;
            let fits = |holding: &Holding| holding.owner == Some(account);
            let reach = Reach::Free(Some(account));
            for parcel in self.draw(id, &lot, amount, reach, fits, |_| true)? {
                self.check_parcel_free(&parcel)?;
                self.check_parcel_recalls(&parcel, None)?;
                moved.parcel(Part::Subject, parcel);
            }
        }
        let question = Question {
            from: Some(account),
            what: Some(Right::Both),
            ..Question::default()
        };
        let mut moved = self.ask_about(Kind::Release, &question, moved)?;
        let draft = Draft {
            from: Some(account),
            what: Some(Right::Both),
            items: moved.things(),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Release, draft)?;
        self.leave_parents(written, &mut moved.slices)?;
        let time = self.time();
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            slice.record.custodian = None;
            slice.record.owner = None;
            slice.record.moved = time;
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for MovedParcel { parcel, effect, .. } in moved.parcels {
            let to = Holding {
                custodian: None,
                owner: None,
                holders: held_too(&parcel.from, &effect)?,
                ..parcel.from.clone()
            };
            self.transfer(&parcel, &to)?;
            self.write_lot(written, &parcel.id, parcel.thing(), Role::Subject, None)?;
        }
        self.hold_lots(&moved.hold)
    }
}
