//! Outside wasm: the same contract, run in a test's process against any
//! [`Host`](marque_abi::Host), so that a debugger and line coverage see it.
//!
//! Host calls find their host on a stack that belongs to the thread; a call that a contract
//! makes to another nests. What the virtual machine measures (instructions, memory, stack)
//! is not measured here, so gas differs and depth is the thread's.
//!
//! [`Memory`] is a host for unit tests of an author's own functions, and [`given`] has what
//! they are asked; the examples of this crate run so.

pub mod given;
mod memory;

pub use memory::Memory;

use crate::buf::Buf;
use crate::command::Reply;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::any::Any;
use marque_abi::interface::Interface;
use marque_abi::interface::parts::Parts;
use marque_abi::{Host, HostFault, Meter};
use marque_primitives::refusal::Refusal;
use parity_scale_codec::{Decode, DecodeAll as _, Encode as _};

/// A contract as `#[contract]` compiles it natively; its module's `CONTRACT`.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// #[contract(name = "my-crates")]
/// pub mod crates {
///     #[storage]
///     #[derive(Default)]
///     pub struct Crates;
///
///     impl Crates {
///         #[query]
///         fn most(&self) -> u32 {
///             80
///         }
///     }
/// }
/// # fn main() {
/// let entries: Vec<&str> = crates::CONTRACT.entries.iter().map(|(name, _)| *name).collect();
/// assert_eq!((crates::CONTRACT.name, entries), ("my-crates", vec!["init", "migrate", "query"]));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Contract {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub release: &'static str,
    /// Its interface, as in the metadata section.
    pub interface: &'static [u8],
    /// Its entries by the names of their exports, ascending.
    pub entries: &'static [(&'static str, crate::entry::Handler)],
}

/// How a native call ended.
///
/// ```
/// use marque_sdk::native::{Ended, Memory};
/// use marque_sdk::prelude::*;
///
/// #[contract]
/// pub mod crates {
///     #[storage]
///     #[derive(Default)]
///     pub struct Crates;
///
///     impl Crates {
///         #[query]
///         fn half(&self, crates: u32) -> u32 {
///             crates / 2
///         }
///     }
/// }
/// # fn main() {
/// let mut memory = Memory::new();
/// let ask = |memory: &mut Memory, name| memory.enter(&crates::CONTRACT, "query", name, &80u32);
/// assert_eq!(ask(&mut memory, "half"), Ended::Returned(vec![40, 0, 0, 0]));
/// assert!(matches!(ask(&mut memory, "third"), Ended::Refused(_)));
/// assert_eq!(memory.enter(&crates::CONTRACT, "message", "half", &80u32), Ended::NoEntry);
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It came to its end with this answer.
    Returned(Vec<u8>),
    /// It refused, with these bytes.
    Refused(Vec<u8>),
    /// It panicked: the message with its place.
    Panicked(String),
    /// A host call did not return to it.
    Stopped(HostFault),
    /// The contract has no such entry.
    NoEntry,
}

impl Contract {
    /// Runs one entry against a host. Returns how it ended and what gas the host took.
    ///
    /// ```
    /// use marque_sdk::abi::HostFault;
    /// use marque_sdk::native::{Ended, Memory};
    /// use marque_sdk::prelude::*;
    ///
    /// #[contract]
    /// pub mod crates {
    ///     #[storage]
    ///     #[derive(Default)]
    ///     pub struct Crates {
    ///         most: u32,
    ///     }
    ///
    ///     impl Crates {
    ///         #[rule]
    ///         fn offer(&self, movement: &Movement) -> Verdict {
    ///             allow().note("seen")
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// // An invocation with nothing in it, and the gas for one write.
    /// let ended = crates::CONTRACT.run("init", &[0; 98], &mut Memory::new(), 1);
    /// assert_eq!(ended, (Ended::Returned(vec![]), 1));
    /// let ended = crates::CONTRACT.run("init", &[0; 98], &mut Memory::new(), 0);
    /// assert_eq!(ended, (Ended::Stopped(HostFault::OutOfGas), 0));
    /// # }
    /// ```
    pub fn run(&self, entry: &str, input: &[u8], host: &mut dyn Host, gas: u64) -> (Ended, u64) {
        let Ok(at) = self
            .entries
            .binary_search_by(|(name, _)| (*name).cmp(entry))
        else {
            return (Ended::NoEntry, 0);
        };
        let Some((_, handler)) = self.entries.get(at) else {
            return (Ended::NoEntry, 0);
        };
        let mut frame = Frame {
            host,
            meter: Meter::new(gas),
            input: input.into(),
            interface: Some(self.interface),
        };
        let ended = within(&mut frame, || {
            handler().map_err(|refused| refused.encoded().clone())
        });
        let ended = match ended {
            Ok(Ok(answer)) => Ended::Returned(answer.into()),
            Ok(Err(refusal)) => Ended::Refused(refusal.into()),
            Err(payload) => from_panic(payload),
        };
        (ended, gas.saturating_sub(frame.meter.left()))
    }
}

