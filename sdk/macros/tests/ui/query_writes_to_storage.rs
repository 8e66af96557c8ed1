use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        count: u32,
    }

    impl Rules {
        #[query]
        fn touch(&self) -> u32 {
            self.count = 7;
            self.count
        }
    }
}

fn main() {}
