//! What thermometers report, and how long goods were outside their range.

use marque_sdk::Sensor;
use marque_sdk::prelude::*;

/// The temperatures at which goods keep, and how long they may be outside them.
///
/// ```
/// use marque_sdk::primitives::Decimal;
/// use marque_trade::cold::Range;
///
/// let fridge = Range { low: Some(Decimal::from_integer(2)), high: Decimal::from_integer(8), tolerance: 30 };
/// assert_eq!(fridge.tolerance, 30);
/// ```
#[data]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The coldest, in degrees Celsius; none: it may freeze.
    pub low: Option<Decimal>,
    /// The warmest, in degrees Celsius.
    pub high: Decimal,
    /// How long they may be outside, in minutes, summed over a lot's life.
    pub tolerance: u32,
}

/// How long a lot was outside its range.
///
/// ```
/// use marque_trade::cold::Exposure;
///
/// let exposure = Exposure { total_ms: 119_999, ..Exposure::default() };
/// assert_eq!(exposure.minutes(), 1);
/// ```
#[data]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exposure {
    /// Since when the newest reading is outside the range.
    pub since: Option<TimeMs>,
    /// Milliseconds in all, up to the newest reading.
    pub total_ms: u64,
    /// When the newest reading was taken.
    pub newest: Option<TimeMs>,
}

/// What a movement's sensors say against a lot.
///
/// ```
/// use marque_trade::cold::Finding;
///
/// let holds = |finding: &Finding| !matches!(finding, Finding::Unreadable(_));
/// assert!(holds(&Finding::Alarm("Temperature")));
/// assert!(!holds(&Finding::Unreadable("A1")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding<'s> {
    /// A sensor raised an alarm for this property.
    Alarm(&'s str),
    /// A temperature in this unit cannot be compared.
    Unreadable(&'s str),
    /// The lot was outside its range for so many minutes, which is more than tolerated.
    Outside {
        /// In all, over the lot's life.
        minutes: u64,
    },
}

/// What reads the same whatever is kept cold; a contract that refuses with it has it in its
/// interface by `#[contract(refusals(marque_trade::cold::Refuse))]`.
///
/// ```
/// use marque_sdk::Refused;
/// use marque_sdk::prelude::*;
/// use marque_trade::cold::Refuse;
///
/// let refused: Refused = Refuse::UnreadableTemperature { unit: "A1".into() }.into();
/// assert_eq!(refused.note(), "UnreadableTemperature: A temperature in A1 cannot be compared.");
/// ```
#[refusals]
pub enum Refuse {
    /// A temperature in {unit} cannot be compared.
    #[refusal(
        field = "sensors",
        expected = "CEL, FAH or KEL",
        remedy = "report the temperature in one of these units"
    )]
    UnreadableTemperature {
        /// The unit as given.
        unit: Words,
    },
}

/// Whether a temperature is outside, and when.
struct Reading {
    outside: bool,
    from: TimeMs,
    to: TimeMs,
}

/// A hundred million degrees in thousand-millionths: beyond all temperatures, and 25 times as
/// much is still in 64 bits, so that nothing below can overflow.
const ABSURD: i64 = 100_000_000_000_000_000;
/// 273.15 in thousand-millionths.
const ZERO_CELSIUS: i64 = 273_150_000_000;
/// 32 in thousand-millionths.
const FREEZING_FAHRENHEIT: i64 = 32_000_000_000;

/// Whether a report is of a temperature.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// fn measured(movement: &Movement) -> bool {
///     movement.sensors().any(|sensor| marque_trade::cold::is_temperature(&sensor))
/// }
/// ```
pub fn is_temperature(sensor: &Sensor<'_>) -> bool {
    sensor.property() == "Temperature"
}

/// Five times the degrees Celsius, which is exact in all three units but for ninths;
/// `None` in another unit or beyond all temperatures. Of Fahrenheit, `up` says which way
/// ninths are rounded: away from the range, so that what is a hair outside stays outside.
fn in_fifths(value: Decimal, unit: &str, up: bool) -> Option<i64> {
    let value = i64::try_from(value.0).ok()?;
    if !(-ABSURD..=ABSURD).contains(&value) {
        return None;
    }
    Some(match unit {
        "CEL" => value.wrapping_mul(5),
        "KEL" => value.wrapping_sub(ZERO_CELSIUS).wrapping_mul(5),
        // (F - 32) · 5/9, five times: (F - 32) · 25/9.
        "FAH" => {
            let scaled = value.wrapping_sub(FREEZING_FAHRENHEIT).wrapping_mul(25);
            let (whole, rest) = (scaled.div_euclid(9), scaled.rem_euclid(9));
            whole.wrapping_add(i64::from(up && rest > 0))
        }
        _ => return None,
    })
}

