//! Nobody is offered more than half a tonne at once.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// The most that one offer may have, in grams: the base unit of every mass.
const MOST: Decimal = decimal("500000");

/// Limits an offer by its weight.
#[contract]
pub mod by_weight {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct ByWeight {}

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// It is counted or poured, not weighed.
        #[refusal(field = "items", remedy = "offer a weight, such as 25 KGM")]
        NotWeighed,
        /// {grams} g are more than 500 kg.
        #[refusal(field = "items", remedy = "offer less at once")]
        TooHeavy {
            /// All of it.
            grams: Decimal,
        },
    }

    impl ByWeight {
        /// The weights of an offer add up.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            let mut grams = Decimal::ZERO;
            for line in movement.lines() {
                let amount = line.quantity().amount();
                ensure!(amount.unit == Unit::Gram, Refuse::NotWeighed);
                let sum = grams.checked_add(amount.value);
                grams = sum.ok_or(Refuse::TooHeavy { grams })?;
            }
            ensure!(grams <= MOST, Refuse::TooHeavy { grams });
            Ok(())
        }
    }
}
