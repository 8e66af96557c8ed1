//! Verification of what a Marque node says, by anyone, with nothing but this crate.
#![no_std]
