use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules(u32);

    impl Rules {
        #[query]
        fn count(&self) -> u32 {
            0
        }
    }
}

fn main() {}
