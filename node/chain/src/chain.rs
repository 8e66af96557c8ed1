//! A running chain: what the node's other parts hold.

mod open;
mod submit;

pub(crate) use open::read as read_block;
pub use submit::Pending;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use ed25519_dalek::SigningKey;
use marque_ledger::{BlockInfo, DryRun, Invalid, Ledger};
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::genesis::Genesis;
use marque_primitives::refusal::Refusal;
use marque_primitives::transaction::Body;
use marque_primitives::{Address, Hash, Height, Lane, Nonce, TimeMs};
use marque_state::Store;
use tokio::sync::broadcast;

use crate::application::{Application, Shared};
use crate::block::Committed;
use crate::clock::Clock;
use crate::config::Config;
use crate::consensus::{Consensus, Solo};
use crate::error::ChainError;
use crate::reads::Reader;
use crate::trial::CodeTrial;

/// A chain that runs. Cloning it copies a pointer; it stops with [`Chain::shutdown`], or when
/// the last clone is dropped.
#[derive(Clone)]
pub struct Chain(Arc<Running>);

struct Running {
    application: Application,
    driver: Mutex<Option<JoinHandle<()>>>,
}

/// How a chain is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The newest durable block.
    pub height: Height,
    /// Transactions that wait or are in flight.
    pub pool_transactions: usize,
    /// Their bytes.
    pub pool_bytes: usize,
    /// Why the chain has stopped, if it has.
    pub fault: Option<String>,
}

impl Chain {
    /// Opens a solo chain: makes or checks its genesis, verifies the head, finishes what a crash
    /// left, and begins to make blocks.
    ///
    /// # Errors
    /// When the store fails or holds something else, or the key is not the validator's.
    pub fn open(
        store: Arc<dyn Store>,
        genesis: Genesis,
        ledger: Arc<Ledger>,
        clock: Arc<dyn Clock>,
        validator: SigningKey,
        config: Config,
    ) -> Result<Self, ChainError> {
        let driver = Solo::new(validator, &genesis)?;
        Self::with(store, genesis, ledger, clock, Box::new(driver), config)
    }

    /// The same with any driver of consensus.
    ///
    /// # Errors
    /// When the store fails or holds something else.
    pub fn with(
        store: Arc<dyn Store>,
        genesis: Genesis,
        ledger: Arc<Ledger>,
        clock: Arc<dyn Clock>,
        mut driver: Box<dyn Consensus>,
        config: Config,
    ) -> Result<Self, ChainError> {
        let durable = open::durable(&*store, &genesis)?;
        let application = Application(Arc::new(Shared::new(
            genesis, ledger, store, clock, config, durable,
        )));
        driver.prepare(&application)?;
        let ending = Ending(application.clone());
        let driver = std::thread::Builder::new()
            .name("marque-chain".into())
            .spawn(move || {
                let _guard = ending.0.stop_on_panic();
                if let Err(fault) = driver.run(ending.0.clone()) {
                    ending.0.stop(&fault);
                }
            });
        let driver = driver.map_err(|error| ChainError::Threads(Arc::new(error)))?;
        Ok(Self(Arc::new(Running {
            application,
            driver: Mutex::new(Some(driver)),
        })))
    }

    /// Has code tried before transactions that bring it are let into the pool; without, only
    /// execution judges it. Given once: a later one is ignored.
    pub fn try_code_with(&self, trial: CodeTrial) {
        let _ = self.shared().trial.set(trial);
    }

    fn shared(&self) -> &Shared {
        &self.0.application.0
    }

