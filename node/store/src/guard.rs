//! The engine asserts what its pages promise each other; a damaged file breaks the promise.
//! Here such a panic becomes an error like any other, so that a node stops with a sentence.

use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use marque_state::StateError;

/// The engine met something in its file that it takes to be impossible.
#[derive(Debug)]
struct Impossible(String);

impl fmt::Display for Impossible {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the file is damaged, and the engine gave up on it ({}); restore a backup",
            self.0
        )
    }
}

impl Error for Impossible {}

/// Calls the engine. After a panic it is good for nothing but further errors: redb gives up
/// the transaction and refuses the next one.
///
/// # Errors
/// What `call` gives, or [`StateError::Engine`] if it panics.
pub(crate) fn guarded<T>(
    engine: &'static str,
    doing: &'static str,
    call: impl FnOnce() -> Result<T, StateError>,
) -> Result<T, StateError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let words = text.or_else(|| panic.downcast_ref::<String>().cloned());
        let source = Impossible(words.unwrap_or_else(|| "without a word".to_owned()));
        Err(StateError::Engine {
            engine,
            doing,
            source: Box::new(source),
        })
    })
}

#[cfg(test)]
mod tests;
