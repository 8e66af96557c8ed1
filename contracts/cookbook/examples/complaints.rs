//! Two parties that complain of a lot have it held, until the brand has looked.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Holds a lot at the second complaint.
#[contract]
pub mod complaints {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Complaints {
        /// Who complained of which lot.
        of: Set<(LotId, Address)>,
        /// How many they are.
        count: Map<LotId, u32>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// Only a registered party complains.
        #[refusal(remedy = "have the account registered")]
        Unknown,
        /// It has complained of this lot before.
        #[refusal(field = "lot", remedy = "nothing more is needed")]
        Again,
    }

    impl Complaints {
        /// A party complains of a lot; the second one has it held.
        #[message]
        fn complain(&mut self, lot: LotId) -> Result {
            ensure!(party(caller()).is_some(), Refuse::Unknown);
            ensure!(self.of.insert(&(lot.clone(), caller())), Refuse::Again);
            let count = self.count.get(&lot).unwrap_or_default() + 1;
            self.count.insert(&lot, &count);
            if count == 2 {
                hold(&Target::lot(&lot), "two parties complained")?;
            }
            Ok(())
        }

        /// The brand has looked, and found the lot good.
        #[message]
        fn good(&mut self, lot: LotId) -> Result {
            only_brand()?;
            release(&Target::lot(&lot), "looked at and found good")
        }
    }
}
