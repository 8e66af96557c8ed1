//! Dealers are listed until a day; the brand can close everything at once.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Keeps goods among dealers whose contract has not run out.
#[contract]
pub mod dealers_by_day {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Dealers {
        /// Nothing moves while it is set.
        closed: bool,
        /// The last day on which a dealer may receive.
        until: Map<Address, Date>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The brand has stopped all sales.
        #[refusal(remedy = "wait until the brand opens them again")]
        Closed,
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
    }

    /// A dealer may receive until a day.
    #[event]
    pub struct Listed {
        /// Who.
        #[indexed]
        pub dealer: Address,
        /// The last day.
        pub until: Date,
    }

    impl Dealers {
        /// Only dealers are offered goods, and only until their last day.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            ensure!(!self.closed, Refuse::Closed);
            let receiver = movement.to().unwrap_or_default();
            let until = self.until.get(&receiver);
            let until = until.ok_or(Refuse::NotListed { receiver })?;
            let today = Date::of(movement.time());
            ensure!(today <= until, Refuse::RanOut { receiver, until });
            Ok(())
        }

        /// The brand lists a dealer, or renews it.
        #[message]
        fn list(&mut self, dealer: Address, until: Date) -> Result {
            only_brand()?;
            self.until.insert(&dealer, &until);
            emit(Listed { dealer, until });
            Ok(())
        }

        /// The brand stops all sales, or opens them again.
        #[message]
        fn close(&mut self, closed: bool) -> Result {
            only_brand()?;
            self.closed = closed;
            Ok(())
        }

        /// Whether a dealer may receive today.
        #[query]
        fn listed(&self, dealer: Address) -> bool {
            let until = self.until.get(&dealer);
            until.is_some_and(|until| Date::of(now()) <= until)
        }

        /// The dealers and their last days, in pages.
        #[query]
        fn dealers(&self, after: Option<Address>, limit: u32) -> Page<(Address, Date)> {
            self.until.page(after.as_ref(), limit)
        }
    }
}