impl Ended {
    /// The answer; `None` if it did not return, or not with one of this type.
    ///
    /// ```
    /// use marque_sdk::native::Ended;
    ///
    /// assert_eq!(Ended::Returned(vec![40, 0, 0, 0]).answer::<u32>(), Some(40));
    /// assert_eq!(Ended::Returned(vec![40]).answer::<u32>(), None);
    /// ```
    pub fn answer<T: Decode>(&self) -> Option<T> {
        match self {
            Self::Returned(answer) => T::decode_all(&mut answer.as_slice()).ok(),
            _ => None,
        }
    }

    /// The refusal; `None` if it did not refuse.
    ///
    /// ```
    /// use marque_sdk::codec::Encode as _;
    /// use marque_sdk::native::Ended;
    /// use marque_sdk::primitives::refusal::Refusal;
    ///
    /// let expired = Refusal::new(5200, "Expired", "good until 2026-04-30", "destroy it");
    /// assert_eq!(Ended::Refused(expired.encode()).refusal(), Some(expired));
    /// assert_eq!(Ended::NoEntry.refusal(), None);
    /// ```
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Refusal::decode_all(&mut refusal.as_slice()).ok(),
            _ => None,
        }
    }
}

/// Runs code whose host calls reach `frame`; around it nothing changes.
fn within<T>(frame: &mut Frame<'_>, code: impl FnOnce() -> T) -> std::thread::Result<T> {
    let outer = crate::context::CONTEXT.get();
    let ended = session::using(frame, || {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(code))
    });
    crate::context::CONTEXT.set(outer);
    ended
}

fn from_panic(payload: Box<dyn Any + Send>) -> Ended {
    let payload = match payload.downcast::<Refusing>() {
        Ok(refusal) => return Ended::Refused(refusal.0),
        Err(payload) => payload,
    };
    match payload.downcast::<HostFault>() {
        Ok(fault) => Ended::Stopped(*fault),
        Err(payload) => {
            let text = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_string())
                .or_else(|| payload.downcast_ref::<String>().cloned());
            Ended::Panicked(text.unwrap_or_default())
        }
    }
}

/// A refusal on its way out of a call that it ends.
struct Refusing(Vec<u8>);

/// Ends the call with a refusal, as the host call of this name does in wasm.
pub(crate) fn refuse(refusal: &[u8]) -> ! {
    std::panic::resume_unwind(Box::new(Refusing(refusal.to_vec())))
}

/// What host calls reach while an entry runs.
struct Frame<'h> {
    host: &'h mut dyn Host,
    meter: Meter,
    input: Vec<u8>,
    /// Of the contract that runs, if it is a whole one.
    interface: Option<&'static [u8]>,
}

trait Session {
    fn input(&self) -> Vec<u8>;
    fn interface(&self) -> Option<&'static [u8]>;
    fn host(&mut self) -> (&mut dyn Host, &mut Meter);
}

impl Session for Frame<'_> {
    fn input(&self) -> Vec<u8> {
        self.input.clone()
    }

    fn interface(&self) -> Option<&'static [u8]> {
        self.interface
    }

    fn host(&mut self) -> (&mut dyn Host, &mut Meter) {
        (self.host, &mut self.meter)
    }
}

use std::thread_local;
environmental::environmental!(session: trait Session);

/// Outside any call there is no host.
const NO_HOST: &str = "a host call outside a contract's call: run the code in `native::Memory`, or the contract with `marque-testing`";

/// Makes a host call; a fault unwinds to [`Contract::run`].
fn host<T>(call: impl FnOnce(&mut dyn Host, &mut Meter) -> Result<T, HostFault>) -> T {
    let result = session::with(|frame| {
        let (host, meter) = frame.host();
        call(host, meter)
    });
    match result {
        Some(Ok(value)) => value,
        Some(Err(fault)) => std::panic::resume_unwind(Box::new(fault)),
        None => stop(NO_HOST),
    }
}

