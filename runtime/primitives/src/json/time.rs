//! Moments as RFC 3339, by hand: the calendar is [`crate::date`]'s.

use super::integer;
use crate::TimeMs;
use crate::date::Date;
use alloc::string::{String, ToString};
use core::fmt;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

const MS_PER_MINUTE: u64 = 60_000;
const MS_PER_DAY: u64 = 86_400_000;
/// RFC 3339 writes the hours of an offset with two digits, up to 23:59.
const MAX_OFFSET: u16 = 1_439;

/// A text that is no moment from 1970 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadTime;

impl fmt::Display for BadTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a moment is written 2027-05-01T08:00:00.000Z or with an offset such as +02:00 \
             (RFC 3339, from 1970 to 9999), or as milliseconds since 1970",
        )
    }
}

impl core::error::Error for BadTime {}

/// A moment and its local offset from UTC in minutes; `Z` says that none is known.
/// What is finer than a millisecond is cut off.
///
/// # Errors
/// When the text is not RFC 3339.
pub fn parse(text: &str) -> Result<(TimeMs, Option<i16>), BadTime> {
    read(text).ok_or(BadTime)
}

fn read(text: &str) -> Option<(TimeMs, Option<i16>)> {
    let (date, rest) = text.split_at_checked(10)?;
    let day = Date::parse(date)?.start().0;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, zone) = rest.split_at_checked(8)?;
    let (hour, minute) = clock.get(..5).and_then(hours_and_minutes)?;
    let second = two_digits(clock.strip_prefix(clock.get(..5)?)?.strip_prefix(':')?)?;
    // RFC 3339 section 5.7 allows 60 for a leap second; it falls on the next second.
    if second > 60 {
        return None;
    }
    let (ms, zone) = match zone.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(fraction.len());
            let (digits, zone) = fraction.split_at_checked(end)?;
            (milliseconds(digits)?, zone)
        }
        None => (0, zone),
    };
    let offset = offset(zone)?;
    let minutes = u64::from(hour)
        .checked_mul(60)?
        .checked_add(u64::from(minute))?;
    let in_day = minutes
        .checked_mul(MS_PER_MINUTE)?
        .checked_add(u64::from(second) * 1_000)?
        .checked_add(ms)?;
    let local = i64::try_from(day.checked_add(in_day)?).ok()?;
    let utc = local.checked_sub(i64::from(offset.unwrap_or(0)).checked_mul(60_000)?)?;
    Some((TimeMs(u64::try_from(utc).ok()?), offset))
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

fn hours_and_minutes(text: &str) -> Option<(u8, u8)> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    (hours < 24 && minutes < 60).then_some((hours, minutes))
}

fn milliseconds(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let three: String = digits.chars().chain("00".chars()).take(3).collect();
    three.parse().ok()
}

/// `Z` or a signed offset in minutes.
fn offset(zone: &str) -> Option<Option<i16>> {
    if matches!(zone, "Z" | "z") {
        return Some(None);
    }
    let (sign, text) = match zone.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = hours_and_minutes(text)?;
    Some(Some(sign * (i16::from(hours) * 60 + i16::from(minutes))))
}

/// A moment in UTC, or by a local clock; `None` where RFC 3339 has no words for it.
#[must_use]
pub fn print(time: TimeMs, offset: Option<i16>) -> Option<String> {
    let minutes = offset.unwrap_or(0);
    if minutes.unsigned_abs() > MAX_OFFSET {
        return None;
    }
    let local = i64::try_from(time.0)
        .ok()?
        .checked_add(i64::from(minutes).checked_mul(60_000)?)?;
    let local = TimeMs(u64::try_from(local).ok()?);
    let date = Date::of(local);
    let in_day = local
        .0
        .checked_sub(date.start().0)
        .filter(|ms| *ms < MS_PER_DAY)?;
    let (hour, minute) = (in_day / 3_600_000, in_day / MS_PER_MINUTE % 60);
    let (second, ms) = (in_day / 1_000 % 60, in_day % 1_000);
    let zone = match offset {
        None => "Z".to_string(),
        Some(_) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let size = minutes.unsigned_abs();
            alloc::format!("{sign}{:02}:{:02}", size / 60, size % 60)
        }
    };
    Some(alloc::format!(
        "{date}T{hour:02}:{minute:02}:{second:02}.{ms:03}{zone}"
    ))
}

/// The moment that a JSON value stands for, and its offset.
pub(super) fn of_value(value: &Value) -> Result<(TimeMs, Option<i16>), BadTime> {
    match (integer::of_value(value), value) {
        (Some(ms), _) => Ok((TimeMs(ms), None)),
        (None, Value::String(text)) => parse(text),
        _ => Err(BadTime),
    }
}

impl Serialize for TimeMs {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match print(*self, None) {
            Some(text) => s.serialize_str(&text),
            None => integer::serialize(&self.0, s),
        }
    }
}

impl<'de> Deserialize<'de> for TimeMs {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(d)?;
        let (time, _) = of_value(&value)
            .map_err(|error| D::Error::custom(super::quoted(&value.to_string(), &error)))?;
        Ok(time)
    }
}
