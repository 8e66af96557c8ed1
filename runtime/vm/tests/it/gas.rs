//! Gas: exact, the same everywhere, and ending calls at the same point.

use crate::host::Recorder;
use crate::{contract, query, trap, vm};
use marque_abi::Entry;
use marque_vm::{CallOutcome, CallResult, Module, OptLevel, TrapKind, Vm, schedule};

/// A program with a loop, calls, an indirect call, memory, growth and events.
const PROGRAM: &str = r#"(module
    (import "marque" "emit" (func $emit (param i32 i32)))
    (import "marque" "output" (func $output (param i32 i32)))
    (memory (export "memory") 1)
    (table 2 funcref)
    (elem (i32.const 0) $twice $thrice)
    (type $unary (func (param i64) (result i64)))
    (func $twice (type $unary) (i64.mul (local.get 0) (i64.const 2)))
    (func $thrice (type $unary)
        (if (i64.eqz (local.get 0)) (then (return (i64.const 1))))
        (i64.mul (local.get 0) (i64.const 3)))
    (func (export "query") (local $i i32) (local $x i64)
        (local.set $x (i64.const 1))
        (loop $l
            (local.set $x (call_indirect (type $unary) (local.get $x) (i32.and (local.get $i) (i32.const 1))))
            (block $out (block $b (block $a
                (br_table $a $b $out (i32.rem_u (local.get $i) (i32.const 3))))
                (local.set $x (i64.add (local.get $x) (i64.const 7))) (br $out))
                (local.set $x (i64.xor (local.get $x) (i64.const 5))))
            (i64.store (i32.const 64) (local.get $x))
            (call $emit (i32.const 64) (i32.const 8))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (i32.const 5))))
        (drop (memory.grow (i32.const 1)))
        (i64.store (i32.const 70000) (local.get $x))
        (call $output (i32.const 70000) (i32.const 8))))"#;

/// What [`PROGRAM`] uses under schedule 2. A change is a change of the schedule.
const PROGRAM_GAS: u64 = 404_874;

fn run(vm: &Vm, module: &Module, gas: u64) -> (CallOutcome, Vec<Vec<u8>>) {
    let mut host = Recorder::default();
    let outcome = vm
        .run(module, Entry::Query, Vec::new(), gas, &mut host)
        .unwrap();
    (outcome, host.events)
}

