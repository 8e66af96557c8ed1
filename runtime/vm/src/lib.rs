//! The virtual machine: it checks a contract's code, meters it, compiles it, and runs one
//! entry of it in a fresh instance. The only crate that names wasmtime.
//!
//! **Knows nothing about** custody, accounts or storage: it dispatches host calls to the
//! [`Host`](marque_abi::Host) that the caller brings, and all bytes are opaque.
//!
//! Start reading at [`check`](mod@check) (what code is taken), then `instrument` (how gas and stack
//! get into the code), [`schedule`] (what things cost) and `run` (one call).

pub mod admission;
mod artifacts;
mod cache;
pub mod check;
mod engine;
mod error;
#[cfg(test)]
mod golden;
mod instrument;
pub mod limits;
mod module;
mod outcome;
mod run;
pub mod schedule;

pub use artifacts::CompiledFolder;
pub use cache::CacheCounts;
pub use check::{Checked, check};
pub use engine::{OptLevel, Vm, VmConfig};
pub use error::{Rejection, VmError};
pub use limits::Limit;
pub use module::Module;
pub use outcome::{CallOutcome, CallResult, Trap, TrapKind};
pub use run::CALL_STACK;
