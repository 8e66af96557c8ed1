//! Prints the CPU time that a unit of gas buys in each class of operators and host calls;
//! the gas schedule is calibrated by it. `cargo run --release -p marque-vm --example gas`
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a measurement"
)]

#[allow(dead_code, reason = "the tests' own")]
#[path = "../tests/it/build.rs"]
mod build;
#[path = "../tests/it/cpu.rs"]
mod cpu;

use cpu::thread_cpu_ms;
use marque_abi::interface::names::{FIRST_REFUSAL, LAST_REFUSAL};
use marque_abi::interface::{Builtin, Field, Interface, RefusalDef, Type};
use marque_abi::{Entry, Host, HostCall, HostFault, Meter, Reply, WasmType};
use marque_vm::{CALL_STACK, CallResult, OptLevel, Vm, VmConfig};
use parity_scale_codec::Encode as _;

/// A host that does nothing, so that the way to it is measured alone; but it keeps a line, as
/// a dry run does.
#[derive(Default)]
struct Deaf {
    line: String,
}

impl Host for Deaf {
    fn storage_read(&mut self, _: &mut Meter, _: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }
    fn storage_write(&mut self, _: &mut Meter, _: &[u8], _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }
    fn storage_remove(&mut self, _: &mut Meter, _: &[u8]) -> Result<bool, HostFault> {
        Ok(false)
    }
    fn storage_after(
        &mut self,
        _: &mut Meter,
        _: &[u8],
        _: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }
    fn emit(&mut self, _: &mut Meter, _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }
    fn log(&mut self, _: &mut Meter, line: &[u8]) -> Result<(), HostFault> {
        self.line = String::from_utf8_lossy(line).into_owned();
        Ok(())
    }
    fn read(&mut self, _: &mut Meter, _: u32, _: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }
    fn command(&mut self, _: &mut Meter, _: &[u8]) -> Result<Reply, HostFault> {
        Ok(Reply::Absent)
    }
    fn call(&mut self, _: &mut Meter, _: &[u8; 20], _: &[u8], _: u64) -> Result<Reply, HostFault> {
        Ok(Reply::Absent)
    }
}

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

/// The texts of so many places, one after the other.
fn each(times: usize, text: impl Fn(usize) -> String) -> String {
    (0..times).map(text).collect()
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
            "(local.set $x (i64.div_u (local.get $big) (i64.or (local.get $x) (i64.const 1))))",
            50,
            20_000,
        ),
        class(
            "remainders",
            "(local.set $y (i64.or (i64.rem_s (local.get $big) (local.get $y)) (i64.const 9)))",
            50,
            20_000,
        ),
        class(
            "rotations",
            "(local.set $x (i64.rotl (local.get $x) (i64.xor (local.get $x) (local.get $y))))",
            50,
            50_000,
        ),
        class(
            "counts of bits",
            "(local.set $x (i64.popcnt (i64.clz (local.get $x))))",
            50,
            50_000,
        ),
        class(
            "selects",
            "(local.set $x (select (i64.add (local.get $x) (local.get $z)) (local.get $y) (i32.wrap_i64 (local.get $x))))",
            50,
            50_000,
        ),
        class(
            "comparisons",
            "(local.set $z (i64.extend_i32_u (i64.lt_u (local.get $z) (local.get $y))))",
            50,
            50_000,
        ),
        Class {
            name: "loads in the cache",
            before: "",
            round: each(50, |at| {
                let offset = 64 + 8 * at;
                format!(
                    "(local.set $z (i64.add (local.get $z) (i64.load offset={offset} (i32.and (local.get $i) (i32.const 0x7f8)))))"
                )
            }),
            rounds: 50_000,
        },
        Class {
            name: "stores in the cache",
            before: "",
            round: each(50, |at| {
                let offset = 64 + 8 * at;
                format!(
                    "(i64.store offset={offset} (i32.and (local.get $i) (i32.const 0x7f8)) (local.get $x))"
                )
            }),
            rounds: 50_000,
        },
        class(
            "branches not taken",
            "(local.set $x (i64.add (local.get $x) (local.get $y))) (br_if $out (i64.eqz (local.get $x)))",
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
            "globals, a block each",
            "(global.set $g (i64.add (global.get $g) (local.get $y))) (br_if $out (i64.eqz (global.get $g)))",
            50,
            50_000,
        ),
        class(
            "memory.size",
            "(local.set $p (i32.add (local.get $p) (memory.size)))",
            50,
            50_000,
        ),
    ];
    all.push(Class {
        name: "loads from 16 MiB at random",
        before: "(drop (memory.grow (i32.const 255)))",
        round: format!("{random} (local.set $z (i64.add (local.get $z) (i64.load {scattered})))")
            .repeat(20),
        rounds: 400_000,
    });
    all.push(Class {
        name: "stores to 16 MiB at random",
        before: "(drop (memory.grow (i32.const 255)))",
        round: format!("{random} (i64.store {scattered} (local.get $x))").repeat(20),
        rounds: 400_000,
    });
    all.push(Class {
        name: "loads that wait for each other, 16 MiB",
        before: "(drop (memory.grow (i32.const 255)))",
        round: format!("(local.set $x (i64.add (i64.mul (i64.xor (local.get $x) (i64.load {scattered})) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))").repeat(20),
        rounds: 400_000,
    });
    all.push(Class {
        name: "pages grown and touched",
        before: "",
        round: "(i64.store (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)) (i64.const 1))
                (i32.store offset=4096 (i32.mul (i32.sub (memory.size) (i32.const 1)) (i32.const 65536)) (i32.const 1))".into(),
        rounds: 240,
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
        rounds: 240,
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
            "refusal, without values",
            "(drop (call $refusal (i32.const 5003) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 256)))",
            20_000,
        ),
        call(
            "refusal, of a large interface",
            "(drop (call $refusal (i32.const 5999) (i32.const 0) (i32.const 16) (i32.const 64) (i32.const 256)))",
            20_000,
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
            "log, 1 KiB, kept as a dry run does",
            "(call $log (i32.const 0) (i32.const 1024))",
            20_000,
        ),
        call(
            "input, 256 KiB",
            "(drop (call $input (i32.const 131072) (i32.const 262144)))",
            500,
        ),
        call(
            "output, 256 KiB",
            "(call $output (i32.const 131072) (i32.const 262144))",
            500,
        ),
        call(
            "keccak256, 200 KiB",
            "(call $keccak256 (i32.const 131072) (i32.const 204800) (i32.const 64))",
            50,
        ),
        call(
            "read, dispatch",
            "(drop (call $read (i32.const 0) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))",
            50_000,
        ),
    ]
}

