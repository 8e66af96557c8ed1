//! The one way to call an engine: what fails names the folder and what to do about it.
//!
//! The engine asserts what its pages promise each other; a damaged file breaks the promise.
//! Here such a panic becomes an error like any other, so that a node stops with a sentence.

use std::error::Error;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use marque_state::StateError;

use crate::remedy::remedy;

/// An engine's error.
pub(crate) trait EngineError: Error + Send + Sync + Sized + 'static {
    /// The system's error behind it.
    fn system(&self) -> Option<&io::Error>;

    /// Whether what is stored is not what was written.
    fn is_damage(&self) -> bool;
}

/// Calls an engine on its folder.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    engine: &'static str,
    folder: Arc<Path>,
}

impl Guard {
    pub(crate) fn new(engine: &'static str, folder: &Path) -> Self {
        Self {
            engine,
            folder: folder.into(),
        }
    }

    /// Calls the engine. After a panic it is good for nothing but further errors: redb gives up
    /// the transaction and refuses the next one.
    ///
    /// # Errors
    /// [`StateError::Engine`] if `call` fails or panics.
    pub(crate) fn call<T, E: EngineError>(
        &self,
        doing: &'static str,
        call: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, StateError> {
        match catch_unwind(AssertUnwindSafe(call)) {
            Ok(done) => done.map_err(|error| self.failed(doing, error)),
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let words = text.or_else(|| panic.downcast_ref::<String>().cloned());
                let words = words.unwrap_or_else(|| "without a word".to_owned());
                let cause = format!("the file is damaged, and the engine gave up on it ({words})");
                Err(self.trouble(doing, cause.into(), RESTORE))
            }
        }
    }

    /// What an engine's error says to an operator.
    pub(crate) fn failed(&self, doing: &'static str, error: impl EngineError) -> StateError {
        let remedy = match error.system() {
            Some(system) => remedy(system),
            None if error.is_damage() => RESTORE,
            None => "restart the node",
        };
        self.trouble(doing, Box::new(error), remedy)
    }

    fn trouble(&self, doing: &'static str, cause: Cause, remedy: &'static str) -> StateError {
        StateError::Engine {
            engine: self.engine,
            doing,
            source: Box::new(Trouble {
                folder: self.folder.clone(),
                cause,
                remedy,
            }),
        }
    }
}

const RESTORE: &str = "restore it from a backup or resync";

type Cause = Box<dyn Error + Send + Sync>;

/// What is wrong, where, and what to do.
#[derive(Debug)]
struct Trouble {
    folder: Arc<Path>,
    cause: Cause,
    remedy: &'static str,
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            folder,
            cause,
            remedy,
        } = self;
        write!(out, "{cause}, in {}; {remedy}", folder.display())
    }
}

impl Error for Trouble {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

#[cfg(test)]
mod tests;
