//! Who has a thing, told by its history alone: its own entries, and while it is packed its
//! parent's between the two marks.

use super::audit::{Books, Leaves};
use marque_primitives::action::Kind;
use marque_primitives::history::{Counterparty, Entry, Head, ParentMark, Role};
use marque_primitives::thing::ThingId;
use marque_primitives::{Address, Position};

/// What entries have told so far.
#[derive(Clone, Default)]
struct Told {
    begun: bool,
    custodian: Option<Address>,
    parent: Option<ThingId>,
}

/// The custodian that a thing's history ends with.
pub fn custodian(books: &Books, leaves: &Leaves, id: &ThingId) -> Option<Address> {
    before(books, leaves, id, Position(u64::MAX))
}

/// Who had a thing, and what held it, before an event.
fn before(books: &Books, leaves: &Leaves, id: &ThingId, event: Position) -> Option<Address> {
    let mut head = leaves.record(id).unwrap().history;
    while head.length > 0 {
        let entry = &books.entries[usize::try_from(head.last.0).unwrap()];
        if entry.event < event {
            break;
        }
        head = entry.before;
    }
    let told = tell(books, leaves, id, head);
    match told.parent {
        Some(parent) => before(books, leaves, &parent, event),
        None => told.custodian,
    }
}

fn tell(books: &Books, leaves: &Leaves, id: &ThingId, mut head: Head) -> Told {
    let mut entries = Vec::new();
    while head.length > 0 {
        let entry = &books.entries[usize::try_from(head.last.0).unwrap()];
        head = entry.before;
        entries.push(entry);
    }
    let mut told = Told::default();
    let external = leaves.record(id).unwrap().external;
    for entry in entries.into_iter().rev() {
        // What someone without the licence made has never begun here.
        if external && entry.role == Role::Output {
            continue;
        }
        follow(books, leaves, entry, &mut told);
    }
    told
}

fn follow(books: &Books, leaves: &Leaves, entry: &Entry, told: &mut Told) {
    let event = &books.events[usize::try_from(entry.event.0).unwrap()];
    let account = Some(event.account);
    let possession = event.what.is_some_and(|what| what.possession());
    match (entry.kind, &entry.role) {
        (Kind::Commission, Role::Subject) | (Kind::Transform, Role::Output) => {
            told.begun = true;
            told.custodian = account;
        }
        (Kind::Accept, Role::Subject) if possession => {
            assert_eq!(event.to, account.map(Counterparty::Account));
            told.custodian = account;
        }
        (Kind::Claim, Role::Subject) if possession => told.custodian = account,
        (Kind::Release, Role::Subject) => told.custodian = None,
        (Kind::Pack, Role::Subject) => {
            let mark = entry.parent.as_ref().unwrap();
            check_mark(books, leaves, mark, entry);
            told.parent = Some(mark.id.clone());
        }
        (Kind::Pack, Role::Parent) if !told.begun => {
            told.begun = true;
            told.custodian = account;
        }
        (Kind::Unpack, Role::Subject) => {
            let mark = entry.parent.as_ref().unwrap();
            check_mark(books, leaves, mark, entry);
            assert_eq!(told.parent.as_ref(), Some(&mark.id));
            told.parent = None;
            told.custodian = before(books, leaves, &mark.id, entry.event);
        }
        _ => {}
    }
}

/// A mark is a head of its parent's history: after the entry of this pack, before the entry
/// of this unpack.
fn check_mark(books: &Books, leaves: &Leaves, mark: &ParentMark, entry: &Entry) {
    let mut head = leaves.record(&mark.id).unwrap().history;
    let mut above = None;
    while head.length > mark.head.length {
        let at = usize::try_from(head.last.0).unwrap();
        above = Some(&books.entries[at]);
        head = books.entries[at].before;
    }
    assert_eq!(head, mark.head, "a mark stands in its parent's history");
    if entry.kind == Kind::Pack {
        let newest = &books.entries[usize::try_from(head.last.0).unwrap()];
        assert_eq!((newest.event, &newest.role), (entry.event, &Role::Parent));
    } else {
        let next = above.expect("an unpacking stands in the parent's history too");
        assert_eq!((next.event, &next.role), (entry.event, &Role::Parent));
    }
}
