//! An event says all that its operation said beyond the things that it names.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use marque_primitives::Hash;
use marque_primitives::TimeMs;
use marque_primitives::action::{Action, Anchor, OfferId, Operation, RecallId, RecallTarget};
use marque_primitives::bounded::List;
use marque_primitives::date::Date;
use marque_primitives::detail::{Detail, Document, Evidence, OpenEvidence, Place};
use marque_primitives::history::{Event, Terms};
use marque_primitives::thing::Thing;

fn last(world: &World) -> &Event {
    world.books.events.last().unwrap()
}

fn terms(world: &World) -> Option<Terms> {
    last(world).terms.clone()
}

fn world() -> World {
    let mut world = World::new();
    world.done(DAIRY, commission(things([run(cheese(), 0, 20)])));
    assert_eq!(terms(&world), None);
    world
}

#[test]
fn an_ended_tie_differs_from_a_made_one() {
    let mut world = world();
    let open = OpenEvidence {
        documents: List::new(vec![Document {
            kind: Default::default(),
            id: "urn:x:po".try_into().unwrap(),
        }])
        .unwrap(),
        ..OpenEvidence::default()
    };
    for (unlink, said) in [(false, None), (true, Some(Terms::Unlink))] {
        let link = Operation::Link {
            items: things([one(cheese(), 0)]),
            parent: None,
            unlink,
        };
        let detail = Detail {
            evidence: Evidence::Open(open.clone()),
            ..Detail::default()
        };
        world.act(DAIRY, Action::Intent(link, detail));
        assert_eq!(terms(&world), said);
    }
}

#[test]
fn a_declared_error_names_its_event_reason_and_remedy() {
    let mut world = world();
    world.captured(DAIRY, report(1, things([one(cheese(), 0)]), vec![]));
    let corrective = List::new(vec!["urn:event:2".try_into().unwrap()]).unwrap();
    world.done(
        DAIRY,
        Operation::DeclareError {
            event: Hash([1; 32]),
            event_id: None,
            reason: Some("did_not_occur".try_into().unwrap()),
            corrective: corrective.clone(),
        },
    );
    let said = Terms::Correction {
        event: Hash([1; 32]),
        reason: Some("did_not_occur".try_into().unwrap()),
        corrective,
    };
    assert_eq!(terms(&world), Some(said));
}

#[test]
fn an_association_names_its_place() {
    let mut world = world();
    let place = Place::Uri("geo:1,1".try_into().unwrap());
    let parent = Anchor::Place(place.clone());
    let children = things([run(cheese(), 0, 5)]);
    world.done(
        DAIRY,
        Operation::Associate {
            parent: parent.clone(),
            children: children.clone(),
        },
    );
    assert_eq!(terms(&world), Some(Terms::Anchor(place.clone())));
    world.done(DAIRY, Operation::Dissociate { parent, children });
    assert_eq!(terms(&world), Some(Terms::Anchor(place)));
}

#[test]
fn recalls_and_offers_are_named_by_number() {
    let mut world = world();
    world.done(DAIRY, recall(RecallTarget::Product(cheese())));
    assert_eq!(terms(&world), Some(Terms::Recall(RecallId(1))));
    world.done(DAIRY, lift(1));
    assert_eq!(terms(&world), Some(Terms::Recall(RecallId(1))));
    let deadline = world.time + 1_000_000;
    world.done(
        DAIRY,
        offer_until(things([run(cheese(), 0, 5)]), SHOP, deadline),
    );
    let said = Terms::Offer {
        number: OfferId(1),
        deadline: Some(TimeMs(deadline)),
    };
    assert_eq!(terms(&world), Some(said));
    world.done(DAIRY, offer(things([run(cheese(), 5, 5)]), SHOP));
    world.done(SHOP, accept(things([run(cheese(), 2, 6)])));
    let offers = List::new(vec![OfferId(1), OfferId(2)]).unwrap();
    assert_eq!(terms(&world), Some(Terms::Answer { offers }));
}

#[test]
fn a_commission_says_lot_and_expiry_and_a_transformation_its_sides() {
    let mut world = world();
    let (own, expiry) = (lot_number("OWN"), Date::from_ymd(2027, 5, 1));
    let Thing::Run { run: other, .. } = run(milk(), 5, 1) else {
        panic!("a run");
    };
    let other = Thing::Run {
        run: other,
        lot: Some(own),
    };
    let items = things([run(milk(), 0, 5), other.clone()]);
    world.done(
        DAIRY,
        commission_in(items.clone(), Some(lot_number("M")), expiry),
    );
    let said = Terms::Birth {
        lot: Some(lot_number("M")),
        expiry,
    };
    assert_eq!(terms(&world), Some(said));
    assert_eq!(last(&world).items.to_vec(), items.to_vec());
    // One thing is used up, one survives, one is made.
    let (used, kept, made) = (
        Thing::from(one(cheese(), 0)),
        Thing::from(one(cheese(), 1)),
        Thing::from(one(cheese(), 90)),
    );
    let (inputs, outputs) = ([kept.clone(), used.clone()], [made.clone(), kept.clone()]);
    world.done(
        DAIRY,
        transform(things(inputs.clone()), things(outputs.clone())),
    );
    let event = last(&world);
    let sides = event.sides().unwrap();
    assert_eq!(sides, (&[used, kept.clone()][..], &[kept, made][..]));
}
