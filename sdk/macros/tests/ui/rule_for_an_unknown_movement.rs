use marque_sdk::prelude::*;

#[contract]
pub mod rules {
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        count: u32,
    }

    impl Rules {
        #[rule]
        fn ship(&self, movement: &Movement) {}
    }
}

fn main() {}
