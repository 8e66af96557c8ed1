//! Dates as AIs write them: YYMMDD, where the reader supplies the century.

use super::key::number;
use super::{Charset, Gs1Error};

/// A calendar date as year, month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearMonthDay {
    /// The year, four digits.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl YearMonthDay {
    /// Reads YYMMDD, as AIs (11), (13), (15), (16) and (17) hold it. The century is the
    /// one that brings the year nearest to `this_year`, at most 50 years after it and 49
    /// before (GS1 General Specifications, section 7.12); day 00 is the last day of the
    /// month (section 3.4).
    ///
    /// # Errors
    /// When there are not six digits or they are no date.
    pub fn from_yymmdd(text: &str, this_year: u16) -> Result<Self, Gs1Error> {
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
        let invalid = Gs1Error::Value {
            field: FIELD,
            expected: "a date YYMMDD",
        };
        if !is_day(year, month, day) {
            return Err(invalid);
        }
        match (u16::try_from(year), u8::try_from(month), u8::try_from(day)) {
            (Ok(year), Ok(month), Ok(day)) => Ok(Self { year, month, day }),
            _ => Err(invalid),
        }
    }
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
