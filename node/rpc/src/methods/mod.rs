//! The methods, a file for each family.

mod capture;
mod chain;
mod contract;
mod discover;
mod event;
mod follow;
mod heads;
mod item;
mod lot;
mod node;
mod party;
mod recall;
mod registry;
mod trace;
mod transaction;

use crate::register::{Module, Registered};

/// Registers every method.
pub(crate) fn register(module: &mut Module) -> Registered {
    discover::register(module)?;
    node::register(module)?;
    chain::register(module)?;
    heads::register(module)?;
    transaction::register(module)?;
    contract::register(module)?;
    registry::register(module)?;
    item::register(module)?;
    trace::register(module)?;
    lot::register(module)?;
    party::register(module)?;
    event::register(module)?;
    recall::register(module)?;
    capture::register(module)
}
