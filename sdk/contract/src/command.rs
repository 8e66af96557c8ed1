//! What a message may do to the contract's own products. No rule runs for it. The encodings
//! are those of [`marque_abi::invocation::Command`].

use crate::buf::Buf;
use crate::bytes::{put, put_len};
use crate::movement::Quantity;
use crate::refusal::{Refused, Result};
use marque_primitives::Address;
use marque_primitives::gs1::{Gtin, LotNumber, Serial};
use marque_primitives::thing::{LotId, Thing};
use parity_scale_codec::Encode;

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

/// What a command reaches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target(Buf);

impl Target {
    /// All of a lot.
    pub fn lot(id: &LotId) -> Self {
        let mut out = Buf::copy(&[0]);
        id.encode_to(&mut out);
        Self(out)
    }

    /// Items of a product: `count` neighbouring serials from `first` on.
    pub fn items(product: Gtin, first: Serial, count: u64) -> Self {
        let mut out = Buf::copy(&[1, 1 << 2, 0, 0]);
        (product, first, count, None::<LotNumber>).encode_to(&mut out);
        out.add(&[0]);
        Self(out)
    }

    /// A quantity of a lot that `holder` has.
    pub fn quantity(lot: &LotId, amount: &Quantity, holder: Address) -> Self {
        let mut out = Buf::copy(&[1, 1 << 2, 4]);
        (lot, amount, Some(holder)).encode_to(&mut out);
        Self(out)
    }

    /// Things of any kind, and whose quantities they are.
    pub fn things(things: &[Thing], holder: Option<Address>) -> Self {
        let mut out = Buf::copy(&[1]);
        put_len(things.len(), &mut out);
        for thing in things {
            thing.encode_to(&mut out);
        }
        holder.encode_to(&mut out);
        Self(out)
    }
}

fn send(command: u8, target: &Target, text: &str) -> Result {
    let mut out = Buf::copy(&[command]);
    out.add(&target.0);
    put(text.as_bytes(), 255, &mut out);
    match crate::host::command(&out) {
        Reply::Returned(_) => Ok(()),
        Reply::Refused(refusal) => Err(Refused::of(refusal)),
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
pub fn hold(target: &Target, note: &str) -> Result {
    send(0, target, note)
}

/// Ends the hold of things, of a lot, or of a part of a held lot.
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn release(target: &Target, note: &str) -> Result {
    send(1, target, note)
}

/// Says what things are good for now: a CBV disposition. Not for a lot as a whole.
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn dispose(target: &Target, disposition: &str) -> Result {
    send(2, target, disposition)
}
