//! The keys that are digits alone: GTIN, SSCC, GLN, GSRN and GSIN. Each is a number with
//! its check digit verified, and is encoded as a little-endian u64.

use super::check::check_digit_of_number;
use super::prefix::{Licensed, PrefixDigits};
use super::{Charset, Gs1Error};

/// The `N` decimal digits of `value` in ASCII, leading zeros included.
pub(crate) fn ascii_digits<const N: usize>(value: u64) -> [u8; N] {
    let mut digits = [b'0'; N];
    let mut rest = value;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
    }
    digits
}

/// Reads ASCII digits; `None` where a byte is none or the number passes a u64.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0u64, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| byte.saturating_sub(b'0'))?;
        sum.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Reads exactly `len` digits of which the last is the check digit.
pub(crate) fn checked_number(
    field: &'static str,
    len: usize,
    text: &[u8],
) -> Result<u64, Gs1Error> {
    if text.len() != len {
        return Err(Gs1Error::Length {
            field,
            min: len,
            max: len,
            found: text.len(),
        });
    }
    Charset::Digits.check(field, text)?;
    let value = number(text).ok_or(Gs1Error::Length {
        field,
        min: len,
        max: len,
        found: len,
    })?;
    verify(field, value)?;
    Ok(value)
}

/// Verifies the last digit of `value` as its check digit.
pub(crate) fn verify(field: &'static str, value: u64) -> Result<(), Gs1Error> {
    let expected = check_digit_of_number(value / 10);
    let found = u8::try_from(value % 10).unwrap_or_default();
    if expected == found {
        Ok(())
    } else {
        Err(Gs1Error::CheckDigit {
            field,
            expected,
            found,
        })
    }
}

