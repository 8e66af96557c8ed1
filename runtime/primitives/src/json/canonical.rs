//! One spelling for each thing: what has an identifier of its own kind is not written as a
//! URI, and a URI stands in its canonical form. Otherwise one thing could have two records.

use crate::action::{Action, Anchor, Operation, RecallTarget, Target};
use crate::detail::{Detail, Place};
use crate::json::naming::{self, NameError};
use crate::thing::{Thing, ThingId};

/// Whether every thing and place of an action is named as the ledger names it.
pub fn is_canonical(action: &Action) -> bool {
    match action {
        Action::Intent(done, said) => operation(done) && detail(said),
        Action::Fact(report) => {
            report.items.iter().all(thing)
                && report.parent.as_ref().is_none_or(thing_id)
                && report.attempts.iter().all(operation)
                && detail(&report.detail)
        }
        // Registrations and messages name keys and addresses.
        Action::Registry(_) | Action::Contract(_) => true,
    }
}

fn operation(operation: &Operation) -> bool {
    match operation {
        Operation::Commission { items, .. }
        | Operation::Decommission { items }
        | Operation::Reinstate { items }
        | Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Reject { items }
        | Operation::Withdraw { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items } => items.iter().all(thing),
        Operation::Pack { parent, children } | Operation::Unpack { parent, children } => {
            thing_id(parent) && children.iter().all(thing)
        }
        Operation::Observe { items, parent } | Operation::Link { items, parent, .. } => {
            items.iter().all(thing) && parent.as_ref().is_none_or(thing_id)
        }
        Operation::Associate { parent, children } | Operation::Dissociate { parent, children } => {
            anchor(parent) && children.iter().all(thing)
        }
        Operation::Transform {
            inputs, outputs, ..
        } => inputs.iter().chain(outputs).all(thing),
        Operation::Recall { target, .. } | Operation::LiftOf { target } => match target {
            RecallTarget::Items(items) => items.iter().all(thing),
            RecallTarget::Product(_) | RecallTarget::Lot(_) => true,
        },
        Operation::EndHold { target } => match target {
            Target::Things { items, .. } => items.iter().all(thing),
            Target::Lot(_) => true,
        },
        Operation::Lift { .. } | Operation::DeclareError { .. } => true,
    }
}

fn detail(detail: &Detail) -> bool {
    let places = [&detail.place, &detail.location];
    places.into_iter().flatten().all(place)
}

fn thing(thing: &Thing) -> bool {
    match thing {
        // A person's number is refused by name.
        Thing::Opaque(id) => match naming::thing(id) {
            Ok(read) => read == *thing,
            Err(error) => error == NameError::Personal,
        },
        Thing::Class { id, .. } => {
            let class = |read| matches!(read, Thing::Class { id: class, .. } if class == *id);
            naming::thing(id).is_ok_and(class)
        }
        Thing::Run { .. } | Thing::Asset(_) | Thing::Unit(_) | Thing::Lot { .. } => true,
    }
}

fn thing_id(id: &ThingId) -> bool {
    match id {
        ThingId::Opaque(uri) => naming::thing_id(uri).is_ok_and(|read| read == *id),
        ThingId::Item { .. } | ThingId::Asset(_) | ThingId::Unit(_) => true,
    }
}

fn place(place: &Place) -> bool {
    match place {
        Place::Uri(uri) => naming::place(uri).is_ok_and(|read| read == *place),
        Place::Gln { .. } => true,
    }
}

fn anchor(anchor: &Anchor) -> bool {
    match anchor {
        Anchor::Thing(id) => thing_id(id),
        Anchor::Place(at) => place(at),
    }
}
