//! What a unit of gas buys in host calls whose work is the ledger's and the engine's:
//!
//! `cargo run --release -p marque-chain --example host_calls -- FOLDER`
//!
//! One contract for each call, over a ledger in redb of a million stored values. A message makes
//! a hundred calls, on keys that no other message touches; what the same message takes without
//! its calls is taken off, in gas and in time. Time is this thread's own on the processor: of the
//! execution, and with the state's root and the commit, which writes are charged for too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a measurement says no by panicking"
)]

mod calls;
mod world;

use calls::Call;
use std::path::PathBuf;
use world::{Cost, World};

/// Calls in a message, messages in a block, and blocks of a measurement.
const CALLS: usize = 100;
const MESSAGES: usize = 25;
const BLOCKS: usize = 8;

fn main() {
    let folder = std::env::args().nth(1).map(PathBuf::from);
    let folder = folder.expect("name a folder that is not there yet");
    let mut world = World::new(&folder);
    println!("{CALLS} calls a message, {MESSAGES} messages a block, {BLOCKS} blocks\n");
    println!("| call | gas | µs | ps a unit | µs with root and commit | ps a unit |");
    println!("|---|---|---|---|---|---|");
    for call in calls::every() {
        let with = measure(&mut world, &call, true);
        let without = measure(&mut world, &call, false);
        let calls = (MESSAGES * BLOCKS * CALLS) as f64;
        let each = |cost: fn(&Cost) -> u64| (cost(&with) as f64 - cost(&without) as f64) / calls;
        let gas = each(|cost| cost.gas);
        let executed = each(|cost| cost.executed);
        let whole = executed + each(|cost| cost.settled);
        println!(
            "| {} | {gas:.0} | {:.2} | {:.0} | {:.2} | {:.0} |",
            call.name,
            executed / 1_000.0,
            executed * 1_000.0 / gas,
            whole / 1_000.0,
            whole * 1_000.0 / gas,
        );
    }
}

/// The same blocks, with the call in the contract's loop or without it.
fn measure(world: &mut World, call: &Call, with: bool) -> Cost {
    let contract = world.deploy(call.module(with));
    let slots = call.slots(world, contract, MESSAGES * BLOCKS * CALLS);
    let mut cost = Cost::default();
    for block in slots.chunks(MESSAGES * CALLS) {
        let args = block.chunks(CALLS).map(<[_]>::concat);
        world.messages(contract, args.collect(), &mut cost);
    }
    cost
}
