//! A contract with a planted bug: it looks at the list when goods are offered, and not again
//! when they are accepted.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Goods are to be with listed receivers only.
#[contract]
pub mod leaky {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Leaky {
        /// Who may receive, beside the brand.
        listed: Set<Address>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The receiver is not listed.
        #[refusal(field = "to", remedy = "ask the brand to list the receiver")]
        NotListed,
    }

    impl Leaky {
        /// To listed receivers, or back to who made it.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            movement.lines().try_for_each(|line| {
                let brand = line.product().and_then(brand_of);
                let listed = |to| Some(to) == brand || self.listed.contains(&to);
                ensure!(movement.to().is_some_and(listed), Refuse::NotListed);
                Ok(())
            })
        }

        /// The brand lists a receiver.
        #[message]
        fn list(&mut self, receiver: Address) -> Result {
            only_brand()?;
            self.listed.insert(&receiver);
            Ok(())
        }

        /// The brand takes a receiver off the list. What is on offer to it stays on offer:
        /// here is the bug, since no rule for `accept` looks again.
        #[message]
        fn unlist(&mut self, receiver: Address) -> Result {
            only_brand()?;
            self.listed.remove(&receiver);
            Ok(())
        }

        /// Whether a receiver is listed.
        #[query]
        fn listed(&self, receiver: Address) -> bool {
            self.listed.contains(&receiver)
        }
    }
}
