//! Host calls with hostile pointers, lengths and answers.

use crate::call::with_imports;
use crate::host::Recorder;
use crate::{query, trap, vm};
use marque_abi::{Entry, HostCall, WasmType};
use marque_vm::{CallOutcome, CallResult, OptLevel, TrapKind, Vm};

const GAS: u64 = 50_000_000;
/// The memory's end: one page.
const END: i64 = 65_536;

/// Runs one call of `row` with these arguments, as the host that knows the key `key`.
fn ask(vm: &Vm, row: HostCall, arguments: &[i64]) -> CallOutcome {
    let name = match row {
        HostCall::StorageRead => "read",
        HostCall::StorageWrite => "write",
        HostCall::StorageRemove => "remove",
        HostCall::StorageAfter => "after",
        HostCall::Read => "record",
        other => other.name(),
    };
    let passed: String = row
        .params()
        .iter()
        .zip(arguments)
        .map(|(kind, value)| match kind {
            WasmType::I32 => {
                let word =
                    i32::try_from(*value).or_else(|_| u32::try_from(*value).map(u32::cast_signed));
                format!("(i32.const {})", word.unwrap())
            }
            WasmType::I64 => format!("(i64.const {value})"),
        })
        .collect();
    let drop = if row.result().is_some() { "drop" } else { "" };
    let module = vm
        .compile(&with_imports(&format!("(call ${name} {passed}) {drop}")))
        .unwrap();
    let mut host = Recorder::default();
    host.storage.insert(b"key".to_vec(), vec![7; 100]);
    vm.run(&module, Entry::Query, b"input".to_vec(), GAS, &mut host)
        .unwrap()
}

/// The positions of pointers in a row's parameters, each with its length's or with none.
fn pointers(row: HostCall) -> &'static [(usize, Option<usize>)] {
    match row {
        HostCall::Input
        | HostCall::Output
        | HostCall::Refuse
        | HostCall::Panicked
        | HostCall::Emit
        | HostCall::Log => &[(0, Some(1))],
        HostCall::Answer => &[(1, Some(2))],
        HostCall::Keccak256 | HostCall::Sha256 => &[(0, Some(1)), (2, None)],
        HostCall::Recover => &[(0, None), (1, None), (2, None)],
        HostCall::StorageRead | HostCall::StorageWrite | HostCall::Command => {
            &[(0, Some(1)), (2, Some(3))]
        }
        HostCall::StorageRemove => &[(0, Some(1))],
        HostCall::StorageAfter => &[(0, Some(1)), (3, Some(4))],
        HostCall::Read | HostCall::Refusal => &[(1, Some(2)), (3, Some(4))],
        HostCall::Call => &[(0, None), (1, Some(2)), (4, Some(5))],
    }
}

#[test]
fn no_call_reaches_outside_the_memory() {
    let vm = vm(OptLevel::None);
    for row in HostCall::ALL {
        let mut good: Vec<i64> = vec![0; row.params().len()];
        if *row == HostCall::Refusal {
            // One that every contract has, without values.
            good[0] = 5_003;
        }
        for (ptr, len) in pointers(*row) {
            let with = |at: i64, length: i64| {
                let mut arguments = good.clone();
                arguments[*ptr] = at;
                if let Some(len) = len {
                    arguments[*len] = length;
                }
                arguments
            };
            let hostile = [
                (END, 1),
                (END - 1, 2),
                (0, END + 1),
                (u32::MAX.into(), 1),
                (u32::MAX.into(), 2),
                (-1, -1),
                (1, -1),
                (-2_147_483_648, 4),
                (END + 1, 0),
            ];
            for (at, length) in hostile {
                if len.is_none() && (0..END - 65).contains(&at) {
                    continue;
                }
                let outcome = ask(&vm, *row, &with(at, length));
                let expected = [TrapKind::PointerOutOfBounds, TrapKind::TooLong];
                assert!(
                    expected.contains(&trap(&outcome)),
                    "{} at {at} of {length}: {outcome:?}",
                    row.name()
                );
            }
            if len.is_some() {
                // The place behind the last byte holds nothing, and holding nothing is fine.
                let outcome = ask(&vm, *row, &with(END, 0));
                let ended = matches!(
                    outcome.result,
                    CallResult::Returned(_) | CallResult::Refused(_)
                );
                assert!(
                    ended || trap(&outcome) == TrapKind::Panicked,
                    "{}: {outcome:?}",
                    row.name()
                );
            }
        }
    }
}

