//! Documents that others wrote, read whole.

mod fixtures;
mod vectors;
