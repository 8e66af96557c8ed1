//! Random worlds: whatever anyone tries, every audit holds after every block, and every
//! block does the same again on other settings.

use crate::world::audit::Leaves;
use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{Program, except, hold, no};
use crate::world::{Tx, World, intent, tx};
use marque_abi::decision::{Decision, Verdict};
use marque_abi::invocation::{Command, Target};
use marque_ledger::{Ledger, read};
use marque_primitives::Address;
use marque_primitives::action::{Action, Anchor, Operation, RecallTarget, Report, Right, Things};
use marque_primitives::gs1::Gtin;
use marque_primitives::receipt;
use marque_primitives::record::Record;
use marque_primitives::thing::{Line, Thing, ThingId};
use marque_vm::{OptLevel, Vm, VmConfig};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use std::sync::LazyLock;

const PARTIES: [Address; 6] = [DAIRY, PHARMA, CARRIER, DEALER, SHOP, STRANGER];
const RULES: [&str; 6] = [
    "rule_offer",
    "rule_accept",
    "rule_pack",
    "rule_unpack",
    "rule_observe",
    "rule_transform",
];
/// Serials of a product that the random parties care for.
const SERIALS: u64 = 12;

/// What someone tries; the numbers pick from what there is.
#[derive(Clone, Debug)]
struct Step {
    verb: u8,
    /// By whom; above the parties: by whoever has the first thing named.
    who: u8,
    to: u8,
    things: Vec<(u8, u8, u8)>,
    extra: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let things = vec((0..14u8, any::<u8>(), any::<u8>()), 1..4);
    (0..32u8, 0..18u8, 0..6u8, things, any::<u8>()).prop_map(|(verb, who, to, things, extra)| {
        Step {
            verb,
            who,
            to,
            things,
            extra,
        }
    })
}

fn gtin(pick: u8) -> Gtin {
    match pick % 3 {
        0 => milk(),
        1 => cheese(),
        _ => pills(),
    }
}

fn lot_name(pick: u8) -> &'static str {
    if pick.is_multiple_of(2) { "A" } else { "B" }
}

fn unit(pick: u8) -> ThingId {
    match pick % 6 {
        0 => one(cheese(), 11),
        1 => ThingId::Unit(dairy_sscc(1)),
        number => pallet(u64::from(number)),
    }
}

fn thing((kind, a, b): (u8, u8, u8)) -> Thing {
    let (from, count) = (u64::from(a) % SERIALS, 1 + u64::from(b) % 5);
    let count = count.min(SERIALS - from);
    match kind {
        0..=5 => run(gtin(kind), from, count),
        6..=8 => pieces(gtin(kind), lot_name(a), u64::from(b) % 12),
        9..=11 => unit(a).into(),
        12 => run_of(Line::Returnable(crates()), &format!("{}", a % 8), 1),
        _ if a.is_multiple_of(2) => Thing::Asset(tank(1)),
        _ => run(foreign(), from, count),
    }
}

fn named(step: &Step) -> Things {
    things(step.things.iter().copied().map(thing))
}

/// What an answer needs, or part of it: an open offer's items, or what has ended. By chance
/// few answers would meet either.
fn answerable(world: &World, step: &Step) -> Option<Things> {
    let (pick, part) = (usize::from(step.extra), usize::from(step.who) % 3);
    let leaves = Leaves::of(&world.state);
    if step.verb == 3 {
        let ended = |(id, record): &(ThingId, Record)| record.ended.then(|| id.clone().into());
        let ended: Vec<Thing> = leaves.records.values().filter_map(ended).collect();
        let pick = pick.checked_rem(ended.len())?;
        return Some(things([ended[pick].clone()]));
    }
    let pick = pick.checked_rem(leaves.offers.len())?;
    let made = leaves.offers.values().nth(pick)?.event;
    let items = &world.books.events[usize::try_from(made.0).unwrap()].items;
    Some(things(
        items.iter().skip(part.min(items.len() - 1)).cloned(),
    ))
}

/// Who may do it, most likely: the first thing's custodian, or for an answer its receiver.
fn rightful(world: &World, things: &Things, answers: bool) -> Option<Address> {
    things.iter().find_map(|thing| match thing {
        Thing::Run { run, .. } => has(world, &first(run), answers),
        Thing::Lot { id, .. } => {
            let balances = read::balances(&world.state, id).unwrap();
            let offered = balances.iter().find_map(|balance| balance.holding.offer);
            match offered.filter(|_| answers) {
                Some(offer) => Some(read::offer(&world.state, offer.id).unwrap().unwrap().to),
                None => balances
                    .iter()
                    .find_map(|balance| balance.holding.custodian),
            }
        }
        other => has(world, &other.id()?, answers),
    })
}

