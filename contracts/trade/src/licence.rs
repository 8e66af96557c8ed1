//! Who may take part, and until when: dealers, partners, inspectors; by the brand's own list,
//! or by what issuers state whose word the brand takes.

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
    /// Its licence has ended, or was revoked.
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

/// What keeps an account from taking part by what an issuer states of it, at block time. Whose
/// word counts is the brand's to say: ask of those alone that it trusts.
///
/// ```
/// use marque_sdk::prelude::*;
/// use marque_trade::licence::{Licence, Unlicensed, check, check_issued};
///
/// /// Both ways: the brand's own list, or an authority's credential. `None`: it may take part.
/// fn unlicensed(listed: Option<&Licence>, account: Address, authority: Address) -> Option<Unlicensed> {
///     let why = check(listed, Date::of(now()))?;
///     let issued = check_issued(account, authority, "authorised-trading-partner", now())?;
///     Some(if why == Unlicensed::Unknown { issued } else { why })
/// }
/// ```
pub fn check_issued(
    account: Address,
    issuer: Address,
    kind: &str,
    now: TimeMs,
) -> Option<Unlicensed> {
    let Some(issued) = credential(account, issuer, kind) else {
        return Some(Unlicensed::Unknown);
    };
    match issued.end().filter(|end| *end < now) {
        Some(end) => Some(Unlicensed::Lapsed {
            until: Date::of(end),
        }),
        // What is still to come is no licence yet.
        None => (now < issued.from).then_some(Unlicensed::Unknown),
    }
}
