//! What a contract tells the world beside the ledger's own history.

use crate::bytes::encoded;
use marque_abi::interface::parts::EventPart;
use parity_scale_codec::Encode;

/// A kind of event; `#[event]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event",
    note = "put `#[event]` on the struct"
)]
pub trait Event: Encode {
    /// Its description.
    const PART: EventPart;
}

/// Emits an event: its name, then its fields.
#[allow(clippy::needless_pass_by_value, reason = "an event is told once")]
pub fn emit<E: Event>(event: E) {
    let mut bytes = encoded(E::PART.name);
    event.encode_to(&mut bytes);
    crate::host::emit(&bytes);
}
