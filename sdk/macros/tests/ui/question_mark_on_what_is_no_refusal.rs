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
        fn parse(&mut self, text: Words) -> Result {
            let count: u32 = text.as_str().parse()?;
            self.count = count;
            Ok(())
        }
    }
}

fn main() {}
