//! What a contract keeps between calls: the fields of its `#[storage]` struct.
//!
//! Plain fields (numbers, text, `#[data]` types) stand together in one root record, read
//! when an entry begins and written back at its end if they changed. [`Value`] has a key of
//! its own and is read when asked; [`Map`], [`Set`] and [`List`] have a key for each entry
//! and are walked in bounded pages.
//!
//! Keys begin with the field's name, its length first, so that fields can be reordered and
//! new ones added; the root record begins with a number that tells layouts apart, so that
//! code never reads another layout's fields: an upgrade to one needs `#[migrate]`.

mod list;
mod map;
mod page;
mod region;
mod set;
mod value;

pub use list::List;
pub use map::Map;
pub use page::{MAX_PAGE, Page};
#[doc(hidden)]
pub use region::Place;
pub use set::Set;
pub use value::Value;

use crate::buf::Buf;
use crate::bytes::Reader;
use marque_abi::interface::Describe;
use marque_abi::interface::parts::{LayoutPart, SlotPart};
use parity_scale_codec::{Decode, Encode};

/// What can be a field of a `#[storage]` struct.
///
/// ```
/// use marque_sdk::prelude::*;
/// use marque_sdk::storage::Stored;
///
/// #[data]
/// struct Limits {
///     crates: u32,
///     warmest: Decimal,
/// }
/// // It stands with the other plain fields; a set has keys of its own.
/// assert!(Limits::PLAIN && !<Set<Address>>::PLAIN);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of the contract's storage",
    label = "not storable",
    note = "use a number, Text<N>, an identifier, a `#[data]` type, or Value, Map, Set or List of them; another `#[storage]` struct groups fields"
)]
pub trait Stored: Sized {
    /// How it is kept.
    const LAYOUT: LayoutPart;
    /// Whether any of it stands in the root record.
    const PLAIN: bool;
    /// Takes its part of the root record's fields; for the macro.
    #[doc(hidden)]
    fn load(place: Place, plain: &mut Reader<'_>) -> Self;
    /// Adds its part to the root record's fields; for the macro.
    #[doc(hidden)]
    fn plain(&self, plain: &mut Buf);
    /// Takes its place, and writes what was gathered before it had one; for the macro.
    #[doc(hidden)]
    fn bind(&mut self, place: &Place);
}

/// A struct of stored fields; `#[storage]` implements it.
///
/// ```
/// use marque_sdk::prelude::*;
/// use marque_sdk::storage::Storage;
///
/// #[storage]
/// struct Dealers {
///     listed: Set<Address>,
///     most_crates: u32,
/// }
/// let names: Vec<&str> = Dealers::SLOTS.iter().map(|slot| slot.name).collect();
/// assert_eq!(names, ["listed", "mostCrates"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the storage of a contract",
    note = "put `#[storage]` on the struct whose impl holds the rules and messages"
)]
pub trait Storage: Stored {
    /// Its fields.
    const SLOTS: &'static [SlotPart];
    /// Tells this layout apart from others.
    const FINGERPRINT: u64;
}

/// The layout's number was checked before.
#[cold]
#[inline(never)]
fn damaged() -> ! {
    crate::host::stop("a stored value is not of its field's type")
}

/// Decodes what this contract wrote itself.
pub(crate) fn decode_own<T: Decode>(input: &[u8]) -> T {
    match T::decode(&mut Reader(input)) {
        Ok(value) => value,
        Err(_) => damaged(),
    }
}

impl<T: Encode + Decode + Describe> Stored for T {
    const LAYOUT: LayoutPart = LayoutPart::Plain(T::SHAPE);
    const PLAIN: bool = true;

    fn load(_: Place, plain: &mut Reader<'_>) -> Self {
        match T::decode(plain) {
            Ok(value) => value,
            Err(_) => damaged(),
        }
    }

    fn plain(&self, plain: &mut Buf) {
        self.encode_to(plain);
    }

    fn bind(&mut self, _: &Place) {}
}

/// The root record's key: a name of no length.
const ROOT: &[u8] = &[0];

/// The layout of the stored fields, in front of them in the root record; `None` before
/// `init`.
pub(crate) fn stored_layout() -> Option<u64> {
    let bytes = crate::host::storage_read(ROOT)?;
    bytes
        .first_chunk()
        .map(|layout| u64::from_le_bytes(*layout))
}

/// Loads a storage struct whose layout is in force; with it the root record's bytes.
pub(crate) fn load<S: Storage>() -> (S, Buf) {
    let place = Place::root();
    if !S::PLAIN {
        return (S::load(place, &mut Reader(&[])), Buf::new());
    }
    // The ledger runs init and migrate before any other entry.
    let Some(bytes) = crate::host::storage_read(ROOT) else {
        crate::host::stop("init did not run")
    };
    match bytes.split_first_chunk() {
        Some((layout, plain)) if u64::from_le_bytes(*layout) == S::FINGERPRINT => {
            (S::load(place, &mut Reader(plain)), bytes)
        }
        _ => crate::host::stop("the storage has another layout than the code"),
    }
}

fn root<S: Storage>(storage: &S) -> Buf {
    let mut bytes = Buf::copy(&S::FINGERPRINT.to_le_bytes());
    storage.plain(&mut bytes);
    bytes
}

/// Writes the plain fields back if they changed since `before`.
pub(crate) fn save<S: Storage>(storage: &S, before: &[u8]) {
    if S::PLAIN {
        let bytes = root(storage);
        if *bytes != *before {
            crate::host::storage_write(ROOT, &bytes);
        }
    }
}

/// Writes all of a struct that `init` or `migrate` put together.
pub(crate) fn create<S: Storage>(storage: &mut S) {
    storage.bind(&Place::root());
    crate::host::storage_write(ROOT, &root(storage));
}

/// Whether any of a struct's fields is plain; for the macro.
#[doc(hidden)]
pub const fn any(flags: &[bool]) -> bool {
    let mut rest = flags;
    while let [flag, tail @ ..] = rest {
        if *flag {
            return true;
        }
        rest = tail;
    }
    false
}