/// Five times the degrees Celsius of a bound; one beyond all temperatures bounds nothing.
fn celsius(bound: Decimal) -> i64 {
    // One beyond what a reading can be stays beyond it.
    let absurd = i128::from(ABSURD).wrapping_add(ZERO_CELSIUS.into());
    let bound = i64::try_from(bound.0.clamp(-absurd, absurd)).unwrap_or_default();
    bound.wrapping_mul(5)
}

/// A temperature report as a reading; `None` if it is of something else or states no
/// value. A report without a time is of the movement's `time`.
///
/// # Errors
/// The unit, if it cannot be compared.
#[inline(always)]
fn reading<'s>(
    sensor: &Sensor<'s>,
    range: &Range,
    time: TimeMs,
) -> Result<Option<Reading>, &'s str> {
    if !is_temperature(sensor) {
        return Ok(None);
    }
    let unit = sensor.unit.unwrap_or("no unit");
    let middle = sensor.value.or(sensor.mean);
    let Some(warmest) = sensor.max.or(middle).or(sensor.min) else {
        return Ok(None);
    };
    let warmest = in_fifths(warmest, unit, true).ok_or(unit)?;
    let mut outside = warmest > celsius(range.high);
    if let (Some(low), Some(coldest)) = (range.low, sensor.min.or(middle).or(sensor.max)) {
        outside |= in_fifths(coldest, unit, false).ok_or(unit)? < celsius(low);
    }
    let from = sensor.from.unwrap_or(time);
    let to = sensor.to.unwrap_or(from).max(from);
    Ok(Some(Reading { outside, from, to }))
}

impl Exposure {
    /// Adds what a movement's sensors report of a lot, and tells what they say against it;
    /// whether any of it was measured, so that there is something to keep.
    /// Without a range nothing is compared, and alarms are told all the same.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    /// use marque_trade::cold::{Exposure, Finding, Range};
    ///
    /// fn alarmed(exposure: &mut Exposure, range: &Range, movement: &Movement) -> bool {
    ///     let mut alarmed = false;
    ///     exposure.follow(movement, Some(range), &mut |finding| {
    ///         alarmed |= matches!(finding, Finding::Alarm(_));
    ///     });
    ///     alarmed
    /// }
    /// ```
    #[inline(always)]
    pub fn follow(
        &mut self,
        movement: &Movement,
        range: Option<&Range>,
        found: &mut dyn FnMut(Finding<'_>),
    ) -> bool {
        let before = self.total_ms;
        let mut measured = false;
        for sensor in movement.sensors() {
            if sensor.alarm {
                found(Finding::Alarm(sensor.property()));
            }
            let Some(range) = range else { continue };
            match reading(&sensor, range, movement.time()) {
                Ok(Some(reading)) => {
                    self.take(&reading);
                    measured = true;
                }
                Ok(None) => {}
                Err(unit) => found(Finding::Unreadable(unit)),
            }
        }
        let minutes = self.minutes();
        let tolerated = |range: &Range| minutes <= u64::from(range.tolerance);
        if self.total_ms > before && !range.is_some_and(tolerated) {
            found(Finding::Outside { minutes });
        }
        measured
    }

    /// A span outside counts whole, since nothing shows that it was shorter; single
    /// readings count from the first outside to the next. What was taken before the newest
    /// reading counts only by its own span.
    fn take(&mut self, reading: &Reading) {
        let late = self.newest.is_some_and(|newest| reading.from < newest);
        let began = if late {
            None
        } else {
            self.since.and(self.newest)
        };
        let from = began.unwrap_or(reading.from);
        if reading.outside || began.is_some() {
            // What was outside before ended with this reading.
            let to = if reading.outside {
                reading.to
            } else {
                reading.from
            };
            let ms = to.0.saturating_sub(from.0);
            self.total_ms = self.total_ms.saturating_add(ms);
        }
        if !late {
            self.since = if reading.outside {
                self.since.or(Some(reading.from))
            } else {
                None
            };
            self.newest = Some(reading.to);
        }
    }

    /// Whole minutes in all; the example is at [`Exposure`].
    pub fn minutes(&self) -> u64 {
        self.total_ms / 60_000
    }
}
