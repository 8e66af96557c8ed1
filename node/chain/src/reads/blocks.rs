//! Blocks, receipts and events by what names them.

use marque_ledger::read::{events_of_id, known_event, known_events};
use marque_primitives::action::Kind;
use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::Receipt;
use marque_primitives::record::KnownEvent;
use marque_primitives::thing::Uri;
use marque_primitives::transaction::Transaction;
use marque_primitives::{Hash, Height, Position, TimeMs};
use marque_state::Snapshot;

use super::Reader;
use crate::block::{Block, Committed};
use crate::chain::read_block;
use crate::error::ChainError;
use crate::{index, tables};

/// How many accounts' reports of one event are looked through.
const MAX_ACCOUNTS: usize = 64;

/// Which block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The newest durable one; every durable block is final.
    Latest,
    /// By height.
    Height(Height),
    /// By its header's hash.
    Hash(Hash),
}

/// An event with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventAt {
    /// Its place in the ledger's sequence of events.
    pub position: Position,
    /// The hash that entries and the header's events root hold.
    pub hash: Hash,
    /// The event.
    pub event: Event,
    /// The event that declared it to be an error.
    pub declared: Option<Position>,
}

impl Reader {
    fn height_of(&self, at: At) -> Result<Option<u64>, ChainError> {
        Ok(match at {
            At::Latest => Some(self.head().height().0),
            At::Height(height) => Some(height.0).filter(|height| *height <= self.head().height().0),
            At::Hash(hash) => tables::HEIGHTS.get(self.snapshot(), &hash.0)?,
        })
    }

    /// A block's header, certificate and spans.
    ///
    /// # Errors
    /// When the store fails; so for every method of a reader.
    pub fn committed(&self, at: At) -> Result<Option<Committed>, ChainError> {
        match self.height_of(at)? {
            Some(height) if height == self.head().height().0 => Ok(Some(self.head().clone())),
            Some(height) => read_block(self.snapshot(), height).map(Some),
            None => Ok(None),
        }
    }

