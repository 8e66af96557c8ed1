//! Each rule of the contract on the real ledger, in wasm and natively: broken by an intent,
//! it is refused by name; broken by a captured fact, the fact is kept and held.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cold_chain;
mod contract;
mod decommission;
mod gas;
mod identifier;
mod investigation;
mod journey;
mod partners;
mod random;
mod repackaging;
mod returns;
mod scene;
