//! What calls end in.

use super::{contract, query, trap, vm};
use crate::host::Recorder;
use marque_abi::Entry;
use marque_vm::{CallResult, OptLevel, TrapKind, VmError};

const GAS: u64 = 10_000_000;

/// `query` in a module with one page and the imports that the tests use.
pub fn with_imports(body: &str) -> Vec<u8> {
    contract(&text_with_imports(body))
}

/// The same as text.
pub fn text_with_imports(body: &str) -> String {
    format!(
        r#"(module
            (import "marque" "input" (func $input (param i32 i32) (result i32)))
            (import "marque" "output" (func $output (param i32 i32)))
            (import "marque" "answer" (func $answer (param i32 i32 i32) (result i32)))
            (import "marque" "refuse" (func $refuse (param i32 i32)))
            (import "marque" "panicked" (func $panicked (param i32 i32)))
            (import "marque" "refusal" (func $refusal (param i32 i32 i32 i32 i32) (result i32)))
            (import "marque" "keccak256" (func $keccak256 (param i32 i32 i32)))
            (import "marque" "sha256" (func $sha256 (param i32 i32 i32)))
            (import "marque" "recover" (func $recover (param i32 i32 i32) (result i32)))
            (import "marque" "storage_read" (func $read (param i32 i32 i32 i32) (result i64)))
            (import "marque" "storage_write" (func $write (param i32 i32 i32 i32)))
            (import "marque" "storage_remove" (func $remove (param i32 i32) (result i32)))
            (import "marque" "storage_after" (func $after (param i32 i32 i32 i32 i32) (result i64)))
            (import "marque" "emit" (func $emit (param i32 i32)))
            (import "marque" "log" (func $log (param i32 i32)))
            (import "marque" "read" (func $record (param i32 i32 i32 i32 i32) (result i64)))
            (import "marque" "command" (func $command (param i32 i32 i32 i32) (result i64)))
            (import "marque" "call" (func $call (param i32 i32 i32 i64 i32 i32) (result i64)))
            (memory (export "memory") 1)
            (data (i32.const 0) "key value refusal event")
            (func (export "query") {body}))"#
    )
}

#[test]
fn every_row_of_the_table_links() {
    let module = vm(OptLevel::None).compile(&with_imports("")).unwrap();
    assert!(module.has(Entry::Query));
    assert!(!module.has(Entry::Init));
    assert!(!module.has(Entry::Rule("offer")));
    let rows = marque_vm::check(&with_imports("")).unwrap().imports().len();
    assert_eq!(rows, marque_abi::HostCall::ALL.len());
}

#[test]
fn storage_events_and_output_reach_the_host() {
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(call $write (i32.const 0) (i32.const 3) (i32.const 4) (i32.const 5))
             (call $emit (i32.const 18) (i32.const 5))
             (drop (call $read (i32.const 0) (i32.const 3) (i32.const 100) (i32.const 2)))
             (drop (call $answer (i32.const 2) (i32.const 102) (i32.const 50)))
             (call $output (i32.const 100) (i32.const 5))",
        ))
        .unwrap();
    let mut host = Recorder::default();
    let outcome = vm
        .run(&module, Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap();
    assert_eq!(outcome.result, CallResult::Returned(b"value".to_vec()));
    assert_eq!(host.storage[b"key".as_slice()], b"value");
    assert_eq!(host.events, [b"event"]);
}

#[test]
fn a_refusal_reaches_the_caller_unchanged() {
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(call $refuse (i32.const 10) (i32.const 7)) unreachable",
        ))
        .unwrap();
    assert_eq!(
        query(&vm, &module, b"", GAS).result,
        CallResult::Refused(b"refusal".to_vec())
    );
}

#[test]
fn a_broken_store_is_the_nodes_fault_and_no_result() {
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(drop (call $read (i32.const 0) (i32.const 3) (i32.const 100) (i32.const 2)))",
        ))
        .unwrap();
    let mut host = Recorder {
        broken: true,
        ..Recorder::default()
    };
    let error = vm
        .run(&module, Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap_err();
    assert_eq!(error, VmError::NodeFault("the store is gone".into()));
}

#[test]
fn an_endless_loop_runs_out_of_gas() {
    let vm = vm(OptLevel::Speed);
    let module = vm.compile(&with_imports("(loop $l (br $l))")).unwrap();
    let outcome = query(&vm, &module, b"", GAS);
    assert_eq!(trap(&outcome), TrapKind::OutOfGas);
    assert_eq!(outcome.gas_used, GAS);
}
