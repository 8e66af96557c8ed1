//! Prints how long the slowest modules that pass the static check take to compile.
//! `cargo run --release -p marque-vm --example attacks`
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measurement"
)]

#[path = "../tests/it/attacks.rs"]
mod attacks;
#[path = "../tests/it/build.rs"]
mod build;

use build::append_meta;
use marque_vm::{OptLevel, Vm, VmConfig, check};

fn main() {
    let only = std::env::args().nth(1);
    let levels = [OptLevel::Speed, OptLevel::None];
    let vms = levels.map(|opt_level| {
        Vm::new(&VmConfig {
            opt_level,
            instances: 4,
            parallel_compilation: false,
            ..VmConfig::default()
        })
        .unwrap()
    });
    println!(
        "| family | locals | size | copies | bytes | check ms | compile ms (speed) | (none) |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for family in attacks::FAMILIES {
        if only
            .as_ref()
            .is_some_and(|only| !family.name.contains(only.as_str()))
        {
            continue;
        }
        for &locals in family.locals {
            let largest = largest(|n| attacks::module(family, n, locals, 1));
            if largest == 0 {
                continue;
            }
            for n in [largest, largest / 4, largest / 16] {
                if n == 0 {
                    continue;
                }
                let copies = largest_of(|copies| attacks::module(family, n, locals, copies));
                let code = attacks::module(family, n, locals, copies);
                let start = cpu_ms();
                check(&code).unwrap();
                let checked = cpu_ms() - start;
                let times = vms.each_ref().map(|vm| {
                    let start = cpu_ms();
                    vm.compile(&code).unwrap();
                    cpu_ms() - start
                });
                let work = check(&code).unwrap().work();
                println!(
                    "| {} | {locals} | {n} | {copies} | {} | {checked} | {} | {} | {work} | {} |",
                    family.name,
                    code.len(),
                    times[0],
                    times[1],
                    times[0].max(times[1]) * 1_000_000 / work
                );
            }
        }
    }
}

fn largest(module: impl Fn(u32) -> Vec<u8>) -> u32 {
    largest_of(module)
}

/// The greatest number whose module passes the check.
fn largest_of(module: impl Fn(u32) -> Vec<u8>) -> u32 {
    let passes = |n| check(&module(n)).is_ok();
    let mut above = 1;
    while above < 1 << 20 && passes(above) {
        above *= 2;
    }
    let mut below = above / 2;
    while above - below > 1 {
        let middle = below.midpoint(above);
        if passes(middle) {
            below = middle
        } else {
            above = middle
        }
    }
    below
}

/// The CPU time of this thread, so that a busy machine measures the same as an idle one.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<u64>().unwrap() / 1_000_000
}
