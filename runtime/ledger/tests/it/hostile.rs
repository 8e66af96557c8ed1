//! Contracts that mean harm, through the real ledger: what they wrote is gone, what they asked
//! for is bounded, and gas ends the rest.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{self, Program, no, reply};
use crate::world::{Tx, World, tx};
use marque_abi::invocation::{Command, Target};
use marque_ledger::Ledger;
use marque_primitives::Address;
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_vm::{OptLevel, Vm, VmConfig};

const ABSENT: i64 = -1;

fn deployed(world: &mut World, salt: u64, code: &[u8]) -> Address {
    world.act(DAIRY, deploy(code, salt, &[])).contract.unwrap()
}

/// Whether the contract has a value under the key.
fn stored(world: &World, contract: Address, key: &[u8]) -> bool {
    let answer = world.query(contract, &Program::new().fetch(key)).unwrap();
    reply(&answer).0 != ABSENT
}

fn refusal(receipt: &Receipt) -> &Refusal {
    match &receipt.status {
        Status::Refused { refusal, .. } => refusal,
        Status::Applied => panic!("it was done: {receipt:?}"),
    }
}

/// A message that repeats one host call without end.
fn flood(call: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "marque" "storage_write" (func $write (param i32 i32 i32 i32)))
            (import "marque" "storage_after" (func $after (param i32 i32 i32 i32 i32) (result i64)))
            (import "marque" "emit" (func $emit (param i32 i32)))
            (import "marque" "log" (func $log (param i32 i32)))
            (import "marque" "call" (func $call (param i32 i32 i32 i64 i32 i32) (result i64)))
            (memory (export "memory") 8)
            (func (export "message")
                (loop $again
                    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
                    {call}
                    (br $again))))"#
    );
    puppet::module(&text, &["message"])
}

#[test]
fn a_trap_after_writes_and_events_leaves_a_nonce_and_its_gas() {
    let mut world = World::new();
    let contract = world.dairy_contract;
    let wrote = || Program::new().write(b"k", b"v").emit(3, b"e");
    for end in [
        wrote().trap(),
        wrote().panic(b"no"),
        wrote().refuse(&no("Never")),
        wrote().dive(),
        wrote().spin(),
    ] {
        let cheap = Tx {
            gas: 50_000_000_000,
            ..tx(DAIRY, vec![message(contract, "run", &end.0)])
        };
        // `refuses` sees to it that nothing but the nonce changed.
        world.refuses(cheap);
        assert!(!stored(&world, contract, b"k"));
        assert_eq!(world.books.events.len(), 0);
    }
    // What an action before it did goes with it.
    let both = vec![
        message(contract, "run", &wrote().0),
        message(contract, "run", &Program::new().trap().0),
    ];
    world.refuses(tx(DAIRY, both));
    assert!(!stored(&world, contract, b"k"));
}

#[test]
fn a_caller_that_swallows_an_error_keeps_its_own_writes_alone() {
    let mut world = World::new();
    let other = deployed(&mut world, 1, &puppet::CODE);
    let own = world.dairy_contract;
    let p = Program::new;
    for (at, hostile) in [
        p().write(b"theirs", b"1"),
        p().write(b"theirs", b"1").trap(),
        p().emit(1, b"theirs").refuse(&no("Never")),
        p().dive(),
    ]
    .iter()
    .enumerate()
    {
        let (before, after) = (format!("before{at}"), format!("after{at}"));
        let program = p()
            .write(before.as_bytes(), b"1")
            .call(other, u32::MAX, hostile)
            .write(after.as_bytes(), b"1");
        let receipt = world.act(DAIRY, message(own, "run", &program.0));
        assert!(reply(&receipt.output).0 < ABSENT, "the call went well");
        assert!(receipt.emitted.is_empty());
        assert!(stored(&world, own, before.as_bytes()) && stored(&world, own, after.as_bytes()));
        assert!(!stored(&world, other, b"theirs"));
    }
    // A command that the ledger refused midway is undone, whatever its caller makes of it.
    world.done(DAIRY, commission(things([run(milk(), 0, 5)])));
    let some = Command::Quarantine {
        target: Target::Things {
            items: things([one(milk(), 0), one(milk(), 99)]),
            holder: None,
        },
        note: "x".try_into().unwrap(),
    };
    let receipt = world.act(
        DAIRY,
        message(own, "run", &p().command(&some).write(b"kept", b"1").0),
    );
    assert!(reply(&receipt.output).0 < ABSENT);
    assert_eq!(
        world.record(&one(milk(), 0)).status(),
        marque_primitives::record::Status::Active
    );
    assert!(stored(&world, own, b"kept"));
}

