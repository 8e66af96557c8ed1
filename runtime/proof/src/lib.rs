//! Verification of what a Marque node says, by anyone, with nothing but this crate.
//!
//! **Invariant:** this crate knows nothing of nodes, stores, clocks or networks. It is `no_std`,
//! compiles to wasm for browsers, and every verdict is a pure function of bytes; nothing that an
//! attacker sends makes it recurse, or allocate beyond the limits that the caller gives.
//!
//! # The authenticated state
//! - A *leaf* is H(key, value, next live key). A block appends one leaf for each key whose value
//!   or next key it changed, in ascending key order, to a Merkle mountain range.
//! - A *bitmap* says which leaves are live (the newest of their key, and not removed). It is cut
//!   into chunks of [`CHUNK_BYTES`], committed by a Merkle tree.
//! - *root* = H(mountain root, bitmap root, leaf count). The count gives both trees their
//!   [`Shape`]; a proof carries hashes and no directions.
//!
//! All keys make one ordered space with one *sentinel*, the empty key, whose next is the first
//! live key; the last live leaf has no next. Absence is the live leaf whose gap, from its key up
//! to its next, covers the key. A sentinel for each namespace would need a second rule here,
//! since a namespace in which nothing was ever written has no sentinel to prove that with.
//!
//! Start reading at `state_proof.rs`, then `shape.rs`; the exact bytes are in `hash.rs`.
#![no_std]

extern crate alloc;

pub mod certificate;
mod error;
pub mod hash;
pub mod header;
mod limits;
pub mod merkle;
mod shape;
mod state_proof;
mod verified;

pub use certificate::{Certificate, Validator};
pub use error::{ProofError, Tree};
pub use hash::{CHUNK_BITS, CHUNK_BYTES, Chunk, Hash};
pub use header::{HeaderError, SignedHeader};
pub use limits::Limits;
pub use shape::{MAX_LEAVES, Shape};
pub use state_proof::{ProvedLeaf, StateProof};
pub use verified::{Answer, Verified};
