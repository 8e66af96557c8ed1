//! Why an action ends early.

use crate::LedgerError;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_state::StateError;
use marque_vm::VmError;

/// An action is refused, or the node cannot go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The ledger's answer is no; a receipt says so.
    Refused(Box<Refusal>),
    /// The node failed; nothing is answered.
    Fault(LedgerError),
}

/// What an action's parts give back.
pub(crate) type Do<T> = Result<T, Stop>;

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Self {
        Self::Fault(error)
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<VmError> for Stop {
    fn from(error: VmError) -> Self {
        Self::Fault(error.into())
    }
}

/// The kernel's no.
pub(crate) fn refuse<T>(invariant: Invariant, message: &str) -> Do<T> {
    Err(Refusal::kernel(invariant, message).into())
}

/// The kernel's no to a count or sum that passes its range: whatever is asked, arithmetic
/// ends an action and never the node.
pub(crate) fn overflow() -> Stop {
    Refusal::kernel(Invariant::Overflow, "a count or sum passes its range").into()
}
