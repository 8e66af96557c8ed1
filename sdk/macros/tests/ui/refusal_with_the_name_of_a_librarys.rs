use marque_sdk::prelude::*;

pub mod library {
    use marque_sdk::prelude::*;

    #[refusals]
    pub enum Refuse {
        /// Too warm.
        #[refusal(code = 5101)]
        TooWarm,
    }
}

#[contract(refusals(library::Refuse))]
pub mod rules {
    #[refusals]
    pub enum Refuse {
        /// Not listed.
        #[refusal(code = 5100)]
        TooWarm,
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
