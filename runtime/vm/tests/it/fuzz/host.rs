//! Host calls with random arguments, against the [`Model`]: the same memory afterwards, the
//! same requests of the host, the same end, and gas to the unit.

use super::budget::{Budget, Random};
use super::model::{Model, Stop};
use crate::host::Recorder;
use crate::{contract, vm};
use marque_abi::{Entry, HostCall, WasmType};
use marque_vm::{CallOutcome, CallResult, Module, OptLevel, TrapKind, Vm, schedule};
use std::collections::BTreeMap;

/// Bytes of the contract's memory.
const MEMORY: usize = 2 * 65_536;
/// Where a program lies in it.
const PROGRAM: usize = 256;
/// A step: which call, and six arguments, 8 bytes each.
const STEP: usize = 56;
/// Where results are gathered.
const RESULTS: usize = 8;
const GAS: u64 = 1 << 50;

/// A contract that runs its input: each step is one host call.
fn interpreter() -> Vec<u8> {
    let kind = |wasm: &WasmType| match wasm {
        WasmType::I32 => " i32",
        WasmType::I64 => " i64",
    };
    let mut imports = String::new();
    let mut arms = String::new();
    for row in HostCall::ALL {
        let name = row.name();
        let params: String = row.params().iter().map(kind).collect();
        let result: String = row.result().iter().map(kind).collect();
        imports += &format!(
            r#"(import "marque" "{name}" (func ${name} (param{params}) (result{result})))"#
        );
        let arguments: String = row
            .params()
            .iter()
            .zip((1..).map(|at| at * 8))
            .map(|(kind, offset)| match kind {
                WasmType::I32 => format!("(i32.load offset={offset} (local.get $at))"),
                WasmType::I64 => format!("(i64.load offset={offset} (local.get $at))"),
            })
            .collect();
        let call = format!("(call ${name} {arguments})");
        let gathered = |value: String| {
            format!(
                "(i64.store (i32.const {RESULTS}) (i64.rotl (i64.xor (i64.load (i32.const {RESULTS})) {value}) (i64.const 7)))"
            )
        };
        // The arms stand behind their blocks' ends, innermost first.
        arms += &match row.result() {
            None => format!("{call} (br $next)) "),
            Some(WasmType::I32) => {
                format!(
                    "{} (br $next)) ",
                    gathered(format!("(i64.extend_i32_u {call})"))
                )
            }
            Some(WasmType::I64) => format!("{} (br $next)) ", gathered(call)),
        };
    }
    let rows = HostCall::ALL.len();
    let labels: String = (0..=rows).map(|at| format!("{at} ")).collect();
    contract(&format!(
        r#"(module {imports} (memory (export "memory") 2)
            (func (export "query") (local $at i32) (local $end i32)
                (local.set $end (i32.add (i32.const {PROGRAM}) (call $input (i32.const {PROGRAM}) (i32.const 60000))))
                (local.set $at (i32.const {}))
                (block $done (loop $next
                    (br_if $done (i32.ge_u (local.tee $at (i32.add (local.get $at) (i32.const {STEP}))) (local.get $end)))
                    {} (br_table {labels} (i32.load (local.get $at)))) {arms} (br $next)))
                (call $output (i32.const 0) (i32.const {MEMORY}))))"#,
        PROGRAM - STEP,
        "(block ".repeat(rows + 1),
    ))
}

/// A number that pointers and lengths break on.
fn argument(random: &mut Random) -> i64 {
    let near = |random: &mut Random, at: i64| at + i64::try_from(random.below(80)).unwrap() - 40;
    match random.below(9) {
        0..=2 => i64::try_from(random.below(256)).unwrap(),
        3 => i64::try_from(random.below(MEMORY)).unwrap(),
        4 => near(random, i64::try_from(MEMORY).unwrap()),
        5 => near(random, 65_536),
        6 => near(random, 256 * 1024),
        7 => *random.pick(&[
            0,
            -1,
            1,
            i64::MAX,
            i64::MIN,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_ffff,
        ]),
        _ => random.word().cast_signed(),
    }
}

