//! The chain: it takes transactions, orders them into blocks, has the ledger execute them,
//! makes each block durable in one batch, and answers questions about what is durable.
//!
//! **Knows nothing about** custody rules, contracts, JSON, sockets or the engine that stores:
//! what a transaction does, the [`Ledger`](marque_ledger::Ledger) knows; how bytes get to a
//! disk, the [`Store`](marque_state::Store). It knows records and events only as far as it
//! indexes and reads them.
//!
//! The way of a transaction: [`Chain::submit`] → `pool` (admission, fair order) → a
//! [`Consensus`](consensus::Consensus) driver, here [`Solo`](consensus::Solo) → `application`
//! (executes, computes the root, builds the header) → `write` (one durable batch a block:
//! block, state, history, receipts, and the rows that `index` derives) → who waits, and the
//! [`Reader`](reads::Reader) that everyone asks.
//!
//! Words that are easily confused: a [`Block`] is a header and its transactions; an
//! [`Outcome`](application::Outcome) is what executing a block gave, held in memory;
//! [`Committed`] is what others hear of a block once it is durable.
//!
//! Start reading at `chain.rs`, then `consensus/solo.rs`.

pub mod application;
mod block;
mod chain;
pub mod check;
mod clock;
mod config;
pub mod consensus;
mod error;
pub mod export;
mod gate;
mod index;
mod pool;
pub mod reads;
mod tables;
mod trial;
mod write;

pub use block::{Block, Committed, Spans};
pub use chain::{Chain, Pending, Status};
pub use clock::{Clock, SystemClock};
pub use config::{Config, PoolLimits};
pub use error::{ChainError, SubmitError};
pub use index::rebuild as rebuild_indexes;
pub use trial::{CodeRefused, CodeTrial};
