//! Documents that others wrote, read whole.

mod collections;
mod fixtures;
mod vectors;