/// Declares a key of `$len` digits whose last is the check digit.
macro_rules! digit_key {
    ($(#[$doc:meta])* $name:ident, $len:literal, $field:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// How many digits the key has.
            pub const DIGITS: usize = $len;

            /// Reads all the digits of the key, leading zeros included.
            ///
            /// # Errors
            /// When there are more or fewer digits, a character is no digit or the check
            /// digit is wrong; the error names the digit that was expected.
            pub fn new(digits: &str) -> Result<Self, Gs1Error> {
                checked_number($field, $len, digits.as_bytes()).map(Self)
            }

            /// Takes the key's digits as a number.
            ///
            /// # Errors
            /// When the number has too many digits or the check digit is wrong.
            pub fn from_u64(value: u64) -> Result<Self, Gs1Error> {
                if value >= 10u64.pow($len) {
                    let found = usize::try_from(value.ilog10()).unwrap_or_default() + 1;
                    return Err(Gs1Error::Length { field: $field, min: $len, max: $len, found });
                }
                verify($field, value).map(|()| Self(value))
            }

            /// The same, not saying what is wrong: far less code than
            /// [`from_u64`](Self::from_u64).
            #[must_use]
            pub fn try_u64(value: u64) -> Option<Self> {
                const LIMIT: u64 = 10u64.pow($len);
                let good = value < LIMIT
                    && u64::from(check_digit_of_number(value / 10)) == value % 10;
                good.then_some(Self(value))
            }

            /// Appends the check digit to the digits before it.
            ///
            /// # Errors
            /// When `body` has more digits than the key has without its check digit.
            pub fn from_body(body: u64) -> Result<Self, Gs1Error> {
                let check = u64::from(check_digit_of_number(body));
                Self::from_u64(body.saturating_mul(10).saturating_add(check))
            }

            /// The digits as a number.
            #[must_use]
            pub fn as_u64(self) -> u64 {
                self.0
            }

            /// The digits in ASCII, leading zeros included.
            #[must_use]
            pub fn digits(self) -> [u8; $len] {
                ascii_digits(self.0)
            }
        }

        impl core::str::FromStr for $name {
            type Err = Gs1Error;
            fn from_str(digits: &str) -> Result<Self, Self::Err> {
                Self::new(digits)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{:0width$}", self.0, width = $len)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl parity_scale_codec::Encode for $name {
            fn size_hint(&self) -> usize {
                8
            }

            fn encode_to<T: parity_scale_codec::Output + ?Sized>(&self, dest: &mut T) {
                dest.write(&self.0.to_le_bytes());
            }
        }

        impl parity_scale_codec::EncodeLike for $name {}

        impl parity_scale_codec::MaxEncodedLen for $name {
            fn max_encoded_len() -> usize {
                8
            }
        }

        impl parity_scale_codec::Decode for $name {
            fn decode<I: parity_scale_codec::Input>(
                input: &mut I,
            ) -> Result<Self, parity_scale_codec::Error> {
                Self::try_u64(u64::decode(input)?)
                    .ok_or_else(|| concat!($field, " is malformed").into())
            }

            fn encoded_fixed_size() -> Option<usize> {
                Some(8)
            }
        }
    };
}

digit_key! {
    /// Global Trade Item Number, AI (01), in its form of 14 digits: GTIN-8, GTIN-12 and
    /// GTIN-13 stand in it with zeros in front.
    Gtin, 14, "GTIN"
}
digit_key! {
    /// Serial Shipping Container Code, AI (00): names one logistic unit.
    Sscc, 18, "SSCC"
}
digit_key! {
    /// Global Location Number: a place with AI (414), a party with AI (417).
    Gln, 13, "GLN"
}
digit_key! {
    /// A kind of returnable asset: a GRAI without its serial.
    GraiType, 13, "GRAI"
}
digit_key! {
    /// A kind of document: a GDTI without its serial.
    GdtiType, 13, "GDTI"
}
digit_key! {
    /// A kind of coupon: a GCN without its serial.
    GcnType, 13, "GCN"
}
digit_key! {
    /// Global Service Relation Number: AI (8017) for a provider, (8018) for a recipient.
    Gsrn, 18, "GSRN"
}
digit_key! {
    /// Global Shipment Identification Number, AI (402).
    Gsin, 17, "GSIN"
}

impl Gtin {
    /// Whether this is a GTIN-8, or a GTIN-14 built on one: five zeros follow the
    /// indicator digit (GS1 General Specifications, figure 1.4.2-1 keeps them free).
    #[must_use]
    pub fn is_gtin8(self) -> bool {
        self.digits()
            .iter()
            .skip(1)
            .take(5)
            .all(|digit| *digit == b'0')
    }

    /// Whether the number is for restricted circulation: prefixes 02, 04 and 20 to 29,
    /// and GTIN-8 that begin with 0 or 2 (GS1 General Specifications, figures 1.4.2-1
    /// and 1.4.3-1). Two companies may use the same one, so it names no product.
    #[must_use]
    pub fn is_restricted(self) -> bool {
        let [_, first, second, .., seventh, _, _, _, _, _, _, _] = self.digits();
        if self.is_gtin8() {
            matches!(seventh, b'0' | b'2')
        } else {
            matches!((first, second), (b'0', b'2' | b'4') | (b'2', _))
        }
    }
}

impl Licensed for Gtin {
    /// A GTIN-8 belongs to no company prefix.
    fn prefix_digits(&self) -> Option<PrefixDigits> {
        (!self.is_gtin8()).then(|| PrefixDigits::new(self.digits().iter().skip(1)))
    }
}

macro_rules! licensed_from {
    ($skip:literal: $($name:ident),*) => {$(
        impl Licensed for $name {
            fn prefix_digits(&self) -> Option<PrefixDigits> {
                Some(PrefixDigits::new(self.digits().iter().skip($skip)))
            }
        }
    )*};
}
licensed_from!(1: Sscc);
licensed_from!(0: Gln, GraiType, GdtiType, GcnType, Gsrn, Gsin);
