//! Events, refusals, holdings, offers and lists.

use marque_chain::ChainError;
use marque_chain::reads::{
    EventQuery, HoldingFilter, ListFilter, PageRequest, RefusalQuery, Side, Span, Way,
};
use marque_primitives::TimeMs;
use marque_primitives::action::{Action, Kind, Operation};
use marque_primitives::amount::Amount;
use marque_primitives::bounded::Text;
use marque_primitives::detail::{Detail, Document, Evidence, OpenEvidence, Place};
use marque_primitives::thing::{LotId, Thing};

use crate::world::*;

fn quantity(in_lot: &str, count: u64) -> Thing {
    Thing::Lot {
        id: lot_id(in_lot),
        amount: Amount::count(count),
    }
}

fn lot_id(in_lot: &str) -> LotId {
    LotId {
        gtin: gtin(),
        lot: lot(in_lot),
    }
}

fn kinds(world: &World, query: &EventQuery) -> Vec<Kind> {
    let reader = world.reader();
    all(|page| reader.events(query, page))
        .into_iter()
        .map(|event| event.event.kind)
        .collect()
}

/// A trade with words in it, at times of its own.
fn told() -> World {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 100), Some("A")));
    let detail = Detail {
        time: Some(TimeMs(START - 86_400_000)),
        place: Some(Place::Uri(Text::new("geo:52.5,13.4").unwrap())),
        step: Some(Text::new("shipping").unwrap()),
        disposition: Some(Text::new("in_transit").unwrap()),
        evidence: Evidence::Open(OpenEvidence {
            documents: vec![Document {
                kind: Text::new("po").unwrap(),
                id: Text::new("urn:po:1").unwrap(),
            }]
            .try_into()
            .unwrap(),
            ..OpenEvidence::default()
        }),
        ..Detail::default()
    };
    world
        .send(
            Who::Brand,
            vec![Action::Intent(observe(items(1, 10)), detail)],
        )
        .unwrap();
    world.act(Who::Brand, offer(items(1, 10), Who::Shop));
    world.act(Who::Shop, accept(items(1, 10)));
    world.act(Who::Stranger, observe(items(5, 1)));
    world.act(Who::Shop, observe(items(5, 1)));
    world
}

#[test]
fn events_are_found_by_every_word_and_by_all_of_them() {
    let world = told();
    let any = EventQuery::default;
    let everything = [
        Kind::Commission,
        Kind::Observe,
        Kind::Offer,
        Kind::Accept,
        Kind::Observe,
        Kind::Observe,
    ];
    assert_eq!(kinds(&world, &any()), everything);
    let shop = Some(Who::Shop.address());
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                party: shop,
                ..any()
            }
        ),
        [Kind::Offer, Kind::Accept, Kind::Observe]
    );
    let seen = [Kind::Observe];
    let place = Some(Place::Uri(Text::new("geo:52.5,13.4").unwrap()));
    assert_eq!(kinds(&world, &EventQuery { place, ..any() }), seen);
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                step: Some(Text::new("shipping").unwrap()),
                ..any()
            }
        ),
        seen
    );
    let disposition = Some(Text::new("in_transit").unwrap());
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                disposition,
                ..any()
            }
        ),
        seen
    );
    let document = Some(Text::new("urn:po:1").unwrap());
    assert_eq!(kinds(&world, &EventQuery { document, ..any() }), seen);
    let of_kinds = EventQuery {
        kinds: vec![Kind::Accept, Kind::Commission],
        ..any()
    };
    assert_eq!(kinds(&world, &of_kinds), [Kind::Commission, Kind::Accept]);
    let both = EventQuery {
        party: shop,
        kinds: vec![Kind::Observe],
        ..any()
    };
    assert_eq!(kinds(&world, &both), [Kind::Observe]);
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                thing: Some(item(5)),
                ..any()
            }
        ),
        everything
    );
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                thing: Some(item(6)),
                ..any()
            }
        ),
        everything[..4]
    );
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                thing: Some(item(60)),
                ..any()
            }
        ),
        everything[..1]
    );
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                product: Some(gtin()),
                ..any()
            }
        ),
        everything
    );
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                declared: Some(true),
                ..any()
            }
        ),
        []
    );
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                positions: Some(2..4),
                ..any()
            }
        ),
        [Kind::Offer, Kind::Accept]
    );
    assert_eq!(
        kinds(
            &world,
            &EventQuery {
                party: Some(Who::Carrier.address()),
                ..any()
            }
        ),
        []
    );
}

