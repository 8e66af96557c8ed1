//! Attaching things to a thing or place without putting them inside: custody does not
//! follow.

use super::lots::quantities;
use super::moved::{Moved, MovedSlice, apply};
use super::{Draft, Kernel};
use crate::LedgerError;
use crate::rules::Question;
use crate::state::decode;
use crate::stop::{Do, overflow, refuse};
use marque_abi::movement::Part;
use marque_primitives::action::{Anchor, Kind, MAX_THINGS, Things};
use marque_primitives::bounded::List;
use marque_primitives::history::{Role, Terms};
use marque_primitives::key;
use marque_primitives::record::Association;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Thing, ThingId};
use parity_scale_codec::Encode;

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
        for (id, amount) in quantities(children) {
            for parcel in self.draw_free(id, amount)? {
                moved.parcel(Part::Subject, parcel);
            }
        }
        self.attach(Kind::Associate, parent, children, moved)
    }

    /// By the custodian of the children; none named: everything that hangs on the anchor.
    pub(crate) fn dissociate(&mut self, parent: &Anchor, children: &Things) -> Do<()> {
        self.check_anchor(parent)?;
        let prefix = key::associations(parent);
        let mut named = children.to_vec();
        if children.is_empty() {
            let found = self.state.under(&prefix, MAX_THINGS.saturating_add(1))?;
            if found.is_empty() || found.len() > MAX_THINGS {
                return refuse(
                    Invariant::Empty,
                    "nothing hangs on it, or more than 1,000 runs: name them",
                );
            }
            for (_, bytes) in found {
                named.push(decode::<Association>("association", &bytes)?.thing);
            }
        }
        let children = List::new(named).map_err(|_| overflow())?;
        let mut moved = Moved::default();
        for slice in self.find_all(&children)? {
            let standing = self.state.standing(&slice)?;
            self.check_custodian(&slice, &standing)?;
            moved.slice(Part::Subject, slice, standing);
        }
        for thing in &children {
            let own = association(parent, thing);
            if self.state.bytes(&own)?.is_none() {
                let refusal =
                    Refusal::kernel(Invariant::NotPacked, "it does not hang on that anchor");
                return Err(refusal.item(thing.clone()).into());
            }
        }
        self.attach(Kind::Dissociate, parent, &children, moved)
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

    fn attach(&mut self, kind: Kind, anchor: &Anchor, children: &Things, moved: Moved) -> Do<()> {
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
            parent: parent.clone(),
            terms,
            ..Draft::default()
        };
        let written = self.write_event(kind, draft)?;
        for thing in children {
            let own = association(anchor, thing);
            if kind == Kind::Associate {
                self.state.put(
                    &own,
                    &Association {
                        thing: thing.clone(),
                        event: written.position,
                    },
                )?;
            } else {
                self.state.remove(&own)?;
            }
        }
        for MovedSlice {
            mut slice, effect, ..
        } in moved.slices
        {
            self.describe(&mut slice.record)?;
            apply(&mut slice.record, &effect);
            self.write_slice(written, &mut slice, Role::Subject, None)?;
        }
        for (id, amount) in quantities(children) {
            let thing = Thing::Lot {
                id: id.clone(),
                amount: amount.clone(),
            };
            self.write_lot(written, id, thing, Role::Subject, None)?;
        }
        if let Some(parent) = parent {
            self.write_anchor(written, &parent)?;
        }
        self.hold_lots(&moved.hold)
    }

    fn write_anchor(&mut self, written: super::Written, anchor: &ThingId) -> Do<()> {
        let mut slice = self
            .state
            .slice(anchor)?
            .ok_or(LedgerError::Damaged { what: "record" })?;
        self.write_slice(written, &mut slice, Role::Anchor, None)
    }
}

/// The leaf of one attachment.
fn association(anchor: &Anchor, thing: &Thing) -> Vec<u8> {
    let mut key = key::associations(anchor);
    thing.encode_to(&mut key);
    key
}
