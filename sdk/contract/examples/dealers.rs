//! A whole contract on one screen: goods move to listed dealers only.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Keeps goods among the dealers that the brand lists.
#[contract]
pub mod dealers {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Dealers {
        /// Who may receive.
        listed: Set<Address>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The receiver is not a listed dealer.
        #[refusal(field = "to", remedy = "ask the brand to list the dealer")]
        NotListed,
    }

    impl Dealers {
        /// Only listed dealers receive.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            let listed = movement.to().is_some_and(|to| self.listed.contains(&to));
            ensure!(listed, Refuse::NotListed);
            Ok(())
        }

        /// The brand lists a dealer.
        #[message]
        fn list(&mut self, dealer: Address) -> Result {
            only(brand())?;
            self.listed.insert(&dealer);
            Ok(())
        }
    }
}
