//! The virtual machine from outside: modules as text, hosts that record what they are asked.

mod call;
mod host;

use marque_abi::Entry;
use marque_abi::meta::Parts;
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

/// Appends the metadata section to a module's bytes.
fn append_meta(code: &mut Vec<u8>, entries: &[&str]) {
    let parts = Parts {
        name: "test",
        release: "1.0.0",
        entries,
        interface: &[],
    };
    let name = marque_abi::meta::SECTION;
    let meta = marque_abi::Meta {
        version: marque_abi::meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: parts.name.try_into().unwrap(),
        release: parts.release.try_into().unwrap(),
        entries: entries
            .iter()
            .map(|e| (*e).try_into().unwrap())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
        interface: Default::default(),
    };
    let mut content = vec![u8::try_from(name.len()).unwrap()];
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(&parity_scale_codec::Encode::encode(&meta));
    code.push(0);
    leb(content.len(), code);
    code.extend_from_slice(&content);
}

fn leb(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
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
