//! Attaching things to a thing or place without putting them inside: custody does not
//! follow.

use super::lots::quantities;
use super::moved::{Moved, MovedSlice, apply};
use super::slices::span_thing;
use super::{Draft, Kernel, Written};
use crate::LedgerError;
use crate::rules::Question;
use crate::state::decode;
use crate::stop::{Do, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Anchor, Kind, MAX_THINGS, Things};
use marque_primitives::bounded::List;
use marque_primitives::history::{Role, Terms};
use marque_primitives::record::Association;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{LotId, Thing, ThingId};
use marque_primitives::{Amount, Decimal, Position, key};

impl Kernel<'_, '_> {
    /// By the custodian of the children, and of the anchor where that is a thing.
    pub(crate) fn associate(&mut self, parent: &Anchor, children: &Things) -> Do<()> {
        self.check_named(children)?;
        self.check_movable_kinds(children)?;
        self.check_anchor(parent)?;
        let mut moved = Moved::default();
        for slice in self.find_all(children)? {
            let standing = self.state.standing(&slice)?;
            // What was used up may hang on what was made of it.
            self.check_custodian(&slice, &standing)?;
            self.check_not_offered(&slice, &standing)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(children)? {
            for parcel in self.draw_free(id, amount)? {
                moved.parcel(Part::Subject, parcel);
            }
        }
        let (moved, written) = self.attach(Kind::Associate, parent, children, moved)?;
        let prefix = key::associations(parent);
        let event = written.position;
        for MovedSlice { slice, .. } in &moved.slices {
            let association = Association {
                count: slice.record.count,
                amount: None,
                event,
            };
            self.state.put_span(&prefix, &slice.first, &association)?;
        }
        for (id, amount) in &quantities(children)? {
            self.add_quantity(&prefix, id, amount, event)?;
        }
        self.write_attached(written, parent, children, moved)
    }

    /// By the custodian of serialised children; of quantities, by who attached them or has
    /// as much of the lot. None named: what of it the account may take off.
    pub(crate) fn dissociate(&mut self, parent: &Anchor, children: &Things) -> Do<()> {
        self.check_anchor(parent)?;
        let prefix = key::associations(parent);
        let children = if children.is_empty() {
            self.attached(&prefix)?
        } else {
            children.clone()
        };
        let mut moved = Moved::default();
        for slice in self.find_all(&children)? {
            let standing = self.state.standing(&slice)?;
            self.check_custodian(&slice, &standing)?;
            let count = slice.record.count;
            let cut = self.state.cut_spans::<Association>(
                &prefix,
                &slice.first,
                count,
                MAX_THINGS,
                |_| true,
            )?;
            let hung = cut.iter().map(|(_, part)| part.count);
            if hung.fold(0, u64::saturating_add) != count {
                return Err(slice
                    .refusal(Invariant::NotPacked, "it does not hang on that anchor")
                    .into());
            }
            moved.slice(Part::Subject, slice, standing);
        }
        for (id, amount) in &quantities(&children)? {
            self.take_quantity(&prefix, id, amount)?;
        }
        let (moved, written) = self.attach(Kind::Dissociate, parent, &children, moved)?;
        self.write_attached(written, parent, &children, moved)
    }

    /// What hangs on an anchor and is the account's to take off.
    fn attached(&mut self, prefix: &[u8]) -> Do<Things> {
        let found = self.state.under(prefix, MAX_THINGS.saturating_add(1))?;
        if found.len() > MAX_THINGS {
            return refuse(
                Invariant::Shape,
                "more than 1,000 runs hang on it: name them",
            );
        }
        let mut own = Vec::new();
        for (found, bytes) in found {
            let association: Association = decode("association", &bytes)?;
            let key = found.get(prefix.len()..).unwrap_or_default();
            match (key::parse_record(key), association.amount) {
                (Some(first), _) => {
                    let thing = span_thing(&first, association.count);
                    for slice in self.find_all([&thing])? {
                        let standing = self.state.standing(&slice)?;
                        if standing.custodian == Some(self.account()) {
                            own.push(slice.thing());
                        }
                    }
                }
                (None, Some(amount)) if key.ends_with(&self.account().0) => {
                    let id = key::parse_balance(key).ok_or(LedgerError::Damaged {
                        what: "association",
                    })?;
                    own.push(Thing::Lot { id, amount });
                }
                _ => {}
            }
        }
        if own.is_empty() {
            return refuse(Invariant::Empty, "nothing that the account has hangs on it");
        }
        List::new(own).map_err(|_| overflow())
    }

    fn add_quantity(
        &mut self,
        prefix: &[u8],
        id: &LotId,
        amount: &Amount,
        event: Position,
    ) -> Do<()> {
        let own = key::lot_association(prefix, id, &self.account());
        let before = self.state.get::<Association>("association", &own)?;
        let before = before.and_then(|before| before.amount);
        let value = before.map_or(Decimal::ZERO, |before| before.value);
        let amount = Amount {
            value: value.checked_add(amount.value).ok_or_else(overflow)?,
            unit: amount.unit.clone(),
        };
        let association = Association {
            count: 0,
            amount: Some(amount),
            event,
        };
        self.state.put(&own, &association)
    }

    /// Takes a quantity off an anchor: of what the account attached, else of anyone's if the
    /// account has as much of the lot.
    fn take_quantity(&mut self, prefix: &[u8], id: &LotId, amount: &Amount) -> Do<()> {
        let lot = self.known_lot(id)?;
        self.check_amount(&lot, amount)?;
        let account = self.account();
        let mine = key::lot_association(prefix, id, &account);
        let mut left = amount.value;
        self.take_off(&mine, &mut left)?;
        if left.is_positive() && self.draw_free(id, amount).is_ok() {
            let len = mine.len().saturating_sub(account.0.len());
            let all = mine.get(..len).unwrap_or_default().to_vec();
            for (own, _) in self.state.under(&all, MAX_THINGS)? {
                self.take_off(&own, &mut left)?;
            }
        }
        if left.is_positive() {
            let message = "less of it hangs on that anchor, or it is another's";
            let thing = Thing::Lot {
                id: id.clone(),
                amount: amount.clone(),
            };
            return Err(Refusal::kernel(Invariant::NotPacked, message)
                .item(thing)
                .into());
        }
        Ok(())
    }

    fn take_off(&mut self, own: &[u8], left: &mut Decimal) -> Do<()> {
        let association = self.state.get::<Association>("association", own)?;
        let Some(Association {
            amount: Some(hung),
            count,
            event,
        }) = association.filter(|_| left.is_positive())
        else {
            return Ok(());
        };
        let value = hung.value.min(*left);
        *left = left.checked_sub(value).ok_or_else(overflow)?;
        let stays = hung.value.checked_sub(value).ok_or_else(overflow)?;
        if !stays.is_positive() {
            return self.state.remove(own);
        }
        let amount = Some(Amount {
            value: stays,
            ..hung
        });
        self.state.put(
            own,
            &Association {
                count,
                amount,
                event,
            },
        )
    }

    fn check_anchor(&mut self, anchor: &Anchor) -> Do<()> {
        let Anchor::Thing(id) = anchor else {
            return Ok(());
        };
        let Some(slice) = self.state.slice(id)? else {
            let refusal =
                Refusal::kernel(Invariant::Unknown, "the anchor was never commissioned here");
            return Err(refusal.field("parent").item(id.clone().into()).into());
        };
        let standing = self.state.standing(&slice)?;
        self.check_custodian(&slice, &standing)
    }

    /// Asks the rules and writes the event.
    fn attach(
        &mut self,
        kind: Kind,
        anchor: &Anchor,
        children: &Things,
        moved: Moved,
    ) -> Do<(Moved, Written)> {
        let (parent, terms) = match anchor {
            Anchor::Thing(id) => (Some(id.clone()), None),
            Anchor::Place(place) => (None, Some(Terms::Anchor(place.clone()))),
        };
        let question = Question {
            parent: parent.clone(),
            ..Question::default()
        };
        let moved = self.ask_about(kind, &question, moved)?;
        let draft = Draft {
            items: children.to_vec(),
            parent,
            terms,
            ..Draft::default()
        };
        let written = self.write_event(kind, draft)?;
        Ok((moved, written))
    }

    /// Writes the entries of children and anchor.
    fn write_attached(
        &mut self,
        written: Written,
        anchor: &Anchor,
        children: &Things,
        moved: Moved,
    ) -> Do<()> {
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect)?;
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for (id, amount) in &quantities(children)? {
            let thing = Thing::Lot {
                id: id.clone(),
                amount: amount.clone(),
            };
            self.write_lot(written, id, thing, Role::Subject, None)?;
        }
        if let Anchor::Thing(parent) = anchor {
            self.write_anchor(written, parent)?;
        }
        self.hold_lots(&moved.hold)
    }

    fn write_anchor(&mut self, written: Written, anchor: &ThingId) -> Do<()> {
        let mut slice = self
            .state
            .slice(anchor)?
            .ok_or(LedgerError::Damaged { what: "record" })?;
        self.write_slice(written, &mut slice, Role::Anchor, None)
    }
}
