//! What a contract imports: typed storage, movements and verdicts, named refusals, events,
//! reads of the ledger, and the macros that make a module of rules into a contract.
//!
//! **Knows nothing about** how the ledger stores, runs or proves anything: only the calls of
//! `marque-abi`. `no_std`; on any other target than wasm the same contract compiles
//! natively and its host calls go to whoever runs it ([`native`]).
//!
//! Start reading at the [`prelude`], then [`Movement`] (what a rule is asked), [`verdict`]
//! (what it answers), [`storage`] (what a contract keeps) and [`refusal`] (how it says no).
//! The macros' documentation is at [`contract`].
#![no_std]
extern crate alloc;
extern crate self as marque_sdk;
#[cfg(not(target_arch = "wasm32"))]
extern crate std;

mod buf;
mod bytes;
mod call;
mod command;
mod context;
mod crypto;
mod decimal;
mod entry;
mod event;
mod findings;
mod movement;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod prelude;
mod read;
pub mod refusal;
mod shared;
pub mod storage;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod words;

#[cfg(not(target_arch = "wasm32"))]
use native as host;
#[cfg(target_arch = "wasm32")]
use wasm as host;

pub use call::{CallError, query_of};
pub use command::{Target, dispose, hold, release};
pub use context::{brand, caller, contract_address, height, now, signer};
pub use crypto::{keccak256, recover, sha256};
pub use decimal::decimal;
pub use event::{Event, emit};
pub use findings::Findings;
pub use marque_abi as abi;
pub use marque_abi::interface::Describe;
pub use marque_macros::{
    contract, data, event, init, message, migrate, query, refusals, rule, storage,
};
pub use marque_primitives as primitives;
pub use movement::{Document, Documents, Fact, Line, Lines, Movement, Quantity, Sensor, Sensors};
pub use parity_scale_codec as codec;
pub use read::{
    Credential, Identity, brand_of, contents, credential, identity, location, lot, party, product,
    record,
};
pub use refusal::{Refusals, Refused, Result, only, only_brand};
pub use words::Words;

/// A line for the developer: shown by dry runs and tests, dropped by a chain.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let mut memory = Memory::new();
/// memory.call(|| log("3 lines, none of them cold"));
/// assert_eq!(memory.lines, ["3 lines, none of them cold"]);
/// ```
pub fn log(line: &str) {
    host::log(line);
}

/// What the macros expand to; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::buf::Buf;
    pub use crate::bytes::Reader;
    pub use crate::entry::*;
    pub use crate::refusal::raise;
    pub use crate::storage::{Place, Storage, Stored, any};
    pub use marque_abi::interface::describe::{
        FieldPart, Named, NamedBody, Returns, Shape, VariantPart,
    };
    pub use marque_abi::interface::names::refusal_code;
    pub use marque_abi::interface::parts::layout;
    pub use marque_abi::interface::parts::{
        EventPart, FunctionPart, LayoutPart, Parts, RefusalPart, SlotPart,
    };
    pub use marque_abi::meta::Parts as MetaParts;
}
