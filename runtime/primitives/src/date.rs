//! Calendar days, for expiry and production dates. Proleptic Gregorian, UTC.

use crate::TimeMs;
use core::num::Wrapping;
use parity_scale_codec::{Decode, Encode, Error, Input, MaxEncodedLen};

/// A day, counted from 1970-01-01 (day 0) to 9999-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, MaxEncodedLen)]
pub struct Date(u32);

const LAST_DAY: u32 = 2_932_896;
const MS_PER_DAY: u64 = 86_400_000;

impl Date {
    /// The day of a calendar date, or `None` if there is no such day from 1970 to 9999.
    pub fn from_ymd(year: u32, month: u32, day: u32) -> Option<Self> {
        if !(1970..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || day == 0
            || day > days_in(year, month)
        {
            return None;
        }
        // Days before each year and month, counted from a year that begins in March
        // (Hinnant, "chrono-compatible low-level date algorithms").
        let (y, m) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let (era, year_of_era) = (y / 400, y % 400);
        let day_of_year = (153 * m + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (era * 146_097 + day_of_era).checked_sub(719_468).map(Self)
    }

    /// Year, month and day.
    pub fn to_ymd(self) -> (u32, u32, u32) {
        // A day is below three millions, so that nothing here can overflow: `Wrapping` spares
        // contracts the code that would say so.
        const W: fn(u32) -> Wrapping<u32> = Wrapping;
        let z = W(self.0) + W(719_468);
        let (era, doe) = (z / W(146_097), z % W(146_097));
        let yoe = (doe - doe / W(1_460) + doe / W(36_524) - doe / W(146_096)) / W(365);
        let doy = doe - (W(365) * yoe + yoe / W(4) - yoe / W(100));
        let mp = (W(5) * doy + W(2)) / W(153);
        let day = doy - (W(153) * mp + W(2)) / W(5) + W(1);
        let month = if mp.0 < 10 { mp + W(3) } else { mp - W(9) };
        let year = yoe + era * W(400) + W(u32::from(month.0 <= 2));
        (year.0, month.0, day.0)
    }

    /// Reads `2027-05-01`; what follows a `T` is left aside.
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.split('T').next()?;
        let mut parts = date.splitn(3, '-');
        let mut part = |digits: usize| {
            let p = parts.next()?;
            (p.len() == digits && p.bytes().all(|b| b.is_ascii_digit()))
                .then(|| p.parse::<u32>().ok())?
        };
        Self::from_ymd(part(4)?, part(2)?, part(2)?)
    }

    /// The day that a moment falls on.
    pub fn of(time: TimeMs) -> Self {
        Self(
            u32::try_from(time.0 / MS_PER_DAY)
                .unwrap_or(LAST_DAY)
                .min(LAST_DAY),
        )
    }

    /// The last millisecond of the day: what expires on it is good until then.
    pub fn end(self) -> TimeMs {
        TimeMs(
            u64::from(self.0)
                .saturating_add(1)
                .saturating_mul(MS_PER_DAY)
                .saturating_sub(1),
        )
    }

    /// The first millisecond of the day.
    pub fn start(self) -> TimeMs {
        TimeMs(u64::from(self.0).saturating_mul(MS_PER_DAY))
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl core::fmt::Display for Date {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (year, month, day) = self.to_ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl core::fmt::Debug for Date {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl Decode for Date {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let day = u32::decode(input)?;
        if day > LAST_DAY {
            return Err(Error::from("a date lies between 1970 and 9999"));
        }
        Ok(Self(day))
    }
}

#[cfg(feature = "host")]
impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(feature = "host")]
impl<'de> serde::Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <alloc::string::String as serde::Deserialize>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("a date is written 2027-05-01, from 1970 to 9999")
        })
    }
}
