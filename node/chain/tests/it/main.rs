//! The chain with the real ledger, on stores that keep, forget and fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod admission;
mod clocks;
mod crash;
mod custody;
mod damage;
mod faulty;
mod journey;
mod lifecycle;
mod lots;
mod model;
mod queries;
mod signatures;
mod world;