#[test]
fn lengths_beyond_the_limits_are_named_before_anything_is_copied() {
    let vm = vm(OptLevel::None);
    for row in HostCall::ALL {
        for (ptr, len) in pointers(*row) {
            let takes_in = schedule_takes_bytes_in(*row, *ptr);
            let Some(len) = len.filter(|_| takes_in) else {
                continue;
            };
            let mut arguments = vec![0; row.params().len()];
            arguments[len] = 300_000;
            let outcome = ask(&vm, *row, &arguments);
            assert_eq!(trap(&outcome), TrapKind::TooLong, "{}", row.name());
            assert!(
                outcome.gas_used < GAS / 2,
                "{} charged for what it did not take",
                row.name()
            );
        }
    }
}

/// Whether the pointer at this place is to bytes that come in.
fn schedule_takes_bytes_in(row: HostCall, ptr: usize) -> bool {
    match row {
        HostCall::Input | HostCall::Answer => false,
        HostCall::StorageWrite => true,
        _ => {
            pointers(row)
                .first()
                .is_some_and(|(first, _)| *first == ptr)
                || (row == HostCall::Call && ptr == 1)
        }
    }
}

#[test]
fn arguments_and_answers_may_overlap() {
    let vm = vm(OptLevel::Speed);
    // The value lands on the key that it was found by; the digest on what was digested.
    let module = vm
        .compile(&with_imports(
            "(drop (call $read (i32.const 0) (i32.const 3) (i32.const 1) (i32.const 60)))
             (call $keccak256 (i32.const 0) (i32.const 40) (i32.const 8))
             (call $output (i32.const 0) (i32.const 64))",
        ))
        .unwrap();
    let mut host = Recorder::default();
    host.storage.insert(b"key".to_vec(), vec![7; 100]);
    let outcome = vm
        .run(&module, Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap();
    let mut expected = [b"k".to_vec(), vec![7; 60], vec![0; 3]].concat();
    let digest = marque_primitives::hash::keccak256(&[&expected[..40]]);
    expected[8..40].copy_from_slice(&digest.0);
    assert_eq!(outcome.result, CallResult::Returned(expected));
}

#[test]
fn answers_say_their_length_and_give_the_rest() {
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(local $n i64)
             (i64.store (i32.const 200) (call $read (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 0)))
             (i32.store (i32.const 208) (call $answer (i32.const 90) (i32.const 300) (i32.const 1000)))
             (i32.store (i32.const 212) (call $answer (i32.const 1000) (i32.const 300) (i32.const 1000)))
             (i32.store (i32.const 216) (call $answer (i32.const -1) (i32.const 300) (i32.const 1000)))
             (i64.store (i32.const 220) (call $read (i32.const 0) (i32.const 2) (i32.const 0) (i32.const 0)))
             (i32.store (i32.const 228) (call $answer (i32.const 0) (i32.const 300) (i32.const 1000)))
             (i32.store (i32.const 232) (call $input (i32.const 240) (i32.const 3)))
             (i64.store (i32.const 244) (call $after (i32.const 0) (i32.const 3) (i32.const 9) (i32.const 0) (i32.const 0)))
             (i64.store (i32.const 252) (call $after (i32.const 0) (i32.const 2) (i32.const 1) (i32.const 0) (i32.const 0)))
             (call $output (i32.const 200) (i32.const 110))",
        ))
        .unwrap();
    let mut host = Recorder::default();
    host.storage.insert(b"key".to_vec(), (0..100).collect());
    let outcome = vm
        .run(&module, Entry::Query, b"input".to_vec(), GAS, &mut host)
        .unwrap();
    let CallResult::Returned(out) = outcome.result else {
        panic!("{outcome:?}")
    };
    let i32_at = |at: usize| i32::from_le_bytes(out[at..at + 4].try_into().unwrap());
    let i64_at = |at: usize| i64::from_le_bytes(out[at..at + 8].try_into().unwrap());
    assert_eq!(
        (i64_at(0), i32_at(8), i32_at(12), i32_at(16)),
        (100, 100, 100, 100)
    );
    assert_eq!(out[100..110], [90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
    assert_eq!(
        (i64_at(20), i32_at(28)),
        (-1, 0),
        "nothing was found, and nothing is left of the last answer"
    );
    assert_eq!((i32_at(32), &out[40..44]), (5, b"inp\0".as_slice()));
    assert_eq!(
        (i64_at(44), i64_at(52)),
        (-1, 3),
        "the next key under the whole key, and under one byte"
    );
}

#[test]
fn requests_that_may_be_refused_say_which() {
    let vm = vm(OptLevel::Speed);
    // "done", "refusal" and "key" begin with what the host answers by.
    for (first, code, answer) in [
        (b'd', 4i64, "done"),
        (b'r', -2, "not yours"),
        (b'x', -1, ""),
    ] {
        let module = vm
            .compile(&with_imports(&format!(
                "(local $n i32)
                 (i32.store8 (i32.const 0) (i32.const {first}))
                 (i64.store (i32.const 100) (call $command (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 0)))
                 (local.set $n (call $answer (i32.const 0) (i32.const 108) (i32.const 100)))
                 (call $output (i32.const 100) (i32.add (i32.const 8) (local.get $n)))"
            )))
            .unwrap();
        let expected = [&code.to_le_bytes(), answer.as_bytes()].concat();
        assert_eq!(
            query(&vm, &module, b"", GAS).result,
            CallResult::Returned(expected)
        );
    }
    let module = vm
        .compile(&with_imports(
            "(i32.store8 (i32.const 0) (i32.const 103))
             (drop (call $command (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 0)))",
        ))
        .unwrap();
    let outcome = query(&vm, &module, b"", GAS);
    assert_eq!(
        (trap(&outcome), outcome.gas_used),
        (TrapKind::OutOfGas, GAS),
        "the host's own charge ends the call"
    );
}

#[test]
fn what_the_host_denies_ends_the_call_by_name() {
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(call $write (i32.const 0) (i32.const 3) (i32.const 4) (i32.const 5))",
        ))
        .unwrap();
    let mut host = Recorder {
        read_only: true,
        ..Recorder::default()
    };
    let outcome = vm
        .run(&module, Entry::Query, Vec::new(), GAS, &mut host)
        .unwrap();
    assert_eq!(trap(&outcome), TrapKind::Denied("writeInQuery"));
    let CallResult::Trapped(trap) = outcome.result else {
        unreachable!()
    };
    assert_eq!(trap.to_string(), "writeInQuery: a query writes nothing");
    assert_eq!(trap.kind.code(), 6113);
}

