//! The ledger that contract tests run on: the real transition, state and virtual machine,
//! in the test's own process.
//!
//! **Knows nothing about** networks, pools or disks: a block is made for each step, and the
//! state lives in memory. Code is only checked, not compiled in a child process first.
//!
//! ```text
//! use marque_testing::{World, compile};
//! let mut world = World::new();
//! let rules = world.by("alice").deploy(&compile("marque-fresh-food"), &(…)).contract();
//! let spinach = world.product("alice", "spinach", &rules);
//! world.by("alice").commission([spinach.items(1, 100)]).lot("L7").at("alice").happens();
//! world.by("alice").offer([spinach.items(1, 10)], "mallory").is_refused("NotListed");
//! ```
//!
//! Start reading at [`World`] (parties by name, products, time), then [`Step`] (what a party
//! does, and how it is to end).

mod code;
mod compile;
mod fixture;
mod gas;
mod goods;
mod outcome;
mod party;
mod random;
mod run;
mod step;
pub mod strategy;
mod trace;
mod world;

pub use code::Code;
pub use compile::{compile, compile_example, strip};
pub use fixture::Reported;
pub use gas::GasSnapshot;
pub use goods::{Pallet, Product};
pub use outcome::{Done, Refused};
pub use party::Party;
pub use random::{Attempt, Movements, Random, Summary};
pub use step::{Step, serial_of};
pub use trace::Trace;
pub use world::World;

pub use marque_ledger::{Effective, Source};
pub use proptest;