#[test]
fn events_are_found_by_when_they_happened_and_when_they_were_recorded() {
    let world = told();
    let span = |from: Option<u64>, to: Option<u64>| Span {
        from: from.map(TimeMs),
        to: to.map(TimeMs),
    };
    let happened = |from, to| {
        kinds(
            &world,
            &EventQuery {
                time: span(from, to),
                ..EventQuery::default()
            },
        )
    };
    assert_eq!(
        happened(None, Some(START)),
        [Kind::Observe],
        "dated the day before"
    );
    assert_eq!(happened(Some(START), None).len(), 5);
    assert_eq!(
        happened(Some(START - 86_400_001), Some(START - 86_399_999)),
        [Kind::Observe]
    );
    assert_eq!(happened(Some(START - 86_399_999), Some(START)), []);
    let recorded = |from, to| {
        kinds(
            &world,
            &EventQuery {
                recorded: span(from, to),
                ..EventQuery::default()
            },
        )
    };
    // The third transaction, three seconds after the start, is the first with an event.
    assert_eq!(
        recorded(Some(START + 3_000), Some(START + 4_000)),
        [Kind::Commission, Kind::Observe]
    );
    assert_eq!(
        recorded(Some(START + 4_001), Some(START + 5_000)),
        [Kind::Offer]
    );
    assert_eq!(recorded(Some(START + 60_000), None), []);
    assert_eq!(recorded(None, Some(START)), []);
}

#[test]
fn refusals_are_found_by_party_rule_product_and_thing() {
    let world = told();
    world.refused(Who::Stranger, offer(items(7, 1), Who::Shop));
    world.refused(Who::Carrier, accept(items(8, 2)));
    let found = |query: &RefusalQuery| -> Vec<String> {
        let reader = world.reader();
        let refused = all(|page| reader.refusals(query, page));
        refused
            .iter()
            .map(|refused| refused.refusal.name.to_string())
            .collect()
    };
    let any = RefusalQuery::default;
    let both = found(&any());
    assert_eq!(both.len(), 2);
    assert_eq!(
        found(&RefusalQuery {
            party: Some(Who::Carrier.address()),
            ..any()
        }),
        both[1..]
    );
    assert_eq!(
        found(&RefusalQuery {
            rule: Some(both[0].clone()),
            ..any()
        }),
        both[..1]
    );
    assert_eq!(
        found(&RefusalQuery {
            product: Some(gtin()),
            ..any()
        }),
        both
    );
    assert_eq!(
        found(&RefusalQuery {
            thing: Some(item(7)),
            ..any()
        }),
        both[..1]
    );
    assert_eq!(
        found(&RefusalQuery {
            thing: Some(item(9)),
            ..any()
        }),
        both[1..]
    );
    assert_eq!(
        found(&RefusalQuery {
            thing: Some(item(10)),
            ..any()
        }),
        [""; 0]
    );
    let late = Span {
        from: Some(TimeMs(START + 60_000)),
        to: None,
    };
    assert_eq!(
        found(&RefusalQuery {
            recorded: late,
            ..any()
        }),
        [""; 0]
    );
}

