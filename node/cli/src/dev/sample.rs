//! The sample: a lot of bagged spinach from its farm to a shop, with what goes wrong on the
//! way. Every step is a real transaction over JSON-RPC.

mod cast;
mod play;

pub use cast::failed;
pub use play::{ITEM, play};