fn first(run: &marque_primitives::thing::Run) -> ThingId {
    ThingId::Item {
        line: run.line(),
        serial: *run.first(),
    }
}

fn has(world: &World, id: &ThingId, answers: bool) -> Option<Address> {
    let (record, standing) = read::standing(&world.state, id).unwrap()?;
    match record.offer.filter(|_| answers) {
        Some(offer) => Some(read::offer(&world.state, offer).unwrap().unwrap().to),
        None => standing.custodian,
    }
}

fn right(pick: u8) -> Right {
    match pick % 4 {
        0 => Right::Ownership,
        1 => Right::Both,
        _ => Right::Possession,
    }
}

fn operation(step: &Step, items: Things) -> Operation {
    let extra = step.extra;
    let to = PARTIES[usize::from(step.to)];
    let parent = unit(extra);
    let anchor = if extra.is_multiple_of(3) {
        Anchor::Thing(ThingId::Asset(tank(1)))
    } else {
        Anchor::Thing(parent.clone())
    };
    match step.verb {
        0..=1 => commission_in(items, Some(lot_number(lot_name(extra))), None),
        2 => decommission(items),
        3 => reinstate(items),
        4..=7 => offer_right(items, to, right(extra)),
        8..=11 => accept(items),
        12 => reject(items),
        13 => withdraw(items),
        14 => claim(items, right(extra)),
        15 => release(items),
        16..=19 => pack(parent, items),
        20 => unpack(parent, items),
        21 => unpack_all(parent),
        22 => observe(items),
        23 => Operation::Associate {
            parent: anchor,
            children: items,
        },
        24 => Operation::Dissociate {
            parent: anchor,
            children: if extra.is_multiple_of(2) {
                items
            } else {
                Things::default()
            },
        },
        25 => {
            let (inputs, outputs) = items.split_at(items.len() / 2);
            transform(things(inputs.to_vec()), things(outputs.to_vec()))
        }
        26 => recall(match extra % 3 {
            0 => RecallTarget::Product(gtin(step.to)),
            1 => RecallTarget::Lot(lot(gtin(step.to), lot_name(extra / 3))),
            _ => RecallTarget::Items(items),
        }),
        27 if extra.is_multiple_of(2) => lift(1 + u64::from(step.to) % 3),
        27 => lift_of(match extra % 3 {
            0 => RecallTarget::Product(gtin(step.to)),
            1 => RecallTarget::Lot(lot(gtin(step.to), lot_name(extra / 3))),
            _ => RecallTarget::Items(items),
        }),
        31 if extra.is_multiple_of(4) => end_lot_hold(lot(gtin(step.to), lot_name(extra / 4))),
        31 => end_hold_of(items, Some(to)),
        _ => observe(items),
    }
}

fn decision(step: &Step) -> Decision {
    match step.extra % 6 {
        0 => hold(false).into(),
        1 => hold(true).into(),
        2 => Verdict::Refuse(no("Never")).into(),
        3 => except(vec![(0, u64::from(step.to), 1, hold(false))]),
        _ => Decision::allow(),
    }
}

fn command(step: &Step) -> Command {
    let holder = Some(PARTIES[usize::from(step.to)]);
    let target = if step.extra.is_multiple_of(3) {
        // The product of the contract that is told so, in `attempt`.
        let gtin = if step.who.is_multiple_of(3) {
            pills()
        } else {
            milk()
        };
        Target::Lot(lot(gtin, lot_name(step.extra / 3)))
    } else {
        Target::Things {
            items: named(step),
            holder,
        }
    };
    let note = "note".try_into().unwrap();
    if step.extra.is_multiple_of(2) {
        Command::Quarantine { target, note }
    } else {
        Command::Release { target, note }
    }
}

