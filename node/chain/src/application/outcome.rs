//! What executing a block gave.

use std::sync::Arc;

use marque_primitives::header::Header;
use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::Receipt;
use marque_primitives::transaction::Transaction;
use marque_primitives::{Hash, Height, Position, TimeMs};
use marque_state::Update;

use crate::block::Block;
use crate::index::LinkChanges;

/// A block, as what follows it names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockId {
    /// Its height.
    pub height: Height,
    /// Its header's hash.
    pub hash: Hash,
    /// Its time.
    pub time: TimeMs,
}

/// An executed block that is not durable yet. Nothing of it may leave the node.
pub struct Outcome {
    pub(super) header: Header,
    pub(super) hash: Hash,
    pub(super) transactions: Vec<Arc<Transaction>>,
    pub(super) receipts: Vec<Arc<Receipt>>,
    pub(super) encoded_receipts: Vec<Vec<u8>>,
    pub(super) entries: Vec<(Position, Entry)>,
    pub(super) events: Vec<(Position, Event)>,
    pub(super) links: LinkChanges,
    pub(super) update: Update,
}

impl Outcome {
    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The block as its children name it.
    #[must_use]
    pub fn id(&self) -> BlockId {
        BlockId {
            height: self.header.height,
            hash: self.hash,
            time: self.header.time,
        }
    }

    /// The transactions, in order.
    #[must_use]
    pub fn transactions(&self) -> &[Arc<Transaction>] {
        &self.transactions
    }

    /// The block for a proposal.
    #[must_use]
    pub fn to_block(&self) -> Block {
        let transactions = self
            .transactions
            .iter()
            .map(|transaction| transaction.bytes().to_vec());
        Block {
            header: self.header.clone(),
            transactions: transactions.collect(),
        }
    }

    pub(crate) fn receipts(&self) -> &[Arc<Receipt>] {
        &self.receipts
    }

    pub(crate) fn encoded_receipts(&self) -> &[Vec<u8>] {
        &self.encoded_receipts
    }

    pub(crate) fn entries(&self) -> &[(Position, Entry)] {
        &self.entries
    }

    pub(crate) fn events(&self) -> &[(Position, Event)] {
        &self.events
    }

    pub(crate) fn links(&self) -> &LinkChanges {
        &self.links
    }

    pub(crate) fn update(&self) -> &Update {
        &self.update
    }
}