/// Pages to begin with: two come with the entry, and the large arguments need more.
fn pages(class: &Class) -> u32 {
    if class.name.contains("6 KiB") || class.name.contains("200 KiB") {
        8
    } else {
        1
    }
}

/// As many refusals as there are codes: the last one is found last.
fn large() -> Vec<u8> {
    let refusal = |code| RefusalDef {
        code,
        name: format!("Refusal{code}"),
        message: "It is {value} too much.".into(),
        field: None,
        expected: None,
        remedy: None,
        fields: vec![Field {
            name: "value".into(),
            docs: String::new(),
            ty: Type::Builtin(Builtin::U128),
        }],
    };
    let interface = Interface {
        version: marque_abi::interface::VERSION,
        refusals: (FIRST_REFUSAL..=LAST_REFUSAL).map(refusal).collect(),
        ..Interface::default()
    };
    interface.encode()
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
        r#"(module {imports} (memory (export "memory") {}) (global $g (mut i64) (i64.const 0))
            (type $unary (func (param i64) (result i64)))
            (table 4 funcref) (elem (i32.const 0) $id $id2 $id3 $id4)
            (func $id (type $unary) (local.get 0))
            (func $id2 (type $unary) (i64.add (local.get 0) (i64.const 2)))
            (func $id3 (type $unary) (i64.add (local.get 0) (i64.const 3)))
            (func $id4 (type $unary) (i64.add (local.get 0) (i64.const 4)))
            (func $deep (type $unary) (call $id (local.get 0)))
            (func (export "query") (local $i i32) (local $p i32) (local $x i64) (local $y i64) (local $z i64) (local $big i64)
                (drop (call $input (i32.const 65000) (i32.const 97)))
                (local.set $x (i64.load (i32.const 65000)))
                (local.set $y (i64.or (i64.load8_u (i32.const 65008)) (i64.const 1)))
                (local.set $big (i64.shr_u (i64.load (i32.const 65016)) (i64.const 1)))
                {}
                (block $out (loop $l
                    {}
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $l (i32.lt_u (local.get $i) (i32.const {})))))
                (i64.store (i32.const 0) (i64.add (local.get $x) (local.get $z)))
                (call $output (i32.const 0) (i32.const 8))))"#,
        pages(class),
        class.before,
        class.round,
        class.rounds
    );
    let code = wat::parse_str(&text).unwrap_or_else(|error| panic!("{}: {error}", class.name));
    build::with_meta(code, &["query"], large())
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
    let mut host = Deaf::default();
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
            if class.name.contains("256 KiB") {
                input.resize(262_144, 0);
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
