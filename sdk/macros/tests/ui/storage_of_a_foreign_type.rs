use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        waited: std::time::Duration,
    }

    impl Rules {
        #[query]
        fn count(&self) -> u32 {
            0
        }
    }
}

fn main() {}
