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
        fn count(&self) -> u32 {
            self.count
        }
    }

    #[storage]
    #[derive(Default)]
    pub struct Others;

    impl Others {
        #[query]
        fn others(&self) -> u32 {
            0
        }
    }
}

fn main() {}
