//! Who waits for which receipt.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use marque_primitives::Hash;
use marque_primitives::receipt::Receipt;
use tokio::sync::oneshot;

use crate::error::{ChainError, SubmitError};

/// What a waiter gets: the receipt, or why there will be none.
pub(crate) type Answer = Result<Arc<Receipt>, SubmitError>;

#[derive(Default)]
pub(crate) struct Waiters(Mutex<HashMap<Hash, Vec<oneshot::Sender<Answer>>>>);

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Vec<oneshot::Sender<Answer>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to wait. To miss nothing, look for the receipt only after this.
    pub(crate) fn register(&self, id: Hash) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        self.lock().entry(id).or_default().push(sender);
        receiver
    }

    /// Forgets the waiters of a transaction that have gone.
    pub(crate) fn forget_gone(&self, id: &Hash) {
        let mut waiters = self.lock();
        if let Some(waiting) = waiters.get_mut(id) {
            waiting.retain(|sender| !sender.is_closed());
            if waiting.is_empty() {
                waiters.remove(id);
            }
        }
    }

    /// Tells the waiters of one transaction.
    pub(crate) fn answer(&self, id: &Hash, answer: Answer) {
        let waiting = self.lock().remove(id);
        for sender in waiting.into_iter().flatten() {
            // One that has gone needs no answer.
            let _ = sender.send(answer.clone());
        }
    }

    /// Tells the waiters of a block's transactions.
    pub(crate) fn answer_all<'a>(&self, receipts: impl IntoIterator<Item = &'a Arc<Receipt>>) {
        let mut waiters = self.lock();
        if waiters.is_empty() {
            return;
        }
        let waiting: Vec<_> = receipts
            .into_iter()
            .filter_map(|receipt| Some((receipt, waiters.remove(&receipt.transaction)?)))
            .collect();
        drop(waiters);
        for (receipt, senders) in waiting {
            for sender in senders {
                let _ = sender.send(Ok(receipt.clone()));
            }
        }
    }

    /// Tells everyone that no receipt will come from here.
    pub(crate) fn stop(&self, error: &ChainError) {
        let waiting = std::mem::take(&mut *self.lock());
        for sender in waiting.into_values().flatten() {
            let _ = sender.send(Err(error.clone().into()));
        }
    }
}
