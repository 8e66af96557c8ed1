//! What stops the transition itself. A refusal is not among them: it is a receipt.

use marque_state::StateError;
use marque_vm::VmError;

/// The node failed, or the state is not what this ledger wrote. Nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed.
    #[error(transparent)]
    State(#[from] StateError),
    /// The virtual machine failed.
    #[error(transparent)]
    Vm(#[from] VmError),
    /// A leaf does not decode as what its key says.
    #[error("the state's {what} leaf is damaged; run `marque db check` and restore a backup")]
    Damaged {
        /// The kind of leaf.
        what: &'static str,
    },
    /// A block holds a transaction that its state does not allow.
    #[error("transaction {index} of the block is invalid: {cause}")]
    InvalidBlock {
        /// Its place.
        index: usize,
        /// Why.
        cause: crate::Invalid,
    },
    /// A counter passed its range.
    #[error("a counter of the ledger passed its range")]
    Overflow,
}
