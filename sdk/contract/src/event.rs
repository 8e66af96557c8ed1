//! What a contract tells the world beside the ledger's own history.

use crate::bytes::encoded;
use marque_abi::interface::parts::EventPart;
use parity_scale_codec::Encode;

/// A kind of event; `#[event]` implements it.
///
/// ```
/// use marque_sdk::{Event, prelude::*};
///
/// /// A laboratory's word on a lot.
/// #[event]
/// pub struct Tested {
///     #[indexed]
///     pub lot: LotId,
///     pub clean: bool,
/// }
/// assert_eq!((Tested::PART.name, Tested::PART.docs), ("Tested", "A laboratory's word on a lot."));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event",
    note = "put `#[event]` on the struct"
)]
pub trait Event: Encode {
    /// Its description.
    const PART: EventPart;
}

/// Emits an event: its name, then its fields.
///
/// ```
/// use marque_sdk::{codec::Encode as _, native::Memory, prelude::*};
///
/// #[event]
/// pub struct Listed {
///     pub dealer: Address,
/// }
/// let (mut memory, dealer) = (Memory::new(), Address([7; 20]));
/// memory.call(|| emit(Listed { dealer }));
/// assert_eq!(memory.events, [("Listed", dealer).encode()]);
/// ```
#[allow(clippy::needless_pass_by_value, reason = "an event is told once")]
pub fn emit<E: Event>(event: E) {
    let mut bytes = encoded(E::PART.name);
    event.encode_to(&mut bytes);
    crate::host::emit(&bytes);
}
