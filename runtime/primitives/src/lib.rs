//! The words of Marque: identifiers, actions, transactions, receipts and records,
//! with the one encoding, hash and signature of each.
//!
//! **Knows nothing about** I/O, engines, wasm or clocks; `no_std`, and small enough to be
//! part of a contract. The `host` feature adds hashing, signing, JSON and the table of
//! GS1 application identifiers, which contracts leave to the host.
//!
//! Start reading at [`action`] (what can be asked), then [`transaction`] (who asks),
//! [`record`] (what the ledger keeps), [`history`] (what it never forgets) and
//! [`receipt`] (what it answers).
//!
//! Words that are easily confused, from the smallest: a [`thing::Thing`] is what an action
//! names (one item, a range of serials, a quantity of a lot); a [`record::Record`] is what
//! the state holds about a *run* of neighbouring things; an [`history::Entry`] is one line
//! in the history of a run; a [`history::Event`] is the one document behind the entries of
//! an action.
#![no_std]
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived encoders cast variant indices, which fit"
)]
extern crate alloc;
#[cfg(feature = "host")]
extern crate std;

pub mod action;
pub mod address;
pub mod amount;
pub mod bounded;
pub mod codec;
pub mod credential;
pub mod date;
pub mod detail;
#[cfg(feature = "host")]
pub mod genesis;
pub mod gs1;
pub mod hash;
pub mod header;
pub mod history;
#[cfg(feature = "host")]
pub mod json;
pub mod key;
pub mod number;
pub mod receipt;
pub mod record;
pub mod refusal;
#[cfg(feature = "host")]
pub mod signature;
pub mod thing;
pub mod transaction;

pub use address::Address;
pub use amount::{Amount, Decimal, Unit};
pub use bounded::{List, Text};
pub use hash::Hash;
pub use number::{Gas, Height, Lane, Nonce, Position, TimeMs};
