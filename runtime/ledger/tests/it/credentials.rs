//! What parties say of one another: each its own word alone, and never about the past.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, reply};
use crate::world::{STEP, Tx, World, tx};
use marque_abi::invocation::Read;
use marque_ledger::read;
use marque_primitives::action::{Action, Kind, PartyRef, Registration, Scope};
use marque_primitives::history::{Counterparty, Terms};
use marque_primitives::record::Credential;
use marque_primitives::refusal::Invariant;
use marque_primitives::{Address, TimeMs};
use parity_scale_codec::DecodeAll;

const KIND: &str = "wholesale-distribution";
const CLERK: Address = Address([101; 20]);

/// `from` and `until` in blocks from the next one on.
fn issue(world: &World, subject: Address, from: Option<u64>, until: Option<u64>) -> Action {
    let moment = |blocks: u64| world.next().time.plus(blocks * STEP);
    numbered(subject, "WDA-1", from.map(moment), until.map(moment))
}

fn numbered(subject: Address, number: &str, from: Option<TimeMs>, until: Option<TimeMs>) -> Action {
    register(Registration::IssueCredential {
        subject: PartyRef::Account(subject),
        kind: KIND.parse().unwrap(),
        number: number.parse().unwrap(),
        from,
        until,
    })
}

fn revoke(subject: Address) -> Action {
    register(Registration::RevokeCredential {
        subject: PartyRef::Account(subject),
        kind: KIND.parse().unwrap(),
    })
}

fn credential(world: &World, subject: Address, issuer: Address) -> Option<Credential> {
    read::credential(&world.state, &subject, &issuer, &KIND.parse().unwrap()).unwrap()
}

#[track_caller]
fn refused(world: &mut World, who: Address, action: Action, invariant: Invariant, field: &str) {
    let refusal = world.refuses(tx(who, vec![action]));
    assert!(refusal.is(invariant), "{refusal}");
    assert_eq!(refusal.field.as_deref(), Some(field), "{refusal}");
}

#[test]
fn an_issuer_issues_and_revokes_and_events_tell_of_both() {
    let mut world = World::new();
    let now = world.next().time;
    let issued = world.act(PHARMA, issue(&world, SHOP, None, Some(100)));
    let held = credential(&world, SHOP, PHARMA).unwrap();
    assert_eq!((held.from, held.revoked), (now, None));
    assert_eq!(Some(held.event), issued.event);
    assert!(held.valid_at(now));
    let revoked_at = world.next().time;
    let revoked = world.act(PHARMA, revoke(SHOP));
    let ended = credential(&world, SHOP, PHARMA).unwrap();
    assert_eq!(ended.revoked, Some(revoked_at));
    assert!(ended.valid_at(now) && !ended.valid_at(revoked_at));
    for (receipt, is_end) in [(issued, false), (revoked, true)] {
        let event = &world.books.events[usize::try_from(receipt.event.unwrap().0).unwrap()];
        assert_eq!((event.kind, event.account), (Kind::Credential, PHARMA));
        assert_eq!(event.to, Some(Counterparty::Account(SHOP)));
        let said = Terms::Credential {
            kind: KIND.parse().unwrap(),
            number: "WDA-1".parse().unwrap(),
            from: now,
            until: held.until,
            revoked: is_end,
        };
        assert_eq!(event.terms, Some(said));
    }
}

#[test]
fn both_sides_are_registered_parties() {
    let mut world = World::new();
    let unknown = Invariant::UnknownParty;
    let of_stranger = issue(&world, STRANGER, None, None);
    refused(&mut world, PHARMA, of_stranger, unknown, "subject");
    let by_stranger = issue(&world, SHOP, None, None);
    refused(&mut world, STRANGER, by_stranger, unknown, "account");
    let nowhere = register(Registration::RevokeCredential {
        subject: PartyRef::Location(gln(99)),
        kind: KIND.parse().unwrap(),
    });
    refused(&mut world, PHARMA, nowhere, unknown, "subject");
    // By its location as well as by its account.
    let by_location = register(Registration::IssueCredential {
        subject: PartyRef::Location(dealers_dock()),
        kind: KIND.parse().unwrap(),
        number: "WDA-1".parse().unwrap(),
        from: None,
        until: None,
    });
    world.act(PHARMA, by_location);
    assert!(credential(&world, DEALER, PHARMA).is_some());
}

#[test]
fn nothing_holds_before_it_was_said() {
    let mut world = World::new();
    let now = world.next().time;
    let earlier = numbered(SHOP, "WDA-1", Some(TimeMs(now.0 - 1)), None);
    refused(&mut world, PHARMA, earlier, Invariant::Retroactive, "from");
    let now = world.next().time;
    let ended = numbered(SHOP, "WDA-1", None, Some(TimeMs(now.0 - 1)));
    refused(&mut world, PHARMA, ended, Invariant::InvalidPeriod, "until");
    let backwards = issue(&world, SHOP, Some(5), Some(4));
    refused(
        &mut world,
        PHARMA,
        backwards,
        Invariant::InvalidPeriod,
        "until",
    );
    let now = world.next().time;
    world.act(PHARMA, numbered(SHOP, "WDA-1", Some(now), Some(now)));
    assert!(credential(&world, SHOP, PHARMA).unwrap().valid_at(now));
}

