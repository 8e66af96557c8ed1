//! The driver of a chain with one validator: blocks on demand.
//!
//! Two threads. One executes: it takes what waits in the pool while at most one block waits for
//! the other, so that blocks grow with the load, neither thread idles for the other's uneven
//! pace, and an idle chain makes none. The other writes: one
//! durable batch holds the block decided before and the body of the next; only when that body
//! is durable is it signed, and only when the signed block is durable does anyone hear of it.
//! A body without a certificate is what a crash leaves, and what is signed first after it.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use marque_primitives::{Hash, TimeMs};
use marque_proof::Certificate;
use marque_proof::certificate::{CommitSignature, Vote, VoteKind};

use super::{Consensus, Watermark, watermark};
use crate::application::{Application, Outcome};
use crate::error::ChainError;
use crate::pool::Wake;

/// Executed blocks that may wait while another is written.
const AHEAD: usize = 1;

/// The only validator.
pub struct Solo {
    key: SigningKey,
    signer: u16,
    mark: Option<Mutex<Box<dyn Watermark>>>,
    accept_older: bool,
}

type Decided = (Arc<Outcome>, Certificate);

impl Solo {
    /// The driver for the validator with this key.
    ///
    /// # Errors
    /// [`ChainError::NotValidator`] if the key's power does not decide alone.
    pub fn new(
        key: SigningKey,
        genesis: &marque_primitives::genesis::Genesis,
    ) -> Result<Self, ChainError> {
        let own = Hash(key.verifying_key().to_bytes());
        let total = genesis.validators.iter().fold(0_u128, |sum, validator| {
            sum.saturating_add(validator.power.into())
        });
        let place = genesis
            .validators
            .iter()
            .position(|validator| validator.key == own);
        let power = place
            .and_then(|at| genesis.validators.get(at))
            .map_or(0, |validator| validator.power);
        let signer = place
            .and_then(|at| u16::try_from(at).ok())
            .ok_or(ChainError::NotValidator)?;
        if u128::from(power).saturating_mul(3) <= total.saturating_mul(2) {
            return Err(ChainError::NotValidator);
        }
        Ok(Self {
            key,
            signer,
            mark: None,
            accept_older: false,
        })
    }

    /// Remembers what it signs outside of the store, and refuses a store that does not know it;
    /// with `accept_older`, it goes on with such a store.
    #[must_use]
    pub fn remembering(mut self, mark: Box<dyn Watermark>, accept_older: bool) -> Self {
        self.mark = Some(Mutex::new(mark));
        self.accept_older = accept_older;
        self
    }

    fn with_mark(
        &self,
        act: impl FnOnce(&mut dyn Watermark) -> Result<(), ChainError>,
    ) -> Result<(), ChainError> {
        match &self.mark {
            Some(mark) => act(&mut **mark.lock().unwrap_or_else(PoisonError::into_inner)),
            None => Ok(()),
        }
    }

    /// Signs a block whose body is durable.
    fn sign(&self, application: &Application, block: Arc<Outcome>) -> Result<Decided, ChainError> {
        let (at, hash) = (block.header().height, block.hash());
        self.with_mark(|mark| mark.raise(at, hash).map_err(ChainError::mark))?;
        let height = block.header().height.0;
        let vote = Vote {
            genesis: application.genesis_hash().0,
            kind: VoteKind::Precommit,
            height,
            round: 0,
            header: block.hash().0,
        };
        let signature = CommitSignature {
            signer: self.signer,
            signature: vote.sign(&self.key),
        };
        let certificate = Certificate {
            height,
            round: 0,
            header: block.hash().0,
            signatures: vec![signature],
        };
        Ok((block, certificate))
    }

    /// What a crash left: a body that was kept, and perhaps signed, but not committed.
    fn resume(&self, application: &Application) -> Result<(), ChainError> {
        for block in application.kept()? {
            let height = block.header.height.0;
            let outcome = application.execute(block)?;
            let outcome = outcome.map_err(|what| ChainError::Damaged { height, what })?;
            application.write(Some(self.sign(application, outcome)?), None)?;
        }
        Ok(())
    }

    fn write(
        &self,
        application: &Application,
        blocks: &Receiver<Arc<Outcome>>,
    ) -> Result<(), ChainError> {
        let mut decided: Option<Decided> = None;
        loop {
            let next = if decided.is_none() {
                blocks.recv().map_err(|_| TryRecvError::Disconnected)
            } else {
                blocks.try_recv()
            };
            let next = match next {
                Ok(block) => Some(block),
                Err(TryRecvError::Disconnected) if decided.is_none() => return Ok(()),
                Err(_) => None,
            };
            application.write(decided.take(), next.as_ref())?;
            decided = next
                .map(|block| self.sign(application, block))
                .transpose()?;
        }
    }

    fn propose(
        &self,
        application: &Application,
        blocks: &SyncSender<Arc<Outcome>>,
    ) -> Result<(), ChainError> {
        let proposer = Hash(self.key.verifying_key().to_bytes());
        let mut parent = application.durable();
        loop {
            let age = application.now().0.saturating_sub(parent.time.0);
            let heartbeat = application.genesis().heartbeat;
            let left =
                (heartbeat > 0).then(|| Duration::from_millis(heartbeat.saturating_sub(age)));
            let wake = application.wait(left);
            if wake == Wake::Closed {
                return Ok(());
            }
            let after = TimeMs(parent.time.0.saturating_add(1));
            let time = application.now().max(after);
            let heartbeat = wake == Wake::Time;
            let Some(block) = application.propose(&parent, time, proposer, heartbeat)? else {
                continue;
            };
            parent = block.id();
            if blocks.send(block).is_err() {
                // The writer has stopped, and says why.
                return Ok(());
            }
        }
    }
}

impl Consensus for Solo {
    fn prepare(&mut self, application: &Application) -> Result<(), ChainError> {
        self.with_mark(|mark| watermark::verify(mark, application, self.accept_older))
    }

    fn run(self: Box<Self>, application: Application) -> Result<(), ChainError> {
        self.resume(&application)?;
        let (sender, receiver) = sync_channel(AHEAD);
        thread::scope(|scope| {
            let writer = thread::Builder::new().name("marque-write".into());
            let writer = writer.spawn_scoped(scope, || {
                let _guard = application.stop_on_panic();
                let written = self.write(&application, &receiver);
                // Unblocks a proposer that waits to hand over a block.
                drop(receiver);
                if let Err(fault) = &written {
                    application.stop(fault);
                }
                written
            });
            let writer = writer.map_err(|error| ChainError::Threads(Arc::new(error)))?;
            let proposed = self.propose(&application, &sender);
            drop(sender);
            let written = writer.join().unwrap_or(Err(ChainError::Panicked));
            proposed.and(written)
        })
        .and_then(|()| self.with_mark(|mark| mark.settle().map_err(ChainError::mark)))
    }
}
