//! One spelling for each thing: what has an identifier of its own kind is not written as a
//! URI, and a URI stands in its canonical form. Otherwise one thing could have two records.

use crate::action::{Action, Operation, Parent};
use crate::detail::{Detail, FactValue, Place};
use crate::gs1::Identifier;
use crate::json::naming::{self, NameError};
use crate::thing::{Line, Thing, ThingId};

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
    let parent = match operation.parent() {
        Some(Parent::Thing(id)) => thing_id(id),
        Some(Parent::Place(at)) => place(at),
        None => true,
    };
    parent && operation.things().all(thing)
}

fn detail(detail: &Detail) -> bool {
    let places = [&detail.place, &detail.location];
    let facts = detail.open().map(|open| &open.facts);
    places.into_iter().flatten().all(place)
        && facts.is_none_or(|facts| facts.iter().all(|fact| fact_value(&fact.value)))
}

/// Rules compare identifiers in facts by their text.
fn fact_value(value: &FactValue) -> bool {
    let FactValue::Id(id) = value else {
        return true;
    };
    let read: Result<Identifier, _> = id.parse();
    read.is_ok_and(|read| naming::uri_of(&read).as_ref() == Ok(id))
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
        // Crates are of no lot.
        Thing::Run { run, lot } => lot.is_none() || matches!(run.line(), Line::Product(_)),
        Thing::Asset(_) | Thing::Unit(_) | Thing::Lot { .. } => true,
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
