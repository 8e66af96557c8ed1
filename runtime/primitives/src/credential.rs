//! What parties say of one another: credentials such as licences and registrations, with the
//! span in which they hold.
//!
//! A credential is the issuer's word and nothing more: whoever relies on it says whose word
//! counts. Kinds and numbers have one spelling, in ASCII alone, so that none looks like another.

use crate::bounded::{Text, TooLong};
use crate::{Position, TimeMs};
use alloc::string::String;
use core::ops::Deref;
use parity_scale_codec::{Decode, Encode, Error, Input};

/// Why some text is no kind or number of a credential.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotCredential {
    /// Longer than its type allows.
    TooLong(TooLong),
    /// Not spelled as a kind.
    Kind,
    /// Not spelled as a number.
    Number,
}

impl core::fmt::Display for NotCredential {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong(error) => error.fmt(f),
            Self::Kind => f.write_str(
                "a kind of credential is small letters, digits and single hyphens between them, \
                 beginning with a letter, such as wholesale-distribution",
            ),
            Self::Number => f.write_str(
                "a credential's number is printable ASCII with single spaces inside, such as \
                 WDA-DE-2291",
            ),
        }
    }
}

impl core::error::Error for NotCredential {}

macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident, $max:literal, $check:path, $error:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
        pub struct $name(Text<$max>);

        impl $name {
            /// Takes the text if it is spelled so.
            pub fn new(text: impl Into<String>) -> Result<Self, NotCredential> {
                let text = Text::new(text).map_err(NotCredential::TooLong)?;
                match $check(text.as_bytes()) {
                    true => Ok(Self(text)),
                    false => Err(NotCredential::$error),
                }
            }
        }

        impl core::str::FromStr for $name {
            type Err = NotCredential;
            fn from_str(text: &str) -> Result<Self, NotCredential> {
                Self::new(text)
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Decode for $name {
            fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
                let text = Text::<$max>::decode(input)?;
                match $check(text.as_bytes()) {
                    true => Ok(Self(text)),
                    false => Err(Error::from(concat!(stringify!($name), " is not spelled as one"))),
                }
            }
        }
    };
}

spelled! {
    /// What a credential is: a slug such as `wholesale-distribution` or `food-facility`, of at
    /// most 48 bytes.
    ///
    /// ```
    /// use marque_primitives::credential::CredentialKind;
    ///
    /// assert!(CredentialKind::new("wholesale-distribution").is_ok());
    /// for lookalike in ["Wholesale-Distribution", "wholesale_distribution", "wholesale--distribution"] {
    ///     assert!(CredentialKind::new(lookalike).is_err());
    /// }
    /// ```
    CredentialKind, 48, is_kind, Kind
}

spelled! {
    /// What the issuer knows the credential by, such as a licence's number: at most 64 bytes.
    /// It names a company's licence, never a person.
    CredentialNumber, 64, is_number, Number
}

/// Parts of small letters and digits, joined by single hyphens; the first begins with a letter.
fn is_kind(text: &[u8]) -> bool {
    let part = |part: &[u8]| {
        !part.is_empty()
            && part
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.first().is_some_and(u8::is_ascii_lowercase) && text.split(|byte| *byte == b'-').all(part)
}

/// Words of printable ASCII with single spaces between them.
fn is_number(text: &[u8]) -> bool {
    text.split(|byte| *byte == b' ')
        .all(|word| !word.is_empty() && word.iter().all(u8::is_ascii_graphic))
}

/// What an issuer last said of a party, under one kind. What it said before stands in its events.
///
/// Invariant: neither `from` nor `revoked` was in the past when it was written, so that no
/// answer of an earlier moment changes.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
pub struct Credential {
    /// The first moment at which it holds.
    pub from: TimeMs,
    /// The last one; none: until it is revoked.
    pub until: Option<TimeMs>,
    /// From when on it was revoked.
    pub revoked: Option<TimeMs>,
    /// What the issuer knows it by.
    pub number: CredentialNumber,
    /// The event that wrote it last.
    pub event: Position,
}

impl Credential {
    /// Whether it holds at a moment.
    pub fn valid_at(&self, time: TimeMs) -> bool {
        self.from <= time
            && self.until.is_none_or(|until| time <= until)
            && self.revoked.is_none_or(|revoked| time < revoked)
    }
}
