use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[data]
    pub struct Pair<T> {
        one: T,
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
