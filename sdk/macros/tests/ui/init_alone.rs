use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        count: u32,
    }

    impl Rules {
        #[init]
        fn new() -> Self {
            Self { count: 0 }
        }
    }
}

fn main() {}
