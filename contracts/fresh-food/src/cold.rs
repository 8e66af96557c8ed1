//! What thermometers report, and how long it was too warm.

use marque_sdk::Sensor;
use marque_sdk::prelude::*;

/// How long a lot was above the limit.
#[data]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Warmth {
    /// Since when the newest reading is above the limit.
    pub since: Option<TimeMs>,
    /// Milliseconds in all, up to the newest reading.
    pub total_ms: u64,
    /// When the newest reading was taken.
    pub newest: Option<TimeMs>,
}

/// The warmest that a report states, in thousand-millionths of a degree Celsius times five,
/// and its span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    fifths: i64,
    from: TimeMs,
    to: TimeMs,
}

/// 273.15 in thousand-millionths.
const ZERO_CELSIUS: i64 = 273_150_000_000;
/// 32 in thousand-millionths.
const FREEZING_FAHRENHEIT: i64 = 32_000_000_000;

/// Whether a report is of a temperature.
pub fn is_temperature(sensor: &Sensor<'_>) -> bool {
    sensor.property() == "Temperature"
}

/// A temperature report as a reading; `None` if it is of something else or states no
/// value. A report without a time is of the movement's `time`.
///
/// # Errors
/// The unit, if it cannot be compared.
pub fn reading<'s>(sensor: &Sensor<'s>, time: TimeMs) -> Result<Option<Reading>, &'s str> {
    let warmest = sensor.max.or(sensor.value).or(sensor.mean);
    let Some(value) = warmest.filter(|_| is_temperature(sensor)) else {
        return Ok(None);
    };
    let unit = sensor.unit.unwrap_or("no unit");
    let fifths = in_fifths(value, unit).ok_or(unit)?;
    let from = sensor.from.unwrap_or(time);
    let to = sensor.to.unwrap_or(from).max(from);
    Ok(Some(Reading { fifths, from, to }))
}

/// Five times the degrees Celsius, which is exact in all three units but for ninths;
/// `None` in another unit or beyond all temperatures.
fn in_fifths(value: Decimal, unit: &str) -> Option<i64> {
    let value = i64::try_from(value.0).ok()?;
    match unit {
        "CEL" => value.checked_mul(5),
        "KEL" => value.checked_sub(ZERO_CELSIUS)?.checked_mul(5),
        // (F - 32) · 5/9, five times: (F - 32) · 25/9; rounded up, so that what is a hair
        // above the limit stays above it.
        "FAH" => {
            let scaled = value.checked_sub(FREEZING_FAHRENHEIT)?.checked_mul(25)?;
            let (whole, rest) = (scaled.div_euclid(9), scaled.rem_euclid(9));
            whole.checked_add(i64::from(rest > 0))
        }
        _ => None,
    }
}

impl Warmth {
    /// Adds a reading. A span above the limit counts whole, since nothing shows that it was
    /// shorter; single readings count from the first above the limit to the next. What was
    /// taken before the newest reading counts only by its own span.
    pub fn take(&mut self, reading: &Reading, limit: Decimal) {
        let above = in_fifths(limit, "CEL").is_some_and(|limit| reading.fifths > limit);
        let late = self.newest.is_some_and(|newest| reading.from < newest);
        if above {
            let from = match self.since {
                Some(_) if !late => self.newest.unwrap_or(reading.from),
                _ => reading.from,
            };
            self.add(reading.to.0.saturating_sub(from.0));
        } else if let (Some(_), false) = (self.since, late) {
            let newest = self.newest.unwrap_or(reading.from);
            self.add(reading.from.0.saturating_sub(newest.0));
        }
        if !late {
            self.since = if above {
                self.since.or(Some(reading.from))
            } else {
                None
            };
            self.newest = Some(reading.to);
        }
    }

    fn add(&mut self, ms: u64) {
        self.total_ms = self.total_ms.saturating_add(ms);
    }

    /// Whole minutes in all.
    pub fn minutes(&self) -> u64 {
        self.total_ms / 60_000
    }
}
