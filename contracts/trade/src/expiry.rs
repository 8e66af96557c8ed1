//! The last good day of goods.

use marque_sdk::prelude::*;

/// Goods that are no longer good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expired {
    /// Their last good day.
    pub expiry: Date,
    /// The day of the movement.
    pub today: Date,
}

/// Whether a last good day has passed at a time; goods without one are good.
///
/// ```
/// use marque_sdk::primitives::date::Date;
/// use marque_trade::expiry;
///
/// let day = Date::from_ymd(2026, 5, 9).unwrap();
/// let next = Date::from_ymd(2026, 5, 10).unwrap();
/// assert!(expiry::check(Some(day), day.start()).is_none());
/// assert!(expiry::check(Some(day), next.start()).is_some());
/// assert!(expiry::check(None, next.start()).is_none());
/// ```
pub fn check(expiry: Option<Date>, time: TimeMs) -> Option<Expired> {
    let today = Date::of(time);
    let expiry = expiry.filter(|expiry| *expiry < today)?;
    Some(Expired { expiry, today })
}
