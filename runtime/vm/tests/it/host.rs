//! A host that keeps storage in a map and writes down what it is asked.

use marque_abi::{Host, HostFault, Meter, Reply};
use marque_vm::{CallResult, Module, Vm};
use std::collections::BTreeMap;

/// What a contract did.
#[derive(Default)]
pub struct Recorder<'a> {
    pub storage: BTreeMap<Vec<u8>, Vec<u8>>,
    pub events: Vec<Vec<u8>>,
    pub logs: Vec<Vec<u8>>,
    pub reads: Vec<(u32, Vec<u8>)>,
    /// Other contracts that can be called, by the first byte of their address.
    pub others: BTreeMap<u8, (&'a Vm, &'a Module)>,
    /// Writes are denied.
    pub read_only: bool,
    /// The node's store is broken.
    pub broken: bool,
}

impl Recorder<'_> {
    fn may_write(&self) -> Result<(), HostFault> {
        if self.read_only {
            return Err(HostFault::Denied {
                name: "writeInQuery",
                message: "a query writes nothing".into(),
            });
        }
        Ok(())
    }
}

impl Host for Recorder<'_> {
    fn storage_read(&mut self, _: &mut Meter, key: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        if self.broken {
            return Err(HostFault::Node("the store is gone".into()));
        }
        Ok(self.storage.get(key).cloned())
    }

    fn storage_write(&mut self, _: &mut Meter, key: &[u8], value: &[u8]) -> Result<(), HostFault> {
        self.may_write()?;
        self.storage.insert(key.to_vec(), value.to_vec());
        Ok(())
    }

    fn storage_remove(&mut self, _: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        self.may_write()?;
        Ok(self.storage.remove(key).is_some())
    }

    fn storage_after(
        &mut self,
        _: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let prefix = &key[..key.len().min(prefix_len as usize)];
        let above = (
            std::ops::Bound::Excluded(key.to_vec()),
            std::ops::Bound::Unbounded,
        );
        Ok(self
            .storage
            .range(above)
            .next()
            .map(|(key, _)| key.clone())
            .filter(|key| key.starts_with(prefix)))
    }

    fn emit(&mut self, _: &mut Meter, event: &[u8]) -> Result<(), HostFault> {
        self.events.push(event.to_vec());
        Ok(())
    }

    fn log(&mut self, _: &mut Meter, line: &[u8]) -> Result<(), HostFault> {
        self.logs.push(line.to_vec());
        Ok(())
    }

    fn read(&mut self, _: &mut Meter, kind: u32, id: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        self.reads.push((kind, id.to_vec()));
        Ok((kind == 1).then(|| [b"record of ", id].concat()))
    }

    fn command(&mut self, meter: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        match command.first() {
            Some(b'd') => Ok(Reply::Returned(b"done".to_vec())),
            Some(b'r') => Ok(Reply::Refused(b"not yours".to_vec())),
            Some(b'g') => meter.charge(u64::MAX).map(|()| Reply::Absent),
            _ => Ok(Reply::Absent),
        }
    }

    fn call(
        &mut self,
        meter: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        gas_limit: u64,
    ) -> Result<Reply, HostFault> {
        let Some((vm, module)) = self.others.remove(&address[0]) else {
            return Ok(Reply::Absent);
        };
        let mut inner = Recorder {
            others: std::mem::take(&mut self.others),
            read_only: true,
            ..Recorder::default()
        };
        let gas = gas_limit.min(meter.left());
        let outcome = vm.run(
            module,
            marque_abi::Entry::Query,
            input.to_vec(),
            gas,
            &mut inner,
        );
        self.others = std::mem::take(&mut inner.others);
        self.others.insert(address[0], (vm, module));
        let outcome = outcome.map_err(|error| HostFault::Node(error.to_string()))?;
        meter.charge(outcome.gas_used)?;
        Ok(match outcome.result {
            CallResult::Returned(answer) => Reply::Returned(answer),
            CallResult::Refused(refusal) => Reply::Refused(refusal),
            CallResult::Trapped(trap) => Reply::Trapped(trap.to_string()),
        })
    }
}
