use marque_sdk::prelude::*;

struct Rules;

impl Rules {
    #[message]
    fn list(&mut self) {}
}

fn main() {}
