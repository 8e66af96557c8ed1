//! Each rule of the contract on the real ledger: broken by an intent, it is refused by
//! name; broken by a captured fact, the fact is kept, noted or held.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cold_chain;
mod contract;
mod documents;
mod farm;
mod gas;
mod inspection;
mod packing;
mod random;
mod receivers;
mod scene;
mod shipping;
mod trace;
