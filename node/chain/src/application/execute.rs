//! Proposing and checking blocks: the ledger's result, and the header that commits to it.

use std::sync::Arc;
use std::thread;

use marque_ledger::{BlockInfo, Execution, Invalid, LedgerError, Mode};
use marque_primitives::header::{Header, HeaderVersion};
use marque_primitives::transaction::Transaction;
use marque_primitives::{Hash, Height, TimeMs};
use marque_proof::{header, merkle};
use marque_state::State;
use parity_scale_codec::Encode;

use super::{Application, BlockId, Outcome};
use crate::block::Block;
use crate::config::MAX_BLOCK_BYTES;
use crate::error::ChainError;
use crate::index;

/// What a header says before anything is executed.
struct Frame {
    parent: BlockId,
    height: Height,
    time: TimeMs,
    proposer: Hash,
}

impl Application {
    /// Executes what waits in the pool as the block after `parent`, which is durable or an
    /// outcome. `None` if nothing of it can be part of a block, unless an empty block will do
    /// or was asked for.
    ///
    /// # Errors
    /// A fault of the node.
    pub fn propose(
        &self,
        parent: &BlockId,
        time: TimeMs,
        proposer: Hash,
        empty: bool,
    ) -> Result<Option<Arc<Outcome>>, ChainError> {
        let config = &self.0.config;
        let bytes = config.block_bytes.min(MAX_BLOCK_BYTES);
        let proposal = self.0.pool.take(config.block_transactions, bytes);
        let taken = proposal.transactions;
        let empty = empty || proposal.empty;
        if taken.is_empty() && !empty {
            return Ok(None);
        }
        let unknown = ChainError::Damaged {
            height: parent.height.0,
            what: "a proposal's parent is unknown",
        };
        let (parent, state) = self.state_after(&parent.hash).ok_or(unknown)?;
        let frame = Frame {
            parent,
            height: Self::height_after(&parent)?,
            time,
            proposer,
        };
        let execution = self.run(&state, &frame, &taken, Mode::Propose)?;
        self.leave_out(&taken, &execution.left_out);
        if execution.included.is_empty() && !empty {
            return Ok(None);
        }
        let included = execution
            .included
            .iter()
            .filter_map(|at| taken.get(*at))
            .cloned()
            .collect();
        let outcome = self.outcome_of(&state, &frame, included, execution)?;
        Ok(Some(self.remember(outcome)))
    }

