//! Code in transactions, tried before it is let into the pool.
//!
//! What a contract's code is and how it is tried, the program that runs the chain knows; the
//! chain only asks. The answer decides what waits here and never what a block means.

use std::sync::Arc;

use marque_primitives::action::{Action, CodeSource, ContractAction};
use marque_primitives::transaction::Body;

use crate::error::SubmitError;

/// Why code is kept out of the pool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CodeRefused {
    /// The stable number: the broken limit's, 6001 to 6099.
    pub code: u16,
    /// The stable name.
    pub name: &'static str,
    /// What was found, and where.
    pub message: String,
    /// The most that is taken, where it is a number.
    pub expected: Option<String>,
    /// What to do about it.
    pub remedy: &'static str,
    /// Whether the same code may be taken later.
    pub retryable: bool,
}

/// Tries code; may take seconds.
pub type CodeTrial = Arc<dyn Fn(&[u8]) -> Result<(), CodeRefused> + Send + Sync>;

/// Tries every code that a body brings.
pub(crate) fn all(trial: &CodeTrial, body: &Body) -> Result<(), SubmitError> {
    for action in &body.actions {
        if let Some(code) = brought(action) {
            trial(code).map_err(|refused| SubmitError::Code(Box::new(refused)))?;
        }
    }
    Ok(())
}

fn brought(action: &Action) -> Option<&[u8]> {
    let Action::Contract(action) = action else {
        return None;
    };
    match action {
        ContractAction::Store { code } => Some(code),
        ContractAction::Deploy { code, .. } | ContractAction::Upgrade { code, .. } => match code {
            CodeSource::Inline(code) => Some(code),
            CodeSource::Known { .. } => None,
        },
        ContractAction::Message { .. } => None,
    }
}

/// How every module begins; what does not is refused without a trial.
const MAGIC: &[u8] = b"\0asm";

/// Whether bytes of a transaction may bring code.
pub(crate) fn may_bring(bytes: &[u8]) -> bool {
    bytes.windows(MAGIC.len()).any(|window| window == MAGIC)
}
