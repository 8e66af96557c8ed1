//! Refusals whose texts the machine has from the interface.

use super::{query, vm};
use crate::build::with_meta;
use crate::call::text_with_imports;
use crate::host::Recorder;
use marque_abi::interface::{Builtin, Field, Interface, RefusalDef, Type};
use marque_abi::{Entry, HostCall};
use marque_primitives::refusal::Refusal;
use marque_vm::{CallResult, Module, OptLevel, TrapKind, schedule};
use parity_scale_codec::{Decode, Encode};

const GAS: u64 = 10_000_000;

/// A contract of one refusal, 5010, with one number.
fn interface() -> Interface {
    let field = Field {
        name: "minutes".into(),
        docs: String::new(),
        ty: Type::Builtin(Builtin::U32),
    };
    let refusal = RefusalDef {
        code: 5_010,
        name: "TooWarm".into(),
        message: "It was too warm for {minutes} minutes.".into(),
        field: Some("sensors".into()),
        expected: None,
        remedy: Some("have it inspected".into()),
        fields: vec![field],
    };
    Interface {
        version: marque_abi::interface::VERSION,
        refusals: vec![refusal],
        ..Interface::default()
    }
}

fn contract(body: &str, interface: Vec<u8>) -> Vec<u8> {
    let code = wat::parse_str(text_with_imports(body)).unwrap();
    with_meta(code, &["query"], interface)
}

/// How `body` ends in a contract with these bytes as its interface.
fn ends(interface: Vec<u8>, body: &str) -> CallResult {
    let vm = vm(OptLevel::Speed);
    let module = vm.compile(&contract(body, interface)).unwrap();
    query(&vm, &module, &[], GAS).result
}

fn denied(result: &CallResult) -> (&'static str, &str) {
    let CallResult::Trapped(trap) = result else {
        panic!("{result:?} is no trap");
    };
    let TrapKind::Denied(name) = trap.kind else {
        panic!("{trap} is no denial");
    };
    (name, &trap.message)
}

/// The refusal of `code` with the four bytes at 64 as its values, and then that refused.
fn raise(code: u32, values: u32) -> String {
    format!(
        "(local $len i32)
         (i32.store (i32.const 64) (i32.const 31))
         (local.set $len (call $refusal (i32.const {code}) (i32.const 64) (i32.const {values}) (i32.const 1000) (i32.const 1000)))
         (call $refuse (i32.const 1000) (local.get $len))"
    )
}

#[test]
fn a_refusals_texts_come_from_the_interface() {
    let CallResult::Refused(bytes) = ends(interface().encode(), &raise(5_010, 4)) else {
        panic!("it refuses");
    };
    let refusal = Refusal::decode(&mut &*bytes).unwrap();
    assert_eq!(refusal.code, 5_010);
    assert_eq!(refusal.message.as_str(), "It was too warm for 31 minutes.");
    assert_eq!(refusal.field.as_deref(), Some("sensors"));
    assert_eq!(refusal.remedy.as_deref(), Some("have it inspected"));
}

#[test]
fn what_does_not_fit_is_fetched_as_any_answer() {
    let body = "(local $len i32)
        (i32.store (i32.const 64) (i32.const 31))
        (local.set $len (call $refusal (i32.const 5010) (i32.const 64) (i32.const 4) (i32.const 1000) (i32.const 3)))
        (drop (call $answer (i32.const 3) (i32.const 1003) (i32.const 500)))
        (call $refuse (i32.const 1000) (local.get $len))";
    let whole = ends(interface().encode(), &raise(5_010, 4));
    assert_eq!(ends(interface().encode(), body), whole);
}

#[test]
fn a_code_that_the_interface_does_not_list_traps() {
    let result = ends(interface().encode(), &raise(5_011, 4));
    let (name, message) = denied(&result);
    assert_eq!(name, "unlistedRefusal");
    assert!(message.contains("5011"), "{message}");
}

#[test]
fn an_interface_that_cannot_be_read_lists_none() {
    for bytes in [vec![], vec![9, 9, 9], interface().encode()[..40].to_vec()] {
        let result = ends(bytes, &raise(5_010, 4));
        assert_eq!(denied(&result).0, "unlistedRefusal");
    }
    // Those that every contract has are there all the same.
    let CallResult::Refused(bytes) = ends(vec![], &raise(5_003, 0)) else {
        panic!("it refuses");
    };
    let refusal = Refusal::decode(&mut &*bytes).unwrap();
    assert_eq!(refusal.name.as_str(), "NotAllowed");
}

#[test]
fn values_that_are_not_the_refusals_trap() {
    for len in [0, 1, 3, 5, 1_000] {
        let result = ends(interface().encode(), &raise(5_010, len));
        assert_eq!(denied(&result).0, "refusalValues", "{len}");
    }
}

#[test]
fn its_price_is_of_the_bytes_and_the_same_each_time() {
    let vm = vm(OptLevel::Speed);
    let longer = |message: &str| {
        let mut interface = interface();
        interface.refusals[0].message += message;
        contract(&raise(5_010, 4), interface.encode())
    };
    let code = longer("");
    let module = vm.compile(&code).unwrap();
    let gas = |module: &Module| {
        let mut host = Recorder::default();
        let outcome = vm.run(module, Entry::Query, vec![], GAS, &mut host);
        outcome.unwrap().gas_used
    };
    let first = gas(&module);
    assert_eq!(gas(&module), first, "the interface is read by then");
    assert_eq!(gas(&vm.compile(&code).unwrap()), first);
    // Eight words more come out of the one call and go into the other.
    let (raised, refused) = (HostCall::Refusal, HostCall::Refuse);
    let more =
        schedule::host_call(raised).bytes_out(64) + schedule::host_call(refused).bytes_in(64);
    let longer = vm.compile(&longer(&"a".repeat(64))).unwrap();
    assert_eq!(gas(&longer), first + more);
}
