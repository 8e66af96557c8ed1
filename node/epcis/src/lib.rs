//! EPCIS 2.0 documents to the ledger's reports, and back.
//!
//! **Knows nothing about** chains, keys, networks or storage. Everything is a pure function
//! of the bytes given, contexts included: they are built in, nothing is fetched.
//!
//! Start reading at [`document`] (bytes to events) and [`event`] (what an event says), then
//! [`hash`] (its CBV 2.0 fingerprint), [`map`] (what it may stand for on the ledger),
//! [`signer`] (who answers for it), [`canonical`] (what is kept of it beside the movement)
//! and [`export`] (back out).

pub mod canonical;
pub mod context;
pub mod decimal;
pub mod document;
mod error;
pub mod event;
pub mod export;
pub mod hash;
pub mod identifier;
pub mod json;
pub mod map;
pub mod merge;
pub mod signer;
pub mod timestamp;
pub mod vocabulary;

pub use document::{Captured, Document, Limits};
pub use error::{Error, Invalid, Unmapped};
pub use event::Event;
pub use hash::EventHash;
pub use timestamp::Timestamp;
pub use vocabulary::{Term, Vocabulary};
