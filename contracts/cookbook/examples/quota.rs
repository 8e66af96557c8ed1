//! A receiver gets at most so many items in a month.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Limits what one receiver is offered in a calendar month.
#[contract]
pub mod quota {
    /// What the contract keeps.
    #[storage]
    pub struct Quota {
        /// Items for one receiver in one month.
        limit: u64,
        /// What each was offered, by month: its year times 12, and the month.
        offered: Map<(Address, u32), u64>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// That makes {total} items this month, of {limit}.
        #[refusal(field = "items", remedy = "offer fewer, or wait for the next month")]
        TooMany {
            /// With this offer.
            total: u64,
            /// At most.
            limit: u64,
        },
    }

    impl Quota {
        /// With the items that one receiver may have in a month.
        #[init]
        fn init(limit: u64) -> Self {
            Self {
                limit,
                offered: Map::new(),
            }
        }

        /// Counts, and refuses what is too many.
        #[rule]
        fn offer(&mut self, movement: &Movement) -> Result {
            let (year, month, _) = Date::of(movement.time()).to_ymd();
            let key = (movement.to().unwrap_or_default(), year * 12 + month);
            let items: u64 = movement.lines().filter_map(|line| line.count()).sum();
            let total = self.offered.get(&key).unwrap_or_default() + items;
            let limit = self.limit;
            ensure!(total <= limit, Refuse::TooMany { total, limit });
            self.offered.insert(&key, &total);
            Ok(())
        }
    }
}
