//! The state as an action sees it: typed leaves, one meter, and a way back.

use crate::LedgerError;
use crate::gas;
use crate::stop::{Do, refuse};
use marque_abi::Meter;
use marque_primitives::history::{Entry, Event, Head};
use marque_primitives::record::Counters;
use marque_primitives::refusal::Invariant;
use marque_primitives::{Hash, Position, key};
use marque_state::{Changes, Overlay, Savepoint, View};
use parity_scale_codec::{DecodeAll, Encode};

/// Leaves, counters, and what the block has written to history so far.
pub(crate) struct State<'a> {
    overlay: Overlay<'a>,
    pub(crate) meter: Meter,
    pub(crate) counters: Counters,
    /// The counters before the block.
    before: Counters,
    entries: Vec<(Position, Entry)>,
    events: Vec<(Position, Event)>,
}

/// A moment to which an action can be undone. Gas is not given back.
#[derive(Clone, Copy)]
pub(crate) struct Checkpoint {
    overlay: Savepoint,
    counters: Counters,
    entries: usize,
    events: usize,
}

/// Decodes a leaf that the ledger wrote.
pub(crate) fn decode<T: DecodeAll>(what: &'static str, bytes: &[u8]) -> Result<T, LedgerError> {
    T::decode_all(&mut &*bytes).map_err(|_| LedgerError::Damaged { what })
}

impl<'a> State<'a> {
    pub(crate) fn new(view: &'a dyn View) -> Result<Self, LedgerError> {
        let counters = match view.get(&key::counters())? {
            Some(bytes) => decode("counters", &bytes)?,
            None => Counters::default(),
        };
        let overlay = Overlay::new(view);
        Ok(Self {
            overlay,
            meter: Meter::new(u64::MAX),
            counters,
            before: counters,
            entries: Vec::new(),
            events: Vec::new(),
        })
    }

    /// Takes gas for work that is about to be done.
    pub(crate) fn charge(&mut self, units: u64) -> Do<()> {
        match self.meter.charge(units) {
            Ok(()) => Ok(()),
            Err(_) => refuse(
                Invariant::OutOfGas,
                "the transaction's gas limit was reached",
            ),
        }
    }

    fn charge_bytes(&mut self, base: u64, each: u64, bytes: usize) -> Do<()> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.charge(base.saturating_add(bytes.saturating_mul(each)))
    }

    pub(crate) fn bytes(&mut self, key: &[u8]) -> Do<Option<Vec<u8>>> {
        let value = self.overlay.get(key)?;
        self.charge_bytes(
            gas::READ,
            gas::BYTE_READ,
            value.as_ref().map_or(0, Vec::len),
        )?;
        Ok(value)
    }

    /// A leaf whose reading costs nothing; for what a node may have at hand anyway.
    pub(crate) fn unmetered(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.overlay.get(key).map_err(|error| error.to_string())
    }

    pub(crate) fn get<T: DecodeAll>(&mut self, what: &'static str, key: &[u8]) -> Do<Option<T>> {
        match self.bytes(key)? {
            Some(bytes) => Ok(Some(decode(what, &bytes)?)),
            None => Ok(None),
        }
    }

    /// The leaf with the greatest key not above `key`, if it begins with `prefix`.
    pub(crate) fn at_or_before(
        &mut self,
        prefix: &[u8],
        key: &[u8],
    ) -> Do<Option<(Vec<u8>, Vec<u8>)>> {
        let found = self.overlay.at_or_before(key)?;
        self.found(prefix, found)
    }

    /// The leaf with the smallest key above `key`, if it begins with `prefix`.
    pub(crate) fn after(&mut self, prefix: &[u8], key: &[u8]) -> Do<Option<(Vec<u8>, Vec<u8>)>> {
        let found = self.overlay.after(key)?;
        self.found(prefix, found)
    }

    /// At most `limit` leaves that begin with `prefix`, ascending.
    pub(crate) fn under(&mut self, prefix: &[u8], limit: usize) -> Do<Vec<(Vec<u8>, Vec<u8>)>> {
        let found =
            self.overlay
                .scan(prefix, marque_state::prefix_end(prefix).as_deref(), limit)?;
        for (_, value) in &found {
            self.charge_bytes(gas::READ, gas::BYTE_READ, value.len())?;
        }
        Ok(found)
    }

    fn found(
        &mut self,
        prefix: &[u8],
        found: Option<(Vec<u8>, Vec<u8>)>,
    ) -> Do<Option<(Vec<u8>, Vec<u8>)>> {
        let found = found.filter(|(key, _)| key.starts_with(prefix));
        self.charge_bytes(
            gas::READ,
            gas::BYTE_READ,
            found.as_ref().map_or(0, |(_, value)| value.len()),
        )?;
        Ok(found)
    }

    pub(crate) fn put<T: Encode>(&mut self, key: &[u8], value: &T) -> Do<()> {
        self.put_bytes(key, value.encode())
    }

    pub(crate) fn put_bytes(&mut self, key: &[u8], value: Vec<u8>) -> Do<()> {
        let bytes = key.len().saturating_add(value.len());
        self.charge_bytes(gas::WRITE, gas::BYTE_WRITTEN, bytes)?;
        self.overlay.set(key, value);
        Ok(())
    }

    pub(crate) fn remove(&mut self, key: &[u8]) -> Do<()> {
        self.charge(gas::WRITE)?;
        self.overlay.remove(key);
        Ok(())
    }

    /// Writes an event; the position and hash are what its entries name.
    pub(crate) fn event(&mut self, event: Event) -> Do<(Position, Hash)> {
        let position = Position(self.counters.events);
        self.counters.events = self
            .counters
            .events
            .checked_add(1)
            .ok_or(LedgerError::Overflow)?;
        self.charge_bytes(gas::HISTORY, gas::BYTE_WRITTEN, event.encoded_size())?;
        let hash = event.hash();
        self.events.push((position, event));
        Ok((position, hash))
    }

    /// Appends an entry to the history that it names; gives back the new head.
    pub(crate) fn entry(&mut self, entry: Entry) -> Do<Head> {
        let position = Position(self.counters.entries);
        self.counters.entries = self
            .counters
            .entries
            .checked_add(1)
            .ok_or(LedgerError::Overflow)?;
        self.charge_bytes(gas::HISTORY, gas::BYTE_WRITTEN, entry.encoded_size())?;
        let length = entry
            .before
            .length
            .checked_add(1)
            .ok_or(LedgerError::Overflow)?;
        let head = Head {
            length,
            hash: entry.hash(),
            last: position,
        };
        self.entries.push((position, entry));
        Ok(head)
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            overlay: self.overlay.savepoint(),
            counters: self.counters,
            entries: self.entries.len(),
            events: self.events.len(),
        }
    }

    pub(crate) fn undo(&mut self, to: Checkpoint) {
        self.overlay.rollback_to(to.overlay);
        self.counters = to.counters;
        self.entries.truncate(to.entries);
        self.events.truncate(to.events);
    }

    /// The block's writes and history.
    #[allow(clippy::type_complexity)]
    pub(crate) fn finish(mut self) -> (Changes, Vec<(Position, Entry)>, Vec<(Position, Event)>) {
        if self.counters != self.before {
            self.overlay.set(&key::counters(), self.counters.encode());
        }
        (self.overlay.into_writes(), self.entries, self.events)
    }
}