#[test]
fn gas_is_the_same_at_each_level_and_on_each_thread() {
    let code = contract(PROGRAM);
    let outcomes: Vec<_> = [OptLevel::None, OptLevel::Speed]
        .iter()
        .flat_map(|level| {
            let vm = vm(*level);
            let module = vm.compile(&code).unwrap();
            std::thread::scope(|scope| {
                let threads: Vec<_> = (0..2)
                    .map(|_| {
                        scope.spawn(|| {
                            (0..50)
                                .map(|_| run(&vm, &module, 10_000_000))
                                .collect::<Vec<_>>()
                        })
                    })
                    .collect();
                threads
                    .into_iter()
                    .flat_map(|thread| thread.join().unwrap())
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    assert_eq!(outcomes.len(), 200);
    for (outcome, events) in &outcomes {
        assert_eq!((outcome, events), (&outcomes[0].0, &outcomes[0].1));
    }
    assert_eq!(outcomes[0].0.gas_used, PROGRAM_GAS);
    assert_eq!(
        outcomes[0].0.result,
        CallResult::Returned(outcomes[0].1[4].clone())
    );
}

#[test]
fn exhaustion_at_every_point_ends_alike_at_each_level() {
    let code = contract(PROGRAM);
    let vms = [vm(OptLevel::None), vm(OptLevel::Speed)];
    let modules = vms.each_ref().map(|vm| vm.compile(&code).unwrap());
    let mut last = 0;
    for gas in (0..PROGRAM_GAS)
        .rev()
        .step_by(211)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        let [(none, events), speed] = [0, 1].map(|at| run(&vms[at], &modules[at], gas));
        assert_eq!((&none, &events), (&speed.0, &speed.1), "with {gas} gas");
        assert_eq!(trap(&none), TrapKind::OutOfGas, "with {gas} gas");
        assert_eq!(none.gas_used, gas);
        assert!(events.len() >= last, "more gas did less");
        last = events.len();
    }
    assert_eq!(last, 5);
    let enough = run(&vms[0], &modules[0], PROGRAM_GAS).0;
    assert_eq!(enough.gas_used, PROGRAM_GAS);
    assert!(matches!(enough.result, CallResult::Returned(_)));
}

/// A body's gas beyond that of a body without instructions.
fn beyond_nothing(body: &str) -> u64 {
    let vm = vm(OptLevel::None);
    let used = |body: &str| {
        let text = format!(
            r#"(module (memory (export "memory") 1) (func $leaf) (func (export "query") (local i32) {body}))"#
        );
        let module = vm.compile(&contract(&text)).unwrap();
        query(&vm, &module, b"", 100_000_000).gas_used
    };
    used(body) - used("")
}

#[test]
fn a_body_costs_what_the_schedule_says() {
    // A function's first block is charged with its entry, and holds the straight line.
    assert_eq!(beyond_nothing("nop nop (block nop)"), 0);
    assert_eq!(beyond_nothing("(drop (i32.const 1))"), 0);
    assert_eq!(
        beyond_nothing("(local.set 0 (i32.add (local.get 0) (i32.const 1)))"),
        2
    );
    assert_eq!(
        beyond_nothing("(drop (i32.div_u (i32.const 4) (i32.const 2)))"),
        60
    );
    assert_eq!(beyond_nothing("(drop (i32.load (i32.const 0)))"), 4);
    // Code that cannot be reached costs nothing.
    assert_eq!(
        beyond_nothing("(block (br 0) (drop (i32.load (i32.const 0))))"),
        2
    );
    // A taken arm is charged, the other is not: the condition, then a block of its own.
    let arm = |taken: u32| {
        beyond_nothing(&format!(
            "(if (i32.const {taken}) (then (drop (i32.load (i32.const 1)))))"
        ))
    };
    assert_eq!((arm(0), arm(1)), (2, 2 + 3 + 4));
    // Each round of a loop: a sum, a comparison, a branch, and the block itself.
    let rounds = |count: u32| {
        beyond_nothing(&format!(
            "(loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                (br_if 0 (i32.lt_u (local.get 0) (i32.const {count}))))"
        ))
    };
    assert_eq!(rounds(11) - rounds(1), 10 * (2 + 4 + 2 + 3));
    // A call, and the body that it runs.
    assert_eq!(beyond_nothing("(call $leaf)"), 12 + 8 + 3);
    // Growth pays for its pages, unless the limit is above what may be had.
    let growth = |pages: i32| beyond_nothing(&format!("(drop (memory.grow (i32.const {pages})))"));
    assert_eq!(growth(0), 1_000);
    assert_eq!(growth(3), 1_000 + 3 * schedule::PAGE);
    assert_eq!(growth(255), 1_000 + 255 * schedule::PAGE);
    assert_eq!(growth(256), 1_000);
    assert_eq!(growth(-1), 1_000);
}

#[test]
fn memory_grows_to_its_limit_and_says_so_beyond() {
    let vm = vm(OptLevel::Speed);
    let text = |limit: &str, by: &str| {
        contract(&format!(
            r#"(module (import "marque" "output" (func $output (param i32 i32)))
                (memory (export "memory") 1 {limit})
                (func (export "query")
                    (i32.store (i32.const 0) (memory.grow (i32.const {by})))
                    (i32.store (i32.const 4) (memory.size))
                    (call $output (i32.const 0) (i32.const 8))))"#
        ))
    };
    for (limit, by, grown, size) in [
        ("", "255", 1, 256),
        ("", "256", -1, 1),
        ("4", "3", 1, 4),
        ("4", "4", -1, 1),
        ("65536", "256", -1, 1),
        ("", "-1", -1, 1),
    ] {
        let module = vm.compile(&text(limit, by)).unwrap();
        let outcome = query(&vm, &module, b"", 100_000_000);
        let expected = [i32::to_le_bytes(grown), i32::to_le_bytes(size)].concat();
        assert_eq!(
            outcome.result,
            CallResult::Returned(expected),
            "limit {limit}, by {by}"
        );
    }
}

#[test]
fn a_growth_loop_pays_until_it_cannot() {
    let vm = vm(OptLevel::Speed);
    let code = contract(
        r#"(module (memory (export "memory") 1) (func (export "query") (loop $l (drop (memory.grow (i32.const 1))) (br $l))))"#,
    );
    let module = vm.compile(&code).unwrap();
    assert_eq!(
        trap(&query(&vm, &module, b"", 50 * schedule::PAGE)),
        TrapKind::OutOfGas
    );
    assert_eq!(
        trap(&query(&vm, &module, b"", 1_000 * schedule::PAGE)),
        TrapKind::OutOfGas
    );
}

#[test]
fn a_fresh_instance_knows_nothing_of_the_last() {
    let vm = vm(OptLevel::Speed);
    let code = contract(
        r#"(module (import "marque" "output" (func $output (param i32 i32)))
            (memory (export "memory") 1) (global $g (mut i32) (i32.const 7)) (data (i32.const 9) "z")
            (func (export "query") (local $i i32)
                (i32.store (i32.const 0) (global.get $g))
                (i32.store8 (i32.const 4) (i32.load8_u (i32.const 9)))
                (i32.store8 (i32.const 5) (i32.load8_u (i32.const 65000)))
                (i32.store (i32.const 100) (memory.size))
                (i32.store8 (i32.const 6) (i32.load8_u (i32.const 100)))
                (call $output (i32.const 0) (i32.const 7))
                (global.set $g (i32.const 99))
                (loop $l
                    (i64.store (local.get $i) (i64.const -1))
                    (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 65536))))
                (drop (memory.grow (i32.const 100)))
                (i64.store (i32.const 6000000) (i64.const -1))))"#,
    );
    let module = vm.compile(&code).unwrap();
    for _ in 0..200 {
        let outcome = query(&vm, &module, b"", 100_000_000);
        assert_eq!(
            outcome.result,
            CallResult::Returned(b"\x07\0\0\0z\0\x01".to_vec())
        );
    }
}

#[test]
fn an_entry_that_cannot_be_paid_does_not_run() {
    let vm = vm(OptLevel::Speed);
    let module = vm.compile(&contract(PROGRAM)).unwrap();
    for gas in [0, 1, schedule::ENTRY, schedule::ENTRY + 1] {
        let (outcome, events) = run(&vm, &module, gas);
        assert_eq!(
            (trap(&outcome), outcome.gas_used, events.len()),
            (TrapKind::OutOfGas, gas, 0)
        );
    }
    let (outcome, _) = run(&vm, &module, u64::MAX);
    assert_eq!(outcome.gas_used, PROGRAM_GAS);
}
