//! The ledger that contract tests run on: the real transition, state and virtual machine,
//! in the test's own process.
//!
//! **Knows nothing about** networks, pools or disks: a block is made for each step, and the
//! state lives in memory. Code is only checked, not compiled in a child process first.
//!
//! ```
//! use marque_fresh_food::fresh_food;
//! use marque_primitives::Decimal;
//! use marque_testing::{Code, World, compile};
//!
//! let mut world = World::new();
//! // In wasm and natively; in the contract's own tests: `contract!(fresh_food)`.
//! let code = Code::both(&compile("marque-fresh-food"), fresh_food::CONTRACT);
//! let receivers = vec![world.address("bob")];
//! let args = (Decimal::from_integer(5), 30u32, receivers.clone(), receivers);
//! let rules = world.by("alice").deploy(code, &args).contract();
//! let spinach = world.product("alice", "Spinach", rules);
//! let items = [spinach.items(1, 100)];
//! let packing = world.by("alice").commission(items.clone()).lot("L7").here();
//! let packing = packing.document("prodorder", "urn:x:1").fact("harvestDate", "2026-04-29");
//! packing.fact("farmLocation", "Hill Farm").happens().without_notes();
//! let ship = world.by("alice").offer(items, "mallory").here();
//! ship.document("desadv", "urn:x:2").is_refused("NotListed").at_field("to");
//! ```
//!
//! A step that fails its test prints what contracts did ([`Trace`]).
//!
//! Start reading at [`World`] (parties by name, products, time), then [`Step`] (what a party
//! does, and how it is to end), [`Code`] (wasm and native), [`Movements`] (random ones and
//! invariants), [`GasSnapshot`] and [`strategy`].

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
