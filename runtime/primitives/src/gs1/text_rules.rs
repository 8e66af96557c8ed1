//! Rules that a text component keeps beyond its length and character set.

use super::{Charset, Gs1Error};

/// Two characters or more.
pub(crate) fn two_or_more(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    match text {
        [_, _, ..] => Ok(()),
        _ => Err(Gs1Error::Length {
            field,
            min: 2,
            max: 4,
            found: text.len(),
        }),
    }
}

/// Not the text `0`.
pub(crate) fn not_zero(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    match text {
        b"0" => Err(Gs1Error::Value {
            field,
            expected: "another text than 0, or no extension",
        }),
        _ => Ok(()),
    }
}

/// No zero in front, nor the number zero.
pub(crate) fn no_zero_prefix(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    match text {
        [b'0', ..] => Err(Gs1Error::Value {
            field,
            expected: "a number that begins with 1 to 9",
        }),
        _ => Ok(()),
    }
}

/// A key of letters and digits begins with its company prefix, 4 digits or more.
pub(crate) fn begins_with_prefix(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    match text.get(..4) {
        Some(prefix) => Charset::Digits.check(field, prefix),
        None => Err(Gs1Error::Value {
            field,
            expected: "a company prefix of 4 digits or more",
        }),
    }
}

/// One digit, two characters, and the importer index.
pub(crate) fn uic(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    match text {
        [digit, _, _, importer] if digit.is_ascii_digit() && is_importer_index(*importer) => Ok(()),
        _ => Err(Gs1Error::Value {
            field,
            expected: "a digit, two characters and an importer index (A-Z a-z 0-9 - _)",
        }),
    }
}

/// The characters of an importer index.
pub(crate) fn is_importer_index(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Ends with the check character pair of what is before it.
pub(crate) fn check_pair(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    begins_with_prefix(field, text)?;
    let body = text
        .len()
        .checked_sub(2)
        .and_then(|end| text.split_at_checked(end));
    let Some((body, [high, low])) = body else {
        return Err(Gs1Error::Value {
            field,
            expected: "a check character pair at the end",
        });
    };
    match super::check::check_pair(body) {
        Some(expected) if expected == [*high, *low] => Ok(()),
        Some(expected) => Err(Gs1Error::CheckPair {
            field,
            expected,
            found: [*high, *low],
        }),
        None => Err(Gs1Error::Length {
            field,
            min: 6,
            max: 25,
            found: text.len(),
        }),
    }
}
