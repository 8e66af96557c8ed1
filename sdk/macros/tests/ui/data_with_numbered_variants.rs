use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[data]
    pub enum Stage {
        Raw = 4,
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
