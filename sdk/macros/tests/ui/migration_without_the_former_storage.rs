use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        count: u32,
    }

    impl Rules {
        #[migrate]
        fn migrate() -> Self {
            Self { count: 0 }
        }

        #[query]
        fn count(&self) -> u32 {
            self.count
        }
    }
}

fn main() {}