    /// A block with its transactions.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn block(&self, at: At) -> Result<Option<Block>, ChainError> {
        let Some(committed) = self.committed(at)? else {
            return Ok(None);
        };
        let height = committed.height().0;
        let missing = ChainError::Damaged {
            height,
            what: "the block's transactions are missing",
        };
        let transactions = tables::BODIES
            .get(self.snapshot(), &height)?
            .ok_or(missing)?;
        Ok(Some(Block {
            header: committed.signed.header,
            transactions,
        }))
    }

    /// The receipt of a transaction.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn receipt(&self, transaction: &Hash) -> Result<Option<Receipt>, ChainError> {
        receipt(self.snapshot(), transaction)
    }

    pub(super) fn receipt_at(&self, place: tables::Place) -> Result<Receipt, ChainError> {
        receipt_at(self.snapshot(), place)
    }

    /// A transaction that a block holds.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn transaction(&self, id: &Hash) -> Result<Option<Transaction>, ChainError> {
        let Some(Receipt { height, index, .. }) = self.receipt(id)? else {
            return Ok(None);
        };
        let missing = || ChainError::Damaged {
            height: height.0,
            what: "a transaction is missing",
        };
        let body = tables::BODIES
            .get(self.snapshot(), &height.0)?
            .ok_or_else(missing)?;
        let place = usize::try_from(index).map_err(|_| missing())?;
        let bytes = body.into_iter().nth(place).ok_or_else(missing)?;
        Transaction::decode(bytes).map(Some).map_err(|_| missing())
    }

    /// The event at a position.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn event(&self, position: Position) -> Result<Option<EventAt>, ChainError> {
        let Some(event) = tables::EVENTS.get(self.snapshot(), &position.0)? else {
            return Ok(None);
        };
        let declared = match &event.capture {
            Some(capture) => known_event(self.view(), &capture.hash, &event.account)?
                .filter(|known| known.event == position)
                .and_then(|known| known.declared),
            None => None,
        };
        let declared = declared.map(|(declaration, _)| declaration);
        Ok(Some(EventAt {
            position,
            hash: event.hash(),
            event,
            declared,
        }))
    }

    /// As [`Reader::event`], of a position that something else names.
    ///
    /// # Errors
    /// See [`Reader::committed`]; also when there is none.
    pub fn event_there(&self, position: Position) -> Result<EventAt, ChainError> {
        let missing = ChainError::Damaged {
            height: self.head().height().0,
            what: "an event is missing",
        };
        self.event(position)?.ok_or(missing)
    }

    /// A captured event by its CBV hash: every account that reported it has its own, and the
    /// first one that was more than an observation is meant, else the first.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn event_by_hash(&self, hash: &Hash) -> Result<Option<EventAt>, ChainError> {
        self.foremost(known_events(self.view(), hash, MAX_ACCOUNTS)?)
    }

    /// A captured event by its eventID; as [`Reader::event_by_hash`].
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn event_by_id(&self, id: &Uri) -> Result<Option<EventAt>, ChainError> {
        self.foremost(events_of_id(self.view(), id, MAX_ACCOUNTS)?)
    }

    fn foremost(&self, mut known: Vec<KnownEvent>) -> Result<Option<EventAt>, ChainError> {
        known.sort_unstable_by_key(|known| known.event);
        let mut first = None;
        for known in known {
            let event = self.event_there(known.event)?;
            if event.event.kind != Kind::Observe {
                return Ok(Some(event));
            }
            first.get_or_insert(event);
        }
        Ok(first)
    }

    /// The history entry at a position.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn entry(&self, position: Position) -> Result<Option<Entry>, ChainError> {
        Ok(tables::ENTRIES.get(self.snapshot(), &position.0)?)
    }

    pub(super) fn entry_there(&self, position: Position) -> Result<Entry, ChainError> {
        let missing = ChainError::Damaged {
            height: self.head().height().0,
            what: "a history entry is missing",
        };
        self.entry(position)?.ok_or(missing)
    }

    /// The entries of one event, in order.
    ///
    /// # Errors
    /// See [`Reader::committed`].
    pub fn entries_of(&self, event: Position) -> Result<Vec<(Position, Entry)>, ChainError> {
        let Some(height) = tables::EVENTS
            .get(self.snapshot(), &event.0)?
            .map(|event| event.height)
        else {
            return Ok(Vec::new());
        };
        let spans = read_block(self.snapshot(), height.0)?.spans;
        let (mut low, mut high) = (spans.entries.start, spans.entries.end);
        // Entries stand in order of their events.
        while low < high {
            let middle = low.midpoint(high);
            if self.entry_there(Position(middle))?.event < event {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        let mut found = Vec::new();
        for position in low..spans.entries.end {
            let entry = self.entry_there(Position(position))?;
            if entry.event != event {
                break;
            }
            found.push((Position(position), entry));
        }
        Ok(found)
    }

    /// The first height, up to one above the head, whose block has a time not below `time`.
    pub(super) fn height_from(&self, time: TimeMs) -> Result<u64, ChainError> {
        let (mut low, mut high) = (0, self.head().height().0.saturating_add(1));
        while low < high {
            let middle = low.midpoint(high);
            if read_block(self.snapshot(), middle)?.time() < time {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

/// The receipt of a transaction, if a block of the snapshot holds it.
pub(crate) fn receipt(
    snapshot: &dyn Snapshot,
    transaction: &Hash,
) -> Result<Option<Receipt>, ChainError> {
    for place in index::find_id(snapshot, transaction)? {
        let receipt = receipt_at(snapshot, place?)?;
        if receipt.transaction == *transaction {
            return Ok(Some(receipt));
        }
    }
    Ok(None)
}

fn receipt_at(snapshot: &dyn Snapshot, place: tables::Place) -> Result<Receipt, ChainError> {
    let missing = ChainError::Damaged {
        height: place.0,
        what: "a receipt is missing",
    };
    tables::RECEIPTS.get(snapshot, &place)?.ok_or(missing)
}
