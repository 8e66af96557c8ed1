//! Prints the CPU time that a unit of gas buys in each class of operators and host calls;
//! the gas schedule is calibrated by it. `cargo run --release -p marque-vm --example gas`
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a measurement"
)]

#[path = "../tests/it/build.rs"]
mod build;
#[path = "../tests/it/cpu.rs"]
mod cpu;
#[path = "../tests/it/host.rs"]
mod host;

use cpu::thread_cpu_ms;
use host::Recorder;
use marque_abi::{Entry, HostCall, WasmType};
use marque_vm::{CALL_STACK, CallResult, OptLevel, Vm, VmConfig};

/// A class: its name, what a round does, and what stands before the loop.
struct Class {
    name: &'static str,
    before: &'static str,
    round: String,
    rounds: u32,
}

/// A class whose round repeats one text.
fn class(name: &'static str, text: &str, times: usize, rounds: u32) -> Class {
    Class {
        name,
        before: "",
        round: text.repeat(times),
        rounds,
    }
}

fn classes() -> Vec<Class> {
    let chain = |op: &str| format!("(local.set $x ({op} (local.get $x) (local.get $y)))");
    let random = "(local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))";
    let scattered =
        "(i32.and (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 33))) (i32.const 0xfffff8))";
    let mut all = vec![
        class("empty loop", "", 1, 2_000_000),
        class("additions in a chain", &chain("i64.add"), 50, 100_000),
        class(
            "additions of constants",
            "(local.set $x (i64.add (local.get $x) (i64.const 77))) (local.set $z (i64.xor (local.get $z) (local.get $x)))",
            25,
            100_000,
        ),
        class("multiplications", &chain("i64.mul"), 50, 50_000),
        class(
            "divisions",
            "(local.set $x (i64.div_u (local.get $big) (local.get $y)))",
            50,
            20_000,
        ),
        class(
            "remainders",
            "(local.set $y (i64.or (i64.rem_s (local.get $big) (local.get $y)) (i64.const 9)))",
            50,
            20_000,
        ),
        class("rotations", &chain("i64.rotl"), 50, 100_000),
        class(
            "counts of bits",
            "(local.set $x (i64.popcnt (i64.clz (local.get $x))))",
            50,
            50_000,
        ),
        class(
            "selects",
            "(local.set $x (select (local.get $x) (local.get $y) (i32.wrap_i64 (local.get $z))))",
            50,
            50_000,
        ),
        class(
            "comparisons",
            "(local.set $z (i64.extend_i32_u (i64.lt_u (local.get $z) (local.get $y))))",
            50,
            50_000,
        ),
        class(
            "loads in the cache",
            "(local.set $z (i64.add (local.get $z) (i64.load offset=64 (i32.const 0))))",
            50,
            100_000,
        ),
        class(
            "stores in the cache",
            "(i64.store offset=64 (i32.const 0) (local.get $x))",
            50,
            100_000,
        ),
        class(
            "branches not taken",
            "(br_if $out (i64.eqz (local.get $y)))",
            50,
            50_000,
        ),
        class(
            "arms taken",
            "(if (i64.ne (local.get $y) (i64.const 0)) (then (local.set $z (i64.add (local.get $z) (i64.const 1)))))",
            30,
            50_000,
        ),
        class(
            "branches by a random bit",
            &format!(
                "{random} (if (i64.lt_s (local.get $x) (i64.const 0)) (then (local.set $z (i64.add (local.get $z) (i64.const 1)))))"
            ),
            20,
            20_000,
        ),
        class(
            "tables by random",
            &format!(
                "{random} (block $c (block $b (block $a (br_table $a $b $c (i32.and (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 60))) (i32.const 3)))) (local.set $z (i64.add (local.get $z) (i64.const 1)))) (local.set $z (i64.add (local.get $z) (i64.const 3))))"
            ),
            20,
            20_000,
        ),
        class(
            "calls",
            "(local.set $x (call $id (local.get $x)))",
            50,
            50_000,
        ),
        class(
            "calls of a function that calls",
            "(local.set $x (call $deep (local.get $x)))",
            30,
            30_000,
        ),
        class(
            "indirect calls",
            "(local.set $x (call_indirect (type $unary) (local.get $x) (i32.const 0)))",
            50,
            30_000,
        ),
        class(
            "indirect calls of random functions",
            &format!(
                "{random} (local.set $z (call_indirect (type $unary) (local.get $z) (i32.and (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 60))) (i32.const 3))))"
            ),
            20,
            20_000,
        ),
        class(
            "globals",
            "(global.set $g (i64.add (global.get $g) (local.get $y)))",
            50,
            50_000,
        ),
        class(
            "memory.size",
            "(local.set $z (i64.add (local.get $z) (i64.extend_i32_u (memory.size))))",
            50,
            50_000,
        ),
    ];
    all.push(Class {
        name: "loads from 16 MiB at random",
        before: "(drop (memory.grow (i32.const 255)))",
        round: format!("{random} (local.set $z (i64.add (local.get $z) (i64.load {scattered})))")
            .repeat(20),
        rounds: 100_000,
    });
    all.push(Class {
        name: "loads that wait for each other, 16 MiB",
        before: "(drop (memory.grow (i32.const 255)))",
        round: format!("(local.set $x (i64.add (i64.mul (i64.xor (local.get $x) (i64.load {scattered})) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))").repeat(20),
        rounds: 50_000,
    });
    all.push(Class {
        name: "pages grown and touched",
        before: "",
        round: "(i64.store (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)) (i64.const 1))
                (i32.store offset=4096 (i32.mul (i32.sub (memory.size) (i32.const 1)) (i32.const 65536)) (i32.const 1))".into(),
        rounds: 250,
    });
    all.push(Class {
        name: "pages grown and filled",
        before: "",
        round: {
            let touch = |at: u32| {
                format!(
                    "(i64.store offset={} (local.get $p) (i64.const 1))",
                    at * 4096
                )
            };
            format!(
                "(local.set $p (i32.mul (memory.grow (i32.const 1)) (i32.const 65536))) {}",
                (0..16).map(touch).collect::<String>()
            )
        },
        rounds: 250,
    });
    all
}

