//! What a message may do to the contract's own products. No rule runs for it.

use crate::buf::Buf;
use crate::refusal::{Refused, Result};
use marque_abi::invocation::{Command, Target};
use marque_primitives::bounded::Text;
use marque_primitives::detail::Term;

/// What the ledger or another contract answers.
pub(crate) enum Reply {
    /// Done; the answer's bytes.
    Returned(Buf),
    /// There is no such contract or thing.
    Absent,
    /// Refused, with the refusal's bytes.
    Refused(Buf),
    /// The called contract trapped: the trap's name and message.
    Trapped(Buf),
}

fn send(command: &Command) -> Result {
    match crate::host::command(&crate::bytes::encoded(command)) {
        Reply::Returned(_) => Ok(()),
        Reply::Refused(refusal) => Err(Refused(refusal)),
        Reply::Absent | Reply::Trapped(_) => Err(Refused::own(
            5004,
            "NothingThere",
            "the ledger knows nothing of what the contract named",
            None,
            "check the lot or item",
        )),
    }
}

/// Holds things, or all of a lot, until they are released.
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn hold(target: Target, note: &str) -> Result {
    send(&Command::Quarantine {
        target,
        note: Text::truncated(note),
    })
}

/// Ends the hold of things, of a lot, or of a part of a held lot.
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn release(target: Target, note: &str) -> Result {
    send(&Command::Release {
        target,
        note: Text::truncated(note),
    })
}

/// Says what things are good for now: a CBV disposition.
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn dispose(target: Target, disposition: &str) -> Result {
    send(&Command::Dispose {
        target,
        disposition: Term::truncated(disposition),
    })
}
