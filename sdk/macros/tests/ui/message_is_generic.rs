use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        count: u32,
    }

    impl Rules {
        #[message]
        fn count<T>(&mut self, with: T) {}
    }
}

fn main() {}