#[test]
fn a_page_of_holdings_never_goes_on_inside_what_has_moved() {
    let world = World::trading();
    let (case, pallet) = (unit(1), unit(2));
    world.act(Who::Brand, commission(items(1, 100), None));
    world.act(Who::Brand, pack(&case, items(1, 10)));
    world.act(Who::Brand, pack(&case, items(20, 10)));
    world.act(Who::Brand, pack(&pallet, case.clone().into()));
    world.act(Who::Brand, commission(quantity("Q", 5), None));
    let open = HoldingFilter {
        expand: true,
        product: None,
    };
    let brand = Who::Brand.address();
    // Up to a place in the list, and what follows there after `change`.
    let from = |last: Thing, change: &dyn Fn()| -> Vec<Thing> {
        let mut request = PageRequest::first(1);
        loop {
            let page = world.reader().holdings(&brand, &open, &request).unwrap();
            request.cursor = page.cursor;
            if page.items[0].thing == last {
                break;
            }
        }
        change();
        request.limit = None;
        let page = world.reader().holdings(&brand, &open, &request).unwrap();
        page.items.into_iter().map(|held| held.thing).collect()
    };
    let rest = from(items(1, 10), &|| ());
    assert_eq!(rest, [items(20, 10), quantity("Q", 5)]);
    // What was inside the pallet goes on outside of it.
    let rest = from(case.clone().into(), &|| {
        world.act(Who::Brand, unpack(&pallet, case.clone().into()));
    });
    assert_eq!(rest, [quantity("Q", 5)]);
    world.act(Who::Brand, pack(&pallet, case.clone().into()));
    // The pallet is another's: nothing in it is listed.
    let rest = from(items(1, 10), &|| {
        world.act(Who::Brand, offer(pallet.clone().into(), Who::Shop));
        world.act(Who::Shop, accept(pallet.clone().into()));
    });
    assert_eq!(rest, [quantity("Q", 5)]);
}

#[test]
fn holdings_follow_custody_and_open_units_on_demand() {
    let world = World::trading();
    let (case, pallet) = (unit(1), unit(2));
    world.act(Who::Brand, commission(items(1, 100), Some("A")));
    world.act(Who::Brand, commission(quantity("Q", 50), None));
    world.act(Who::Brand, pack(&case, items(1, 10)));
    world.act(Who::Brand, pack(&case, quantity("Q", 20)));
    world.act(Who::Brand, pack(&pallet, case.clone().into()));
    let held = |who: Who, filter: &HoldingFilter| -> Vec<Thing> {
        let reader = world.reader();
        all(|page| reader.holdings(&who.address(), filter, page))
            .into_iter()
            .map(|held| held.thing)
            .collect()
    };
    let flat = HoldingFilter::default();
    let open = HoldingFilter {
        expand: true,
        product: None,
    };
    let top = [items(11, 90), pallet.clone().into(), quantity("Q", 30)];
    assert_eq!(held(Who::Brand, &flat), top);
    let inside = [case.clone().into(), items(1, 10), quantity("Q", 20)];
    let everything = [&top[..2], &inside, &top[2..]].concat();
    assert_eq!(held(Who::Brand, &open), everything);
    let product = HoldingFilter {
        expand: false,
        product: Some(gtin()),
    };
    assert_eq!(
        held(Who::Brand, &product),
        [items(11, 90), quantity("Q", 30)]
    );
    let product_open = HoldingFilter {
        expand: true,
        product: Some(gtin()),
    };
    let of_product = [
        items(11, 90),
        items(1, 10),
        quantity("Q", 20),
        quantity("Q", 30),
    ];
    assert_eq!(held(Who::Brand, &product_open), of_product);
    world.act(Who::Brand, offer(pallet.clone().into(), Who::Shop));
    world.act(Who::Shop, accept(pallet.clone().into()));
    assert_eq!(held(Who::Brand, &open), [items(11, 90), quantity("Q", 30)]);
    assert_eq!(
        held(Who::Shop, &open),
        [&[pallet.clone().into()][..], &inside].concat()
    );
    world.act(Who::Shop, unpack(&case, items(4, 1)));
    assert_eq!(held(Who::Shop, &flat), [items(4, 1), pallet.into()]);
    let reader = world.reader();
    let children = all(|page| reader.children(&case, page));
    assert_eq!(children.len(), 3, "two parts of the run and the quantity");
    assert_eq!(held(Who::Stranger, &flat), []);
    let lots = all(|page| reader.lot_items(&lot_id("A"), page));
    assert_eq!(lots.len(), 4);
    assert_eq!(all(|page| reader.balances(&lot_id("Q"), page)).len(), 2);
}

