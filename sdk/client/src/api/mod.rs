//! The methods of a node, their parameters and results.
//!
//! A method is the type of its parameters ([`Method`]). They go by name or by position, in
//! the order of the fields; optional ones may be left out. Identifiers are text in any form
//! that is read; results name everything canonically. Lists take `cursor` and `limit` (100
//! unless given, 1,000 at most) and return a [`Page`].

mod admin;
mod capture;
mod chain;
mod contract;
mod discover;
mod error;
mod event;
mod holding;
mod item;
mod lot;
mod method;
mod node;
mod recall;
mod receipt;
mod registry;
#[cfg(feature = "schema")]
mod schema;
mod trace;
mod transaction;

pub use admin::*;
pub use capture::*;
pub use chain::*;
pub use contract::*;
pub use discover::*;
pub use error::*;
pub use event::*;
pub use holding::*;
pub use item::*;
pub use lot::*;
pub use method::{At, Method, Page, Recorded, TimeSpan};
pub use node::*;
pub use recall::*;
pub use receipt::*;
pub use registry::*;
pub use trace::*;
pub use transaction::*;
