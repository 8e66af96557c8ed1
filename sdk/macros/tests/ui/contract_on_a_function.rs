use marque_sdk::prelude::*;

#[contract]
fn rules() {}

fn main() {}
