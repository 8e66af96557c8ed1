//! The virtual machine from outside: modules as text, hosts that record what they are asked.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says no by panicking"
)]

mod admission;
mod attacks;
mod build;
mod cache;
mod call;
mod compiling;
mod cpu;
mod fuzz;
mod gas;
mod host;
mod nested;
mod pointers;
mod raised;
mod refusals;
mod stack;

use build::append_meta;
use marque_abi::Entry;
use marque_vm::{CallOutcome, CallResult, Module, OptLevel, TrapKind, Vm, VmConfig};

/// A machine of the given level.
fn vm(opt_level: OptLevel) -> Vm {
    Vm::new(&VmConfig {
        opt_level,
        instances: 64,
        ..VmConfig::default()
    })
    .unwrap()
}

/// A module from its text, with the metadata section that its `query` export needs.
fn contract(text: &str) -> Vec<u8> {
    contract_with(text, &["query"])
}

/// A module from its text, with metadata that lists these entries.
fn contract_with(text: &str, entries: &[&str]) -> Vec<u8> {
    let mut code = wat::parse_str(text).unwrap();
    append_meta(&mut code, entries);
    code
}

/// Runs `query` with a host that has nothing.
fn query(vm: &Vm, module: &Module, input: &[u8], gas: u64) -> CallOutcome {
    let mut host = host::Recorder::default();
    vm.run(module, Entry::Query, input.to_vec(), gas, &mut host)
        .unwrap()
}

/// The trap that a call ended in.
#[track_caller]
fn trap(outcome: &CallOutcome) -> TrapKind {
    match &outcome.result {
        CallResult::Trapped(trap) => trap.kind,
        other => panic!("no trap but {other:?}"),
    }
}