/// The transaction that a step is in this world.
fn attempt(world: &World, step: &Step, hash: u8) -> Tx {
    // Two contracts, so that what holds both products has more than one holder.
    let contract = if step.who.is_multiple_of(3) {
        world.pharma_contract
    } else {
        world.dairy_contract
    };
    if step.verb == 28 {
        let rule = RULES[usize::from(step.to)];
        return tx(
            DAIRY,
            vec![message(
                contract,
                rule,
                &Program::new().decide(decision(step)).0,
            )],
        );
    }
    if matches!(step.verb, 29..=30) {
        let program = Program::new().command(&command(step));
        return tx(DAIRY, vec![message(contract, "run", &program.0)]);
    }
    let answers = (8..=12).contains(&step.verb);
    let meets = matches!(step.verb, 3 | 8..=13) && !step.to.is_multiple_of(4);
    let items = answerable(world, step).filter(|_| meets);
    let items = items.unwrap_or_else(|| named(step));
    let operation = operation(step, items.clone());
    let who = match PARTIES.get(usize::from(step.who)) {
        Some(party) => *party,
        None => match step.verb {
            0..=1 | 26..=27 | 31 => {
                if step.extra.is_multiple_of(4) {
                    PHARMA
                } else {
                    DAIRY
                }
            }
            20..=21 => has(world, &unit(step.extra), false).unwrap_or(DAIRY),
            _ => rightful(world, &items, answers).unwrap_or(DAIRY),
        },
    };
    // Some of it is captured, some dated in the past.
    let detail = if step.extra.is_multiple_of(11) {
        at(world.time.saturating_sub(u64::from(step.extra) * 20))
    } else {
        Default::default()
    };
    if step.extra.is_multiple_of(5) {
        let mut attempts = vec![operation];
        if answers {
            attempts.push(claim(items.clone(), Right::Possession));
        }
        let report = Report {
            detail,
            ..report(hash, items, attempts)
        };
        return tx(who, vec![Action::Fact(report)]);
    }
    tx(who, vec![Action::Intent(operation, detail)])
}

/// Something of everything to begin with.
fn stocked() -> World {
    let mut world = World::new();
    let of = |gtin| things([run(gtin, 0, SERIALS - 1), pieces(gtin, "A", 40)]);
    let lot_a = Some(lot_number("A"));
    let crates = run_of(Line::Returnable(crates()), "0", 8);
    world.block(vec![
        tx(
            DAIRY,
            vec![
                intent(commission_in(of(milk()), lot_a, None)),
                intent(commission_in(of(cheese()), lot_a, None)),
                intent(commission(things([
                    crates,
                    Thing::Asset(tank(1)),
                    one(cheese(), 11).into(),
                ]))),
            ],
        ),
        tx(
            PHARMA,
            vec![intent(commission_in(of(pills()), lot_a, None))],
        ),
    ]);
    world
}

/// Two machines whose code differs.
static OTHERS: LazyLock<[Ledger; 2]> = LazyLock::new(|| {
    [OptLevel::None, OptLevel::Speed].map(|opt_level| {
        let config = VmConfig {
            opt_level,
            parallel_compilation: opt_level == OptLevel::None,
            instances: 32,
            cached_modules: 4,
            cached_bytes: 1 << 20,
        };
        Ledger::new(Vm::new(&config).unwrap())
    })
});

fn config() -> ProptestConfig {
    let cases = std::env::var("MARQUE_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(200),
        max_shrink_iters: 4_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_worlds_pass_every_audit(steps in vec(step(), 1..40)) {
        let mut world = stocked();
        for (hash, step) in (0..).zip(&steps) {
            let tx = attempt(&world, step, hash);
            world.send(tx);
        }
    }

    #[test]
    fn blocks_do_the_same_on_every_machine_and_thread(steps in vec(step(), 1..60)) {
        let mut world = stocked();
        for (hash, steps) in (0..).zip(steps.chunks(8)) {
            let txs = (0..).zip(steps).map(|(at, step)| attempt(&world, step, hash * 8 + at));
            let txs: Vec<Tx> = txs.collect();
            world.block(txs);
        }
        let [plain, fast] = &*OTHERS;
        world.replay(plain);
        world.replay(fast);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| world.replay(fast));
            }
        });
    }
}

/// Random attempts are worth something only if enough of them are done.
#[test]
fn a_fair_part_of_random_attempts_is_done() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut done, mut tried) = (0u32, 0u32);
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..100 {
        let steps = vec(step(), 40).new_tree(&mut runner).unwrap().current();
        let mut world = stocked();
        for (hash, step) in (0..).zip(&steps) {
            let tx = attempt(&world, step, hash);
            let receipt = world.send(tx);
            tried += 1;
            done += u32::from(receipt.status == receipt::Status::Applied);
        }
        kinds.extend(world.books.events.iter().map(|event| event.kind));
    }
    assert!(done * 3 > tried, "{done} of {tried}");
    assert!(kinds.len() >= 17, "{kinds:?}");
}
