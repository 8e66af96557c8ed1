//! Questions about what is durable. Everything that one [`Reader`] answers is of one block.
//!
//! - `blocks.rs`: headers, blocks, receipts, events by position, hash or id.
//! - `trace.rs`: the journey of one thing; `timeline.rs` gathers it.
//! - `proof.rs`: what proves how a thing stands.
//! - `events.rs`, `refusals.rs`: queries by terms; `query.rs` is what they share.
//! - `holdings.rs`: what parties hold, offer and are offered; `lots.rs`: lots and what became
//!   of them; `registry.rs`: lists.
//!
//! Lists come in pages; a cursor is opaque and belongs to its list.

mod blocks;
mod events;
mod holdings;
mod lots;
mod page;
mod proof;
mod query;
mod refusals;
mod registry;
mod timeline;
mod trace;

use std::sync::Arc;

use marque_primitives::Height;
use marque_state::{Snapshot, State, View};

use crate::application::Durable;
use crate::block::Committed;
use crate::chain::read_block;
use crate::error::ChainError;

pub(crate) use blocks::receipt;
pub use blocks::{At, EventAt};
pub use events::EventQuery;
pub use holdings::{Held, HoldingFilter, OfferAt, Side};
pub use lots::{LotLink, Reached, Way};
pub use page::{Cursor, Page, PageRequest};
pub use proof::ItemProof;
pub use query::Span;
pub use refusals::{RefusalQuery, Refused};
pub use registry::{ListFilter, Listed};
pub use trace::{Source, TraceLine, TraceOf};

/// A consistent view of one durable block.
pub struct Reader {
    durable: Arc<Durable>,
    /// An earlier block and the state after it, if that was asked for.
    past: Option<(Committed, State)>,
}

impl Reader {
    pub(crate) fn new(durable: Arc<Durable>) -> Self {
        Self {
            durable,
            past: None,
        }
    }

    pub(crate) fn at(mut self, height: Height) -> Result<Self, ChainError> {
        let state = self.durable.state.at(height.0)?;
        let committed = read_block(self.snapshot(), height.0)?;
        self.past = Some((committed, state));
        Ok(self)
    }

    /// The block that the reader speaks of: the newest durable one, or the earlier one that it
    /// was made for.
    #[must_use]
    pub fn head(&self) -> &Committed {
        self.past
            .as_ref()
            .map_or(&self.durable.committed, |(committed, _)| committed)
    }

    /// The state after that block, for [`marque_ledger::read`] and for proofs.
    #[must_use]
    pub fn state(&self) -> &State {
        self.past
            .as_ref()
            .map_or(&self.durable.state, |(_, state)| state)
    }

    /// The same as a view.
    #[must_use]
    pub fn view(&self) -> &dyn View {
        self.state()
    }

    /// All tables as of the head: for copies.
    #[must_use]
    pub fn snapshot(&self) -> &dyn Snapshot {
        &**self.durable.snapshot()
    }
}
