use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[refusals]
    pub enum Refuse {
        /// It is too heavy by {factor}.
        TooHeavy { factor: f64 },
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
