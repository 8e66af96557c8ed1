//! Whatever anyone tries: the kernel's invariants hold, and the contract's.

use crate::scene::{Role, Scene, day, scene};
use marque_primitives::action::Operation;
use marque_primitives::history::Counterparty;
use marque_primitives::{Address, Decimal};
use marque_testing::{Attempt, Movements, Random, Step, World};

const MOVEMENTS: u64 = 1_000;

fn papers<'w>(step: Step<'w>, random: &mut Random) -> Step<'w> {
    let mut step = if random.one_in(8) { step } else { step.here() };
    if random.one_in(24) {
        let (now, value) = (step.now(), random.below(12));
        step = step.temperature(&value.to_string(), "CEL", now, now);
    }
    if random.one_in(16) {
        step = step.fact("lotNumber", "A");
    }
    let dispositions = ["inactive", "returned", "stolen", "in_transit"];
    match random.of(&dispositions).filter(|_| random.below(8) == 0) {
        Some(disposition) => step.disposition(disposition),
        None => step,
    }
}

/// What an intent gave to someone was given to a licensed partner or the brand.
fn to_partners_only(
    world: &World,
    rules: Address,
    brand: Address,
    attempt: &Attempt,
) -> Result<(), String> {
    let Some(done) = attempt.done().filter(|_| !attempt.captured) else {
        return Ok(());
    };
    if !matches!(attempt.operation, Some(Operation::Offer { .. })) {
        return Ok(());
    }
    for event in &done.events {
        let asked = event.decided.iter().any(|one| one.contract == rules);
        let Some(Counterparty::Account(to)) = event.to.clone().filter(|_| asked) else {
            continue;
        };
        let licence = world
            .query::<Option<marque_primitives::date::Date>>(rules, "licence", &(Role::Trade, to))
            .map_err(|refusal| refusal.to_string())?;
        if licence.is_none() && to != brand {
            return Err(format!(
                "{to} has no licence, and was given {:?}",
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
        pills,
        doses,
    } = scene();
    let brand = world.address("alice");
    let names = ["alice", "bob", "carol", "dave", "mallory"];
    let parties = names.map(|name| world.address(name));
    let someone = move |random: &mut Random| *random.of(&parties).expect("parties");
    let products = [pills, doses];
    let lot = move |random: &mut Random| {
        let product = *random.of(&products).expect("products");
        product.lot(random.of(&["A", "B", "C"]).copied().expect("lots"))
    };
    let mut movements = Movements::new(MOVEMENTS);
    // What was held moves again.
    for _ in 0..4 {
        movements = movements.message("grace", rules, "releaseLot", move |random| {
            (lot(random), "looks good")
        });
    }
    let role = |random: &mut Random| match random.one_in(3) {
        true => Role::Repackage,
        false => Role::Trade,
    };
    let summary = movements
        .parties(names)
        .products("alice", products)
        .papers(papers)
        .message("alice", rules, "license", move |random| {
            (role(random), someone(random), day("2027-01-01"))
        })
        .message("alice", rules, "license", move |random| {
            (role(random), someone(random), day("2027-01-01"))
        })
        .message("alice", rules, "unlicense", move |random| {
            (role(random), someone(random))
        })
        .message("alice", rules, "setRange", move |random| {
            let product = *random.of(&products).expect("products");
            let high = Decimal::from_integer(6 + random.below(6));
            (product.gtin, (None::<Decimal>, high, 30u32))
        })
        .message("bob", rules, "suspect", move |random| {
            (lot(random), "odd print")
        })
        .always("packs go to licensed partners", move |world, attempt| {
            to_partners_only(world, rules, brand, attempt)
        })
        .run(&mut world);
    assert!(summary.happened() > 100, "{summary}");
}
