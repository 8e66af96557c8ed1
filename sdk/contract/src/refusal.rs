//! How a contract says no: by name, with the values that decided, the field at fault and
//! what to do.

use crate::buf::Buf;
use crate::bytes::{Reader, encoded, put};
use crate::shared::{Shared, shared};
use alloc::string::String;
#[cfg(not(target_arch = "wasm32"))]
use marque_abi::interface::parts::Parts;
use marque_abi::interface::parts::RefusalPart;
use marque_primitives::Address;
use marque_primitives::refusal::Refusal;
use parity_scale_codec::Decode;

/// What a rule, message or query that can refuse returns.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// #[refusals]
/// enum Refuse {
///     /// {crates} crates are more than a van takes.
///     TooMany { crates: u32 },
/// }
/// fn fits(crates: u32) -> Result {
///     ensure!(crates <= 80, Refuse::TooMany { crates });
///     Ok(())
/// }
/// fn load(crates: u32) -> Result<u32> {
///     fits(crates)?;
///     Ok(80 - crates)
/// }
/// assert_eq!(load(70).ok(), Some(10));
/// assert_eq!(load(90).unwrap_err().note(), "TooMany: 90 crates are more than a van takes.");
/// ```
pub type Result<T = (), E = Refused> = core::result::Result<T, E>;

/// An enum of named refusals; `#[refusals]` implements it.
///
/// ```
/// use marque_sdk::{Refusals, prelude::*};
///
/// #[refusals]
/// enum Refuse {
///     /// The lot has expired.
///     Expired,
///     /// The receiver is not a listed dealer.
///     NotListed,
/// }
/// assert_eq!(Refuse::PARTS.len(), 2);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no refusal",
    note = "put `#[refusals]` on the enum that names why the contract refuses"
)]
pub trait Refusals {
    /// Every variant's description.
    const PARTS: &'static [RefusalPart];

    /// The refusal, its texts filled with the variant's values.
    ///
    /// ```
    /// use marque_sdk::{Refusals as _, prelude::*};
    ///
    /// #[refusals]
    /// enum Refuse {
    ///     /// The receiver is not a listed dealer.
    ///     #[refusal(field = "to", remedy = "ask the brand to list the dealer")]
    ///     NotListed,
    /// }
    /// let refusal = Refuse::NotListed.refused().refusal().unwrap();
    /// assert_eq!(refusal.field.as_deref(), Some("to"));
    /// assert_eq!(refusal.remedy.as_deref(), Some("ask the brand to list the dealer"));
    /// ```
    fn refused(&self) -> Refused;
}

/// A refusal on its way to the caller, encoded already: nothing in a contract reads more of
/// it than its name and message.
///
/// ```
/// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
///
/// let expired = Refusal::new(5200, "Expired", "L7 was good until 2026-04-30", "destroy it");
/// let refused = Refused::from(expired.clone());
/// assert_eq!(refused.refusal(), Some(expired));
/// assert!(refuse(refused).is_refusal());
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused(Shared<Buf>);

impl Refused {
    /// Of the encoding that the ledger or another contract sent.
    pub(crate) fn of(encoded: Buf) -> Self {
        Self(shared(encoded))
    }

    pub(crate) fn encoded(&self) -> &Buf {
        &self.0
    }

    /// What the caller gets; `None` if another contract sent what is no refusal.
    ///
    /// ```
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// let refused = Memory::new().call(only_brand).unwrap_err();
    /// let refusal = refused.refusal().unwrap();
    /// assert_eq!((refusal.code, refusal.name.as_str()), (5003, "NotAllowed"));
    /// ```
    pub fn refusal(&self) -> Option<Refusal> {
        Refusal::decode(&mut &**self.encoded()).ok()
    }

