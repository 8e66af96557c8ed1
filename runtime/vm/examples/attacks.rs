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
#[path = "../tests/it/cpu.rs"]
mod cpu;

use attacks::largest;
use build::append_meta;
use cpu::thread_cpu_ms;
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
            let whole = largest(|n| attacks::module(family, n, locals, 1));
            if whole == 0 {
                continue;
            }
            for n in [whole, whole / 4, whole / 16] {
                if n == 0 {
                    continue;
                }
                let copies = largest(|copies| attacks::module(family, n, locals, copies));
                let code = attacks::module(family, n, locals, copies);
                let start = thread_cpu_ms();
                check(&code).unwrap();
                let checked = thread_cpu_ms() - start;
                let times = vms.each_ref().map(|vm| {
                    let start = thread_cpu_ms();
                    vm.compile(&code).unwrap();
                    thread_cpu_ms() - start
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