#[test]
fn a_renewal_ahead_of_time_takes_nothing_away() {
    let mut world = World::new();
    world.act(PHARMA, issue(&world, SHOP, None, Some(10)));
    let first = credential(&world, SHOP, PHARMA).unwrap();
    let until = first.until.unwrap();
    let joined = numbered(SHOP, "WDA-1", Some(until.plus(1)), Some(until.plus(STEP)));
    world.act(PHARMA, joined);
    let renewed = credential(&world, SHOP, PHARMA).unwrap();
    assert_eq!(renewed.from, first.from);
    assert_eq!(renewed.until, Some(until.plus(STEP)));
    // With a gap, or under another number that begins later, it would be gone in between.
    let end = renewed.until.unwrap();
    let gap = numbered(SHOP, "WDA-1", Some(end.plus(2)), None);
    refused(&mut world, PHARMA, gap, Invariant::InvalidPeriod, "from");
    let other = numbered(SHOP, "WDA-2", Some(end), None);
    refused(&mut world, PHARMA, other, Invariant::InvalidPeriod, "from");
    assert_eq!(credential(&world, SHOP, PHARMA), Some(renewed));
    // Another number says nothing of the time before.
    let now = world.next().time;
    world.act(PHARMA, numbered(SHOP, "WDA-2", None, None));
    assert_eq!(credential(&world, SHOP, PHARMA).unwrap().from, now);
}

#[test]
fn what_ended_or_was_revoked_begins_anew() {
    let mut world = World::new();
    world.act(PHARMA, issue(&world, SHOP, None, Some(0)));
    let now = world.next().time;
    world.act(PHARMA, issue(&world, SHOP, None, None));
    assert_eq!(credential(&world, SHOP, PHARMA).unwrap().from, now);
    world.act(PHARMA, revoke(SHOP));
    let later = world.next().time.plus(50 * STEP);
    world.act(PHARMA, numbered(SHOP, "WDA-1", Some(later), None));
    let again = credential(&world, SHOP, PHARMA).unwrap();
    assert_eq!((again.from, again.revoked), (later, None));
    // What is still to come can be moved and revoked.
    world.act(PHARMA, issue(&world, SHOP, Some(70), None));
    world.act(PHARMA, revoke(SHOP));
    let never = credential(&world, SHOP, PHARMA).unwrap();
    assert!(!never.valid_at(never.from));
}

#[test]
fn an_issuer_changes_its_own_word_alone_and_once() {
    let mut world = World::new();
    let unknown = Invariant::UnknownCredential;
    refused(&mut world, PHARMA, revoke(SHOP), unknown, "kind");
    world.act(PHARMA, issue(&world, SHOP, None, Some(2)));
    let before = credential(&world, SHOP, PHARMA);
    for other in [DAIRY, SHOP, REGISTRAR] {
        refused(&mut world, other, revoke(SHOP), unknown, "kind");
    }
    // Another issuer of the same kind has a record of its own.
    world.act(DAIRY, numbered(SHOP, "WDA-9", None, None));
    assert_eq!(credential(&world, SHOP, PHARMA), before);
    // Nothing is left to end.
    refused(&mut world, PHARMA, revoke(SHOP), unknown, "kind");
    world.act(DAIRY, revoke(SHOP));
    refused(&mut world, DAIRY, revoke(SHOP), unknown, "kind");
}

#[test]
fn a_key_issues_within_its_scope_alone() {
    let mut world = World::new();
    let by_clerk = |actions| Tx {
        key: CLERK,
        ..tx(PHARMA, actions)
    };
    let scopes = [
        (Some(Kind::Credential), None, true),
        (Some(Kind::Register), None, false),
        (None, Some(pills()), false),
        (None, None, true),
    ];
    for (kind, product, allowed) in scopes {
        let scope = Scope {
            kinds: kind.map(|kind| vec![kind].try_into().unwrap()),
            products: product.map(|product| vec![product].try_into().unwrap()),
            ..Scope::default()
        };
        let grant = Registration::AuthorizeKey { key: CLERK, scope };
        world.act(PHARMA, register(grant));
        let deed = by_clerk(vec![issue(&world, SHOP, None, None)]);
        if allowed {
            world.applied(deed);
        } else {
            let refusal = world.refuses(deed);
            assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
        }
    }
    // Who may only issue credentials registers nothing else.
    let scope = Scope {
        kinds: Some(vec![Kind::Credential].try_into().unwrap()),
        ..Scope::default()
    };
    world.act(
        PHARMA,
        register(Registration::AuthorizeKey { key: CLERK, scope }),
    );
    let appoint = register(Registration::Appoint {
        gtin: pills(),
        party: account(SHOP),
        dismiss: false,
    });
    let refusal = world.refuses(by_clerk(vec![appoint]));
    assert!(refusal.is(Invariant::OutOfScope), "{refusal}");
}

#[test]
fn a_contract_reads_any_partys_credential_at_a_price() {
    let mut world = World::new();
    world.act(PHARMA, issue(&world, SHOP, None, None));
    let held = credential(&world, SHOP, PHARMA);
    let id = |kind: &str| {
        let kind: marque_primitives::Text<255> = kind.try_into().unwrap();
        (SHOP, PHARMA, kind)
    };
    let answer = world.run(Program::new().read(Read::Credential, &id(KIND)));
    let (code, bytes) = reply(&answer);
    assert!(code >= 0);
    assert_eq!(Some(Credential::decode_all(&mut &*bytes).unwrap()), held);
    let none = world.run(Program::new().read(Read::Credential, &id("food-facility")));
    assert_eq!(reply(&none).0, marque_abi::calls::ABSENT);
    // Another spelling is a mistake of the contract, and not an answer of "none".
    for lookalike in ["Wholesale-distribution", "wholesale--distribution", ""] {
        let program = Program::new().read(Read::Credential, &id(lookalike));
        let deed = message(world.dairy_contract, "run", &program.0);
        let refusal = world.refuses(tx(DAIRY, vec![deed]));
        assert!(refusal.is(Invariant::Trapped), "{refusal}");
        assert!(refusal.message.contains("malformedId"), "{refusal}");
    }
}