#[test]
fn offers_wait_on_both_sides_until_they_are_closed() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 100), None));
    for first in [1, 11, 21] {
        world.act(Who::Brand, offer(items(first, 5), Who::Shop));
    }
    let count = |who: Who, side| {
        let reader = world.reader();
        all(|page| reader.offers(&who.address(), side, page)).len()
    };
    assert_eq!(
        (count(Who::Shop, Side::In), count(Who::Brand, Side::Out)),
        (3, 3)
    );
    assert_eq!(
        (count(Who::Shop, Side::Out), count(Who::Brand, Side::In)),
        (0, 0)
    );
    world.act(Who::Shop, accept(items(1, 2)));
    assert_eq!(count(Who::Shop, Side::In), 3, "a part is still open");
    world.act(Who::Shop, accept(items(3, 3)));
    world.act(
        Who::Brand,
        Operation::Withdraw {
            items: things([items(11, 5)]),
        },
    );
    assert_eq!(
        (count(Who::Shop, Side::In), count(Who::Brand, Side::Out)),
        (1, 1)
    );
}

#[test]
fn what_is_kept_for_the_newest_block_is_not_asked_of_an_earlier_one() {
    let world = World::trading();
    let before = world.reader().head().height();
    world.act(Who::Brand, commission(items(1, 5), None));
    let reader = world.chain.reader_at(before).unwrap();
    let any = HoldingFilter {
        expand: false,
        product: None,
    };
    let asked = reader.holdings(&Who::Brand.address(), &any, &PageRequest::first(1));
    assert!(matches!(asked, Err(ChainError::NewestOnly)), "{asked:?}");
}

#[test]
fn a_lots_reach_goes_through_transformations_and_packing() {
    let world = World::trading();
    world.act(Who::Brand, commission(quantity("raw", 100), None));
    let transform = |inputs, outputs, in_lot: Option<&str>| Operation::Transform {
        id: None,
        inputs: things([inputs]),
        outputs: things([outputs]),
        lot: in_lot.map(lot),
        expiry: None,
    };
    world.act(
        Who::Brand,
        transform(quantity("raw", 60), quantity("mixed", 50), None),
    );
    world.act(
        Who::Brand,
        transform(quantity("mixed", 50), items(1, 25), Some("cans")),
    );
    world.act(Who::Brand, pack(&unit(1), items(1, 10)));
    let reader = world.reader();
    let lots = |way, of: &str| -> Vec<(Option<LotId>, u32)> {
        let links = reader.lot_links(&lot_id(of), way).unwrap();
        links
            .into_iter()
            .map(|link| (link.lot, link.depth))
            .collect()
    };
    let id = |name: &str| Some(lot_id(name));
    assert_eq!(
        lots(Way::Downstream, "raw"),
        [(id("mixed"), 1), (id("cans"), 2)]
    );
    assert_eq!(
        lots(Way::Upstream, "cans"),
        [(id("mixed"), 1), (id("raw"), 2)]
    );
    assert_eq!(lots(Way::Upstream, "raw"), []);
    let reached = all(|page| reader.lot_reach(&lot_id("raw"), page));
    let things: Vec<_> = reached
        .iter()
        .map(|reached| reached.held.thing.clone())
        .collect();
    assert_eq!(things, [quantity("raw", 40), items(1, 10), items(11, 15)]);
    assert!(
        reached
            .iter()
            .all(|reached| reached.holder == Some(Who::Brand.address()))
    );
    assert_eq!(reached[1].parents, [unit(1)]);
}

