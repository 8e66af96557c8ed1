//! What can be wrong with an identifier.

mod words;

use alloc::string::{String, ToString};

use super::{Ai, Gtin};

/// What is wrong with an identifier, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gs1Error {
    /// A field is too short or too long; lengths in characters.
    Length {
        /// The field.
        field: &'static str,
        /// The fewest characters that it may have.
        min: usize,
        /// The most characters that it may have.
        max: usize,
        /// How many there are.
        found: usize,
    },
    /// A character stands where the field's character set does not allow it.
    Character {
        /// The field.
        field: &'static str,
        /// Where in the field, in bytes from 0.
        position: usize,
        /// What stands there.
        found: char,
        /// The allowed characters in words.
        allowed: &'static str,
    },
    /// The check digit does not belong to the digits before it.
    CheckDigit {
        /// The key.
        field: &'static str,
        /// The digit that belongs there.
        expected: u8,
        /// The digit that stands there.
        found: u8,
    },
    /// The check character pair does not belong to the characters before it.
    CheckPair {
        /// The key.
        field: &'static str,
        /// The pair that belongs there.
        expected: [u8; 2],
        /// The pair that stands there.
        found: [u8; 2],
    },
    /// A field's value breaks a rule beyond length and character set.
    Value {
        /// The field.
        field: &'static str,
        /// What the field must hold.
        expected: &'static str,
    },
    /// The text is in none of the forms that are read.
    Form,
    /// Digits alone do not say which key they are.
    BareNumber {
        /// How many digits.
        digits: usize,
    },
    /// A `%` is not followed by two hexadecimal digits, or what they stand for is no
    /// character.
    PercentEncoding {
        /// The field.
        field: &'static str,
        /// Where in the field, in bytes from 0.
        position: usize,
    },
    /// A fixed part of the form is written in the wrong letter case.
    LetterCase {
        /// How it is written.
        expected: &'static str,
    },
    /// A GTIN without the zeros that fill it up to 14 digits.
    ZeroSuppressed {
        /// The GTIN in full.
        full: Gtin,
    },
    /// No such application identifier.
    UnknownAi {
        /// What stands in its place, its first four characters.
        found: String,
    },
    /// No primary identification key among the application identifiers.
    NoKey,
    /// Two primary identification keys: which of them is named, is not said.
    TwoKeys {
        /// The one.
        first: Ai,
        /// The other.
        second: Ai,
    },
    /// A path segment that is neither a qualifier of the key nor in its place.
    Qualifier {
        /// The key.
        key: Ai,
        /// The segment, its first 20 characters.
        found: String,
        /// The qualifiers of the key in their order; alternatives stand behind `|`.
        order: &'static str,
    },
    /// A path ends with an application identifier that has no value, or a value without
    /// one.
    Unpaired,
    /// An application identifier that may not stand in a query string.
    NotAnAttribute {
        /// Which one.
        ai: Ai,
    },
    /// The same application identifier twice.
    Repeated {
        /// Which one.
        ai: Ai,
    },
    /// An application identifier lacks those that it must stand with.
    Requires {
        /// Which one.
        ai: Ai,
        /// What must stand beside it: `,` between alternatives, `+` between those that
        /// belong together, `n` for any digit.
        with: &'static str,
    },
    /// Two application identifiers that must not stand together.
    Excludes {
        /// The one.
        ai: Ai,
        /// The other.
        other: Ai,
    },
    /// An element string breaks off, or a separator (FNC1) is missing or in excess.
    Separator {
        /// Where, in bytes from 0.
        position: usize,
    },
    /// An EPC URN of a scheme that is not known.
    EpcScheme {
        /// The scheme, its first 20 characters.
        found: String,
    },
    /// The components of an EPC URN do not fit its scheme.
    EpcComponents {
        /// The scheme.
        scheme: &'static str,
        /// The components that it has.
        expected: &'static str,
    },
    /// An EPC pattern that spans more than one class.
    WidePattern,
    /// What the identifier says can't be written as an EPC URN.
    NoEpcUrn {
        /// Why not.
        reason: &'static str,
    },
}

impl Gs1Error {
    /// The stable code of the cause, from 2001.
    #[must_use]
    pub fn code(&self) -> u32 {
        self.identity().0
    }

    /// The stable name of the cause.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.identity().1
    }

    fn identity(&self) -> (u32, &'static str) {
        match self {
            Self::Form => (2001, "IdentifierForm"),
            Self::Length { .. } => (2002, "IdentifierLength"),
            Self::Character { .. } => (2003, "IdentifierCharacter"),
            Self::CheckDigit { .. } => (2004, "CheckDigit"),
            Self::CheckPair { .. } => (2005, "CheckPair"),
            Self::Value { .. } => (2006, "IdentifierValue"),
            Self::BareNumber { .. } => (2007, "BareNumber"),
            Self::PercentEncoding { .. } => (2008, "PercentEncoding"),
            Self::LetterCase { .. } => (2009, "LetterCase"),
            Self::ZeroSuppressed { .. } => (2010, "ZeroSuppressed"),
            Self::UnknownAi { .. } => (2011, "UnknownAi"),
            Self::NoKey => (2012, "NoKey"),
            Self::TwoKeys { .. } => (2013, "TwoKeys"),
            Self::Qualifier { .. } => (2014, "Qualifier"),
            Self::Unpaired => (2015, "UnpairedSegment"),
            Self::NotAnAttribute { .. } => (2016, "NotAnAttribute"),
            Self::Repeated { .. } => (2017, "RepeatedAi"),
            Self::Requires { .. } => (2018, "RequiredAi"),
            Self::Excludes { .. } => (2019, "ExcludedAi"),
            Self::Separator { .. } => (2020, "Separator"),
            Self::EpcScheme { .. } => (2021, "EpcScheme"),
            Self::EpcComponents { .. } => (2022, "EpcComponents"),
            Self::WidePattern => (2023, "WidePattern"),
            Self::NoEpcUrn { .. } => (2024, "NoEpcUrn"),
        }
    }

    /// The field at fault, where one is.
    #[must_use]
    pub fn field(&self) -> Option<String> {
        match self {
            Self::Length { field, .. }
            | Self::Character { field, .. }
            | Self::CheckDigit { field, .. }
            | Self::CheckPair { field, .. }
            | Self::PercentEncoding { field, .. }
            | Self::Value { field, .. } => Some((*field).to_string()),
            Self::ZeroSuppressed { .. } => Some("GTIN".to_string()),
            Self::EpcComponents { scheme, .. } => Some((*scheme).to_string()),
            Self::Qualifier { key: ai, .. }
            | Self::NotAnAttribute { ai }
            | Self::Repeated { ai }
            | Self::Requires { ai, .. }
            | Self::Excludes { ai, .. }
            | Self::TwoKeys { second: ai, .. } => Some(alloc::format!("({ai})")),
            _ => None,
        }
    }
}

impl core::error::Error for Gs1Error {}

/// The beginning of `text`, for an error to quote.
pub(crate) fn quoted(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
