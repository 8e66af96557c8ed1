use marque_sdk::prelude::*;

#[contract]
mod rules;

fn main() {}
