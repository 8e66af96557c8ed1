//! Dates as AIs write them: YYMMDD, where the reader supplies the century.

use super::key::number;
use super::{Charset, Gs1Error};
use crate::date::Date;

/// Reads YYMMDD, as AIs (11), (12), (13), (15), (16) and (17) hold it. The century is the
/// one that brings the year nearest to `this_year`, at most 50 years after it and 49
/// before (GS1 General Specifications, section 7.12); day 00 is the last day of the month
/// (section 3.4).
///
/// # Errors
/// When there are not six digits or they are no date from 1970 on.
pub fn from_yymmdd(text: &str, this_year: u32) -> Result<Date, Gs1Error> {
    const FIELD: &str = "date";
    let bytes = text.as_bytes();
    let [y1, y0, m1, m0, d1, d0] = bytes else {
        return Err(Gs1Error::Length {
            field: FIELD,
            min: 6,
            max: 6,
            found: bytes.len(),
        });
    };
    Charset::Digits.check(FIELD, bytes)?;
    let two = |tens: u8, ones: u8| number(&[tens, ones]).unwrap_or_default();
    let year = with_century(two(*y1, *y0), u64::from(this_year));
    let month = two(*m1, *m0);
    let day = match two(*d1, *d0) {
        0 => days_in(year, month),
        day => day,
    };
    let part = |number: u64| u32::try_from(number).ok();
    part(year)
        .zip(part(month))
        .zip(part(day))
        .and_then(|((year, month), day)| Date::from_ymd(year, month, day))
        .ok_or(Gs1Error::Value {
            field: FIELD,
            expected: "a date YYMMDD",
        })
}

/// Puts the two-digit year `yy` into the century that section 7.12 chooses.
fn with_century(yy: u64, this_year: u64) -> u64 {
    let (century, now) = (this_year / 100, this_year % 100);
    let century = if yy > now.saturating_add(50) {
        century.saturating_sub(1)
    } else if yy.saturating_add(50) <= now {
        century.saturating_add(1)
    } else {
        century
    };
    century.saturating_mul(100).saturating_add(yy)
}

/// Whether the Gregorian calendar has this day.
pub(crate) fn is_day(year: u64, month: u64, day: u64) -> bool {
    (1..=days_in(year, month)).contains(&day)
}

/// How many days the month has; 0 for a month that is none.
fn days_in(year: u64, month: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}