#[test]
fn floods_end_by_gas_and_leave_nothing() {
    let mut world = World::new();
    let own = world.dairy_contract;
    let address: String = own.0.iter().map(|byte| format!("\\{byte:02x}")).collect();
    // A query of the dairy's puppet with an empty program: the name "run" and no bytes.
    let call = "(drop (call $call (i32.const 64) (i32.const 96) (i32.const 5) (i64.const -1) (i32.const 0) (i32.const 0)))";
    let data = format!(
        r#"(memory (export "memory") 8) (data (i32.const 64) "{address}") (data (i32.const 96) "\0crun\00")"#
    );
    for (salt, (name, code)) in [
        ("storage", flood("(call $write (i32.const 8) (i32.const 4) (i32.const 0) (i32.const 65536))")),
        ("small values", flood("(call $write (i32.const 8) (i32.const 4) (i32.const 0) (i32.const 0))")),
        ("one key", flood("(call $write (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 65536))")),
        ("scans", flood("(drop (call $after (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))")),
        ("logs", flood("(call $log (i32.const 0) (i32.const 262144))")),
    ]
    .into_iter()
    .enumerate()
    {
        let contract = deployed(&mut world, 10 + salt as u64, &code);
        let gas = 2_000_000_000;
        let receipt = world.send(Tx { gas, ..tx(DAIRY, vec![message(contract, "run", &[])]) });
        assert!(refusal(&receipt).is(Invariant::OutOfGas), "{name}: {receipt:?}");
        assert_eq!(receipt.gas_used.0, gas, "{name}");
        assert_eq!(world.changes.len(), 1, "{name}");
    }
    // Calls of another contract, each of which pays for its instance and its code.
    let code = puppet::module(
        &format!(
            r#"(module (import "marque" "call" (func $call (param i32 i32 i32 i64 i32 i32) (result i64)))
                {data} (func (export "message") (loop $again {call} (br $again))))"#
        ),
        &["message"],
    );
    let contract = deployed(&mut world, 30, &code);
    let receipt = world.send(Tx {
        gas: 500_000_000,
        ..tx(DAIRY, vec![message(contract, "run", &[])])
    });
    assert!(refusal(&receipt).is(Invariant::OutOfGas), "{receipt:?}");
    // Events are counted, not only paid.
    let contract = deployed(
        &mut world,
        31,
        &flood("(call $emit (i32.const 0) (i32.const 8))"),
    );
    let refused = world.refuses(tx(DAIRY, vec![message(contract, "run", &[])]));
    assert!(refused.message.contains("tooManyEvents"), "{refused}");
}

#[test]
fn a_dry_run_keeps_no_more_of_a_log_than_its_bound() {
    let mut world = World::new();
    for (salt, bytes) in [(40, 262_144u32), (41, 1)] {
        let code = flood(&format!("(call $log (i32.const 0) (i32.const {bytes}))"));
        let contract = deployed(&mut world, salt, &code);
        let gas = 2_000_000_000;
        let body = world.body(&Tx {
            gas,
            ..tx(DAIRY, vec![message(contract, "run", &[])])
        });
        let tried = world.dry_run(&body).unwrap();
        assert!(refusal(&tried.receipt).is(Invariant::OutOfGas));
        let kept: usize = tried.log.iter().map(|(_, line)| line.len()).sum();
        // What is no UTF-8 becomes three bytes each.
        assert!(
            !tried.log.is_empty() && kept <= 3 * 256 * 1024,
            "{kept} bytes"
        );
        assert!(tried.log.len() <= 1_024, "{} lines", tried.log.len());
        // The price is that of a chain, which keeps nothing.
        let sent = world.send(Tx {
            gas,
            ..tx(DAIRY, vec![message(contract, "run", &[])])
        });
        assert_eq!(sent.gas_used, tried.receipt.gas_used);
    }
}

