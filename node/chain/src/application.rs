//! What every consensus driver drives: it executes blocks, keeps them, and makes the decided
//! one durable.
//!
//! Outcomes are cached by header hash until a block of their height is durable. A block may be
//! executed on an outcome that is not durable yet; the state it stands on is the durable state
//! under the updates in between.

mod execute;
mod outcome;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use marque_ledger::Ledger;
use marque_primitives::genesis::Genesis;
use marque_primitives::{Hash, Height, TimeMs};
use marque_proof::{Certificate, SignedHeader, Validator};
use marque_state::{Batch, Snapshot, State, Store};
use tokio::sync::broadcast;

use crate::block::{Block, Committed};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::ChainError;
use crate::gate::Gate;
use crate::pool::{Pool, Wake};
use crate::trial::CodeTrial;
use crate::{tables, write};

pub(crate) use execute::verified;
pub use outcome::{BlockId, Outcome};

/// How often a proposer that has nothing to do looks for what waits in vain.
const TICK: Duration = Duration::from_millis(500);

/// The newest durable block and the state after it.
pub(crate) struct Durable {
    pub(crate) committed: Committed,
    pub(crate) state: State,
}

impl Durable {
    pub(crate) fn id(&self) -> BlockId {
        BlockId {
            height: self.committed.height(),
            hash: self.committed.hash,
            time: self.committed.time(),
        }
    }

    pub(crate) fn snapshot(&self) -> &Arc<dyn Snapshot> {
        self.state.snapshot()
    }
}

struct Head {
    durable: Arc<Durable>,
    /// By header hash: what was executed above the durable block.
    outcomes: HashMap<Hash, Arc<Outcome>>,
}

pub(crate) struct Shared {
    pub(crate) genesis: Genesis,
    pub(crate) genesis_hash: Hash,
    pub(crate) validators_hash: Hash,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Config,
    pub(crate) pool: Pool,
    /// Before reads that run contracts.
    pub(crate) gate: Gate,
    /// Before code is let into the pool; see [`crate::Chain::try_code_with`].
    pub(crate) trial: OnceLock<CodeTrial>,
    /// Gone once the chain has stopped, so that subscribers learn of it.
    heads: Mutex<Option<broadcast::Sender<Arc<Committed>>>>,
    head: Mutex<Head>,
    fault: OnceLock<ChainError>,
}

/// The application behind a driver of consensus. Cloning it copies a pointer.
#[derive(Clone)]
pub struct Application(pub(crate) Arc<Shared>);

/// See [`Application::stop_on_panic`].
pub struct StopOnPanic(Application);

impl Drop for StopOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop(&ChainError::Panicked);
        }
    }
}

/// The validators as verifiers know them.
pub(crate) fn proof_validators(genesis: &Genesis) -> Vec<Validator> {
    let validators = genesis.validators.iter();
    validators
        .map(|validator| Validator {
            key: validator.key.0,
            power: validator.power,
        })
        .collect()
}

impl Shared {
    pub(crate) fn new(
        genesis: Genesis,
        ledger: Arc<Ledger>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        config: Config,
        durable: Durable,
    ) -> Self {
        Self {
            genesis_hash: genesis.hash(),
            validators_hash: marque_primitives::genesis::validators_hash(&genesis.validators),
            gate: Gate::of(ledger.vm().stacks()),
            trial: OnceLock::new(),
            ledger,
            store,
            clock,
            config,
            pool: Pool::new(config.pool, durable.committed.height().0),
            heads: Mutex::new(Some(broadcast::Sender::new(config.feed.max(1)))),
            head: Mutex::new(Head {
                durable: Arc::new(durable),
                outcomes: HashMap::new(),
            }),
            fault: OnceLock::new(),
            genesis,
        }
    }

    fn head(&self) -> MutexGuard<'_, Head> {
        // Pointers are copied under the lock, nothing else.
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest durable block, unless the chain has stopped by a fault.
    pub(crate) fn durable(&self) -> Result<Arc<Durable>, ChainError> {
        match self.fault.get() {
            Some(fault) => Err(fault.clone()),
            None => Ok(self.head().durable.clone()),
        }
    }

    /// Heads as they become durable; closed at once if the chain has stopped.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Committed>> {
        match &*self.heads.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(heads) => heads.subscribe(),
            None => broadcast::channel(1).1,
        }
    }

    pub(crate) fn fault(&self) -> Option<&ChainError> {
        self.fault.get()
    }
}

