//! Who waits for which receipt.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use marque_primitives::Hash;
use marque_primitives::receipt::Receipt;
use tokio::sync::oneshot;

use crate::error::{ChainError, SubmitError};

/// Calls that may wait for one receipt.
const MOST: usize = 256;

/// What a waiter gets: the receipt, or why there will be none.
pub(crate) type Answer = Result<Arc<Receipt>, SubmitError>;

#[derive(Default)]
struct Inner {
    waiting: HashMap<Hash, Vec<oneshot::Sender<Answer>>>,
    /// Why no receipt comes any more.
    stopped: Option<ChainError>,
}

#[derive(Clone, Default)]
pub(crate) struct Waiters(Arc<Mutex<Inner>>);

/// A place among those who wait for a receipt; dropping it gives the place up.
pub(crate) struct Place {
    waiters: Waiters,
    id: Hash,
    receiver: oneshot::Receiver<Answer>,
}

impl Place {
    pub(crate) async fn answer(mut self) -> Answer {
        let answer = (&mut self.receiver).await;
        answer.unwrap_or(Err(ChainError::Stopped.into()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.receiver.close();
        self.waiters.forget_gone(&self.id);
    }
}

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to wait. To miss nothing, look for the receipt only after this.
    pub(crate) fn register(&self, id: Hash) -> Result<Place, SubmitError> {
        let mut inner = self.lock();
        if let Some(stopped) = &inner.stopped {
            return Err(stopped.clone().into());
        }
        let waiting = inner.waiting.entry(id).or_default();
        if waiting.len() >= MOST {
            return Err(SubmitError::Watched { allowed: MOST });
        }
        let (sender, receiver) = oneshot::channel();
        waiting.push(sender);
        Ok(Place {
            waiters: self.clone(),
            id,
            receiver,
        })
    }

    fn forget_gone(&self, id: &Hash) {
        let mut inner = self.lock();
        if let Some(waiting) = inner.waiting.get_mut(id) {
            waiting.retain(|sender| !sender.is_closed());
            if waiting.is_empty() {
                inner.waiting.remove(id);
            }
        }
    }

    /// Tells the waiters of one transaction.
    pub(crate) fn answer(&self, id: &Hash, answer: Answer) {
        let waiting = self.lock().waiting.remove(id);
        for sender in waiting.into_iter().flatten() {
            // One that has gone needs no answer.
            let _ = sender.send(answer.clone());
        }
    }

    /// Tells the waiters of a block's transactions.
    pub(crate) fn answer_all<'a>(&self, receipts: impl IntoIterator<Item = &'a Arc<Receipt>>) {
        let mut inner = self.lock();
        if inner.waiting.is_empty() {
            return;
        }
        let waiting: Vec<_> = receipts
            .into_iter()
            .filter_map(|receipt| Some((receipt, inner.waiting.remove(&receipt.transaction)?)))
            .collect();
        drop(inner);
        for (receipt, senders) in waiting {
            for sender in senders {
                let _ = sender.send(Ok(receipt.clone()));
            }
        }
    }

    /// Tells everyone, now and from now on, that no receipt will come from here.
    pub(crate) fn stop(&self, error: &ChainError) {
        let mut inner = self.lock();
        inner.stopped.get_or_insert_with(|| error.clone());
        let waiting = std::mem::take(&mut inner.waiting);
        drop(inner);
        for sender in waiting.into_values().flatten() {
            let _ = sender.send(Err(error.clone().into()));
        }
    }

    /// Calls that wait.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.lock().waiting.values().map(Vec::len).sum()
    }
}
