//! A contract that each test tells what to do: one module, programmed through its messages.

use marque_abi::decision::{Decision, Exception, Verdict};
use marque_abi::invocation::{Command, Read};
use marque_abi::meta::Meta;
use marque_primitives::action::Kind;
use marque_primitives::refusal::Refusal;
use marque_primitives::{Address, TimeMs};
use parity_scale_codec::Encode;
use std::sync::LazyLock;

/// The puppet's code.
pub static CODE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.has_rule());
    let names: Vec<String> = kinds.map(|kind| format!("rule_{}", kind.name())).collect();
    let data: String = names
        .iter()
        .map(|name| format!("{name:\u{20}<32}"))
        .collect();
    let rules: String = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let (ptr, len) = (0x400 + 32 * at, name.len());
            format!("(func (export \"{name}\") (call $rule (i32.const {ptr}) (i32.const {len})))\n")
        })
        .collect();
    let text = include_str!("puppet.wat")
        .replace("{NAMES}", &data)
        .replace("{RULES}", &rules);
    let mut entries: Vec<&str> = vec!["init", "message", "migrate", "query"];
    entries.extend(names.iter().map(String::as_str));
    module(&text, &entries)
});

/// A module from its text, with the metadata section that lists these entries.
pub fn module(text: &str, entries: &[&str]) -> Vec<u8> {
    let code = wat::parse_str(text).unwrap();
    let mut entries: Vec<_> = entries
        .iter()
        .map(|name| (*name).try_into().unwrap())
        .collect();
    entries.sort();
    let meta = Meta {
        version: marque_abi::meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "puppet".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: entries.try_into().unwrap(),
        interface: Default::default(),
    };
    meta.seal(code)
}

/// What the puppet is to do, step by step.
#[derive(Clone, Default)]
pub struct Program(pub Vec<u8>);

impl Program {
    pub fn new() -> Self {
        Self::default()
    }

    /// A step of any bytes, also such as mean nothing.
    pub fn step_raw(self, op: u8, n: u32, a: &[u8], b: &[u8]) -> Self {
        self.step(op, n, a, b)
    }

    fn step(mut self, op: u8, n: u32, a: &[u8], b: &[u8]) -> Self {
        self.0.push(op);
        for number in [n, a.len().try_into().unwrap(), b.len().try_into().unwrap()] {
            self.0.extend_from_slice(&number.to_le_bytes());
        }
        self.0.extend_from_slice(a);
        self.0.extend_from_slice(b);
        self
    }

    /// Answers with these bytes.
    pub fn output(self, bytes: &[u8]) -> Self {
        self.step(1, 0, bytes, &[])
    }

    /// Answers a rule's question.
    pub fn decide(self, decision: impl Into<Decision>) -> Self {
        let decision: Decision = decision.into();
        self.output(&decision.encode())
    }

    /// Ends with a refusal.
    pub fn refuse(self, refusal: &Refusal) -> Self {
        self.refuse_bytes(&refusal.encode())
    }

    pub fn refuse_bytes(self, bytes: &[u8]) -> Self {
        self.step(2, 0, bytes, &[])
    }

    pub fn write(self, key: &[u8], value: &[u8]) -> Self {
        self.step(3, 0, key, value)
    }

    pub fn trap(self) -> Self {
        self.step(4, 0, &[], &[])
    }

    pub fn spin(self) -> Self {
        self.step(5, 0, &[], &[])
    }

    pub fn emit(self, times: u32, event: &[u8]) -> Self {
        self.step(6, times, event, &[])
    }

    /// Commands the ledger; the reply is the answer.
    pub fn command(self, command: &Command) -> Self {
        self.step(7, 0, &command.encode(), &[])
    }

    /// Asks another contract to run a program; the reply is the answer.
    pub fn call(self, other: Address, gas: u32, program: &Self) -> Self {
        let input = (String::from("run"), program.0.clone()).encode();
        self.step(8, gas, &other.0, &input)
    }

    pub fn read(self, kind: Read, id: &impl Encode) -> Self {
        self.read_raw(kind as u32, &id.encode())
    }

    pub fn read_raw(self, kind: u32, id: &[u8]) -> Self {
        self.step(9, kind, id, &[])
    }

    /// Goes on only if the input contains these bytes.
    pub fn if_input_has(self, needle: &[u8]) -> Self {
        self.step(10, 0, needle, &[])
    }

    pub fn fetch(self, key: &[u8]) -> Self {
        self.step(11, 0, key, &[])
    }

    pub fn remove(self, key: &[u8]) -> Self {
        self.step(12, 0, key, &[])
    }

    /// The first stored key above `key` with its first `prefix` bytes.
    pub fn after(self, key: &[u8], prefix: u32) -> Self {
        self.step(13, prefix, key, &[])
    }

    pub fn log(self, line: &[u8]) -> Self {
        self.step(14, 0, line, &[])
    }

    pub fn panic(self, message: &[u8]) -> Self {
        self.step(15, 0, message, &[])
    }

    /// Answers with its input.
    pub fn echo(self) -> Self {
        self.step(16, 0, &[], &[])
    }

    /// Logs its input in hexadecimal.
    pub fn log_input(self) -> Self {
        self.step(18, 0, &[], &[])
    }

    /// Calls itself without end.
    pub fn dive(self) -> Self {
        self.step(17, 0, &[], &[])
    }
}

/// A host call's reply as the puppet hands it over: its code and bytes.
pub fn reply(answer: &[u8]) -> (i64, &[u8]) {
    let (code, bytes) = answer.split_first_chunk::<8>().unwrap();
    (i64::from_le_bytes(*code), bytes)
}

/// A refusal as a contract words it.
pub fn no(name: &str) -> Refusal {
    Refusal {
        code: 5_001,
        name: name.try_into().unwrap(),
        message: "the rule says no".try_into().unwrap(),
        field: Some("to".try_into().unwrap()),
        expected: None,
        remedy: Some("ask the brand".try_into().unwrap()),
        contract: None,
        items: Default::default(),
    }
}

/// Holds what moves, or all of its lot.
pub fn hold(whole_lot: bool) -> Verdict {
    Verdict::Quarantine {
        whole_lot,
        note: "warm".try_into().unwrap(),
        terms: Default::default(),
    }
}

/// Everything is allowed but for these parts: line, offset, count, verdict.
pub fn except(parts: Vec<(u32, u64, u64, Verdict)>) -> Decision {
    let exceptions: Vec<Exception> = parts
        .into_iter()
        .map(|(line, offset, count, verdict)| Exception {
            line,
            offset,
            count,
            verdict,
        })
        .collect();
    Decision {
        exceptions: exceptions.try_into().unwrap(),
        ..Decision::allow()
    }
}

/// Allowed, with an acceptance deadline.
pub fn until(deadline: TimeMs) -> Verdict {
    Verdict::Allow(marque_abi::decision::Terms {
        deadline: Some(deadline),
        ..Default::default()
    })
}
