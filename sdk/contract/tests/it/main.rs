//! The SDK natively: what it reads and writes by hand agrees with the ledger's types, and
//! what a contract keeps comes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tests, and random values of every width"
)]

mod agreement;
mod entries;
mod examples;
mod front_page;
mod host;
mod random;
mod stored;
mod words;