fn program(random: &mut Random) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..=random.below(24) {
        // Steps that always end the call are rare, so that others come after one another.
        let mut row = random.below(HostCall::ALL.len() + 1);
        let ends = [HostCall::Refuse, HostCall::Panicked];
        if HostCall::ALL.get(row).is_some_and(|row| ends.contains(row)) && !random.one_in(8) {
            row = HostCall::ALL.len();
        }
        out.extend_from_slice(&(row as u64).to_le_bytes());
        let careful = !random.one_in(4);
        let raises = HostCall::ALL.get(row) == Some(&HostCall::Refusal);
        for at in 0..6 {
            let value = match careful {
                // A refusal that every contract has, and about as many bytes as its values.
                true if raises && at == 0 => 5_000 + i64::try_from(random.below(7)).unwrap(),
                true if raises && at == 2 => i64::try_from(random.below(3)).unwrap(),
                true => {
                    let end = *random.pick(&[40, 2_000, 2_000]);
                    i64::try_from(random.below(end)).unwrap()
                }
                false => argument(random),
            };
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
    out
}

fn host() -> Recorder<'static> {
    let mut host = Recorder::default();
    for length in 0..60u8 {
        host.storage.insert(
            vec![0; length.into()],
            vec![length; 5 * usize::from(length)],
        );
    }
    host
}

/// The model's way through a program: the steps' rows, and the end.
fn expected(input: &[u8]) -> (Model, Vec<usize>, Option<Stop>) {
    let mut model = Model {
        memory: vec![0; MEMORY],
        input: input.to_vec(),
        answer: Vec::new(),
        host: host(),
        gas: 0,
    };
    let mut rows = Vec::new();
    let first = [PROGRAM as i64, 60_000, 0, 0, 0, 0];
    model.call(HostCall::Input, first).unwrap();
    let mut at = PROGRAM;
    while at < PROGRAM + input.len() {
        let long = |memory: &[u8], from: usize| {
            i64::from_le_bytes(memory[from..from + 8].try_into().unwrap())
        };
        let row = usize::try_from(long(&model.memory, at) & 0xffff_ffff).unwrap();
        let arguments = std::array::from_fn(|n| long(&model.memory, at + 8 * (n + 1)));
        rows.push(row.min(HostCall::ALL.len()));
        if let Some(row) = HostCall::ALL.get(row) {
            let before = long(&model.memory, RESULTS);
            match model.call(*row, arguments) {
                Err(stop) => return (model, rows, Some(stop)),
                Ok(None) => {}
                Ok(Some(result)) => {
                    // The contract loaded what was gathered before the call wrote into memory.
                    let result = match row.result() {
                        Some(WasmType::I32) => result & 0xffff_ffff,
                        _ => result,
                    };
                    let gathered = (before ^ result).rotate_left(7).to_le_bytes();
                    model.memory[RESULTS..RESULTS + 8].copy_from_slice(&gathered);
                }
            }
        }
        at += STEP;
    }
    let all = [0, MEMORY as i64, 0, 0, 0, 0];
    model.call(HostCall::Output, all).unwrap();
    (model, rows, None)
}

struct Target {
    vm: Vm,
    module: Module,
    /// The contract's own gas, without steps and for a step of each row.
    empty: u64,
    steps: Vec<u64>,
}

impl Target {
    fn new() -> Self {
        let vm = vm(OptLevel::Speed);
        let module = vm.compile(&interpreter()).unwrap();
        let mut target = Self {
            vm,
            module,
            empty: 0,
            steps: vec![0; HostCall::ALL.len() + 1],
        };
        target.empty = target.own_gas(&[]);
        for row in 0..=HostCall::ALL.len() {
            let ends = [Some(&HostCall::Refuse), Some(&HostCall::Panicked)];
            if ends.contains(&HostCall::ALL.get(row)) {
                continue;
            }
            let mut step = vec![0; STEP];
            step[..8].copy_from_slice(&(row as u64).to_le_bytes());
            if HostCall::ALL.get(row) == Some(&HostCall::Refusal) {
                step[8..16].copy_from_slice(&5_003u64.to_le_bytes());
            }
            target.steps[row] = target.own_gas(&step) - target.empty;
        }
        target
    }

