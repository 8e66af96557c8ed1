//! A host of one contract: storage in memory, and what it was told.

use marque_sdk::abi::invocation::Invocation;
use marque_sdk::abi::{Host, HostFault, Meter, Reply};
use marque_sdk::codec::{Decode, Encode};
use marque_sdk::native::{Contract, Ended};
use marque_sdk::primitives::refusal::Refusal;
use marque_sdk::primitives::{Address, Height, TimeMs};
use std::collections::BTreeMap;
use std::ops::Bound;

/// The contract's own address, its brand, and who calls.
pub const CONTRACT: Address = Address([1; 20]);
pub const BRAND: Address = Address([2; 20]);
pub const CALLER: Address = Address([3; 20]);
pub const NOW: TimeMs = TimeMs(1_777_622_400_000);

#[derive(Default)]
pub struct Memory {
    pub storage: BTreeMap<Vec<u8>, Vec<u8>>,
    pub events: Vec<Vec<u8>>,
    pub commands: Vec<Vec<u8>>,
    pub lines: Vec<String>,
    pub records: BTreeMap<(u32, Vec<u8>), Vec<u8>>,
    /// What the next command is answered.
    pub refuse: Option<Refusal>,
    pub caller: Option<Address>,
}

impl Host for Memory {
    fn storage_read(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        meter.charge(1)?;
        Ok(self.storage.get(key).cloned())
    }

    fn storage_write(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), HostFault> {
        meter.charge(1)?;
        self.storage.insert(key.into(), value.into());
        Ok(())
    }

    fn storage_remove(&mut self, _: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        Ok(self.storage.remove(key).is_some())
    }

    fn storage_after(
        &mut self,
        _: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let prefix = key.get(..prefix_len as usize).unwrap_or(key).to_vec();
        let above = (Bound::Excluded(key.to_vec()), Bound::Unbounded);
        let next = self.storage.range(above).next().map(|(key, _)| key.clone());
        Ok(next.filter(|key| key.starts_with(&prefix)))
    }

    fn emit(&mut self, _: &mut Meter, event: &[u8]) -> Result<(), HostFault> {
        self.events.push(event.into());
        Ok(())
    }

    fn log(&mut self, _: &mut Meter, line: &[u8]) -> Result<(), HostFault> {
        self.lines.push(String::from_utf8_lossy(line).into_owned());
        Ok(())
    }

    fn read(&mut self, _: &mut Meter, kind: u32, id: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(self.records.get(&(kind, id.into())).cloned())
    }

    fn command(&mut self, _: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        self.commands.push(command.into());
        Ok(match self.refuse.take() {
            Some(refusal) => Reply::Refused(refusal.encode()),
            None => Reply::Returned(Vec::new()),
        })
    }

    fn call(
        &mut self,
        _: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        _: u64,
    ) -> Result<Reply, HostFault> {
        // The only other contract answers how long the question was.
        if *address == BRAND.0 {
            return Ok(Reply::Returned((input.len() as u32).encode()));
        }
        Ok(Reply::Absent)
    }
}

impl Memory {
    /// Runs an entry; what it wrote is undone unless it returned.
    pub fn enter(
        &mut self,
        contract: &Contract,
        entry: &str,
        name: &str,
        args: &impl Encode,
    ) -> Ended {
        let input = Invocation {
            contract: CONTRACT,
            brand: BRAND,
            caller: self.caller.unwrap_or(CALLER),
            signer: CALLER,
            height: Height(7),
            now: NOW,
            name: name.try_into().unwrap(),
            args: args.encode().try_into_bytes(),
        };
        self.run(contract, entry, &input.encode())
    }

    pub fn run(&mut self, contract: &Contract, entry: &str, input: &[u8]) -> Ended {
        let before = self.storage.clone();
        let (ended, _) = contract.run(entry, input, self, 1_000_000);
        if !matches!(ended, Ended::Returned(_)) {
            self.storage = before;
        }
        ended
    }

    #[track_caller]
    pub fn tell<T: Decode>(&mut self, contract: &Contract, name: &str, args: &impl Encode) -> T {
        answer(self.enter(contract, "message", name, args))
    }

    #[track_caller]
    pub fn ask<T: Decode>(&mut self, contract: &Contract, name: &str, args: &impl Encode) -> T {
        answer(self.enter(contract, "query", name, args))
    }
}

#[track_caller]
pub fn answer<T: Decode>(ended: Ended) -> T {
    match ended {
        Ended::Returned(bytes) => {
            let mut input = &*bytes;
            let answer = T::decode(&mut input).expect("an answer of the type");
            assert!(input.is_empty(), "bytes behind the answer");
            answer
        }
        other => panic!("no answer: {other:?}"),
    }
}

#[track_caller]
pub fn refusal(ended: Ended) -> Refusal {
    match ended {
        Ended::Refused(bytes) => {
            let mut input = &*bytes;
            let refusal = Refusal::decode(&mut input).expect("a refusal");
            assert!(input.is_empty(), "bytes behind the refusal");
            refusal
        }
        other => panic!("not refused: {other:?}"),
    }
}

pub trait TryIntoBytes {
    fn try_into_bytes<const N: usize>(self) -> marque_sdk::primitives::bounded::Bytes<N>;
}

impl TryIntoBytes for Vec<u8> {
    fn try_into_bytes<const N: usize>(self) -> marque_sdk::primitives::bounded::Bytes<N> {
        marque_sdk::primitives::bounded::Bytes::new(self).unwrap()
    }
}
