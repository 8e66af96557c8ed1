//! EPCIS 2.0 documents: read, hashed and written again.
//!
//! **Knows nothing about** chains, keys, networks or storage. Everything is a pure function
//! of the bytes given, contexts included: they are built in, nothing is fetched.
//!
//! Start reading at [`document`] (bytes to events), then [`event`] (what an event says),
//! [`hash`] (its CBV 2.0 fingerprint), [`canonical`] (what the ledger keeps of it beside
//! the movement) and [`export`] (back out).

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
pub mod merge;
pub mod timestamp;
pub mod vocabulary;

pub use document::{Captured, Document, Limits};
pub use error::{Error, Invalid};
pub use event::Event;
pub use hash::EventHash;
pub use timestamp::Timestamp;
pub use vocabulary::{Term, Vocabulary};
