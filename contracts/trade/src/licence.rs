//! Who may take part, and until when: dealers, partners, inspectors.

use marque_sdk::prelude::*;

/// An account's licence; kept in a map under the account, or under a role and the account.
///
/// ```
/// use marque_sdk::primitives::date::Date;
/// use marque_trade::licence::{Licence, Unlicensed, check};
///
/// let licence = Licence { until: Date::from_ymd(2026, 5, 9).unwrap() };
/// let today = Date::from_ymd(2026, 5, 10).unwrap();
/// assert_eq!(check(Some(&licence), licence.until), None);
/// assert_eq!(check(Some(&licence), today), Some(Unlicensed::Lapsed { until: licence.until }));
/// assert_eq!(check(None, today), Some(Unlicensed::Unknown));
/// ```
#[data]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Licence {
    /// Its last day.
    pub until: Date,
}

/// Why an account may not take part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unlicensed {
    /// It has no licence.
    Unknown,
    /// Its licence has ended.
    Lapsed {
        /// The licence's last day.
        until: Date,
    },
}

/// What keeps an account with this licence from taking part today; `None` if nothing does.
/// Today is the block's day, not the movement's: what is reported late is judged by what
/// holds when it is reported, so that no date in a report revives a licence. The example
/// is at [`Licence`].
pub fn check(licence: Option<&Licence>, today: Date) -> Option<Unlicensed> {
    match licence {
        None => Some(Unlicensed::Unknown),
        Some(licence) if licence.until < today => Some(Unlicensed::Lapsed {
            until: licence.until,
        }),
        Some(_) => None,
    }
}
