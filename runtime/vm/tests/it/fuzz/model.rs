//! What host calls do, written down a second time and slowly: plain slices, one step after
//! the other, as the table of host calls says it in words.

use crate::host::Recorder;
use marque_abi::interface::{Interface, Unraised};
use marque_abi::{Host as _, HostCall, Meter, Reply};
use marque_primitives::hash::{Hash, keccak256, sha256};
use marque_primitives::signature::Signature;
use marque_vm::limits::{MAX_ANSWER, MAX_ARGUMENT};
use marque_vm::{TrapKind, schedule};
use parity_scale_codec::Encode as _;

/// Why a program came to its end before its last step.
#[derive(PartialEq, Debug)]
pub enum Stop {
    Refused(Vec<u8>),
    Trapped(TrapKind),
    /// The model has no prices of the host's own, and this one cannot be paid.
    OutOfGas,
}

type Step<T> = Result<T, Stop>;

/// A contract's memory and what it asked, as they should be.
pub struct Model {
    pub memory: Vec<u8>,
    pub input: Vec<u8>,
    pub answer: Vec<u8>,
    pub host: Recorder<'static>,
    /// What the calls cost beside the contract's own instructions.
    pub gas: u64,
}

fn denied(name: &'static str) -> Stop {
    Stop::Trapped(TrapKind::Denied(name))
}

fn word(value: i64) -> usize {
    usize::try_from(value & 0xffff_ffff).unwrap()
}

impl Model {
    fn range(&self, ptr: i64, len: usize) -> Step<std::ops::Range<usize>> {
        let (start, end) = (word(ptr), word(ptr) + len);
        match end <= self.memory.len() {
            true => Ok(start..end),
            false => Err(Stop::Trapped(TrapKind::PointerOutOfBounds)),
        }
    }

    fn taken(&mut self, row: HostCall, ptr: i64, len: i64) -> Step<Vec<u8>> {
        if word(len) > MAX_ARGUMENT as usize {
            return Err(Stop::Trapped(TrapKind::TooLong));
        }
        self.gas += schedule::host_call(row).bytes_in(word(len) as u64);
        Ok(self.memory[self.range(ptr, word(len))?].to_vec())
    }

    fn spoken(&mut self, row: HostCall, ptr: i64, len: i64) -> Step<Vec<u8>> {
        match word(len) > MAX_ANSWER as usize {
            true => Err(Stop::Trapped(TrapKind::TooLong)),
            false => self.taken(row, ptr, len),
        }
    }

    fn put(&mut self, bytes: &[u8], to: std::ops::Range<usize>) {
        let count = bytes.len().min(to.len());
        self.memory[to.start..to.start + count].copy_from_slice(&bytes[..count]);
    }

    fn answered(&mut self, row: HostCall, answer: Vec<u8>, to: std::ops::Range<usize>) -> i64 {
        self.gas += schedule::host_call(row).bytes_out(answer.len() as u64);
        self.put(&answer, to);
        let len = i64::try_from(answer.len()).unwrap();
        self.answer = answer;
        len
    }

    fn maybe(&mut self, row: HostCall, answer: Option<Vec<u8>>, to: std::ops::Range<usize>) -> i64 {
        match answer {
            Some(answer) => self.answered(row, answer, to),
            None => {
                self.answer.clear();
                -1
            }
        }
    }

    fn reply(&mut self, row: HostCall, reply: Reply, to: std::ops::Range<usize>) -> i64 {
        match reply {
            Reply::Returned(answer) => self.answered(row, answer, to),
            Reply::Absent => self.maybe(row, None, to),
            Reply::Refused(refusal) => {
                self.answered(row, refusal, 0..0);
                -2
            }
            Reply::Trapped(message) => {
                self.answered(row, message.into_bytes(), 0..0);
                -3
            }
        }
    }

