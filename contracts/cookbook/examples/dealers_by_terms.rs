//! The second release of `dealers_by_day`: dealers have terms, and `closed` is a day.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Keeps goods among dealers whose contract has not run out.
#[contract]
pub mod dealers_by_day {
    /// The storage of the first release.
    #[storage]
    pub struct Before {
        /// Nothing moves while it is set.
        pub closed: bool,
        /// The last day on which a dealer may receive.
        pub until: Map<Address, Date>,
    }

    /// What was agreed with a dealer.
    #[data]
    #[derive(Clone, Copy)]
    pub struct Terms {
        /// The last day on which it may receive.
        pub until: Date,
        /// The most items in one offer.
        pub most: u64,
    }

    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Dealers {
        /// Nothing moves before this day.
        closed_before: Option<Date>,
        /// Dealers of the first release, as long as nobody renewed them.
        until: Map<Address, Date>,
        /// Dealers of this release.
        terms: Map<Address, Terms>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The brand has stopped all sales until {day}.
        #[refusal(remedy = "wait until the brand opens them again")]
        Closed {
            /// The first day on which goods move again.
            day: Date,
        },
        /// {receiver} is not a dealer.
        #[refusal(field = "to", remedy = "ask the brand to list the dealer")]
        NotListed {
            /// Who was to receive.
            receiver: Address,
        },
        /// {receiver} was a dealer until {until}.
        #[refusal(field = "to", remedy = "ask the brand to renew the dealer's contract")]
        RanOut {
            /// Who was to receive.
            receiver: Address,
            /// The last day.
            until: Date,
        },
        /// At most {most} items were agreed for an offer.
        #[refusal(field = "items", remedy = "offer fewer at once")]
        TooMany {
            /// What was agreed.
            most: u64,
        },
    }

    impl Dealers {
        /// Who was closed is closed until a day; the dealers stay where they are.
        #[migrate]
        fn migrate(before: Before, open_from: Date) -> Self {
            Self {
                closed_before: before.closed.then_some(open_from),
                until: before.until,
                terms: Map::new(),
            }
        }

        /// A dealer's terms, of this release or the one before.
        fn terms_of(&self, dealer: &Address) -> Option<Terms> {
            let before = || {
                let until = self.until.get(dealer)?;
                Some(Terms { until, most: 100 })
            };
            self.terms.get(dealer).or_else(before)
        }

        /// Only dealers are offered goods, within their terms.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            let today = Date::of(movement.time());
            if let Some(day) = self.closed_before {
                ensure!(today >= day, Refuse::Closed { day });
            }
            let receiver = movement.to().unwrap_or_default();
            let terms = self.terms_of(&receiver);
            let Terms { until, most } = terms.ok_or(Refuse::NotListed { receiver })?;
            ensure!(today <= until, Refuse::RanOut { receiver, until });
            let items: u64 = movement.lines().filter_map(|line| line.count()).sum();
            ensure!(items <= most, Refuse::TooMany { most });
            Ok(())
        }

        /// The brand lists a dealer, or renews it; what the first release knew of it goes.
        #[message]
        fn agree(&mut self, dealer: Address, terms: Terms) -> Result {
            only_brand()?;
            self.until.remove(&dealer);
            self.terms.insert(&dealer, &terms);
            Ok(())
        }
    }
}