    fn run(&self, input: &[u8], gas: u64) -> (CallOutcome, Recorder<'static>) {
        let mut host = host();
        let outcome = self
            .vm
            .run(&self.module, Entry::Query, input.to_vec(), gas, &mut host);
        (outcome.unwrap(), host)
    }

    /// What a program uses beside host calls and its input.
    fn own_gas(&self, input: &[u8]) -> u64 {
        let (outcome, _) = self.run(input, GAS);
        assert!(
            matches!(outcome.result, CallResult::Returned(_)),
            "{outcome:?}"
        );
        outcome.gas_used - expected(input).0.gas - input.len() as u64 * schedule::INPUT_BYTE
    }
}

#[test]
fn host_calls_with_random_arguments_do_what_the_table_says() {
    let target = Target::new();
    let mut budget = Budget::new("host calls", 4_000);
    let mut tally: BTreeMap<String, u32> = BTreeMap::new();
    for seed in &mut budget {
        let mut random = Random::new(seed);
        let input = program(&mut random);
        let (model, rows, stop) = expected(&input);
        let (outcome, host) = target.run(&input, GAS);
        let asked = |host: &Recorder<'_>| {
            (
                host.storage.clone(),
                host.events.clone(),
                host.logs.clone(),
                host.reads.clone(),
            )
        };
        assert_eq!(
            asked(&host),
            asked(&model.host),
            "seed {seed}: the host was asked otherwise"
        );
        let ended = match (&outcome.result, &stop) {
            (CallResult::Returned(memory), None) => {
                assert!(
                    *memory == model.memory,
                    "seed {seed}: the memory is another"
                );
                let steps: u64 = rows.iter().map(|row| target.steps[*row]).sum();
                let own = target.empty + steps + input.len() as u64 * schedule::INPUT_BYTE;
                assert_eq!(outcome.gas_used, own + model.gas, "seed {seed}: gas");
                "returned".to_owned()
            }
            (CallResult::Refused(refusal), Some(Stop::Refused(expected))) => {
                assert_eq!(refusal, expected, "seed {seed}");
                "refused".to_owned()
            }
            (CallResult::Trapped(trap), Some(Stop::Trapped(expected))) => {
                assert_eq!(trap.kind, *expected, "seed {seed}");
                assert!(
                    outcome.gas_used > model.gas,
                    "seed {seed}: calls that were not charged"
                );
                trap.kind.name().to_owned()
            }
            (CallResult::Trapped(trap), Some(Stop::OutOfGas)) => {
                assert_eq!(
                    (trap.kind, outcome.gas_used),
                    (TrapKind::OutOfGas, GAS),
                    "seed {seed}"
                );
                trap.kind.name().to_owned()
            }
            other => panic!("seed {seed}: {other:?}"),
        };
        *tally.entry(ended).or_default() += 1;
        // With less gas it does no more, and uses all of it.
        if outcome.gas_used < GAS {
            let gas = random.word() % outcome.gas_used;
            let (short, host) = target.run(&input, gas);
            // Blocks are charged ahead: what ends otherwise may have needed less than it used.
            if let CallResult::Trapped(trap) = &short.result
                && trap.kind == TrapKind::OutOfGas
            {
                assert_eq!(short.gas_used, gas, "seed {seed}");
            } else {
                assert_ne!(
                    stop, None,
                    "seed {seed}: it returned with {gas} of {}",
                    outcome.gas_used
                );
                assert!(short.gas_used <= gas, "seed {seed}");
            }
            assert!(host.events.len() <= model.host.events.len(), "seed {seed}");
        }
    }
    budget.report(&tally);
    for ended in [
        "returned",
        "refused",
        "panicked",
        "pointerOutOfBounds",
        "tooLong",
    ] {
        assert!(
            !budget.is_whole() || tally.contains_key(ended),
            "{tally:?} tests too little: nothing {ended}"
        );
    }
}
