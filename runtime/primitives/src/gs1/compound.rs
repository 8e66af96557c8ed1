//! Keys made of digits and text: assets, documents, coupons, components, models.

use core::fmt;

use parity_scale_codec::{Decode, Encode, EncodeLike, Error, Input, MaxEncodedLen, Output};

use super::charset::text_type;
use super::key::{GcnType, GdtiType, GraiType};
use super::prefix::{Licensed, PrefixDigits};
use super::{Charset, Gs1Error, Gtin, Serial};

/// Declares a key of 13 digits and an optional serial directly behind them.
macro_rules! serialised_key {
    ($(#[$doc:meta])* $name:ident, $class:ident, $serial:literal, $charset:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, MaxEncodedLen)]
        pub struct $name {
            class: $class,
            serial: Option<Serial>,
        }

        impl $name {
            /// The greatest length of the serial.
            pub const SERIAL_MAX_LEN: usize = $max;

            /// Reads the 13 digits and the serial, if there is one.
            ///
            /// # Errors
            /// When a digit is missing, the check digit is wrong, or the serial is too
            /// long or holds a character that it may not.
            pub fn new(text: &str) -> Result<Self, Gs1Error> {
                let (digits, serial) = text.split_at_checked(13).unwrap_or((text, ""));
                let class = Self::from($class::new(digits)?);
                if serial.is_empty() { Ok(class) } else { class.with_serial(serial) }
            }

            /// The key of the same class with this serial.
            ///
            /// # Errors
            /// When the serial is longer, or of other characters, than this key may hold.
            pub fn with_serial(self, serial: &str) -> Result<Self, Gs1Error> {
                let text = serial.as_bytes();
                let serial = Serial::limited($serial, Charset::$charset, $max, text)?;
                Ok(Self { class: self.class, serial: Some(serial) })
            }

            /// The key without its serial.
            #[must_use]
            pub fn class(self) -> $class {
                self.class
            }

            /// The serial; `None` where the key names a class.
            #[must_use]
            pub fn serial(self) -> Option<Serial> {
                self.serial
            }
        }

        impl From<$class> for $name {
            fn from(class: $class) -> Self {
                Self { class, serial: None }
            }
        }

        impl core::str::FromStr for $name {
            type Err = Gs1Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.class)?;
                self.serial.iter().try_for_each(|serial| f.write_str(serial.as_str()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl Licensed for $name {
            fn prefix_digits(&self) -> Option<PrefixDigits> {
                self.class.prefix_digits()
            }
        }

        impl Decode for $name {
            fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
                let class = Self::from($class::decode(input)?);
                match Option::<Serial>::decode(input)? {
                    None => Ok(class),
                    Some(serial) => {
                        class.with_serial(serial.as_str()).map_err(|error| error.name().into())
                    }
                }
            }
        }
    };
}

serialised_key! {
    /// Global Returnable Asset Identifier, AI (8003), without the zero that fills the
    /// first place of the AI's value.
    Grai, GraiType, "GRAI serial", Set82, 16
}
serialised_key! {
    /// Global Document Type Identifier, AI (253).
    Gdti, GdtiType, "GDTI serial", Set82, 17
}
serialised_key! {
    /// Global Coupon Number, AI (255); with a serial an SGCN.
    Gcn, GcnType, "GCN serial", Digits, 12
}

text_type! {
    /// Global Individual Asset Identifier, AI (8004).
    Giai, 30, Set82, "GIAI", super::text_rules::begins_with_prefix
}
text_type! {
    /// Global Identification Number for Consignment, AI (401).
    Ginc, 30, Set82, "GINC", super::text_rules::begins_with_prefix
}
text_type! {
    /// Component or part identifier, AI (8010), without its serial.
    Cpid, 30, Set39, "CPID", super::text_rules::begins_with_prefix
}
text_type! {
    /// Global Model Number, AI (8013), its check character pair verified.
    Gmn, 25, Set82, "GMN", super::text_rules::check_pair
}

macro_rules! licensed_text {
    ($($name:ident),*) => {$(
        impl Licensed for $name {
            fn prefix_digits(&self) -> Option<PrefixDigits> {
                Some(PrefixDigits::new(self.as_bytes().iter()))
            }
        }
    )*};
}
licensed_text!(Giai, Ginc, Cpid, Gmn);

/// Individual trade item piece, AI (8006): one of the pieces that a trade item consists
/// of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Itip {
    gtin: Gtin,
    piece: u8,
    total: u8,
}

impl Itip {
    /// Piece `piece` of `total`.
    ///
    /// # Errors
    /// Unless 1 ≤ piece ≤ total ≤ 99.
    pub fn from_parts(gtin: Gtin, piece: u8, total: u8) -> Result<Self, Gs1Error> {
        if (1..=total).contains(&piece) && total <= 99 {
            Ok(Self { gtin, piece, total })
        } else {
            Err(Gs1Error::Value {
                field: "ITIP",
                expected: "a piece from 01 to its total, 99 at most",
            })
        }
    }

    /// Reads 14 digits of the GTIN, two of the piece, two of the total.
    ///
    /// # Errors
    /// When there are not 18 digits, the GTIN's check digit is wrong, or the piece is not
    /// one of the total.
    pub fn new(text: &str) -> Result<Self, Gs1Error> {
        let bytes = text.as_bytes();
        Charset::Digits.check("ITIP", bytes)?;
        let length = Gs1Error::Length {
            field: "ITIP",
            min: 18,
            max: 18,
            found: bytes.len(),
        };
        let Some((gtin, [a, b, c, d])) = text.split_at_checked(14).map(|(g, r)| (g, r.as_bytes()))
        else {
            return Err(length);
        };
        let two = |tens: u8, ones: u8| {
            tens.saturating_sub(b'0')
                .saturating_mul(10)
                .saturating_add(ones.saturating_sub(b'0'))
        };
        Self::from_parts(Gtin::new(gtin)?, two(*a, *b), two(*c, *d))
    }

    /// The trade item that the piece belongs to.
    #[must_use]
    pub fn gtin(self) -> Gtin {
        self.gtin
    }

    /// Which piece, from 1.
    #[must_use]
    pub fn piece(self) -> u8 {
        self.piece
    }

    /// Of how many.
    #[must_use]
    pub fn total(self) -> u8 {
        self.total
    }
}

impl fmt::Display for Itip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}{:02}", self.gtin, self.piece, self.total)
    }
}

impl fmt::Debug for Itip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Itip({self})")
    }
}

impl Licensed for Itip {
    fn prefix_digits(&self) -> Option<PrefixDigits> {
        self.gtin.prefix_digits()
    }
}

impl Encode for Itip {
    fn size_hint(&self) -> usize {
        10
    }

    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        self.gtin.encode_to(dest);
        dest.push_byte(self.piece);
        dest.push_byte(self.total);
    }
}

impl EncodeLike for Itip {}

impl MaxEncodedLen for Itip {
    fn max_encoded_len() -> usize {
        10
    }
}

impl Decode for Itip {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let (gtin, piece, total) = (Gtin::decode(input)?, input.read_byte()?, input.read_byte()?);
        Self::from_parts(gtin, piece, total).map_err(|error| error.name().into())
    }
}
