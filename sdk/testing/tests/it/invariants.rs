//! Random movements find what a contract's author did not think of.

use crate::trials::leaky::leaky::CONTRACT;
use crate::{failure, says, trial};
use marque_primitives::Address;
use marque_primitives::thing::{Thing, ThingId};
use marque_testing::{Attempt, Movements, Random, Summary, World};

const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];

/// Who accepted something is listed.
fn listed(world: &World, rules: Address, brand: Address, attempt: &Attempt) -> Result<(), String> {
    let Some(done) = attempt.done() else {
        return Ok(());
    };
    for item in done.events.iter().flat_map(|event| event.items.iter()) {
        let first = match item {
            Thing::Run { run, .. } => ThingId::Item {
                line: run.line(),
                serial: *run.first(),
            },
            Thing::Unit(sscc) => ThingId::Unit(*sscc),
            _ => continue,
        };
        let has = world.custodian(&first);
        if has != Some(attempt.account) || has == Some(brand) {
            continue;
        }
        let moved = attempt
            .operation
            .as_ref()
            .map(|operation| operation.kind().name());
        let listed: bool = world.query(rules, "listed", &attempt.account).unwrap();
        if moved == Some("accept") && !listed {
            return Err(format!("{} has {first:?} and is not listed", attempt.by));
        }
    }
    Ok(())
}

fn run(movements: Movements<'_>) -> Summary {
    let mut world = World::new();
    let rules = world
        .by("alice")
        .deploy(trial("leaky", CONTRACT), &())
        .contract();
    let watch = world.product("alice", "Watch", rules);
    let brand = world.address("alice");
    let parties = NAMES.map(|name| world.address(name));
    let someone = move |random: &mut Random| *random.of(&parties).unwrap();
    movements
        .parties(NAMES)
        .products("alice", [watch])
        .message("alice", rules, "list", someone)
        .message("alice", rules, "list", someone)
        .message("alice", rules, "unlist", someone)
        .always("goods are with listed receivers", move |world, attempt| {
            listed(world, rules, brand, attempt)
        })
        .run(&mut world)
}

#[test]
fn a_planted_bug_is_found_within_1_000_movements() {
    for seed in 1..=3 {
        let found = failure(|| run(Movements::new(1_000).seed(seed)));
        println!("{found}");
        says(
            &found,
            &[
                "breaks: goods are with listed receivers",
                "is not listed",
                "Accept",
                &format!("again: MARQUE_SEED={seed} MARQUE_MOVEMENTS="),
            ],
        );
    }
}

#[test]
fn a_seed_runs_the_same_again() {
    let found = || failure(|| run(Movements::new(1_000).seed(7)));
    assert_eq!(found(), found());
}

#[test]
fn another_seed_runs_something_else() {
    let found = |seed| failure(|| run(Movements::new(1_000).seed(seed)));
    assert_ne!(found(7), found(8));
}
