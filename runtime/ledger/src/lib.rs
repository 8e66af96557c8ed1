//! The custody kernel and the state transition: a pure function from (state, block) to
//! (changes, receipts, events, entries).
//!
//! **Knows nothing about** clocks, threads, engines, networks or JSON. What time it is, the
//! block says; where state is, the [`View`](marque_state::View) knows; what a rule decides,
//! the VM runs.
//!
//! Start reading at [`Ledger::execute`] (`transition.rs`: a block, a transaction), then
//! `kernel/` (one file for each family of operations), `rules.rs` (how a contract is
//! asked) and `host.rs` (what it may ask back).

mod callee;
mod contracts;
mod credentials;
mod error;
mod gas;
mod host;
mod kernel;
mod machine;
mod outcome;
mod quota;
pub mod read;
mod registry;
mod report;
mod rules;
mod scope;
mod state;
mod stop;
mod transition;
mod validity;

pub use callee::Callee;
pub use error::LedgerError;
pub use kernel::standing::{Effective, Judgement, Source, Standing};
pub use machine::Machine;
pub use outcome::{BlockInfo, DryRun, Execution, Invalid, Mode};
pub use transition::Ledger;