    /// One line for a note: name and message.
    ///
    /// ```
    /// use marque_sdk::{prelude::*, primitives::refusal::Refusal};
    ///
    /// let expired = Refusal::new(5200, "Expired", "good until 2026-04-30", "destroy it");
    /// assert_eq!(Refused::from(expired).note(), "Expired: good until 2026-04-30");
    /// ```
    pub fn note(&self) -> String {
        let mut note = Buf::new();
        self.put_note(&mut note);
        crate::host::trusted(&note).into()
    }

    pub(crate) fn put_note(&self, out: &mut Buf) {
        let mut reader = Reader::at(self.encoded(), 4);
        out.add(reader.sized());
        out.add(b": ");
        out.add(reader.sized());
    }

    /// One of the SDK's own, 5000 to 5009, with the one value that its texts show, if any.
    pub(crate) fn own(code: u32, value: Option<&[u8]>) -> Self {
        let mut values = Buf::new();
        if let Some(value) = value {
            put(value, 512, &mut values);
        }
        raise::<Own>(code, &values)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::of(encoded(&refusal))
    }
}

impl From<core::convert::Infallible> for Refused {
    fn from(never: core::convert::Infallible) -> Self {
        match never {}
    }
}

impl<E: Refusals> From<E> for Refused {
    fn from(refusal: E) -> Self {
        refusal.refused()
    }
}

/// The refusal of a variant with the encoded values of its fields; for the macro. In wasm the
/// host has the texts, from the contract's interface: they would be a tenth of a large contract.
#[doc(hidden)]
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn raise<R: Refusals>(code: u32, values: &Buf) -> Refused {
    Refused::of(crate::host::refusal(code, values))
}

/// Natively they are at hand.
#[doc(hidden)]
#[cfg(not(target_arch = "wasm32"))]
pub fn raise<R: Refusals>(code: u32, values: &Buf) -> Refused {
    struct Texts<R>(core::marker::PhantomData<R>);
    impl<R: Refusals> Texts<R> {
        const PARTS: &'static Parts = &Parts::of_refusals(&[R::PARTS]);
    }
    Refused::of(crate::host::refusal(Texts::<R>::PARTS, code, values))
}

/// Those that every contract has; [`marque_abi::interface::own`] has their texts.
enum Own {}

impl Refusals for Own {
    const PARTS: &'static [RefusalPart] = &[];

    fn refused(&self) -> Refused {
        match *self {}
    }
}

/// Returns with a refusal unless the condition holds.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// #[refusals]
/// enum Refuse {
///     /// {receiver} is not listed.
///     NotListed { receiver: Address },
/// }
/// fn may_receive(listed: &Set<Address>, receiver: Address) -> Result {
///     ensure!(listed.contains(&receiver), Refuse::NotListed { receiver });
///     Ok(())
/// }
/// let listed = Set::from_iter([Address([7; 20])]);
/// assert!(may_receive(&listed, Address([7; 20])).is_ok());
/// assert!(may_receive(&listed, Address([8; 20])).is_err());
/// ```
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $refusal:expr $(,)?) => {
        if !$condition {
            return ::core::result::Result::Err(::core::convert::From::from($refusal));
        }
    };
}

/// Refuses (`NotAllowed`, 5003) unless the brand calls.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let mut memory = Memory::new();
/// assert!(memory.call(only_brand).is_err());
/// memory.caller = Memory::BRAND;
/// assert!(memory.call(only_brand).is_ok());
/// ```
///
/// # Errors
/// When someone else calls.
pub fn only_brand() -> Result {
    only(crate::brand())
}

/// Refuses (`NotAllowed`, 5003) unless `who` is the caller: `only(brand())?`.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let laboratory = Address([9; 20]);
/// let mut memory = Memory::new();
/// assert!(memory.call(|| only(laboratory)).is_err());
/// memory.caller = laboratory;
/// assert!(memory.call(|| only(laboratory)).is_ok());
/// ```
///
/// # Errors
/// When someone else calls.
pub fn only(who: Address) -> Result {
    if crate::caller() == who {
        return Ok(());
    }
    Err(Refused::own(5003, None))
}
