//! Traces: own history, parents' moves while packed, what stands beside.

use marque_chain::reads::{Source, TraceLine, TraceOf};
use marque_primitives::action::{Kind, Operation, RecallTarget};
use marque_primitives::bounded::{List, Text};
use marque_primitives::thing::{LotId, Thing, ThingId};

use crate::world::*;

/// A trace as words: whose line it is, and what happened.
fn told(world: &World, of: &ThingId) -> Vec<String> {
    let reader = world.reader();
    let lines = all(|page| reader.trace(&TraceOf::Thing(of.clone()), true, page));
    let whole = reader
        .trace(
            &TraceOf::Thing(of.clone()),
            true,
            &marque_chain::reads::PageRequest::default(),
        )
        .unwrap();
    assert_eq!(lines, whole.items, "pages are parts of the whole");
    lines.iter().map(tell).collect()
}

fn tell(line: &TraceLine) -> String {
    match line {
        TraceLine::Recorded {
            source,
            entry,
            event,
        } => {
            let source = match source {
                Source::Own => "own",
                Source::Parent(_) => "parent",
                Source::Lot => "lot",
                Source::Product => "product",
                Source::Beside => "beside",
            };
            let (kind, inferred) = match entry {
                Some((_, entry)) => (entry.kind, entry.inferred),
                None => (event.event.kind, false),
            };
            let inferred = if inferred { " inferred" } else { "" };
            format!("{source} {}{inferred}", kind.name())
        }
        TraceLine::Refused(refused) => format!("refused {}", refused.refusal.name.as_str()),
    }
}

#[test]
fn an_item_tells_its_own_history_and_what_others_saw() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 100), Some("A")));
    world.act(Who::Stranger, observe(items(40, 20)));
    assert_eq!(
        world.refused(Who::Stranger, offer(items(42, 1), Who::Shop)),
        "NotCustodian"
    );
    world.act(Who::Brand, offer(items(41, 10), Who::Shop));
    world.act(Who::Shop, accept(items(42, 1)));
    let sold = [
        "own commission",
        "beside observe",
        "refused NotCustodian",
        "own offer",
        "own accept",
    ];
    assert_eq!(told(&world, &item(42)), sold);
    assert_eq!(
        told(&world, &item(43)),
        ["own commission", "beside observe", "own offer"]
    );
    assert_eq!(told(&world, &item(60)), ["own commission"]);
    assert_eq!(
        told(&world, &item(59)),
        ["own commission", "beside observe"]
    );
    assert_eq!(told(&world, &item(1_000)), [""; 0]);
}

#[test]
fn a_packed_item_travels_with_its_pallet_and_the_pallets_pallet() {
    let world = World::trading();
    let (case, pallet) = (unit(1), unit(2));
    world.act(Who::Brand, commission(items(1, 100), None));
    world.act(Who::Brand, pack(&case, items(1, 10)));
    world.act(Who::Brand, observe(case.clone().into()));
    world.act(Who::Brand, pack(&pallet, case.clone().into()));
    world.act(Who::Brand, pack(&pallet, items(50, 1)));
    world.act(Who::Brand, offer(pallet.clone().into(), Who::Carrier));
    world.act(Who::Carrier, accept(pallet.clone().into()));
    world.act(Who::Shop, observe(pallet.clone().into()));
    assert_eq!(
        told(&world, &item(5)),
        [
            "own commission",
            "own pack",
            "parent observe",
            "parent pack",
            "parent offer",
            "parent accept",
            "beside observe"
        ]
    );
    // Packed later, it has no part in what came before.
    assert_eq!(
        told(&world, &item(50)),
        [
            "own commission",
            "own pack",
            "parent offer",
            "parent accept",
            "beside observe"
        ]
    );
    world.act(Who::Carrier, unpack(&case, items(5, 1)));
    world.act(Who::Carrier, offer(pallet.clone().into(), Who::Shop));
    world.act(Who::Shop, accept(pallet.into()));
    let told_five = told(&world, &item(5));
    assert_eq!(told_five.last().map(String::as_str), Some("own unpack"));
    assert_eq!(told_five.len(), 8, "{told_five:?}");
    assert_eq!(
        told(&world, &item(6)).last().map(String::as_str),
        Some("parent accept")
    );
}

#[test]
fn a_case_that_leaves_and_another_pallet_are_kept_apart() {
    let world = World::trading();
    // The second pallet's number is of a prefix that nobody has licensed.
    let (case, first, second) = (unit(1), unit(2), unit(10_000_000_000));
    world.act(Who::Brand, commission(items(1, 10), None));
    world.act(Who::Brand, pack(&case, items(1, 10)));
    world.act(Who::Brand, pack(&first, case.clone().into()));
    world.act(Who::Brand, offer(first.clone().into(), Who::Carrier));
    world.act(Who::Carrier, accept(first.clone().into()));
    world.act(Who::Carrier, unpack(&first, case.clone().into()));
    world.act(Who::Carrier, observe(first.into()));
    world.act(Who::Carrier, pack(&second, case.clone().into()));
    world.act(Who::Carrier, observe(second.into()));
    world.act(Who::Carrier, unpack(&case, items(3, 1)));
    world.act(Who::Carrier, observe(case.into()));
    assert_eq!(
        told(&world, &item(3)),
        [
            "own commission",
            "own pack",
            "parent pack",
            "parent offer",
            "parent accept",
            "parent unpack",
            "parent pack",
            "parent observe",
            "own unpack",
        ]
    );
}

#[test]
fn recalls_of_product_and_lot_stand_in_every_items_trace() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 10), Some("A")));
    world.act(Who::Brand, commission(items(11, 10), Some("B")));
    let recall = |target| Operation::Recall {
        target,
        reason: Text::new("salmonella").unwrap(),
        instructions: Text::default(),
        collectors: List::default(),
    };
    let id = LotId {
        gtin: gtin(),
        lot: lot("A"),
    };
    world.act(Who::Brand, recall(RecallTarget::Lot(id.clone())));
    world.act(Who::Brand, recall(RecallTarget::Product(gtin())));
    assert_eq!(
        told(&world, &item(1)),
        ["own commission", "lot recall", "product recall"]
    );
    assert_eq!(
        told(&world, &item(11)),
        ["own commission", "product recall"]
    );
    let reader = world.reader();
    let lines = all(|page| reader.trace(&TraceOf::Lot(id.clone()), true, page));
    let kinds: Vec<Kind> = lines
        .iter()
        .filter_map(|line| match line {
            TraceLine::Recorded { event, .. } => Some(event.event.kind),
            TraceLine::Refused(_) => None,
        })
        .collect();
    assert!(kinds.contains(&Kind::Recall), "{kinds:?}");
}

#[test]
fn a_trace_as_of_an_earlier_block_ends_there() {
    let world = World::trading();
    world.act(Who::Brand, commission(items(1, 10), None));
    let height = world.reader().head().height();
    world.act(Who::Stranger, observe(items(1, 1)));
    world.act(Who::Brand, offer(items(1, 1), Who::Shop));
    let reader = world.chain.reader_at(height).unwrap();
    let of = TraceOf::Thing(item(1));
    let lines = all(|page| reader.trace(&of, true, page));
    assert_eq!(
        lines.iter().map(tell).collect::<Vec<_>>(),
        ["own commission"]
    );
    assert_eq!(reader.head().height(), height);
    let thing: Thing = item(1).into();
    assert!(matches!(thing, Thing::Run { .. }));
}
