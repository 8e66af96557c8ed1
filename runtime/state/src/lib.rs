//! The ledger's state: ordered bytes that can be read, changed in memory, committed and proved.
//!
//! **Invariant:** this crate knows nothing of custody, contracts or blocks beyond a height, and
//! nothing of files. Engines stand behind [`Store`]; what a key or a value means is the ledger's.
//!
//! The types, in the order in which a block meets them:
//! - [`View`]: read-only ordered state, whatever is underneath.
//! - [`Overlay`]: writes held in memory over a `View`, with savepoints; ends as [`Changes`].
//! - [`State`]: a version of the whole state with its root. It is a `View`, makes the next version
//!   of changes, and proves what it holds.
//! - [`Update`]: that next version, before it is durable; may be dropped, or built upon.
//! - [`Store`], [`Snapshot`], [`Batch`], [`Table`]: the seam to the engine; the tables themselves
//!   are listed in [`tables`].
//!
//! Start reading at `state.rs`. How a root comes about: `update.rs`, then `links.rs` (which leaves
//! a block writes), `mountain.rs` and `bitmap.rs` (what is hashed, and how it is stored).

mod accumulator;
mod batch;
mod bitmap;
mod changes;
mod check;
mod error;
mod key;
mod links;
mod memory;
mod mountain;
mod overlay;
mod reads;
mod rows;
mod state;
mod store;
mod table;
pub mod tables;
mod tip;
mod undo;
mod update;
mod view;

pub use batch::Batch;
pub use changes::{Change, Changes, Layered};
pub use check::Checked;
pub use error::StateError;
pub use key::TableKey;
pub use memory::MemoryStore;
pub use overlay::{Overlay, Savepoint};
pub use state::State;
pub use store::{Direction, Entries, Snapshot, Store};
pub use table::{Raw, Row, Table, TableId, TableValue, prefix_end};
pub use tip::Tip;
pub use undo::{Before, UNDO_BLOCKS, Undo};
pub use update::Update;
pub use view::{Entry, View};
