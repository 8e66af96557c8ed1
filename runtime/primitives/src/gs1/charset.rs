//! The character sets of AI data (GS1 General Specifications, section 7.11) and text of
//! a bounded length in them.

use alloc::vec::Vec;

use parity_scale_codec::{Compact, Decode, Error, Input};

use super::Gs1Error;

/// Character set 82 in the order of its values (figure 7.11-1).
const SET_82: &[u8; 82] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// Which characters a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// `N`: the digits.
    Digits,
    /// `X`: character set 82.
    Set82,
    /// `Y`: character set 39.
    Set39,
    /// `Z`: file-safe, URI-safe base 64 with `=` as padding.
    Set64,
}

impl Charset {
    /// Whether the set has this byte.
    #[must_use]
    pub fn contains(self, byte: u8) -> bool {
        match self {
            Charset::Digits => byte.is_ascii_digit(),
            Charset::Set82 => value_of_82(byte).is_some(),
            Charset::Set39 => {
                byte.is_ascii_digit()
                    || byte.is_ascii_uppercase()
                    || matches!(byte, b'#' | b'-' | b'/')
            }
            Charset::Set64 => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='),
        }
    }

    /// The set in words.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Charset::Digits => "digits 0-9",
            Charset::Set82 => "GS1 character set 82 (A-Z a-z 0-9 and !\"%&'()*+,-./:;<=>?_)",
            Charset::Set39 => "GS1 character set 39 (A-Z 0-9 and #-/)",
            Charset::Set64 => "base64url characters (A-Z a-z 0-9 - _ =)",
        }
    }

    /// Refuses the first character of `text` outside the set.
    pub(crate) fn check(self, field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
        match text.iter().position(|byte| !self.contains(*byte)) {
            None => Ok(()),
            Some(position) => Err(Gs1Error::Character {
                field,
                position,
                found: char_at(text, position),
                allowed: self.describe(),
            }),
        }
    }
}

/// The character that begins at `position`.
fn char_at(text: &[u8], position: usize) -> char {
    let rest = text.get(position..).unwrap_or_default();
    let chunk = rest.utf8_chunks().next();
    chunk
        .and_then(|chunk| chunk.valid().chars().next())
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The value of a character in set 82, as the check character pair counts it.
pub(crate) fn value_of_82(byte: u8) -> Option<u8> {
    let index = SET_82.binary_search(&byte).ok()?;
    u8::try_from(index).ok()
}

/// Text of 1 to `MAX` bytes, kept in place. The bytes past `len` are zero, which no
/// character set holds, so the derived order is that of the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Chars<const MAX: usize> {
    bytes: [u8; MAX],
    len: u8,
}

impl<const MAX: usize> Chars<MAX> {
    /// Checks length and characters.
    pub(crate) fn new(
        field: &'static str,
        charset: Charset,
        text: &[u8],
    ) -> Result<Self, Gs1Error> {
        if let Some(chars) = Self::of(charset, text) {
            return Ok(chars);
        }
        // Within its length, only a character can be at fault.
        if (1..=MAX).contains(&text.len()) {
            charset.check(field, text)?;
        }
        Err(Gs1Error::Length {
            field,
            min: 1,
            max: MAX,
            found: text.len(),
        })
    }

    /// The same, not saying what is wrong: contracts decode with it, and the words for what is
    /// wrong would be more code than the check.
    pub(crate) fn of(charset: Charset, text: &[u8]) -> Option<Self> {
        let mut bytes = [0; MAX];
        for (place, byte) in bytes.iter_mut().zip(text) {
            *place = *byte;
        }
        let fits = !text.is_empty() && text.len() <= MAX;
        let whole = fits && text.iter().all(|byte| charset.contains(*byte));
        let len = u8::try_from(text.len()).ok().filter(|_| whole)?;
        Some(Self { bytes, len })
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Reads a SCALE byte sequence of at most `max` bytes, allocating no more than that.
pub(crate) fn decode_bounded<I: Input>(input: &mut I, max: usize) -> Result<Vec<u8>, Error> {
    let len = usize::try_from(Compact::<u32>::decode(input)?.0).unwrap_or(usize::MAX);
    if len > max {
        return Err("text is too long".into());
    }
    let mut bytes = alloc::vec![0; len];
    input.read(&mut bytes)?;
    Ok(bytes)
}

/// Declares a text newtype: validated at construction and when decoded; encoded as one
/// byte of length and the bytes, so that there is one spelling.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $max:literal, $charset:ident, $field:literal $(, $extra:path)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($crate::gs1::charset::Chars<$max>);

        impl $name {
            /// The greatest length in bytes.
            pub const MAX_LEN: usize = $max;

            /// Reads the text.
            ///
            /// # Errors
            /// When the text is empty, too long or holds a character that the field may
            /// not hold.
            pub fn new(text: &str) -> Result<Self, $crate::gs1::Gs1Error> {
                Self::from_bytes(text.as_bytes())
            }

            fn from_bytes(bytes: &[u8]) -> Result<Self, $crate::gs1::Gs1Error> {
                let chars = $crate::gs1::charset::Chars::new(
                    $field,
                    $crate::gs1::charset::Charset::$charset,
                    bytes,
                )?;
                $($extra($field, bytes)?;)?
                Ok(Self(chars))
            }

            /// Reads the text without saying what is wrong with it: far less code than
            /// [`new`](Self::new).
            #[must_use]
            pub fn try_bytes(bytes: &[u8]) -> Option<Self> {
                let chars = $crate::gs1::charset::Chars::of(
                    $crate::gs1::charset::Charset::$charset,
                    bytes,
                )?;
                $($extra($field, bytes).ok()?;)?
                Some(Self(chars))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The text as ASCII bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::gs1::Gs1Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl parity_scale_codec::Encode for $name {
            fn size_hint(&self) -> usize {
                self.as_bytes().len().saturating_add(1)
            }

            fn encode_to<T: parity_scale_codec::Output + ?Sized>(&self, dest: &mut T) {
                let bytes = self.as_bytes();
                dest.push_byte(u8::try_from(bytes.len()).unwrap_or_default());
                dest.write(bytes);
            }
        }

        impl parity_scale_codec::EncodeLike for $name {}

        impl parity_scale_codec::MaxEncodedLen for $name {
            fn max_encoded_len() -> usize {
                $max + 1
            }
        }

        impl parity_scale_codec::Decode for $name {
            fn decode<I: parity_scale_codec::Input>(
                input: &mut I,
            ) -> Result<Self, parity_scale_codec::Error> {
                let len = usize::from(input.read_byte()?);
                let mut bytes = [0u8; $max];
                let place = bytes.get_mut(..len).ok_or(concat!($field, " is too long"))?;
                input.read(place)?;
                Self::try_bytes(place).ok_or_else(|| concat!($field, " is malformed").into())
            }
        }
    };
}
pub(crate) use text_type;
