//! Fuzzing on stable as plain tests: seeded mutations of a corpus, one input after another,
//! until the time is over.
//!
//! **Knows nothing about** what is fuzzed: a target is a corpus, a mutation and a function of
//! bytes. Each input follows from a number and the corpus alone, so that the number that a
//! failure prints makes the same input again.
//!
//! - `MARQUE_FUZZ_SECONDS` is how long each target runs: a few seconds unless set. Set, every
//!   run takes other inputs.
//! - `MARQUE_FUZZ_SEED` runs the one input of that number, `MARQUE_FUZZ_INPUT` the one of that
//!   file; use them with the name of one test.
//!
//! A target must not panic, take longer than its time or more memory than its bound. Inputs
//! that fail are written to the target's folder, before the test does.
//!
//! Start reading at [`campaign`]; what is done to inputs is in [`bytes`] and [`json`].

pub mod bytes;
pub mod campaign;
pub mod json;
mod random;
mod watch;

pub use campaign::{Bound, Campaign, Summary};
pub use random::Random;
