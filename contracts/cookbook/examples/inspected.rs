//! Goods are held from the start until an inspector's signature frees their lot.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::codec::Encode;
use marque_sdk::prelude::*;

/// Nothing of a lot moves before it was inspected.
#[contract]
pub mod inspected {
    /// What the contract keeps.
    #[storage]
    pub struct Inspected {
        /// Whose signature counts.
        inspector: Address,
        /// Lots that were found good.
        good: Set<LotId>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The signature is not the inspector's over this lot.
        #[refusal(
            field = "signature",
            remedy = "sign Keccak-256 of the contract and the lot"
        )]
        NotSigned,
    }

    impl Inspected {
        /// With the inspector's address.
        #[init]
        fn init(inspector: Address) -> Self {
            Self {
                inspector,
                good: Set::new(),
            }
        }

        /// What is made waits for the inspector.
        #[rule]
        fn commission(&self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let good = line.lot().is_some_and(|lot| self.good.contains(&lot));
                Ok(if good {
                    allow()
                } else {
                    quarantine_lot("waits for its inspection")
                })
            })
        }

        /// Anyone may bring the inspector's signature, which frees the lot.
        #[message]
        fn free(&mut self, lot: LotId, signature: [u8; 65]) -> Result {
            let digest = keccak256(&(contract_address(), &lot).encode());
            let signed = recover(&digest, &signature) == Some(self.inspector);
            ensure!(signed, Refuse::NotSigned);
            self.good.insert(&lot);
            release(&Target::lot(&lot), "inspected and found good")
        }
    }
}