#[test]
fn a_panic_reaches_the_caller_by_its_message() {
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(call $panicked (i32.const 4) (i32.const 5)) unreachable",
        ))
        .unwrap();
    let CallResult::Trapped(trap) = query(&vm, &module, b"", GAS).result else {
        panic!()
    };
    assert_eq!(trap.to_string(), "panicked: value");
    // Bytes that are no UTF-8, and more of them than are kept.
    let module = vm
        .compile(&with_imports("(i32.store (i32.const 0) (i32.const -1)) (call $panicked (i32.const 0) (i32.const 60000))"))
        .unwrap();
    let CallResult::Trapped(trap) = query(&vm, &module, b"", GAS).result else {
        panic!()
    };
    assert!(trap.message.starts_with("\u{fffd}\u{fffd}") && trap.message.len() < 2_000);
}

#[test]
fn floods_of_events_and_logs_end_by_gas() {
    let vm = vm(OptLevel::Speed);
    for call in ["emit", "log"] {
        let module = vm
            .compile(&with_imports(&format!(
                "(loop $l (call ${call} (i32.const 0) (i32.const 60000)) (br $l))"
            )))
            .unwrap();
        let mut host = Recorder::default();
        let outcome = vm
            .run(&module, Entry::Query, Vec::new(), GAS, &mut host)
            .unwrap();
        assert_eq!(trap(&outcome), TrapKind::OutOfGas);
        assert!(host.events.len() + host.logs.len() < 1_000);
    }
}

#[test]
fn digests_and_recovery_are_the_ledgers_own() {
    use marque_primitives::hash::{keccak256, sha256};
    use marque_primitives::signature::SecretKey;
    let vm = vm(OptLevel::Speed);
    let module = vm
        .compile(&with_imports(
            "(drop (call $input (i32.const 100) (i32.const 97)))
             (i32.store8 (i32.const 300) (call $recover (i32.const 100) (i32.const 132) (i32.const 301)))
             (call $keccak256 (i32.const 100) (i32.const 97) (i32.const 321))
             (call $sha256 (i32.const 100) (i32.const 97) (i32.const 353))
             (call $output (i32.const 300) (i32.const 85))",
        ))
        .unwrap();
    let key = SecretKey::from_bytes(&[3; 32]).unwrap();
    let digest = sha256(&[b"what was signed"]);
    let signature = key.sign(&digest).unwrap();
    let input = [digest.0.as_slice(), &signature.0].concat();
    let expected = |valid: bool, input: &[u8]| {
        let address = if valid { key.address().0 } else { [0; 20] };
        [
            &[u8::from(valid)],
            address.as_slice(),
            &keccak256(&[input]).0,
            &sha256(&[input]).0,
        ]
        .concat()
    };
    assert_eq!(
        query(&vm, &module, &input, GAS).result,
        CallResult::Returned(expected(true, &input))
    );
    let mut high = input.clone();
    high[96] = 27;
    assert_eq!(
        query(&vm, &module, &high, GAS).result,
        CallResult::Returned(expected(false, &high))
    );
}
