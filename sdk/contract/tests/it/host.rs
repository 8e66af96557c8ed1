//! A contract on a host in memory, asked and told by name.

use marque_sdk::codec::{Decode, Encode};
use marque_sdk::native::{Contract, Ended, Memory};
use marque_sdk::primitives::refusal::Refusal;

/// Calls that are answered.
pub trait Asked {
    /// What a message answers.
    fn tell<T: Decode>(&mut self, contract: &Contract, name: &str, args: &impl Encode) -> T;

    /// What a query answers.
    fn ask<T: Decode>(&mut self, contract: &Contract, name: &str, args: &impl Encode) -> T;
}

impl Asked for Memory {
    #[track_caller]
    fn tell<T: Decode>(&mut self, contract: &Contract, name: &str, args: &impl Encode) -> T {
        answer(&self.enter(contract, "message", name, args))
    }

    #[track_caller]
    fn ask<T: Decode>(&mut self, contract: &Contract, name: &str, args: &impl Encode) -> T {
        answer(&self.enter(contract, "query", name, args))
    }
}

#[track_caller]
pub fn answer<T: Decode>(ended: &Ended) -> T {
    let answer = ended.answer();
    answer.unwrap_or_else(|| panic!("no answer of the type: {ended:?}"))
}

#[track_caller]
pub fn refusal(ended: &Ended) -> Refusal {
    let refusal = ended.refusal();
    refusal.unwrap_or_else(|| panic!("not refused: {ended:?}"))
}