    /// What the chain began with.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.shared().genesis
    }

    /// The chain's name in every transaction.
    #[must_use]
    pub fn genesis_hash(&self) -> Hash {
        self.shared().genesis_hash
    }

    /// The ledger, for what else it can do.
    #[must_use]
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.shared().ledger
    }

    /// A consistent view of the newest durable block. It keeps the engine's old pages alive:
    /// hold it for one request.
    ///
    /// # Errors
    /// If the chain has stopped by a fault.
    pub fn reader(&self) -> Result<Reader, ChainError> {
        Ok(Reader::new(self.shared().durable()?))
    }

    /// A reader whose state is that after an earlier block, one of the last 256.
    ///
    /// # Errors
    /// [`marque_state::StateError::NotKept`] for other heights, or a fault.
    pub fn reader_at(&self, height: Height) -> Result<Reader, ChainError> {
        Reader::new(self.shared().durable()?).at(height)
    }

    /// The receipt that a body would get in the block after the reader's, with what contracts
    /// logged, or why no block could hold it; nothing is kept, and nonces don't matter. Runs
    /// contracts: not for an async task.
    ///
    /// # Errors
    /// A fault of the node.
    pub fn dry_run(
        &self,
        reader: &Reader,
        body: &Body,
    ) -> Result<Result<DryRun, Invalid>, ChainError> {
        let _room = self.shared().gate.enter();
        let (state, block) = (reader.state(), self.next_block(reader.head()));
        let ledger = &self.shared().ledger;
        Ok(ledger.dry_run(state, block, self.genesis_hash(), body)?)
    }

    /// The same with all rights of the account, whichever keys it has: what it could do.
    ///
    /// # Errors
    /// A fault of the node.
    pub fn dry_run_for_account(&self, reader: &Reader, body: &Body) -> Result<DryRun, ChainError> {
        let _room = self.shared().gate.enter();
        let (state, block) = (reader.state(), self.next_block(reader.head()));
        let ledger = &self.shared().ledger;
        Ok(ledger.dry_run_for_account(state, block, body)?)
    }

    /// A contract's answer from the reader's state, in its own encoding, or why there is none.
    /// Runs contracts: not for an async task.
    ///
    /// # Errors
    /// A fault of the node.
    pub fn query(
        &self,
        reader: &Reader,
        contract: Address,
        name: &Text<64>,
        args: Bytes<65536>,
    ) -> Result<Result<Vec<u8>, Refusal>, ChainError> {
        let _room = self.shared().gate.enter();
        let (state, block) = (reader.state(), self.next_block(reader.head()));
        let ledger = &self.shared().ledger;
        Ok(ledger.query(state, block, contract, name, args)?)
    }

    fn next_block(&self, head: &Committed) -> BlockInfo {
        let time = self.shared().clock.now().max(head.time().plus(1));
        BlockInfo {
            height: Height(head.height().0.saturating_add(1)),
            time,
        }
    }

    /// The next nonce of a lane, waiting transactions counted.
    ///
    /// # Errors
    /// A fault of the node.
    pub fn next_nonce(
        &self,
        account: &Address,
        key: &Address,
        lane: Lane,
    ) -> Result<Nonce, ChainError> {
        let waiting = self.shared().pool.next_nonce(account, key, lane);
        let durable = self.shared().durable()?;
        let next = marque_ledger::read::next_nonce(&durable.state, account, key, lane)?;
        Ok(waiting.map_or(next, |waiting| waiting.max(next)))
    }

    /// Blocks as they become durable. A subscriber that lags too far is told how many it missed,
    /// and reads them with [`Reader::committed`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Committed>> {
        self.shared().subscribe()
    }

    /// Makes a block, even an empty one, if the newest is older than `age` milliseconds, and
    /// waits until it is durable: for proofs that are to speak of now.
    ///
    /// # Errors
    /// If the chain stops meanwhile.
    pub async fn refresh(&self, age: u64) -> Result<(), ChainError> {
        let mut heads = self.subscribe();
        let old = |time: TimeMs| time.plus(age) < self.shared().clock.now();
        let mut time = self.shared().durable()?.committed.time();
        while old(time) {
            self.shared().pool.want_block();
            time = match heads.recv().await {
                Ok(head) => head.time(),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    self.shared().durable()?.committed.time()
                }
                Err(broadcast::error::RecvError::Closed) => return Err(ChainError::Stopped),
            };
        }
        Ok(())
    }

    /// How the chain is doing; answers even after a fault.
    #[must_use]
    pub fn status(&self) -> Status {
        let (pool_transactions, pool_bytes) = self.shared().pool.size();
        Status {
            height: self.0.application.durable().height,
            pool_transactions,
            pool_bytes,
            fault: self.shared().fault().map(ToString::to_string),
        }
    }

    /// Takes nothing any more, makes durable what was decided, and ends the threads.
    pub fn shutdown(&self) {
        self.0.stop();
    }
}

/// Tells everyone who waits when the driver has ended.
struct Ending(Application);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end(&ChainError::Stopped);
    }
}

impl Running {
    fn stop(&self) {
        self.application.0.pool.close();
        let driver = self
            .driver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(driver) = driver {
            // A panic in the driver was reported by its own thread.
            let _ = driver.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
