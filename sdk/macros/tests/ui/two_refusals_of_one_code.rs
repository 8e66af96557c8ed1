use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[refusals]
    pub enum Refuse {
        /// Not listed.
        #[refusal(code = 5100)]
        NotListed,
        /// Too old.
        #[refusal(code = 5100)]
        Expired,
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
