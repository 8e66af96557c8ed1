//! The calls that are measured: the text of each, and what it is given.

use crate::world::World;
use marque_abi::invocation::{Command, Read, Target};
use marque_abi::meta::{Meta, VERSION};
use marque_primitives::Address;
use marque_primitives::bounded::Text;
use marque_primitives::thing::{Run, Thing, ThingId};
use parity_scale_codec::Encode;

/// Bytes of what one call is given: its length in the first, then itself.
const SLOT: usize = 96;
/// Where a message's arguments stand in its input: after four addresses, two numbers, the name
/// `run` with its length, and a length of two bytes.
const ARGUMENTS: usize = 102;

const IMPORTS: &str = r#"
    (import "marque" "input" (func $input (param i32 i32) (result i32)))
    (import "marque" "storage_read" (func $storage_read (param i32 i32 i32 i32) (result i64)))
    (import "marque" "storage_after" (func $storage_after (param i32 i32 i32 i32 i32) (result i64)))
    (import "marque" "storage_write" (func $storage_write (param i32 i32 i32 i32)))
    (import "marque" "storage_remove" (func $storage_remove (param i32 i32) (result i32)))
    (import "marque" "emit" (func $emit (param i32 i32)))
    (import "marque" "read" (func $read (param i32 i32 i32 i32 i32) (result i64)))
    (import "marque" "command" (func $command (param i32 i32 i32 i32) (result i64)))
    (import "marque" "call" (func $call (param i32 i32 i32 i64 i32 i32) (result i64)))
    (memory (export "memory") 2)"#;

/// What a call's slots hold.
#[derive(Clone, Copy)]
enum Slots {
    /// Storage keys, under which values of so many bytes stand.
    Stored(usize),
    /// Storage keys with nothing under them.
    Free,
    /// What the call reads or commands of one item.
    Item(fn(&Run) -> Vec<u8>),
    /// A product each.
    Product,
    /// A contract that does nothing, and its input.
    Contract,
}

/// A host call: what the contract's loop does with a slot at `$at`.
pub struct Call {
    pub name: &'static str,
    text: String,
    slots: Slots,
}

impl Call {
    /// The contract that makes it for each slot, or only goes over the slots.
    pub fn module(&self, with: bool) -> Vec<u8> {
        let body = if with { self.text.as_str() } else { "" };
        let text = format!(
            r#"(module {IMPORTS}
            (func (export "message") (local $at i32) (local $end i32)
                (local.set $end (call $input (i32.const 0) (i32.const 40000)))
                (local.set $at (i32.const {ARGUMENTS}))
                (loop $next
                    {body}
                    (local.set $at (i32.add (local.get $at) (i32.const {SLOT})))
                    (br_if $next (i32.lt_u (local.get $at) (local.get $end))))))"#
        );
        sealed(&text, "message")
    }

    /// What so many calls are given.
    pub fn slots(&self, world: &mut World, contract: Address, count: usize) -> Vec<Vec<u8>> {
        let keys = || (0..count as u64).map(|at| key_at(at).to_vec());
        let contents: Vec<Vec<u8>> = match self.slots {
            Slots::Stored(bytes) => {
                world.fill(contract, keys(), bytes);
                keys().collect()
            }
            Slots::Free => keys().collect(),
            Slots::Item(of) => world.items(contract, count).iter().map(of).collect(),
            Slots::Product => {
                let products = world.products(contract, count);
                products.iter().map(Encode::encode).collect()
            }
            Slots::Contract => {
                let idle = format!(r#"(module {IMPORTS} (func (export "query")))"#);
                let idle = world.deploy(sealed(&idle, "query"));
                let input = (Text::<64>::try_from("ask").unwrap(), Vec::<u8>::new()).encode();
                vec![[&idle.0, input.as_slice()].concat(); count]
            }
        };
        contents.iter().map(|content| slot(content)).collect()
    }
}

/// Keys in no order.
fn key_at(at: u64) -> [u8; 8] {
    at.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()
}

fn slot(content: &[u8]) -> Vec<u8> {
    let mut slot = vec![u8::try_from(content.len()).unwrap()];
    slot.extend_from_slice(content);
    assert!(slot.len() <= SLOT, "a slot has {} bytes", slot.len());
    slot.resize(SLOT, 0);
    slot
}

/// A module with the section that names its entry.
fn sealed(text: &str, entry: &str) -> Vec<u8> {
    let code = wat::parse_str(text).unwrap();
    let meta = Meta {
        version: VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "gas".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: vec![entry.try_into().unwrap()].try_into().unwrap(),
        interface: Default::default(),
    };
    meta.seal(code)
}

pub fn every() -> Vec<Call> {
    let call = |name, slots, text: String| Call { name, text, slots };
    let content = "(i32.add (local.get $at) (i32.const 1))";
    let length = "(i32.load8_u (local.get $at))";
    let answer = "(i32.const 60000) (i32.const 8192)";
    let read = || format!("(drop (call $storage_read {content} {length} {answer}))");
    let write = |bytes: u32| {
        format!("(call $storage_write {content} {length} (i32.const 60000) (i32.const {bytes}))")
    };
    let emit = |bytes: u32| format!("(call $emit (i32.const 60000) (i32.const {bytes}))");
    let record = |kind: Read| {
        format!(
            "(drop (call $read (i32.const {}) {content} {length} {answer}))",
            kind as u32
        )
    };
    vec![
        call("storage_read, 32 bytes", Slots::Stored(32), read()),
        call("storage_read, 4 KiB", Slots::Stored(4_096), read()),
        call("storage_read, nothing there", Slots::Free, read()),
        call(
            "storage_after",
            Slots::Stored(32),
            format!("(drop (call $storage_after {content} {length} (i32.const 0) {answer}))"),
        ),
        call(
            "storage_write, 32 bytes in place",
            Slots::Stored(32),
            write(32),
        ),
        call("storage_write, 32 bytes, new", Slots::Free, write(32)),
        call("storage_write, 1 KiB, new", Slots::Free, write(1_024)),
        call("storage_write, 8 KiB, new", Slots::Free, write(8_192)),
        call(
            "storage_remove",
            Slots::Stored(32),
            format!("(drop (call $storage_remove {content} {length}))"),
        ),
        call("emit, 8 bytes", Slots::Free, emit(8)),
        call("emit, 4 KiB", Slots::Free, emit(4_096)),
        call(
            "read, an item's record",
            Slots::Item(thing),
            record(Read::Record),
        ),
        call("read, a product", Slots::Product, record(Read::Product)),
        call(
            "command, an item's disposition",
            Slots::Item(disposition),
            format!("(drop (call $command {content} {length} {answer}))"),
        ),
        call(
            "call, a query that does nothing",
            Slots::Contract,
            format!(
                "(drop (call $call {content} (i32.add (local.get $at) (i32.const 21)) (i32.sub {length} (i32.const 20)) (i64.const 100000000) {answer}))"
            ),
        ),
    ]
}

fn thing(run: &Run) -> Vec<u8> {
    ThingId::Item {
        line: run.line(),
        serial: *run.first(),
    }
    .encode()
}

fn disposition(run: &Run) -> Vec<u8> {
    let items = vec![Thing::Run {
        run: run.clone(),
        lot: None,
    }];
    Command::Dispose {
        target: Target::Things {
            items: items.try_into().unwrap(),
            holder: None,
        },
        disposition: "damaged".try_into().unwrap(),
    }
    .encode()
}
