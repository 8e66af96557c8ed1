//! How much, as it is passed on.

use crate::buf::Buf;
use crate::bytes::{Reader, length};
use marque_abi::interface::Describe;
use marque_abi::interface::describe::Shape;
use marque_primitives::{Amount, Decimal};
use parity_scale_codec::{Decode, Encode, Error, Input, Output};

/// An [`Amount`] in its encoding: a contract reads the value and passes the rest on.
///
/// ```
/// use marque_sdk::codec::{Decode as _, Encode as _};
/// use marque_sdk::prelude::*;
///
/// let milk = Amount::new(decimal("12.5"), Some("LTR")).unwrap();
/// let quantity = Quantity::decode(&mut &*milk.encode()).unwrap();
/// assert_eq!(quantity.encode(), milk.encode(), "what came in goes out");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quantity(Buf);

impl Quantity {
    pub(super) fn of(encoded: &[u8]) -> Self {
        Self(Buf::copy(encoded))
    }

    /// How many or how much, in the base unit.
    ///
    /// ```
    /// use marque_sdk::codec::{Decode as _, Encode as _};
    /// use marque_sdk::prelude::*;
    ///
    /// let milk = Amount::new(decimal("12.5"), Some("LTR")).unwrap();
    /// let quantity = Quantity::decode(&mut &*milk.encode()).unwrap();
    /// assert_eq!(quantity.value(), decimal("12500"), "in millilitres");
    /// ```
    pub fn value(&self) -> Decimal {
        Reader(&self.0).decimal()
    }

    /// With its unit.
    ///
    /// ```
    /// use marque_sdk::codec::{Decode as _, Encode as _};
    /// use marque_sdk::prelude::*;
    ///
    /// let milk = Amount::new(decimal("12.5"), Some("LTR")).unwrap();
    /// let quantity = Quantity::decode(&mut &*milk.encode()).unwrap();
    /// assert_eq!(quantity.amount().unit, Unit::Millilitre);
    /// ```
    pub fn amount(&self) -> Amount {
        super::decoded(Reader(&self.0))
    }
}

impl Describe for Quantity {
    const SHAPE: Shape = Amount::SHAPE;
}

impl Encode for Quantity {
    fn encode_to<O: Output + ?Sized>(&self, out: &mut O) {
        out.write(&self.0);
    }
}

impl Decode for Quantity {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let mut bytes = Buf::copy(&<[u8; 16]>::decode(input)?);
        let unit = input.read_byte()?;
        bytes.add(&[unit]);
        match unit {
            0..=2 => {}
            // A code of at most three letters, its length before it.
            3 => {
                let len = length(input)?;
                if len > 3 {
                    return Err(Error::from("a unit's code has at most three characters"));
                }
                bytes.add(&[u8::try_from(len).unwrap_or(u8::MAX) << 2]);
                for _ in 0..len {
                    let letter = input.read_byte()?;
                    if !letter.is_ascii() {
                        return Err(Error::from("a unit's code is ASCII"));
                    }
                    bytes.add(&[letter]);
                }
            }
            _ => return Err(Error::from("no such unit")),
        }
        Ok(Self(bytes))
    }
}
