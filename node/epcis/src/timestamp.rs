//! Moments, exact to the millisecond.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// A moment in milliseconds since 1970-01-01T00:00:00Z, from then to the end of year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// A moment by its milliseconds since 1970.
    pub fn from_ms(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970.
    pub fn ms(self) -> u64 {
        self.0
    }

    /// Reads an xsd:dateTimeStamp: `2026-05-30T07:00:00.5+02:00`. Further fraction digits
    /// are rounded to the millisecond, half up, as the reference vectors of CBV 2.0 do.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T')?;
        let (clock, offset) = split_offset(clock)?;
        let mut ymd = date.split('-');
        let (year, month, day) = (
            digits(ymd.next()?, 4)?,
            digits(ymd.next()?, 2)?,
            digits(ymd.next()?, 2)?,
        );
        let (whole, fraction) = clock
            .split_once('.')
            .map_or((clock, None), |(w, f)| (w, Some(f)));
        let mut hms = whole.split(':');
        let (hour, minute, second) = (
            digits(hms.next()?, 2)?,
            digits(hms.next()?, 2)?,
            digits(hms.next()?, 2)?,
        );
        if ymd.next().is_some() || hms.next().is_some() {
            return None;
        }
        let narrow = |n: u16| u8::try_from(n).ok();
        let month = Month::try_from(narrow(month)?).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, narrow(day)?).ok()?;
        let time = Time::from_hms(narrow(hour)?, narrow(minute)?, narrow(second)?).ok()?;
        let seconds = PrimitiveDateTime::new(date, time)
            .assume_offset(offset)
            .unix_timestamp();
        let ms = i128::from(seconds)
            .checked_mul(1000)?
            .checked_add(fraction.map_or(Some(0), milliseconds)?)?;
        u64::try_from(ms).ok().map(Self)
    }
}

/// The text before the offset and the offset itself: `Z` or `±hh:mm`, to 14:00.
fn split_offset(clock: &str) -> Option<(&str, UtcOffset)> {
    if let Some(clock) = clock.strip_suffix('Z') {
        return Some((clock, UtcOffset::UTC));
    }
    let at = clock.rfind(['+', '-'])?;
    let minutes = offset_minutes(clock.get(at..)?)?;
    Some((
        clock.get(..at)?,
        UtcOffset::from_whole_seconds(i32::from(minutes).checked_mul(60)?).ok()?,
    ))
}

/// The minutes of `±hh:mm`, at most 14 hours (the form of eventTimeZoneOffset).
pub fn offset_minutes(text: &str) -> Option<i16> {
    let (sign, clock) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(clock), _) => (1, clock),
        (_, Some(clock)) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    let minutes = digits(hours, 2)?
        .checked_mul(60)?
        .checked_add(digits(minutes, 2).filter(|m| *m < 60)?)?;
    i16::try_from(minutes)
        .ok()
        .filter(|m| *m <= 14 * 60)?
        .checked_mul(sign)
}

/// `±hh:mm` of so many minutes.
pub fn offset_text(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn digits(text: &str, count: usize) -> Option<u16> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Milliseconds of a fraction of a second, half up; 1000 carries into the next second.
fn milliseconds(fraction: &str) -> Option<i128> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut digits = fraction
        .bytes()
        .map(|b| i128::from(b.saturating_sub(b'0')))
        .chain(std::iter::repeat(0));
    let mut next = || digits.next().unwrap_or(0);
    let ms = [100, 10, 1]
        .iter()
        .map(|weight| weight * next())
        .sum::<i128>();
    Some(if next() >= 5 {
        ms.saturating_add(1)
    } else {
        ms
    })
}

impl std::fmt::Display for Timestamp {
    /// `2026-05-30T05:00:00.500Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seconds, ms) = (self.0 / 1000, self.0 % 1000);
        let moment = i64::try_from(seconds)
            .ok()
            .and_then(|s| OffsetDateTime::from_unix_timestamp(s).ok());
        let Some(t) = moment else {
            return write!(f, "{} ms after 1970", self.0);
        };
        let (date, clock) = (t.date(), t.time());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{ms:03}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            clock.hour(),
            clock.minute(),
            clock.second()
        )
    }
}

#[cfg(test)]
mod tests;
