//! What can be wrong with an identifier.

use alloc::string::{String, ToString};
use core::fmt;

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

    /// What would have been right, where that is known.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        use alloc::format;
        match self {
            Self::Length { min, max, .. } if min == max => Some(format!("{min} characters")),
            Self::Length { min, max, .. } => Some(format!("{min} to {max} characters")),
            Self::Character { allowed, .. } => Some((*allowed).to_string()),
            Self::CheckDigit { expected, .. } => Some(expected.to_string()),
            Self::CheckPair { expected, .. } => Some(expected.escape_ascii().to_string()),
            Self::Value { expected, .. }
            | Self::LetterCase { expected }
            | Self::EpcComponents { expected, .. } => Some((*expected).to_string()),
            Self::PercentEncoding { .. } => Some("% and two hexadecimal digits".to_string()),
            Self::ZeroSuppressed { full } => Some(full.to_string()),
            Self::Qualifier { order: "", .. } => Some("no qualifier".to_string()),
            Self::Qualifier { order, .. } => Some((*order).to_string()),
            Self::Requires { with, .. } => Some((*with).to_string()),
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        use alloc::format;
        match self {
            Self::Form => "write a Digital Link (https://id.gs1.org/01/09506000134352/21/A1), an \
                           EPC URN (urn:epc:id:sgtin:9506000.013435.A1), an element string \
                           ((01)09506000134352(21)A1) or another URI"
                .to_string(),
            Self::Length { .. } | Self::Value { .. } | Self::Character { .. } => {
                "check the identifier against its source".to_string()
            }
            Self::CheckDigit { .. } | Self::CheckPair { .. } => {
                "compare it with the label: a digit is wrong or two are swapped, or the check \
                 digit was never right"
                    .to_string()
            }
            Self::BareNumber { digits } => {
                let prefix = match digits {
                    18 => "(00) for an SSCC, (8017) or (8018) for a GSRN",
                    17 => "(402) for a GSIN",
                    14 => "(01) for a GTIN",
                    8 | 12 => "(01) and zeros up to 14 digits for a GTIN",
                    13 => "(01)0 for a GTIN, (414) for a place, (417) for a party",
                    _ => "its application identifier in brackets, such as (01) or (00)",
                };
                format!("say which key it is: write {prefix} before the digits")
            }
            Self::PercentEncoding { .. } => "write a % itself as %25".to_string(),
            Self::LetterCase { expected } => format!("write {expected}"),
            Self::ZeroSuppressed { full } => format!("write {full}"),
            Self::UnknownAi { .. } => "see the GS1 list of application identifiers".to_string(),
            Self::NoKey => "add the key that the data belong to, such as (01) or (00)".to_string(),
            Self::TwoKeys { .. } => "give each key on its own".to_string(),
            Self::Qualifier { .. } => {
                "put qualifiers behind their key in its order, attributes into the query string"
                    .to_string()
            }
            Self::Unpaired => "write /AI/value pairs to the end of the path".to_string(),
            Self::NotAnAttribute { .. } => "put it into the path".to_string(),
            Self::Repeated { .. } => "give it once".to_string(),
            Self::Requires { with, .. } => format!("add {with}"),
            Self::Excludes { other, .. } => format!("leave one out, such as ({other})"),
            Self::Separator { .. } => {
                "end each element of variable length but the last with FNC1 (GS, 0x1D)".to_string()
            }
            Self::EpcScheme { .. } => {
                "use a scheme of the EPC Tag Data Standard, such as sgtin or sscc".to_string()
            }
            Self::EpcComponents { .. } => "check the length of the company prefix".to_string(),
            Self::WidePattern => "name one class: only the last component may be *".to_string(),
            Self::NoEpcUrn { .. } => "use the Digital Link".to_string(),
        }
    }
}

impl fmt::Display for Gs1Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("not an identifier in a form that is read")?,
            Self::Length { field, found, .. } => write!(f, "{field} has {found} characters")?,
            Self::Character {
                field,
                position,
                found,
                ..
            } => {
                write!(
                    f,
                    "{field} has '{}' at position {position}",
                    found.escape_default()
                )?;
            }
            Self::CheckDigit { field, found, .. } => write!(f, "{field} has check digit {found}")?,
            Self::CheckPair { field, found, .. } => {
                write!(f, "{field} has check characters {}", found.escape_ascii())?;
            }
            Self::Value { field, .. } => write!(f, "{field} has a wrong value")?,
            Self::BareNumber { digits } => {
                write!(f, "{digits} digits do not say which key they are")?
            }
            Self::PercentEncoding { field, position } => {
                write!(
                    f,
                    "{field} has a broken percent-encoding at position {position}"
                )?;
            }
            Self::LetterCase { .. } => f.write_str("wrong letter case")?,
            Self::ZeroSuppressed { .. } => f.write_str("GTIN without its leading zeros")?,
            Self::UnknownAi { found } => {
                write!(f, "no application identifier ({})", found.escape_default())?;
            }
            Self::NoKey => f.write_str("no primary identification key")?,
            Self::TwoKeys { first, second } => write!(f, "both ({first}) and ({second}) are keys")?,
            Self::Qualifier { key, found, .. } => {
                write!(
                    f,
                    "'{}' does not belong there behind ({key})",
                    found.escape_default()
                )?;
            }
            Self::Unpaired => f.write_str("the path of the Digital Link is not made of pairs")?,
            Self::NotAnAttribute { ai } => write!(f, "({ai}) is no data attribute")?,
            Self::Repeated { ai } => write!(f, "({ai}) stands twice")?,
            Self::Requires { ai, .. } => write!(f, "({ai}) does not stand alone")?,
            Self::Excludes { ai, other } => write!(f, "({ai}) excludes ({other})")?,
            Self::Separator { position } => {
                write!(
                    f,
                    "the element string breaks off or lacks FNC1 at position {position}"
                )?;
            }
            Self::EpcScheme { found } => {
                write!(f, "no EPC scheme '{}'", found.escape_default())?;
            }
            Self::EpcComponents { scheme, .. } => write!(f, "{scheme} has wrong components")?,
            Self::WidePattern => f.write_str("the pattern spans more than one class")?,
            Self::NoEpcUrn { reason } => write!(f, "no EPC URN: {reason}")?,
        }
        match self.expected() {
            Some(expected) => write!(f, ", expected {expected}; {}", self.remedy()),
            None => write!(f, "; {}", self.remedy()),
        }
    }
}

impl core::error::Error for Gs1Error {}

/// The beginning of `text`, for an error to quote.
pub(crate) fn quoted(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
