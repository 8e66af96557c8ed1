use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[refusals]
    pub enum Refuse {
        /// Not listed.
        #[refusal(advice = "list it")]
        NotListed,
    }

    #[storage]
    #[derive(Default)]
    pub struct Rules {
        count: u32,
    }

    impl Rules {
        #[query]
        fn count(&self) -> u32 {
            self.count
        }
    }
}

fn main() {}
