//! What can be wrong with an identifier.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// What is wrong with an identifier, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        /// Where in the field, from 0.
        position: usize,
        /// The first byte of what stands there.
        found: u8,
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
}

impl Gs1Error {
    /// The stable code of the cause, from 2001.
    #[must_use]
    pub fn code(&self) -> u32 {
        match self {
            Self::Length { .. } => 2001,
            Self::Character { .. } => 2002,
            Self::CheckDigit { .. } => 2003,
            Self::CheckPair { .. } => 2004,
            Self::Value { .. } => 2005,
        }
    }

    /// The stable name of the cause.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Length { .. } => "IdentifierLength",
            Self::Character { .. } => "IdentifierCharacter",
            Self::CheckDigit { .. } => "CheckDigit",
            Self::CheckPair { .. } => "CheckPair",
            Self::Value { .. } => "IdentifierValue",
        }
    }

    /// The field at fault.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Length { field, .. }
            | Self::Character { field, .. }
            | Self::CheckDigit { field, .. }
            | Self::CheckPair { field, .. }
            | Self::Value { field, .. } => Some(field),
        }
    }

    /// What would have been right, where that is known.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::Length { min, max, .. } if min == max => Some(format!("{min} characters")),
            Self::Length { min, max, .. } => Some(format!("{min} to {max} characters")),
            Self::Character { allowed, .. } => Some((*allowed).to_string()),
            Self::CheckDigit { expected, .. } => Some(expected.to_string()),
            Self::CheckPair { expected, .. } => Some(pair(*expected)),
            Self::Value { expected, .. } => Some((*expected).to_string()),
        }
    }
}

fn pair(characters: [u8; 2]) -> String {
    characters.iter().map(|byte| char::from(*byte)).collect()
}

impl fmt::Display for Gs1Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { field, found, .. } => write!(f, "{field} has {found} characters")?,
            Self::Character {
                field,
                position,
                found,
                ..
            } => {
                write!(
                    f,
                    "{field} holds '{}' at position {position}",
                    found.escape_ascii()
                )?;
            }
            Self::CheckDigit { field, found, .. } => write!(f, "{field} has check digit {found}")?,
            Self::CheckPair { field, found, .. } => {
                write!(f, "{field} has check characters {}", found.escape_ascii())?;
            }
            Self::Value { field, .. } => write!(f, "{field} has a wrong value")?,
        }
        match self.expected() {
            Some(expected) => write!(f, ", expected {expected}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Gs1Error {}
