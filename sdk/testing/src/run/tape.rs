//! A host that writes down what a contract asks of the ledger and what it is answered.

use super::Watched;
use crate::trace::{Answer, Asked, Question};
use marque_abi::{Host, HostFault, Meter, Reply};

pub(super) struct Tape<'h> {
    host: &'h mut dyn Host,
    watched: &'h Watched,
    asked: Vec<Asked>,
}

impl<'h> Tape<'h> {
    pub fn new(host: &'h mut dyn Host, watched: &'h Watched) -> Self {
        Self {
            host,
            watched,
            asked: Vec::new(),
        }
    }

    pub fn into_asked(self) -> Vec<Asked> {
        self.asked
    }

    fn ask<T: Clone>(
        &mut self,
        meter: &mut Meter,
        question: Question,
        ask: impl FnOnce(&mut dyn Host, &mut Meter) -> Result<T, HostFault>,
        answer: fn(T) -> Answer,
    ) -> Result<T, HostFault> {
        let (left, ended) = (meter.left(), self.watched.ended());
        let given = ask(self.host, meter);
        self.asked.push(Asked {
            question,
            answer: given.clone().map(answer),
            gas: left.saturating_sub(meter.left()),
            calls: self.watched.inside(ended),
        });
        given
    }
}

impl Host for Tape<'_> {
    fn storage_read(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let question = Question::StorageRead { key: key.into() };
        self.ask(
            meter,
            question,
            |host, meter| host.storage_read(meter, key),
            Answer::Maybe,
        )
    }

    fn storage_write(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), HostFault> {
        let question = Question::StorageWrite {
            key: key.into(),
            value: value.into(),
        };
        self.ask(
            meter,
            question,
            |host, meter| host.storage_write(meter, key, value),
            |()| Answer::Nothing,
        )
    }

    fn storage_remove(&mut self, meter: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        let question = Question::StorageRemove { key: key.into() };
        self.ask(
            meter,
            question,
            |host, meter| host.storage_remove(meter, key),
            Answer::Flag,
        )
    }

    fn storage_after(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let question = Question::StorageAfter {
            key: key.into(),
            prefix_len,
        };
        self.ask(
            meter,
            question,
            |host, meter| host.storage_after(meter, key, prefix_len),
            Answer::Maybe,
        )
    }

    fn emit(&mut self, meter: &mut Meter, event: &[u8]) -> Result<(), HostFault> {
        let question = Question::Emit {
            event: event.into(),
        };
        self.ask(
            meter,
            question,
            |host, meter| host.emit(meter, event),
            |()| Answer::Nothing,
        )
    }

    fn log(&mut self, meter: &mut Meter, line: &[u8]) -> Result<(), HostFault> {
        let question = Question::Log {
            line: String::from_utf8_lossy(line).into_owned(),
        };
        self.ask(
            meter,
            question,
            |host, meter| host.log(meter, line),
            |()| Answer::Nothing,
        )
    }

    fn read(
        &mut self,
        meter: &mut Meter,
        kind: u32,
        id: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let question = Question::Read {
            kind,
            id: id.into(),
        };
        self.ask(
            meter,
            question,
            |host, meter| host.read(meter, kind, id),
            Answer::Maybe,
        )
    }

    fn command(&mut self, meter: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        let question = Question::Command {
            command: command.into(),
        };
        self.ask(
            meter,
            question,
            |host, meter| host.command(meter, command),
            Answer::Reply,
        )
    }

    fn call(
        &mut self,
        meter: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        gas_limit: u64,
    ) -> Result<Reply, HostFault> {
        let question = Question::Call {
            address: *address,
            input: input.into(),
            gas_limit,
        };
        self.ask(
            meter,
            question,
            |host, meter| host.call(meter, address, input, gas_limit),
            Answer::Reply,
        )
    }
}