    /// One call; its result, where it has one.
    pub fn call(&mut self, row: HostCall, a: [i64; 6]) -> Step<Option<i64>> {
        self.gas += schedule::host_call(row).base;
        let meter = &mut Meter::new(u64::MAX / 2);
        let fault = |_| Stop::OutOfGas;
        Ok(Some(match row {
            HostCall::Input | HostCall::Answer => {
                let (from, offset, to) = match row {
                    HostCall::Input => (self.input.clone(), 0, self.range(a[0], word(a[1]))?),
                    _ => (
                        self.answer.clone(),
                        word(a[0]),
                        self.range(a[1], word(a[2]))?,
                    ),
                };
                let part = from.get(offset..).unwrap_or_default();
                let copied = part.len().min(to.len());
                self.gas += schedule::host_call(row).bytes_out(copied as u64);
                self.put(part, to);
                i64::try_from(from.len()).unwrap()
            }
            HostCall::Output => {
                self.spoken(row, a[0], a[1])?;
                return Ok(None);
            }
            HostCall::Refuse => return Err(Stop::Refused(self.spoken(row, a[0], a[1])?)),
            HostCall::Panicked => {
                self.taken(row, a[0], a[1])?;
                return Err(Stop::Trapped(TrapKind::Panicked));
            }
            HostCall::Refusal => {
                let code = u32::try_from(word(a[0])).unwrap();
                let (values, to) = (self.taken(row, a[1], a[2])?, self.range(a[3], word(a[4]))?);
                // The interpreter's interface is empty.
                match Interface::default().raised(code, &values) {
                    Ok(refusal) => self.answered(row, refusal.encode(), to),
                    Err(Unraised::Unlisted(_)) => return Err(denied("unlistedRefusal")),
                    Err(Unraised::Values) => return Err(denied("refusalValues")),
                }
            }
            HostCall::Keccak256 | HostCall::Sha256 => {
                let data = self.taken(row, a[0], a[1])?;
                let to = self.range(a[2], 32)?;
                let digest = match row {
                    HostCall::Sha256 => sha256(&[&data]),
                    _ => keccak256(&[&data]),
                };
                self.put(&digest.0, to);
                return Ok(None);
            }
            HostCall::Recover => {
                let digest = self.memory[self.range(a[0], 32)?].try_into().unwrap();
                let signature = self.memory[self.range(a[1], 65)?].try_into().unwrap();
                let to = self.range(a[2], 20)?;
                match Signature(signature).recover(&Hash(digest)) {
                    Ok(address) => {
                        self.put(&address.0, to);
                        1
                    }
                    Err(_) => 0,
                }
            }
            HostCall::StorageRead => {
                let (key, to) = (self.taken(row, a[0], a[1])?, self.range(a[2], word(a[3]))?);
                let found = self.host.storage_read(meter, &key).map_err(fault)?;
                self.maybe(row, found, to)
            }
            HostCall::StorageWrite => {
                let (key, value) = (self.taken(row, a[0], a[1])?, self.taken(row, a[2], a[3])?);
                self.host
                    .storage_write(meter, &key, &value)
                    .map_err(fault)?;
                return Ok(None);
            }
            HostCall::StorageRemove => {
                let key = self.taken(row, a[0], a[1])?;
                i64::from(self.host.storage_remove(meter, &key).map_err(fault)?)
            }
            HostCall::StorageAfter => {
                let (key, to) = (self.taken(row, a[0], a[1])?, self.range(a[3], word(a[4]))?);
                let prefix = u32::try_from(word(a[2])).unwrap();
                let found = self
                    .host
                    .storage_after(meter, &key, prefix)
                    .map_err(fault)?;
                self.maybe(row, found, to)
            }
            HostCall::Emit | HostCall::Log => {
                let bytes = self.taken(row, a[0], a[1])?;
                match row {
                    HostCall::Emit => self.host.emit(meter, &bytes).map_err(fault)?,
                    _ => self.host.log(meter, &bytes).map_err(fault)?,
                }
                return Ok(None);
            }
            HostCall::Read => {
                let (id, to) = (self.taken(row, a[1], a[2])?, self.range(a[3], word(a[4]))?);
                let kind = u32::try_from(word(a[0])).unwrap();
                let found = self.host.read(meter, kind, &id).map_err(fault)?;
                self.maybe(row, found, to)
            }
            HostCall::Command => {
                let (command, to) = (self.taken(row, a[0], a[1])?, self.range(a[2], word(a[3]))?);
                let reply = self.host.command(meter, &command).map_err(fault)?;
                self.reply(row, reply, to)
            }
            HostCall::Call => {
                let address = self.memory[self.range(a[0], 20)?].try_into().unwrap();
                let (input, to) = (self.taken(row, a[1], a[2])?, self.range(a[4], word(a[5]))?);
                let gas = a[3].cast_unsigned();
                let reply = self
                    .host
                    .call(meter, &address, &input, gas)
                    .map_err(fault)?;
                self.reply(row, reply, to)
            }
        }))
    }
}
