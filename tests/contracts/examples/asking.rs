//! A contract that asks another one.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Passes on what another contract answers.
#[contract]
pub mod asking {
    /// Nothing is kept.
    #[storage]
    #[derive(Default)]
    pub struct Asking;

    impl Asking {
        /// What the other one's query answers.
        #[query]
        fn ask(&self, other: Address, query: Words) -> Result<u32> {
            Ok(query_of(other, query.as_str(), &(), 1_000_000_000)?)
        }
    }
}