fn host_classes() -> Vec<Class> {
    let call = |name: &'static str, text: &str, rounds| class(name, text, 1, rounds);
    vec![
        call(
            "input, empty",
            "(drop (call $input (i32.const 0) (i32.const 0)))",
            100_000,
        ),
        call(
            "input, 16 KiB",
            "(drop (call $input (i32.const 0) (i32.const 16384)))",
            20_000,
        ),
        call(
            "output, 16 KiB",
            "(call $output (i32.const 0) (i32.const 16384))",
            20_000,
        ),
        call(
            "output, 8 bytes",
            "(call $output (i32.const 0) (i32.const 8))",
            100_000,
        ),
        call(
            "keccak256, 32 bytes",
            "(call $keccak256 (i32.const 0) (i32.const 32) (i32.const 64))",
            20_000,
        ),
        call(
            "keccak256, 16 KiB",
            "(call $keccak256 (i32.const 0) (i32.const 16384) (i32.const 64))",
            1_000,
        ),
        call(
            "sha256, 32 bytes",
            "(call $sha256 (i32.const 0) (i32.const 32) (i32.const 64))",
            20_000,
        ),
        call(
            "sha256, 16 KiB",
            "(call $sha256 (i32.const 0) (i32.const 16384) (i32.const 64))",
            1_000,
        ),
        call(
            "recover",
            "(drop (call $recover (i32.const 65000) (i32.const 65032) (i32.const 64)))",
            500,
        ),
        call(
            "storage_read, dispatch",
            "(drop (call $storage_read (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))",
            50_000,
        ),
        call(
            "storage_write, 8 bytes, dispatch",
            "(call $storage_write (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 8))",
            50_000,
        ),
        call(
            "log, 1 KiB",
            "(call $log (i32.const 0) (i32.const 1024))",
            20_000,
        ),
        call(
            "read, dispatch",
            "(drop (call $read (i32.const 0) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))",
            50_000,
        ),
    ]
}

