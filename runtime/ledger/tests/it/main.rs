//! The kernel from outside: a small world, every rule of custody attacked by name, and
//! random worlds audited against slow models.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says no by panicking"
)]

mod associations;
mod claims;
mod contracts;
mod credentials;
mod depth;
mod ends;
mod events;
mod holds;
mod hostile;
mod invariants;
mod keys;
mod lots;
mod offers;
mod pallets;
mod quotas;
mod random;
mod recalls;
mod registry;
mod reports;
mod rules;
mod runs;
mod transforms;
mod world;