    /// Executes a block that someone else proposed, or that a crash left; `Err` within says why
    /// it gets no vote.
    ///
    /// # Errors
    /// A fault of the node.
    pub fn execute(&self, block: Block) -> Result<Result<Arc<Outcome>, &'static str>, ChainError> {
        let hash = block.header.hash();
        if let Some(outcome) = self.outcome(&hash) {
            return Ok(Ok(outcome));
        }
        let Some((parent, state)) = self.state_after(&block.header.parent) else {
            return Ok(Err("its parent is unknown"));
        };
        let Header {
            height,
            time,
            proposer,
            ..
        } = block.header;
        if Some(height) != parent.height.next() || time <= parent.time {
            return Ok(Err("its height or time does not follow its parent's"));
        }
        let sizes = block.transactions.iter().map(Vec::len);
        if sizes.fold(0, usize::saturating_add) > MAX_BLOCK_BYTES {
            return Ok(Err("its transactions have more bytes than a block may"));
        }
        let Some(transactions) = verified(block.transactions) else {
            return Ok(Err("a transaction is malformed or its signature wrong"));
        };
        let frame = Frame {
            parent,
            height,
            time,
            proposer,
        };
        let execution = match self.run(&state, &frame, &transactions, Mode::Validate) {
            Ok(execution) => execution,
            Err(ChainError::Ledger(error))
                if matches!(*error, LedgerError::InvalidBlock { .. }) =>
            {
                return Ok(Err("it holds a transaction that its state does not allow"));
            }
            Err(fault) => return Err(fault),
        };
        let outcome = self.outcome_of(&state, &frame, transactions, execution)?;
        if *outcome.header() != block.header {
            return Ok(Err("executing it gives another header"));
        }
        Ok(Ok(self.remember(outcome)))
    }

    fn run(
        &self,
        state: &State,
        frame: &Frame,
        transactions: &[Arc<Transaction>],
        mode: Mode,
    ) -> Result<Execution, ChainError> {
        let info = BlockInfo {
            height: frame.height,
            time: frame.time,
        };
        let transactions: Vec<&Transaction> = transactions
            .iter()
            .map(|transaction| &**transaction)
            .collect();
        Ok(self
            .0
            .ledger
            .execute(state, info, self.0.genesis_hash, &transactions, mode)?)
    }

    /// What a full block or a gap left out waits again; the rest is told why it never will be.
    fn leave_out(&self, taken: &[Arc<Transaction>], left_out: &[(usize, Invalid)]) {
        let mut again = Vec::new();
        let mut never = Vec::new();
        for (at, invalid) in left_out {
            let Some(transaction) = taken.get(*at) else {
                continue;
            };
            match invalid {
                Invalid::BlockFull | Invalid::NonceGap { .. } => again.push(transaction),
                _ => never.push((transaction.clone(), *invalid)),
            }
        }
        if !again.is_empty() {
            self.0.pool.give_back(again);
        }
        if !never.is_empty() {
            self.0.pool.drop_invalid(&never);
        }
    }

    fn outcome_of(
        &self,
        state: &State,
        frame: &Frame,
        transactions: Vec<Arc<Transaction>>,
        execution: Execution,
    ) -> Result<Outcome, ChainError> {
        let (update, links) = index::prepare(state, execution.changes)?;
        let encoded: Vec<Vec<u8>> = execution.receipts.iter().map(Encode::encode).collect();
        let ids: Vec<_> = transactions
            .iter()
            .map(|transaction| transaction.id().0)
            .collect();
        let receipts: Vec<_> = encoded
            .iter()
            .map(|receipt| header::receipt_hash(receipt))
            .collect();
        let events: Vec<_> = execution
            .events
            .iter()
            .map(|(_, event)| event.hash().0)
            .collect();
        let header = Header {
            version: HeaderVersion::V1,
            chain_id: self.0.genesis.chain_id,
            height: frame.height,
            parent: frame.parent.hash,
            time: frame.time,
            proposer: frame.proposer,
            tx_root: Hash(merkle::root(&ids)),
            receipts_root: Hash(merkle::root(&receipts)),
            events_root: Hash(merkle::root(&events)),
            state_root: Hash(update.root()),
            validators: self.0.validators_hash,
            next_validators: self.0.validators_hash,
        };
        Ok(Outcome {
            hash: header.hash(),
            header,
            transactions,
            receipts: execution.receipts.into_iter().map(Arc::new).collect(),
            encoded_receipts: encoded,
            entries: execution.entries,
            events: execution.events,
            links,
            update,
        })
    }
}

/// Decodes transactions and checks their signatures on all processors; `None` if one is bad.
pub(crate) fn verified(transactions: Vec<Vec<u8>>) -> Option<Vec<Arc<Transaction>>> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = transactions.len().div_ceil(workers).max(1);
    let check = |part: &[Vec<u8>]| -> Option<Vec<Arc<Transaction>>> {
        let checked = part.iter().map(|bytes| {
            let transaction = Transaction::decode(bytes.clone()).ok()?;
            transaction.verify().ok()?;
            Some(Arc::new(transaction))
        });
        checked.collect()
    };
    thread::scope(|scope| {
        let parts: Vec<_> = transactions
            .chunks(share)
            .map(|part| scope.spawn(|| check(part)))
            .collect();
        let parts = parts.into_iter().map(|part| part.join().ok().flatten());
        let checked: Option<Vec<_>> = parts.collect();
        Some(checked?.into_iter().flatten().collect())
    })
}
