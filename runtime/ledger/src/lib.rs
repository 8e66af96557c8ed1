//! The custody kernel and the state transition: a pure function from (state, block) to
//! (changes, receipts, events, entries).
//!
//! **Knows nothing about** clocks, threads, engines, networks or JSON. What time it is, the
//! block says; where state is, the [`View`](marque_state::View) knows; what a rule decides,
//! the VM runs.
//!
//! Start reading at [`execute`](Ledger::execute) (`transition.rs`: a block, a transaction),
//! then `kernel/` (one file for each family of operations), `rules.rs` (how a contract is
//! asked) and `host.rs` (what it may ask back).

mod error;
mod outcome;

pub use error::LedgerError;
pub use outcome::{BlockInfo, Execution, Invalid, Mode};
