//! The seam between what is decided and what is done, shaped like ABCI.
//!
//! A driver decides which block comes next; the [`Application`] executes, keeps and commits.
//! The rules that every driver keeps:
//! - A vote or signature is given only for a block that [`Application::write`] kept before.
//! - A block is decided only after its parent; a certificate leaves only with `write`.
//! - Blocks may be executed ahead on outcomes that are not durable; nothing of them leaves.
//! - A re-proposed block keeps its header, and so its hash.

mod replay;
mod solo;
mod watermark;

pub use replay::Replay;
pub use solo::Solo;
pub use watermark::Watermark;

use crate::application::Application;
use crate::error::ChainError;

/// A driver of consensus.
pub trait Consensus: Send + 'static {
    /// Looks at what the store holds before anything runs: the chain does not start if this fails.
    ///
    /// # Errors
    /// What keeps it from starting.
    fn prepare(&mut self, _application: &Application) -> Result<(), ChainError> {
        Ok(())
    }

    /// Runs on a thread of its own until the application's pool is closed, and ends once
    /// everything that was decided is durable.
    ///
    /// # Errors
    /// A fault of the node; the chain stops.
    fn run(self: Box<Self>, application: Application) -> Result<(), ChainError>;
}
