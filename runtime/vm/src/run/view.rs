//! What a host call sees of the contract: its memory, its meter, and what it was asked.

use super::{Call, Handles, Stop, Stopped};
use crate::limits::MAX_ARGUMENT;
use crate::module::Module;
use crate::outcome::TrapKind;
use crate::schedule::{self, Price};
use core::ops::Range;
use marque_abi::calls::{ABSENT, REFUSED, TRAPPED};
use marque_abi::{HostCall, HostFault, Meter, Reply};
use wasmtime::{Caller, Val};

/// A range of the contract's memory that was found to lie inside it.
#[derive(Clone, Debug)]
pub(super) struct Span(Range<usize>);

/// One host call under way.
pub(super) struct View<'c, 'w> {
    caller: &'c mut Caller<'w, Call>,
    handles: Handles,
    price: Price,
    pub meter: Meter,
}

impl From<HostFault> for Stop {
    fn from(fault: HostFault) -> Self {
        match fault {
            HostFault::OutOfGas => Self::OutOfGas,
            HostFault::Denied { name, message } => Self::Trap(TrapKind::Denied(name), message),
            HostFault::Node(what) => Self::Node(what),
        }
    }
}

/// Serves one call of `row`: takes its price, does the work, and puts back what gas is left.
pub(super) fn serve<'w, R>(
    mut caller: Caller<'w, Call>,
    row: HostCall,
    work: impl FnOnce(&mut View<'_, 'w>) -> Result<R, Stop>,
) -> wasmtime::Result<R> {
    let Some(handles) = caller.data().handles else {
        return Err(stop(
            &mut caller,
            Stop::Node("a host call before its instance was ready".to_owned()),
        ));
    };
    let left = handles
        .gas
        .get(&mut caller)
        .i64()
        .and_then(|gas| u64::try_from(gas).ok())
        .unwrap_or(0);
    let price = schedule::host_call(row);
    let mut view = View {
        caller: &mut caller,
        handles,
        price,
        meter: Meter::new(left),
    };
    let ended = view
        .meter
        .charge(price.base)
        .map_err(Stop::from)
        .and_then(|()| work(&mut view));
    let left = Val::I64(i64::try_from(view.meter.left()).unwrap_or(i64::MAX));
    if let Err(error) = handles.gas.set(&mut caller, left) {
        return Err(stop(&mut caller, Stop::Node(error.to_string())));
    }
    ended.map_err(|why| stop(&mut caller, why))
}

fn stop(caller: &mut Caller<'_, Call>, why: Stop) -> wasmtime::Error {
    caller.data_mut().stopped = Some(why);
    wasmtime::Error::new(Stopped)
}

impl View<'_, '_> {
    /// Bytes that come in: their length allowed, paid for, and inside the memory.
    pub fn bytes(&mut self, ptr: i32, len: i32) -> Result<Span, Stop> {
        let len = len.cast_unsigned();
        if len > MAX_ARGUMENT {
            return Err(too_long(len, MAX_ARGUMENT));
        }
        self.meter.charge(self.price.bytes_in(u64::from(len)))?;
        self.span(ptr, len)
    }

    /// A fixed number of bytes that come in.
    pub fn array<const N: usize>(&self, ptr: i32) -> Result<[u8; N], Stop> {
        let span = self.span(ptr, u32::try_from(N).unwrap_or(u32::MAX))?;
        self.get(&span)?.try_into().map_err(|_| outside())
    }

    /// A place for what goes out, inside the memory.
    pub fn span(&self, ptr: i32, len: u32) -> Result<Span, Stop> {
        let start = usize::try_from(ptr.cast_unsigned()).map_err(|_| outside())?;
        let len = usize::try_from(len).map_err(|_| outside())?;
        let end = start.checked_add(len).ok_or_else(outside)?;
        if end > self.handles.memory.data_size(&*self.caller) {
            return Err(outside());
        }
        Ok(Span(start..end))
    }

