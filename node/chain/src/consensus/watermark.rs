//! How far a validator may have signed, remembered outside of its store.
//!
//! A store that was put back to an older copy would have its validator sign a second block for a
//! height, which others take for fraud. A validator therefore raises its watermark after a block's
//! body is durable and before its signature leaves; a store that does not know the block of the
//! watermark is older than what was signed, or another one.
//!
//! It notices nothing where it was put back together with the store, so it belongs elsewhere.

use std::io;

use marque_primitives::{Hash, Height};

use crate::application::Application;
use crate::error::ChainError;

/// Where the highest block that may have been signed is remembered.
pub trait Watermark: Send {
    /// That block, if there was one.
    fn newest(&self) -> Option<(Height, Hash)>;

    /// Remembers a block; it survives the end of the process.
    ///
    /// # Errors
    /// Then nothing is signed, and the chain stops.
    fn raise(&mut self, height: Height, block: Hash) -> io::Result<()>;

    /// Forgets what was remembered, and remembers this block.
    ///
    /// # Errors
    /// As [`Watermark::raise`].
    fn lower(&mut self, height: Height, block: Hash) -> io::Result<()>;

    /// The chain ends: what is remembered survives a power cut from now on.
    ///
    /// # Errors
    /// The system's error.
    fn settle(&mut self) -> io::Result<()>;
}

/// Refuses a store that is older than the watermark, unless that is accepted.
pub(super) fn verify(
    mark: &mut dyn Watermark,
    application: &Application,
    accept: bool,
) -> Result<(), ChainError> {
    let durable = application.durable();
    let Some((height, block)) = mark.newest() else {
        return mark
            .raise(durable.height, durable.hash)
            .map_err(ChainError::mark);
    };
    let known = if height <= durable.height {
        application.hash_at(height)? == block
    } else {
        let kept = application.kept()?;
        kept.iter()
            .any(|kept| kept.header.height == height && kept.header.hash() == block)
    };
    if known {
        return Ok(());
    }
    let older = ChainError::OlderCopy {
        height: durable.height.0,
        signed: height.0,
    };
    if !accept {
        return Err(older);
    }
    tracing::warn!(%older, "going on, as was asked for");
    mark.lower(durable.height, durable.hash)
        .map_err(ChainError::mark)
}