fn module(class: &Class) -> Vec<u8> {
    let kind = |wasm: &WasmType| {
        if *wasm == WasmType::I32 {
            " i32"
        } else {
            " i64"
        }
    };
    let imports: String = HostCall::ALL
        .iter()
        .map(|row| {
            let params: String = row.params().iter().map(kind).collect();
            let result: String = row.result().iter().map(kind).collect();
            format!(
                r#"(import "marque" "{0}" (func ${0} (param{params}) (result{result})))"#,
                row.name()
            )
        })
        .collect();
    let text = format!(
        r#"(module {imports} (memory (export "memory") 1) (global $g (mut i64) (i64.const 0))
            (type $unary (func (param i64) (result i64)))
            (table 4 funcref) (elem (i32.const 0) $id $id2 $id3 $id4)
            (func $id (type $unary) (local.get 0))
            (func $id2 (type $unary) (i64.add (local.get 0) (i64.const 2)))
            (func $id3 (type $unary) (i64.add (local.get 0) (i64.const 3)))
            (func $id4 (type $unary) (i64.add (local.get 0) (i64.const 4)))
            (func $deep (type $unary) (call $id (local.get 0)))
            (func (export "query") (local $i i32) (local $p i32) (local $x i64) (local $y i64) (local $z i64) (local $big i64)
                (local.set $x (i64.const 0x123456789)) (local.set $y (i64.const 11)) (local.set $big (i64.const 0x7fffffff12345678))
                (drop (call $input (i32.const 65000) (i32.const 97)))
                {}
                (block $out (loop $l
                    {}
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $l (i32.lt_u (local.get $i) (i32.const {})))))
                (i64.store (i32.const 0) (i64.add (local.get $x) (local.get $z)))
                (call $output (i32.const 0) (i32.const 8))))"#,
        class.before, class.round, class.rounds
    );
    let mut code = wat::parse_str(&text).unwrap_or_else(|error| panic!("{}: {error}", class.name));
    build::append_meta(&mut code, &["query"]);
    code
}

fn signed() -> Vec<u8> {
    let key = marque_primitives::signature::SecretKey::from_bytes(&[3; 32]).unwrap();
    let digest = marque_primitives::hash::sha256(&[b"signed"]);
    [digest.0.as_slice(), &key.sign(&digest).unwrap().0].concat()
}

fn measure(vm: &Vm, class: &Class, input: &[u8]) -> (f64, u64) {
    let module = vm.compile(&module(class)).unwrap();
    let mut gas = 0;
    let mut calls = 0u32;
    let mut host = Recorder::default();
    let start = thread_cpu_ms();
    while thread_cpu_ms() - start < 300 {
        let outcome = vm
            .run(&module, Entry::Query, input.to_vec(), 1 << 62, &mut host)
            .unwrap();
        assert!(
            matches!(outcome.result, CallResult::Returned(_)),
            "{}: {outcome:?}",
            class.name
        );
        host.logs.clear();
        host.reads.clear();
        gas += outcome.gas_used;
        calls += 1;
    }
    let ms = f64::from(u32::try_from(thread_cpu_ms() - start).unwrap());
    (ms * 1e9 / gas as f64, gas / u64::from(calls))
}

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    let vms = [OptLevel::Speed, OptLevel::None].map(|opt_level| {
        Vm::new(&VmConfig {
            opt_level,
            ..VmConfig::default()
        })
        .unwrap()
    });
    let run = move || {
        println!("| class | gas a call | ps of CPU a unit (speed) | (none) |\n|---|---|---|---|");
        let mut all = classes();
        all.extend(host_classes());
        all.push(class("an entry alone", "", 1, 1));
        for class in all.iter().filter(|class| class.name.contains(&only)) {
            let mut input = signed();
            if class.name.contains("16 KiB") {
                input.resize(16_384, 0);
            }
            let [(speed, gas), (none, _)] = vms.each_ref().map(|vm| measure(vm, class, &input));
            println!("| {} | {gas} | {speed:.0} | {none:.0} |", class.name);
        }
    };
    std::thread::Builder::new()
        .stack_size(2 * CALL_STACK)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}
