//! Rules that a text component keeps beyond its length and character set.

use super::{Charset, Gs1Error};

/// No zero in front, except the number zero itself.
pub(crate) fn no_zero_prefix(field: &'static str, text: &[u8]) -> Result<(), Gs1Error> {
    match text {
        [b'0', _, ..] => Err(Gs1Error::Value {
            field,
            expected: "a number without leading zeros",
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
        [digit, _, _, importer]
            if digit.is_ascii_digit()
                && (importer.is_ascii_alphanumeric() || matches!(importer, b'-' | b'_')) =>
        {
            Ok(())
        }
        _ => Err(Gs1Error::Value {
            field,
            expected: "a digit, two characters and an importer index (A-Z a-z 0-9 - _)",
        }),
    }
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
