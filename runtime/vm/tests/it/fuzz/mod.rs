//! Fuzz targets as plain tests: short by themselves, long when asked (see [`budget`]).
//!
//! `MARQUE_FUZZ_SECONDS=600 cargo test -p marque-vm --test it fuzz:: -- --nocapture`; the
//! injector's target is beside it, in `src/instrument/tests.rs`.

pub mod budget;
mod compile;
mod damage;
mod host;
mod model;
