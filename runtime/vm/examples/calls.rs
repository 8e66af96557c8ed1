//! Prints what calls cost: a fresh instance, two reads, a write and an event; and a loop of
//! plain computing. `cargo run --release -p marque-vm --example calls [contract.wasm]`
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_types,
    missing_docs,
    reason = "a measurement"
)]

#[path = "../tests/it/build.rs"]
mod build;
#[path = "../tests/it/host.rs"]
mod host;

use host::Recorder;
use marque_abi::Entry;
use marque_vm::{CallResult, Module, OptLevel, Vm, VmConfig};
use std::time::Instant;

const TRANSFER: &str = r#"(module
    (import "marque" "storage_read" (func $read (param i32 i32 i32 i32) (result i64)))
    (import "marque" "storage_write" (func $write (param i32 i32 i32 i32)))
    (import "marque" "emit" (func $emit (param i32 i32)))
    (memory (export "memory") 2)
    (data (i32.const 65536) "alice bob   event")
    (func (export "query")
        (drop (call $read (i32.const 65536) (i32.const 6) (i32.const 100) (i32.const 64)))
        (drop (call $read (i32.const 65542) (i32.const 6) (i32.const 200) (i32.const 64)))
        (call $write (i32.const 65536) (i32.const 6) (i32.const 65542) (i32.const 6))
        (call $emit (i32.const 65548) (i32.const 5))))"#;

const COMPUTE: &str = r#"(module
    (memory (export "memory") 1)
    (func $mix (param $x i64) (result i64)
        (i64.xor (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.rotl (local.get $x) (i64.const 17))))
    (func (export "query") (local $i i32) (local $x i64)
        (loop $l
            (local.set $x (call $mix (i64.add (local.get $x) (i64.extend_i32_u (local.get $i)))))
            (i64.store (i32.and (local.get $i) (i32.const 0xfff8)) (local.get $x))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (i32.const 10000))))))"#;

fn main() {
    for opt_level in [OptLevel::Speed, OptLevel::None] {
        println!("{opt_level:?}:");
        let vm = Vm::new(&VmConfig {
            opt_level,
            ..VmConfig::default()
        })
        .unwrap();
        for (name, text, calls) in [
            ("transfer", TRANSFER, 200_000u32),
            ("10,000 rounds", COMPUTE, 2_000),
        ] {
            let mut code = wat::parse_str(text).unwrap();
            build::append_meta(&mut code, &["query"]);
            let module = vm.compile(&code).unwrap();
            for threads in [1, 2] {
                let before = process_cpu_ms();
                let start = Instant::now();
                let gas = std::thread::scope(|scope| {
                    let all: Vec<_> = (0..threads)
                        .map(|_| {
                            let thread =
                                std::thread::Builder::new().stack_size(2 * marque_vm::CALL_STACK);
                            thread
                                .spawn_scoped(scope, || run(&vm, &module, calls / threads))
                                .unwrap()
                        })
                        .collect();
                    all.into_iter()
                        .map(|thread| thread.join().unwrap())
                        .max()
                        .unwrap()
                });
                let took = start.elapsed();
                println!(
                    "  {name}, {threads} threads: {:.2} us of CPU a call, {:.0} calls/s, {gas} gas a call",
                    f64::from(u32::try_from(process_cpu_ms() - before).unwrap()) * 1e3
                        / f64::from(calls),
                    f64::from(calls) / took.as_secs_f64()
                );
            }
        }
    }
}

fn run(vm: &Vm, module: &Module, calls: u32) -> u64 {
    let mut host = Recorder::default();
    host.storage.insert(b"alice ".to_vec(), vec![1; 32]);
    host.storage.insert(b"bob   ".to_vec(), vec![2; 32]);
    let mut gas = 0;
    for _ in 0..calls {
        let outcome = vm
            .run(module, Entry::Query, Vec::new(), 1_000_000_000, &mut host)
            .unwrap();
        assert!(matches!(outcome.result, CallResult::Returned(_)));
        host.events.clear();
        gas = outcome.gas_used;
    }
    gas
}

/// The CPU time of this process in all threads, user and system, in milliseconds.
fn process_cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    (fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()) * 10
}