    /// The bytes of a range.
    pub fn get(&self, span: &Span) -> Result<&[u8], Stop> {
        span.of(self.handles.memory.data(&*self.caller))
    }

    /// The contract's memory beside the meter, for a host that reads the one and charges the other.
    pub fn parts(&mut self) -> (&[u8], &mut Meter) {
        (self.handles.memory.data(&*self.caller), &mut self.meter)
    }

    /// Charges for an answer, keeps it whole, and copies as much as fits; answers its length.
    pub fn answer(&mut self, answer: Vec<u8>, out: &Span) -> Result<i64, Stop> {
        let len = u64::try_from(answer.len()).unwrap_or(u64::MAX);
        self.meter.charge(self.price.bytes_out(len))?;
        let (memory, data) = self.handles.memory.data_and_store_mut(&mut *self.caller);
        copy(&answer, out, memory)?;
        data.answer = answer;
        i64::try_from(len).map_err(|_| outside())
    }

    /// The answer of a lookup.
    pub fn maybe(&mut self, answer: Option<Vec<u8>>, out: &Span) -> Result<i64, Stop> {
        match answer {
            Some(answer) => self.answer(answer, out),
            None => self.absent(),
        }
    }

    /// The answer of a request that may be refused.
    pub fn reply(&mut self, reply: Reply, out: &Span) -> Result<i64, Stop> {
        match reply {
            Reply::Returned(answer) => self.answer(answer, out),
            Reply::Absent => self.absent(),
            Reply::Refused(refusal) => self.answer(refusal, &Span(0..0)).map(|_| REFUSED),
            Reply::Trapped(message) => self
                .answer(message.into_bytes(), &Span(0..0))
                .map(|_| TRAPPED),
        }
    }

    fn absent(&mut self) -> Result<i64, Stop> {
        self.caller.data_mut().answer = Vec::new();
        Ok(ABSENT)
    }

    /// Charges for and copies what `of` gives of the call's data, from `offset` on, as much
    /// as fits; answers the whole length.
    pub fn copy(&mut self, of: fn(&Call) -> &[u8], offset: usize, out: &Span) -> Result<i32, Stop> {
        let whole = of(self.caller.data()).len();
        let copied = whole.saturating_sub(offset).min(out.0.len());
        let bytes = u64::try_from(copied).unwrap_or(u64::MAX);
        self.meter.charge(self.price.bytes_out(bytes))?;
        let (memory, data) = self.handles.memory.data_and_store_mut(&mut *self.caller);
        copy(of(data).get(offset..).unwrap_or_default(), out, memory)?;
        i32::try_from(whole).map_err(|_| outside())
    }

    /// Writes bytes of a known length.
    pub fn put(&mut self, bytes: &[u8], out: &Span) -> Result<(), Stop> {
        copy(bytes, out, self.handles.memory.data_mut(&mut *self.caller))
    }

    /// What runs.
    pub fn module(&self) -> &Module {
        &self.caller.data().module
    }

    /// The call's data.
    pub fn data(&mut self) -> &mut Call {
        self.caller.data_mut()
    }
}

impl Span {
    /// The range's bytes.
    pub fn of<'m>(&self, memory: &'m [u8]) -> Result<&'m [u8], Stop> {
        memory.get(self.0.clone()).ok_or_else(outside)
    }
}

fn copy(from: &[u8], to: &Span, memory: &mut [u8]) -> Result<(), Stop> {
    let to = memory.get_mut(to.0.clone()).ok_or_else(outside)?;
    let length = from.len().min(to.len());
    if let (Some(to), Some(from)) = (to.get_mut(..length), from.get(..length)) {
        to.copy_from_slice(from);
    }
    Ok(())
}

fn outside() -> Stop {
    Stop::Trap(TrapKind::PointerOutOfBounds, String::new())
}

/// The trap of an argument or answer that is too long.
pub(super) fn too_long(found: u32, allowed: u32) -> Stop {
    Stop::Trap(
        TrapKind::TooLong,
        format!("{found} bytes where {allowed} is the most"),
    )
}
