//! The native run against the tape of the one in wasm.

use crate::trace::{Answer, Asked, Call, Native, Question, shown_refusal};
use marque_abi::{Host, HostFault, Meter, Reply};
use marque_sdk::native::{self, Contract};
use marque_vm::{CallResult, Trap, TrapKind};

/// Stack of a native run: frames are larger than those that wasm counts.
const STACK: usize = 64 * 1024 * 1024;

/// Runs the call natively; says whether it went as in wasm, or how not.
pub(super) fn natively(contract: &Contract, call: &Call) -> Native {
    if let CallResult::Trapped(trap) = &call.ended
        && measured(trap)
    {
        return Native::NotRun;
    }
    let mut replay = Replay {
        asked: &call.asked,
        at: 0,
        instead: None,
    };
    let (ended, _) = stacker::grow(STACK, || {
        contract.run(&call.entry, &call.input, &mut replay, u64::MAX)
    });
    let wasm = replay.next().map(|asked| call.shown(&asked.question));
    let (wasm, native) = match (wasm, &replay.instead) {
        (None, None) if same(&call.ended, &ended) => return Native::Alike,
        (wasm, instead) => (
            wasm.unwrap_or_else(|| call.shown_end()),
            instead.as_ref().map_or_else(
                || shown_native(call, &ended),
                |question| call.shown(question),
            ),
        ),
    };
    Native::Otherwise(format!(
        "{}, {}: native and wasm differ after {} host calls\n  wasm:   {wasm}\n  native: {native}",
        call.name, call.entry, replay.at,
    ))
}

fn shown_native(call: &Call, ended: &native::Ended) -> String {
    match ended {
        native::Ended::Returned(answer) => call.shown_answer(answer),
        native::Ended::Refused(refusal) => shown_refusal(refusal),
        native::Ended::Panicked(message) => format!("panicked: {message}"),
        native::Ended::Stopped(fault) => format!("stopped: {fault:?}"),
        native::Ended::NoEntry => "has no such entry".into(),
    }
}

/// Whether only the virtual machine measures what ended the call: gas, stack, memory and the
/// length of what is handed over have no bound natively, and an endless loop no end.
fn measured(trap: &Trap) -> bool {
    match trap.kind {
        TrapKind::OutOfGas
        | TrapKind::StackOverflow
        | TrapKind::TooLong
        | TrapKind::MemoryOutOfBounds
        | TrapKind::PointerOutOfBounds => true,
        TrapKind::Panicked => trap.message.starts_with("out of memory"),
        _ => false,
    }
}

/// Panics are compared as such: their messages are formatted natively only.
fn same(wasm: &CallResult, native: &native::Ended) -> bool {
    match (wasm, native) {
        (CallResult::Returned(wasm), native::Ended::Returned(native))
        | (CallResult::Refused(wasm), native::Ended::Refused(native)) => wasm == native,
        (CallResult::Trapped(trap), native::Ended::Panicked(_)) => {
            !matches!(trap.kind, TrapKind::Denied(_))
        }
        (CallResult::Trapped(trap), native::Ended::Stopped(HostFault::Denied { name, .. })) => {
            trap.kind == TrapKind::Denied(name)
        }
        _ => false,
    }
}

/// A host that answers from the tape, as long as it is asked the same.
struct Replay<'t> {
    asked: &'t [Asked],
    /// Host calls that were the same, lines for the developer among them.
    at: usize,
    /// What was asked where wasm asked something else.
    instead: Option<Question>,
}

impl<'t> Replay<'t> {
    /// What wasm asked next; what it told its developer changes nothing.
    fn next(&mut self) -> Option<&'t Asked> {
        let is_log = |asked: &Asked| matches!(asked.question, Question::Log { .. });
        while self.asked.get(self.at).is_some_and(is_log) {
            self.at += 1;
        }
        self.asked.get(self.at)
    }

    fn ask(&mut self, question: Question) -> Result<Answer, HostFault> {
        match self.next() {
            Some(asked) if asked.question == question => {
                self.at += 1;
                asked.answer.clone()
            }
            _ => {
                self.instead = Some(question);
                Err(HostFault::Node("native and wasm differ".into()))
            }
        }
    }

    fn maybe(&mut self, question: Question) -> Result<Option<Vec<u8>>, HostFault> {
        match self.ask(question)? {
            Answer::Maybe(answer) => Ok(answer),
            other => Err(unlike(&other)),
        }
    }

    fn nothing(&mut self, question: Question) -> Result<(), HostFault> {
        self.ask(question).map(drop)
    }

    fn reply(&mut self, question: Question) -> Result<Reply, HostFault> {
        match self.ask(question)? {
            Answer::Reply(reply) => Ok(reply),
            other => Err(unlike(&other)),
        }
    }
}

/// Never: a question has one kind of answer.
fn unlike(answer: &Answer) -> HostFault {
    HostFault::Node(format!("an answer of another kind: {answer:?}"))
}

impl Host for Replay<'_> {
    fn storage_read(&mut self, _: &mut Meter, key: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        self.maybe(Question::StorageRead { key: key.into() })
    }

    fn storage_write(&mut self, _: &mut Meter, key: &[u8], value: &[u8]) -> Result<(), HostFault> {
        self.nothing(Question::StorageWrite {
            key: key.into(),
            value: value.into(),
        })
    }

    fn storage_remove(&mut self, _: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        match self.ask(Question::StorageRemove { key: key.into() })? {
            Answer::Flag(flag) => Ok(flag),
            other => Err(unlike(&other)),
        }
    }

    fn storage_after(
        &mut self,
        _: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        self.maybe(Question::StorageAfter {
            key: key.into(),
            prefix_len,
        })
    }

    fn emit(&mut self, _: &mut Meter, event: &[u8]) -> Result<(), HostFault> {
        self.nothing(Question::Emit {
            event: event.into(),
        })
    }

    fn log(&mut self, _: &mut Meter, _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }

    fn read(&mut self, _: &mut Meter, kind: u32, id: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        self.maybe(Question::Read {
            kind,
            id: id.into(),
        })
    }

    fn command(&mut self, _: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        self.reply(Question::Command {
            command: command.into(),
        })
    }

    fn call(
        &mut self,
        _: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        gas_limit: u64,
    ) -> Result<Reply, HostFault> {
        self.reply(Question::Call {
            address: *address,
            input: input.into(),
            gas_limit,
        })
    }
}
