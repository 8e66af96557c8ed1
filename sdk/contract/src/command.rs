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
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let spinach = given::lot("09506000134352", "L7");
/// let mut memory = Memory::new();
/// memory.call(|| hold(&Target::lot(&spinach), "Listeria found"))?;
/// assert_eq!(memory.commands.len(), 1);
/// # Ok::<(), Refused>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target(Buf);

impl Target {
    /// All of a lot.
    ///
    /// ```
    /// use marque_sdk::abi::invocation::{Command, Target as Reached};
    /// use marque_sdk::native::{Memory, given};
    /// use marque_sdk::{codec::Decode as _, prelude::*};
    ///
    /// let spinach = given::lot("09506000134352", "L7");
    /// let mut memory = Memory::new();
    /// memory.call(|| hold(&Target::lot(&spinach), "Listeria found"))?;
    /// let sent = Command::decode(&mut &*memory.commands[0]);
    /// assert!(matches!(sent, Ok(Command::Quarantine { target: Reached::Lot(lot), .. }) if lot == spinach));
    /// # Ok::<(), Refused>(())
    /// ```
    pub fn lot(id: &LotId) -> Self {
        let mut out = Buf::copy(&[0]);
        id.encode_to(&mut out);
        Self(out)
    }

    /// Items of a product: `count` neighbouring serials from `first` on.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let watch = given::lot("09506000134352", "L7");
    /// let run = given::line(&watch, 3).run.unwrap();
    /// let three = Target::items(watch.gtin, *run.first(), 3);
    /// assert_eq!(three, Target::things(&[Thing::Run { run, lot: None }], None));
    /// ```
    pub fn items(product: Gtin, first: Serial, count: u64) -> Self {
        let mut out = Buf::copy(&[1, 1 << 2, 0, 0]);
        (product, first, count, None::<LotNumber>).encode_to(&mut out);
        out.add(&[0]);
        Self(out)
    }

    /// A quantity of a lot that `holder` has.
    ///
    /// ```
    /// use marque_sdk::{native::given, prelude::*};
    ///
    /// let (milk, shop) = (given::lot("09506000134352", "L7"), Address([7; 20]));
    /// let mut sale = given::movement(Kind::Accept);
    /// sale.lines = vec![given::line(&milk, 12)];
    /// let moved = given::read(&sale).lines().next().unwrap().quantity();
    /// let twelve = Thing::Lot { id: milk.clone(), amount: Amount::count(12) };
    /// assert_eq!(Target::quantity(&milk, &moved, shop), Target::things(&[twelve], Some(shop)));
    /// ```
    pub fn quantity(lot: &LotId, amount: &Quantity, holder: Address) -> Self {
        let mut out = Buf::copy(&[1, 1 << 2, 4]);
        (lot, amount, Some(holder)).encode_to(&mut out);
        Self(out)
    }

    /// Things of any kind, and whose quantities they are.
    ///
    /// ```
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// let pallet = |body| Thing::Unit(Sscc::from_body(body).unwrap());
    /// let both = [pallet(9_506_000_000_000_001), pallet(9_506_000_000_000_002)];
    /// let mut memory = Memory::new();
    /// memory.call(|| hold(&Target::things(&both, None), "the seals are broken"))?;
    /// assert_eq!(memory.commands.len(), 1);
    /// # Ok::<(), Refused>(())
    /// ```
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
        Reply::Absent | Reply::Trapped(_) => Err(Refused::own(5004, None)),
    }
}

/// Holds things, or all of a lot, until they are released.
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// /// What a message of the brand's quality desk does.
/// fn stop(lot: &LotId) -> Result {
///     only_brand()?;
///     hold(&Target::lot(lot), "Listeria found")
/// }
/// let lot = given::lot("09506000134352", "L7");
/// let mut memory = Memory::new();
/// assert!(memory.call(|| stop(&lot)).is_err() && memory.commands.is_empty());
/// memory.caller = Memory::BRAND;
/// assert!(memory.call(|| stop(&lot)).is_ok() && memory.commands.len() == 1);
/// ```
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn hold(target: &Target, note: &str) -> Result {
    send(0, target, note)
}

/// Ends the hold of things, of a lot, or of a part of a held lot.
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
/// use marque_sdk::primitives::refusal::{Invariant, Refusal};
///
/// let lot = Target::lot(&given::lot("09506000134352", "L7"));
/// let mut memory = Memory::new();
/// memory.refuse = Some(Refusal::kernel(Invariant::NotGoverned, "another brand's lot"));
/// let refused = memory.call(|| release(&lot, "tested clean")).unwrap_err();
/// assert_eq!(refused.note(), "NotGoverned: another brand's lot");
/// assert!(memory.call(|| release(&lot, "tested clean")).is_ok());
/// ```
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn release(target: &Target, note: &str) -> Result {
    send(1, target, note)
}

/// Says what things are good for now: a CBV disposition. Not for a lot as a whole.
///
/// ```
/// use marque_sdk::abi::invocation::Command;
/// use marque_sdk::{codec::Decode as _, native::Memory, prelude::*};
///
/// let (watch, first) = (Gtin::new("09506000134352").unwrap(), Serial::new("000001").unwrap());
/// let mut memory = Memory::new();
/// memory.call(|| dispose(&Target::items(watch, first, 3), "damaged"))?;
/// let sent = Command::decode(&mut &*memory.commands[0]);
/// assert!(matches!(sent, Ok(Command::Dispose { disposition, .. }) if &*disposition == "damaged"));
/// # Ok::<(), Refused>(())
/// ```
///
/// # Errors
/// The ledger's refusal, such as `NotGoverned` for another contract's products.
pub fn dispose(target: &Target, disposition: &str) -> Result {
    send(2, target, disposition)
}