impl Application {
    /// What the chain began with.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.0.genesis
    }

    /// The genesis hash, part of every vote.
    #[must_use]
    pub fn genesis_hash(&self) -> Hash {
        self.0.genesis_hash
    }

    /// The clock's time.
    #[must_use]
    pub fn now(&self) -> TimeMs {
        self.0.clock.now()
    }

    /// The newest durable block.
    #[must_use]
    pub fn durable(&self) -> BlockId {
        self.0.head().durable.id()
    }

    /// Waits until there is something to propose, at most for `time`. What waits in vain
    /// meanwhile is told so.
    #[must_use]
    pub(crate) fn wait(&self, time: Option<Duration>) -> Wake {
        let mut left = time.unwrap_or(Duration::MAX);
        loop {
            let part = left.min(TICK);
            let wake = self.0.pool.wait(part);
            left = left.saturating_sub(part);
            if wake != Wake::Time || left.is_zero() {
                return wake;
            }
            self.0.pool.sweep(self.now());
        }
    }

    /// Whether nothing is taken any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.pool.is_closed()
    }

    /// Checks a header's certificate against the validators.
    ///
    /// # Errors
    /// [`ChainError::Header`] says what is wrong with it.
    pub fn verify(&self, signed: &SignedHeader) -> Result<(), ChainError> {
        let validators = proof_validators(&self.0.genesis);
        let verified = signed.verify(&self.0.genesis_hash.0, &validators);
        verified.map_err(|cause| ChainError::Header {
            height: signed.header.height.0,
            cause,
        })
    }

    /// Stops the chain by a fault: nothing is taken or answered any more. The first fault is
    /// the one that is shown.
    pub fn stop(&self, fault: &ChainError) {
        if self.0.fault.set(fault.clone()).is_ok() {
            tracing::error!(%fault, "the chain has stopped");
        }
        self.end(fault);
    }

    /// Stops the chain if the thread that holds this panics: a driver holds one on each of its
    /// threads, so that none goes on without another.
    #[must_use]
    pub fn stop_on_panic(&self) -> StopOnPanic {
        StopOnPanic(self.clone())
    }

    /// Tells everyone who waits that nothing more comes.
    pub(crate) fn end(&self, why: &ChainError) {
        self.0.pool.close();
        self.0.pool.waiters.stop(why);
        self.0
            .heads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    /// Blocks that were kept above the durable one, lowest first: what a crash left undecided.
    ///
    /// # Errors
    /// When the store fails.
    pub fn kept(&self) -> Result<Vec<Block>, ChainError> {
        let durable = self.0.head().durable.clone();
        let from = (durable.committed.height().0.saturating_add(1), [0; 32]);
        let rows = tables::PROPOSALS.range(
            &**durable.snapshot(),
            std::ops::Bound::Included(&from),
            std::ops::Bound::Unbounded,
            marque_state::Direction::Ascending,
        )?;
        rows.map(|row| Ok(row?.1)).collect()
    }

    /// The hash of a durable block.
    pub(crate) fn hash_at(&self, height: Height) -> Result<Hash, ChainError> {
        let durable = self.0.head().durable.clone();
        Ok(crate::chain::read_block(&**durable.snapshot(), height.0)?.hash)
    }

    /// An outcome by its header's hash.
    #[must_use]
    pub fn outcome(&self, hash: &Hash) -> Option<Arc<Outcome>> {
        self.0.head().outcomes.get(hash).cloned()
    }

    /// One durable batch: a decided block, and the body of one that may be signed after it. Then
    /// whoever waits for the decided block hears of it.
    ///
    /// # Errors
    /// When the store fails, or the decided block does not follow the durable one; the chain
    /// has to stop then.
    pub fn write(
        &self,
        decided: Option<(Arc<Outcome>, Certificate)>,
        kept: Option<&Arc<Outcome>>,
    ) -> Result<(), ChainError> {
        let mut batch = Batch::new();
        if let Some(block) = kept {
            let key = (block.header().height.0, block.hash().0);
            tables::PROPOSALS.put(&mut batch, &key, &block.to_block());
        }
        let Some((outcome, certificate)) = decided else {
            self.0.store.commit(batch)?;
            return Ok(());
        };
        let durable = self.0.head().durable.clone();
        let committed = write::block(&mut batch, &durable, &outcome, certificate)?;
        self.0.store.commit(batch)?;
        let state = outcome.update().settle(self.0.store.snapshot()?)?;
        self.publish(Durable { committed, state }, &outcome);
        Ok(())
    }

    fn publish(&self, durable: Durable, outcome: &Outcome) {
        let height = durable.committed.height();
        let time = durable.committed.time();
        let committed = Arc::new(durable.committed.clone());
        let mut head = self.0.head();
        let former = std::mem::replace(&mut head.durable, Arc::new(durable));
        head.outcomes
            .retain(|_, outcome| outcome.header().height > height);
        drop(head);
        // Admission waits for this: the pool must know of the new head at once.
        self.0.pool.settle(height.0, time, outcome.transactions());
        drop(former);
        // Before the receipts: who has one and listens from then on hears of later blocks only.
        if let Some(heads) = &*self.0.heads.lock().unwrap_or_else(PoisonError::into_inner) {
            // Nobody may be listening.
            let _ = heads.send(committed);
        }
        self.0.pool.waiters.answer_all(outcome.receipts());
    }

    fn remember(&self, outcome: Outcome) -> Arc<Outcome> {
        let outcome = Arc::new(outcome);
        self.0
            .head()
            .outcomes
            .insert(outcome.hash(), outcome.clone());
        outcome
    }

    /// The state after a block that is durable or was executed here; `None` for any other.
    fn state_after(&self, hash: &Hash) -> Option<(BlockId, State)> {
        let head = self.0.head();
        let durable = head.durable.clone();
        let mut above = Vec::new();
        let mut at = *hash;
        while at != durable.committed.hash {
            let outcome = head.outcomes.get(&at)?.clone();
            at = outcome.header().parent;
            above.push(outcome);
        }
        drop(head);
        let id = above.first().map_or(durable.id(), |outcome| outcome.id());
        let mut state = durable.state.clone();
        while let Some(outcome) = above.pop() {
            state = state.ahead(outcome.update());
        }
        Some((id, state))
    }

    /// The heights above `parent`'s.
    fn height_after(parent: &BlockId) -> Result<Height, ChainError> {
        let damaged = ChainError::Damaged {
            height: parent.height.0,
            what: "heights have ended",
        };
        parent.height.next().ok_or(damaged)
    }
}
