//! The smallest contract that is good for something: nothing is handed to consumers.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// For professional use: nobody hands these products to a consumer.
#[contract]
pub mod smallest {
    /// Nothing is kept.
    #[storage]
    #[derive(Default)]
    pub struct Nothing;

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// This product is for professional use.
        #[refusal(remedy = "sell it to a registered party")]
        ProfessionalUse,
    }

    impl Nothing {
        /// Not to consumers.
        #[rule]
        fn release() -> Result {
            Err(Refuse::ProfessionalUse.into())
        }
    }
}
