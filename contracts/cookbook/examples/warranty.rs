//! Items that are past their day stay behind; a sale begins the warranty of what is sold.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Two years of 365 days.
const WARRANTY_MS: u64 = 2 * 365 * 86_400_000;

/// Sells what is still good, and remembers until when it is under warranty.
#[contract]
pub mod warranty {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Warranty {
        /// When the warranty of items that were sold together ends, by the first of them.
        ends: Map<(Gtin, Serial), TimeMs>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// It was good until {until}.
        #[refusal(field = "items", remedy = "leave it out, or take it back")]
        PastItsDay {
            /// The last good day.
            until: Date,
        },
    }

    impl Warranty {
        /// Each line is judged by itself: what is past its day is refused by name.
        #[rule]
        fn release(&mut self, movement: &Movement) -> Decision {
            let today = Date::of(movement.time());
            movement.judge(|line| {
                if let Some(until) = line.expiry() {
                    ensure!(today <= until, Refuse::PastItsDay { until });
                }
                if let (Some(product), Some(first)) = (line.product(), line.first_serial()) {
                    let ends = movement.time().plus(WARRANTY_MS);
                    self.ends.insert(&(product, first), &ends);
                }
                Ok(allow())
            })
        }

        /// When the warranty of items that were sold together ends, by the first of them.
        #[query]
        fn ends(&self, product: Gtin, first: Serial) -> Option<TimeMs> {
            self.ends.get(&(product, first))
        }
    }
}