/// A text that the ledger encoded, which it keeps as UTF-8 only.
pub(crate) fn trusted(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

/// A call cannot go on, by a mistake of the contract's author.
#[allow(
    clippy::panic,
    reason = "natively a trap is a panic, which `Contract::run` catches"
)]
pub(crate) fn stop(message: &'static str) -> ! {
    panic!("{message}")
}

pub(crate) fn input() -> Buf {
    session::with(|frame| frame.input())
        .unwrap_or_default()
        .into()
}

/// A refusal's texts, filled: by the interface of the contract that runs, as in wasm; outside
/// any call by the enum's own description.
pub(crate) fn refusal(parts: &'static Parts, code: u32, values: &[u8]) -> Buf {
    let listed = session::with(|frame| frame.interface())
        .flatten()
        .map(|bytes| Interface::read(bytes).unwrap_or_default());
    let interface = listed.unwrap_or_else(|| parts.interface());
    match interface.raised(code, values) {
        Ok(refusal) => refusal.encode().into(),
        Err(why) => std::panic::resume_unwind(Box::new(HostFault::Denied {
            name: why.name(),
            message: why.to_string(),
        })),
    }
}

pub(crate) fn keccak256(data: &[u8]) -> [u8; 32] {
    marque_primitives::hash::keccak256(&[data]).0
}

pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    marque_primitives::hash::sha256(&[data]).0
}

pub(crate) fn recover(digest: &[u8; 32], signature: &[u8; 65]) -> Option<[u8; 20]> {
    let digest = marque_primitives::Hash(*digest);
    marque_primitives::signature::Signature(*signature)
        .recover(&digest)
        .ok()
        .map(|address| address.0)
}

pub(crate) fn storage_read(key: &[u8]) -> Option<Buf> {
    host(|host, meter| host.storage_read(meter, key)).map(Buf::from)
}

pub(crate) fn storage_has(key: &[u8]) -> bool {
    storage_read(key).is_some()
}

pub(crate) fn storage_write(key: &[u8], value: &[u8]) {
    host(|host, meter| host.storage_write(meter, key, value));
}

pub(crate) fn storage_remove(key: &[u8]) -> bool {
    host(|host, meter| host.storage_remove(meter, key))
}

pub(crate) fn storage_after(key: &[u8], prefix_len: usize) -> Option<Buf> {
    let prefix_len = u32::try_from(prefix_len).unwrap_or(u32::MAX);
    host(|host, meter| host.storage_after(meter, key, prefix_len)).map(Buf::from)
}

pub(crate) fn emit(event: &[u8]) {
    host(|host, meter| host.emit(meter, event));
}

pub(crate) fn log(line: &str) {
    host(|host, meter| host.log(meter, line.as_bytes()));
}

pub(crate) fn read(kind: u32, id: &[u8]) -> Option<Buf> {
    host(|host, meter| host.read(meter, kind, id)).map(Buf::from)
}

pub(crate) fn command(command: &[u8]) -> Reply {
    reply(host(|host, meter| host.command(meter, command)))
}

pub(crate) fn call(address: &[u8; 20], input: &[u8], gas: u64) -> Reply {
    reply(host(|host, meter| host.call(meter, address, input, gas)))
}

fn reply(reply: marque_abi::Reply) -> Reply {
    match reply {
        marque_abi::Reply::Returned(bytes) => Reply::Returned(bytes.into()),
        marque_abi::Reply::Absent => Reply::Absent,
        marque_abi::Reply::Refused(bytes) => Reply::Refused(bytes.into()),
        marque_abi::Reply::Trapped(cause) => Reply::Trapped(cause.into_bytes().into()),
    }
}

/// A value of this thread.
pub(crate) struct Local<T: 'static>(&'static std::thread::LocalKey<core::cell::RefCell<T>>);

impl<T: Clone> Local<T> {
    pub const fn new(key: &'static std::thread::LocalKey<core::cell::RefCell<T>>) -> Self {
        Self(key)
    }

    pub fn set(&self, value: T) {
        self.0.set(value);
    }

    pub fn get(&self) -> T {
        self.0.with_borrow(T::clone)
    }
}
