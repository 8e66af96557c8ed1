//! One list of dealers for several contracts: asked, not copied.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Gas that the list may use for an answer.
const PATIENCE: u64 = 10_000_000;

/// Asks another contract who may receive.
#[contract]
pub mod shared_list {
    /// What the contract keeps.
    #[storage]
    pub struct SharedList {
        /// The contract that has the list, with a query `listed(dealer) -> bool`.
        list: Address,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The receiver is not on the brand's list.
        #[refusal(field = "to", remedy = "ask the brand to list the dealer")]
        NotListed,
    }

    impl SharedList {
        /// With the contract that has the list.
        #[init]
        fn init(list: Address) -> Self {
            Self { list }
        }

        /// Only who is listed there is offered goods.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            let to = movement.to().unwrap_or_default();
            let listed: bool = query_of(self.list, "listed", &(to,), PATIENCE)?;
            ensure!(listed, Refuse::NotListed);
            Ok(())
        }
    }
}
