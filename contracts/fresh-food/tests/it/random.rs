//! Whatever anyone tries: the kernel's invariants hold, and the contract's.

use crate::scene::{Scene, field, scene};
use marque_primitives::action::Right;
use marque_primitives::history::Counterparty;
use marque_primitives::{Address, Decimal};
use marque_testing::{Attempt, Movements, Random, Step, World};

const MOVEMENTS: u64 = 1_000;

/// Mostly complete records, in the words of all stages, and now and then a thermometer.
fn papers<'w>(step: Step<'w>, random: &mut Random) -> Step<'w> {
    let mut step = match random.one_in(8) {
        true => step,
        false => step
            .here()
            .document("prodorder", "https://valley.example/po/1"),
    };
    if random.one_in(2) {
        step = step.then_at_place(field());
    }
    if random.one_in(2) {
        step = step
            .fact("harvestDate", "2026-05-01")
            .fact("farmLocation", "Hill Farm")
            .fact("catchZone", "FAO 27")
            .fact("traceabilityLotCodeSource", "Hill Farm");
    }
    if random.one_in(24) {
        let (now, warm) = (step.now(), random.below(12));
        step = step.temperature(&warm.to_string(), "CEL", now, now);
    }
    step
}

/// What an intent gave to someone was given to who is listed, or to the brand.
fn to_listed_only(
    world: &World,
    rules: Address,
    brand: Address,
    attempt: &Attempt,
) -> Result<(), String> {
    let Some(done) = attempt.done().filter(|_| !attempt.captured) else {
        return Ok(());
    };
    for event in &done.events {
        let asked = event
            .decided
            .iter()
            .any(|decided| decided.contract == rules);
        let Some(Counterparty::Account(to)) = event.to.clone().filter(|_| asked) else {
            continue;
        };
        let listed: bool = world
            .query(rules, "listed", &to)
            .map_err(|refusal| refusal.to_string())?;
        if !listed && to != brand && event.what != Some(Right::Ownership) {
            return Err(format!(
                "{to} is not listed, and was given {:?}",
                event.items
            ));
        }
    }
    Ok(())
}

#[test]
fn random_movements_break_nothing() {
    let Scene {
        mut world,
        rules,
        spinach,
        tuna,
        bags,
        salad,
    } = scene();
    let brand = world.address("alice");
    let names = ["alice", "bob", "carol", "dave", "mallory"];
    let parties = names.map(|name| world.address(name));
    let someone = move |random: &mut Random| *random.of(&parties).expect("parties");
    let products = [spinach, tuna, bags, salad];
    let mut movements = Movements::new(MOVEMENTS);
    // What a thermometer held moves again.
    for _ in 0..4 {
        movements = movements.message("grace", rules, "releaseLot", move |random| {
            let product = random.of(&products).expect("products");
            let lot = random.of(&["A", "B", "C"]).expect("lots");
            (product.lot(lot), "looks good")
        });
    }
    let summary = movements
        .parties(names)
        .products("alice", products)
        .papers(papers)
        .message("alice", rules, "list", someone)
        .message("alice", rules, "list", someone)
        .message("alice", rules, "unlist", someone)
        .message("alice", rules, "setLimit", |random| {
            (Decimal::from_integer(5 + random.below(3)), 30u32)
        })
        .always("goods go to listed receivers", move |world, attempt| {
            to_listed_only(world, rules, brand, attempt)
        })
        .run(&mut world);
    assert!(summary.happened() > 100, "{summary}");
}
