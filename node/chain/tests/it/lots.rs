//! Events of a lot, also those that name its items by their serials alone.

use marque_chain::reads::EventQuery;
use marque_primitives::action::{Kind, Operation, Right};
use marque_primitives::thing::{LotId, Thing};

use crate::world::*;

fn kinds(world: &World, in_lot: &str) -> Vec<Kind> {
    let query = EventQuery {
        lot: Some(LotId {
            gtin: gtin(),
            lot: lot(in_lot),
        }),
        ..EventQuery::default()
    };
    let reader = world.reader();
    let found = all(|page| reader.events(&query, page));
    found.into_iter().map(|event| event.event.kind).collect()
}

fn claim(thing: Thing) -> Operation {
    Operation::Claim {
        items: things([thing]),
        what: Right::Possession,
    }
}

/// Items of two lots that stand side by side, moved one by one, in runs and in units; some were
/// seen before they were commissioned.
fn traded() -> World {
    let world = World::trading();
    world.act(Who::Stranger, observe(items(300, 2)));
    world.act(Who::Brand, commission(items(1, 100), Some("A")));
    world.act(Who::Brand, commission(items(101, 50), Some("B")));
    world.act(Who::Brand, commission(items(300, 1), Some("C")));
    world.act(Who::Brand, offer(items(95, 3), Who::Shop));
    world.act(Who::Shop, accept(items(96, 1)));
    world
}

#[test]
fn serials_are_found_by_the_lot_that_they_belong_to() {
    let world = traded();
    let sold = [Kind::Commission, Kind::Offer, Kind::Accept];
    assert_eq!(kinds(&world, "A"), sold);
    assert_eq!(kinds(&world, "B"), [Kind::Commission]);
    // Across the border of the lots, and by who has no part in their history.
    world.act(Who::Stranger, observe(items(99, 4)));
    let seen = [Kind::Commission, Kind::Offer, Kind::Accept, Kind::Observe];
    assert_eq!(kinds(&world, "A"), seen);
    assert_eq!(kinds(&world, "B"), [Kind::Commission, Kind::Observe]);
    world.act(Who::Stranger, claim(items(140, 1)));
    world.act(Who::Brand, pack(&unit(1), items(120, 2)));
    world.act(Who::Brand, observe(unit(1).into()));
    world.act(Who::Brand, unpack(&unit(1), items(120, 1)));
    assert_eq!(kinds(&world, "A"), seen);
    assert_eq!(
        kinds(&world, "B"),
        [
            Kind::Commission,
            Kind::Observe,
            Kind::Claim,
            Kind::Pack,
            Kind::Unpack
        ]
    );
    // What was seen before it was anything is of no lot.
    assert_eq!(kinds(&world, "C"), [Kind::Commission]);
    world.act(Who::Brand, observe(items(300, 1)));
    assert_eq!(kinds(&world, "C"), [Kind::Commission, Kind::Observe]);
}

#[test]
fn lots_are_the_same_when_indexes_are_built_from_a_later_state() {
    let world = traded();
    world.act(Who::Stranger, observe(items(90, 20)));
    world.act(Who::Stranger, claim(items(140, 1)));
    // What were few runs become many, and an external one begins a lot after all.
    for serial in (91..110).step_by(2) {
        world.act(Who::Brand, observe(items(serial, 1)));
    }
    world.act(Who::Brand, commission(items(301, 1), Some("A")));
    world.act(Who::Brand, observe(items(300, 2)));
    world.chain.shutdown();
    let before = index_rows(&world);
    marque_chain::rebuild_indexes(&*world.store).unwrap();
    assert_eq!(index_rows(&world), before);
}