#[test]
fn transformations_reported_in_parts_are_joined() {
    let world = World::trading();
    world.act(Who::Brand, commission(quantity("raw", 100), None));
    let part = |inputs: Vec<Thing>, outputs: Vec<Thing>| Operation::Transform {
        id: Some(Text::new("urn:batch:1").unwrap()),
        inputs: things(inputs),
        outputs: things(outputs),
        lot: None,
        expiry: None,
    };
    world.act(Who::Brand, part(vec![quantity("raw", 10)], vec![]));
    world.act(Who::Brand, part(vec![], vec![quantity("made", 5)]));
    let reader = world.reader();
    let links = reader.lot_links(&lot_id("raw"), Way::Downstream).unwrap();
    assert_eq!(
        links.into_iter().map(|link| link.lot).collect::<Vec<_>>(),
        [Some(lot_id("made"))]
    );
    let links = reader.lot_links(&lot_id("made"), Way::Upstream).unwrap();
    assert_eq!(
        links.into_iter().map(|link| link.lot).collect::<Vec<_>>(),
        [Some(lot_id("raw"))]
    );
}

#[test]
fn what_is_registered_is_listed() {
    let world = World::trading();
    let reader = world.reader();
    let brand = ListFilter {
        brand: Some(Who::Brand.address()),
        contract: None,
    };
    let nobody = ListFilter {
        brand: Some(Who::Shop.address()),
        contract: None,
    };
    for filter in [ListFilter::default(), brand] {
        assert_eq!(all(|page| reader.products(&filter, page)).len(), 1);
        assert_eq!(all(|page| reader.prefix_licences(&filter, page)).len(), 1);
        assert_eq!(all(|page| reader.key_licences(&filter, page)).len(), 0);
        assert_eq!(all(|page| reader.contracts(&filter, page)).len(), 0);
        assert_eq!(all(|page| reader.recalls(&filter, page)).len(), 0);
    }
    assert_eq!(all(|page| reader.products(&nobody, page)).len(), 0);
    assert_eq!(all(|page| reader.parties(page)).len(), 0);
}

#[test]
fn a_cursor_belongs_to_its_list() {
    let world = told();
    let reader = world.reader();
    let page = reader
        .events(&EventQuery::default(), &PageRequest::first(1))
        .unwrap();
    let request = PageRequest {
        cursor: page.cursor,
        limit: None,
    };
    assert!(matches!(
        reader.refusals(&RefusalQuery::default(), &request),
        Err(ChainError::BadCursor)
    ));
    assert!("x".parse::<marque_chain::reads::Cursor>().is_err());
    let garbage = PageRequest {
        cursor: Some("0x6501".parse().unwrap()),
        limit: None,
    };
    let error = reader.events(&EventQuery::default(), &garbage).unwrap_err();
    assert_eq!(
        (error.code(), error.name(), error.retryable()),
        (-32602, "BadCursor", false)
    );
}

#[test]
fn indexes_built_again_from_blocks_and_state_are_the_same() {
    let world = told();
    world.refused(Who::Stranger, offer(items(7, 1), Who::Shop));
    world.act(Who::Brand, commission(quantity("raw", 10), None));
    let made = Operation::Transform {
        id: Some(Text::new("urn:batch:1").unwrap()),
        inputs: things([quantity("raw", 10)]),
        outputs: things([quantity("made", 5)]),
        lot: None,
        expiry: None,
    };
    world.act(Who::Brand, made);
    world.act(Who::Brand, pack(&unit(1), items(90, 5)));
    world.chain.shutdown();
    let before = index_rows(&world);
    assert!(before.iter().all(|rows| !rows.is_empty()));
    marque_chain::rebuild_indexes(&*world.store).unwrap();
    assert_eq!(index_rows(&world), before);
}
