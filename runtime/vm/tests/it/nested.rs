//! Contracts that ask contracts: one gas counter, each with its own memory and host.

use crate::call::with_imports;
use crate::host::Recorder;
use crate::{trap, vm};
use marque_abi::Entry;
use marque_vm::{CallResult, OptLevel, TrapKind};

const GAS: u64 = 10_000_000;

/// Asks the contract at address 1, with this limit, and answers the code and the answer.
fn asking(limit: &str) -> Vec<u8> {
    with_imports(&format!(
        "(local $n i32)
         (i32.store8 (i32.const 400) (i32.const 1))
         (i64.store (i32.const 100)
            (call $call (i32.const 400) (i32.const 0) (i32.const 3) (i64.const {limit}) (i32.const 0) (i32.const 0)))
         (local.set $n (call $answer (i32.const 0) (i32.const 108) (i32.const 200)))
         (call $output (i32.const 100) (i32.add (i32.const 8) (local.get $n)))"
    ))
}

/// What asking a contract with this body gives, and the gas of it all.
fn asked(body: &str, limit: &str) -> (CallResult, u64) {
    let vm = vm(OptLevel::Speed);
    let outer = vm.compile(&asking(limit)).unwrap();
    let inner = vm.compile(&with_imports(body)).unwrap();
    let mut host = Recorder::default();
    host.others.insert(1, (&vm, &inner));
    let outcome = vm
        .run(&outer, Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap();
    (outcome.result, outcome.gas_used)
}

fn answered(code: i64, answer: &[u8]) -> CallResult {
    CallResult::Returned([code.to_le_bytes().as_slice(), answer].concat())
}

#[test]
fn a_nested_call_answers_refuses_or_traps_by_name() {
    let echo = "(call $output (i32.const 0) (call $input (i32.const 0) (i32.const 3)))";
    let (result, gas) = asked(echo, "-1");
    assert_eq!(result, answered(3, b"key"));
    let (_, dearer) = asked(&format!("(drop (i32.load (i32.const 0))) {echo}"), "-1");
    assert_eq!(dearer, gas + 4, "what the inner call uses, the outer pays");
    assert_eq!(
        asked("(call $refuse (i32.const 10) (i32.const 7))", "-1").0,
        answered(-2, b"refusal")
    );
    assert_eq!(asked("unreachable", "-1").0, answered(-3, b"unreachable"));
    assert_eq!(
        asked("(call $panicked (i32.const 4) (i32.const 5))", "-1").0,
        answered(-3, b"panicked: value")
    );
    let write = "(call $write (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 3))";
    assert_eq!(
        asked(write, "-1").0,
        answered(-3, b"writeInQuery: a query writes nothing")
    );
}

#[test]
fn a_nested_call_that_runs_out_of_its_limit_leaves_the_rest() {
    let (result, gas) = asked("(loop (br 0))", "100000");
    assert_eq!(result, answered(-3, b"outOfGas"));
    assert!((100_000..250_000).contains(&gas), "{gas}");
}

#[test]
fn a_nested_call_without_a_limit_takes_all_there_is() {
    let (result, gas) = asked("(loop (br 0))", "-1");
    let CallResult::Trapped(trap) = result else {
        panic!("{result:?}")
    };
    assert_eq!((trap.kind, gas), (TrapKind::OutOfGas, GAS));
}

#[test]
fn re_entry_finds_no_contract() {
    // The host takes a contract off its list while it runs, as the ledger does.
    let vm = vm(OptLevel::Speed);
    let module = vm.compile(&asking("-1")).unwrap();
    let mut host = Recorder::default();
    host.others.insert(1, (&vm, &module));
    let outcome = vm
        .run(&module, Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap();
    assert_eq!(outcome.result, answered(8, &(-1i64).to_le_bytes()));
}

#[test]
fn a_chain_of_calls_each_deep_ends_each_alike() {
    let vm = vm(OptLevel::Speed);
    let chain: Vec<_> = (1u8..9)
        .map(|at| {
            vm.compile(&with_imports(&format!(
                "(i32.store8 (i32.const 400) (i32.const {}))
                 (drop (call $call (i32.const 400) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 0) (i32.const 0)))
                 (call $output (i32.const 0) (call $answer (i32.const 0) (i32.const 0) (i32.const 100)))",
                at + 1
            )))
            .unwrap()
        })
        .collect();
    let deep = crate::contract(
        r#"(module (memory (export "memory") 1) (func $f (call $f)) (func (export "query") (call $f)))"#,
    );
    let deep = vm.compile(&deep).unwrap();
    let mut host = Recorder::default();
    for (at, module) in chain.iter().enumerate() {
        host.others
            .insert(u8::try_from(at).unwrap() + 1, (&vm, module));
    }
    host.others.insert(9, (&vm, &deep));
    let outcome = vm
        .run(&chain[0], Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap();
    assert_eq!(
        outcome.result,
        CallResult::Returned(b"stackOverflow".to_vec())
    );
    let alone = vm
        .run(
            &deep,
            Entry::Query,
            Vec::new(),
            GAS,
            &mut Recorder::default(),
        )
        .unwrap();
    assert_eq!(trap(&alone), TrapKind::StackOverflow);
}