#[test]
fn a_contract_pays_for_its_code_at_hand_or_not() {
    let mut world = World::new();
    let used = |world: &mut World, salt: u64, data: usize| {
        let text = format!(
            r#"(module (memory (export "memory") 1) (data (i32.const 8) "{}") (func (export "message")))"#,
            "x".repeat(data)
        );
        let code = puppet::module(&text, &["message"]);
        let contract = deployed(world, salt, &code);
        let call = || tx(DAIRY, vec![message(contract, "run", &[])]);
        let first = world.send(call()).gas_used.0;
        assert_eq!(world.send(call()).gas_used.0, first);
        (first, u64::try_from(code.len()).unwrap())
    };
    let (small, few) = used(&mut world, 50, 200);
    let (large, many) = used(&mut world, 51, 40_000);
    assert_eq!(large - small, 20 * (many - few));
    // A node that has nothing compiled, at another level, counts the same.
    let config = VmConfig {
        opt_level: OptLevel::None,
        cached_modules: 0,
        ..VmConfig::default()
    };
    world.replay(&Ledger::new(Vm::new(&config).unwrap()));
}

/// Steps of a hostile contract, from a seed.
fn hostile(seed: u64, others: &[Address]) -> Program {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % end
    };
    let mut program = Program::new();
    for _ in 0..=next(6) {
        let bytes: Vec<u8> = (0..next(300)).map(|_| next(256).to_le_bytes()[0]).collect();
        let few: Vec<u8> = (0..next(3)).map(|_| next(2).to_le_bytes()[0]).collect();
        let word = u32::try_from(next(1 << 32)).unwrap();
        let other = others[usize::try_from(next(others.len() as u64)).unwrap()];
        program = match next(15) {
            0 => program.output(&bytes),
            1 => program.refuse_bytes(&bytes),
            2 | 3 => program.write(&few, &bytes),
            4 => program.write(&bytes, &few),
            5 => program.emit(word % 300, &bytes),
            6 => program.read_raw(word % 8, &bytes),
            7 => program.read_raw(word, &few),
            8 => program.fetch(&few),
            9 => program.remove(&few),
            10 => program.after(&few, word),
            11 => program.log(&bytes),
            12 => program.call(other, word, &hostile(seed + 1, &others[..1])),
            13 => program.step_raw(7, word, &bytes, &[]),
            _ => program.step_raw(8, word, &other.0, &bytes),
        };
    }
    program
}

#[test]
fn random_contracts_never_stop_the_node_and_refused_ones_leave_nothing() {
    let cases = std::env::var("MARQUE_FUZZ_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let mut world = World::new();
    let others = [
        deployed(&mut world, 1, &puppet::CODE),
        world.dairy_contract,
        Address([9; 20]),
    ];
    let own = world.dairy_contract;
    let (mut applied, mut refused) = (0, 0);
    for seed in 0..cases.unwrap_or(400) {
        let program = hostile(seed, &others);
        let receipt = world.send(tx(DAIRY, vec![message(own, "run", &program.0)]));
        match receipt.status {
            Status::Applied => applied += 1,
            Status::Refused { .. } => {
                assert_eq!(world.changes.len(), 1, "seed {seed}");
                refused += 1;
            }
        }
        // The same as a query writes nothing, whatever it answers.
        let _ = world.query(own, &program);
    }
    println!("{applied} applied, {refused} refused");
    assert!(
        applied > 20 && refused > 20,
        "{applied}, {refused} test too little"
    );
    let config = VmConfig {
        opt_level: OptLevel::None,
        ..VmConfig::default()
    };
    world.replay(&Ledger::new(Vm::new(&config).unwrap()));
}
