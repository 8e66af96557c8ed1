//! Taking transactions.

use std::sync::Arc;

use marque_ledger::Invalid;
use marque_primitives::Hash;
use marque_primitives::receipt::Receipt;
use marque_primitives::transaction::Transaction;

use super::Chain;
use crate::error::{ChainError, SubmitError};
use crate::pool::{Place, Refused};
use crate::reads;
use crate::trial;

/// From this size on, decoding is work.
const LARGE: usize = 64 << 10;

/// What became of a submitted transaction.
enum Taken {
    /// It waits for a block, now or since before.
    Waits,
    /// A durable block holds it.
    Committed,
}

/// A transaction that was taken, and its receipt to come.
pub struct Pending {
    id: Hash,
    waits: Waits,
}

enum Waits {
    Found(Arc<Receipt>),
    For(Place),
}

impl Pending {
    /// The transaction's id.
    #[must_use]
    pub fn id(&self) -> Hash {
        self.id
    }

    /// Waits until a durable block holds it.
    ///
    /// # Errors
    /// Why it never got into a block.
    pub async fn receipt(self) -> Result<Arc<Receipt>, SubmitError> {
        match self.waits {
            Waits::Found(receipt) => Ok(receipt),
            Waits::For(place) => place.answer().await,
        }
    }
}

impl Chain {
    /// Takes a signed transaction (body bytes, then 65 bytes of signature) and gives back its
    /// id. One that is known, waiting or in a block, gives the same id again.
    ///
    /// The signature is checked on the caller's thread, some 70 µs of work: an async task may
    /// call this as it is, but for bytes that [take long](Self::takes_long).
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn submit(&self, bytes: Vec<u8>) -> Result<Hash, SubmitError> {
        let transaction = Arc::new(Transaction::decode(bytes)?);
        let id = transaction.id();
        self.take(transaction)?;
        Ok(id)
    }

    /// The same, and waits until a durable block holds it: as long as that takes.
    ///
    /// # Errors
    /// Why it was not taken, or why it never got into a block.
    pub async fn submit_and_wait(&self, bytes: Vec<u8>) -> Result<Arc<Receipt>, SubmitError> {
        self.send(bytes)?.receipt().await
    }

    /// The same, for who wants to stop waiting: dropping what this gives back is enough. The
    /// transaction goes its way all the same.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn send(&self, bytes: Vec<u8>) -> Result<Pending, SubmitError> {
        let transaction = Arc::new(Transaction::decode(bytes)?);
        let id = transaction.id();
        let known = self.shared().pool.knows(&id);
        let place = self.shared().pool.waiters.register(id)?;
        let taken = self.take(transaction)?;
        // A block may have become durable between the look at the pool and the registration.
        if (known || matches!(taken, Taken::Committed))
            && let Some(found) = self.reader()?.receipt(&id)?
        {
            let waits = Waits::Found(Arc::new(found));
            return Ok(Pending { id, waits });
        }
        let waits = Waits::For(place);
        Ok(Pending { id, waits })
    }

    /// Whether taking these bytes is work for a blocking thread: they are many, or bring code,
    /// which is tried first.
    #[must_use]
    pub fn takes_long(bytes: &[u8]) -> bool {
        bytes.len() > LARGE || trial::may_bring(bytes)
    }

    /// Whether the transaction waits for a block, or for its block to be durable.
    #[must_use]
    pub fn is_waiting(&self, id: &Hash) -> bool {
        self.shared().pool.knows(id)
    }

    fn take(&self, transaction: Arc<Transaction>) -> Result<Taken, SubmitError> {
        let shared = self.shared();
        if shared.pool.is_closed() {
            let fault = shared.fault().cloned();
            return Err(fault.unwrap_or(ChainError::Stopped).into());
        }
        if shared.pool.knows(&transaction.id()) {
            return Ok(Taken::Waits);
        }
        let mut verified = false;
        loop {
            let durable = shared.durable()?;
            let block = self.next_block(&durable.committed);
            let valid = shared.ledger.validate(
                &durable.state,
                block,
                shared.genesis_hash,
                transaction.body(),
            )?;
            let next = match valid {
                Ok(()) => transaction.body().nonce,
                Err(Invalid::NonceGap { next, .. }) => next,
                Err(Invalid::NonceTooLow { .. })
                    if reads::receipt(&**durable.snapshot(), &transaction.id())?.is_some() =>
                {
                    return Ok(Taken::Committed);
                }
                Err(invalid) => return Err(invalid.into()),
            };
            if !verified {
                transaction.verify()?;
                if let Some(trial) = shared.trial.get() {
                    trial::all(trial, transaction.body())?;
                }
                verified = true;
            }
            let height = durable.committed.height().0;
            let admitted = shared
                .pool
                .admit(transaction.clone(), next, height, shared.clock.now());
            match admitted {
                Ok(()) => return Ok(Taken::Waits),
                Err(Refused::Because(error)) => return Err(error),
                Err(Refused::Stale) => std::thread::yield_now(),
            }
        }
    }
}
