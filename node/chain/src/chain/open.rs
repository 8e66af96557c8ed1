//! What a start finds: nothing, and makes the genesis block; or a chain, and verifies its head.

use std::ops::Bound;

use marque_ledger::Ledger;
use marque_primitives::genesis::{Genesis, validators_hash};
use marque_primitives::header::{Header, HeaderVersion};
use marque_primitives::{Hash, Height};
use marque_proof::{Certificate, SignedHeader, header, merkle};
use marque_state::{Batch, Direction, Snapshot, State, Store};

use crate::application::{Durable, proof_validators};
use crate::block::Committed;
use crate::error::ChainError;
use crate::{index, tables, write};

/// How many blocks before the head have their links checked at a start.
const CHECKED: u64 = 256;

/// The newest durable block, verified.
pub(super) fn durable(store: &dyn Store, genesis: &Genesis) -> Result<Durable, ChainError> {
    let state = State::open(store.snapshot()?)?;
    match state.tip() {
        None => {
            empty(&**state.snapshot())?;
            begin(store, genesis, &state)
        }
        Some(tip) => resume(genesis, state, tip.height),
    }
}

/// Without a newest block there is nothing: a chain whose end is lost is not begun again over
/// what is left of it.
fn empty(snapshot: &dyn Snapshot) -> Result<(), ChainError> {
    for table in marque_state::tables::ALL {
        let all = (Bound::Unbounded, Bound::Unbounded);
        let first = snapshot.first(*table, all.0, all.1, Direction::Ascending)?;
        if first.is_some() {
            return Err(ChainError::NoEnd { table: table.name });
        }
    }
    Ok(())
}

fn begin(store: &dyn Store, genesis: &Genesis, nothing: &State) -> Result<Durable, ChainError> {
    let changes = Ledger::genesis(genesis);
    let (update, links) = index::prepare(nothing, changes)?;
    let header = genesis_header(genesis, Hash(update.root()));
    let hash = header.hash();
    // Nobody signs the first block: its hash follows from the genesis file.
    let certificate = Certificate {
        height: 0,
        round: 0,
        header: hash.0,
        signatures: Vec::new(),
    };
    let signed = SignedHeader {
        header,
        certificate,
    };
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    let spans = write::genesis(&mut batch, &signed, &links);
    store.commit(batch)?;
    let state = update.settle(store.snapshot()?)?;
    Ok(Durable {
        committed: Committed {
            signed,
            hash,
            spans,
        },
        state,
    })
}

fn genesis_header(genesis: &Genesis, state_root: Hash) -> Header {
    let empty = Hash(merkle::root(&[]));
    let validators = validators_hash(&genesis.validators);
    Header {
        version: HeaderVersion::V1,
        chain_id: genesis.chain_id,
        height: Height(0),
        // The genesis file in the place of a parent, so that the first header commits to it.
        parent: genesis.hash(),
        time: genesis.time,
        proposer: Hash::ZERO,
        tx_root: empty,
        receipts_root: empty,
        events_root: empty,
        state_root,
        validators,
        next_validators: validators,
    }
}

fn resume(genesis: &Genesis, state: State, height: u64) -> Result<Durable, ChainError> {
    let snapshot = state.snapshot().clone();
    let first = read(&*snapshot, 0)?;
    if first.signed.header.parent != genesis.hash() {
        let (expected, found) = (genesis.hash(), first.signed.header.parent);
        return Err(ChainError::OtherGenesis { expected, found });
    }
    let head = read(&*snapshot, height)?;
    let root = state.tip().map(|tip| Hash(tip.root));
    if root != Some(head.signed.header.state_root) {
        return Err(ChainError::Damaged {
            height,
            what: "the state's root is not the header's",
        });
    }
    let above = height.saturating_add(1);
    if tables::HEADERS.get(&*snapshot, &above)?.is_some() {
        return Err(ChainError::Damaged {
            height,
            what: "there is a block above the newest one",
        });
    }
    let mut next = head.clone();
    for below in (height.saturating_sub(CHECKED)..height).rev() {
        let block = read(&*snapshot, below)?;
        let joined = header::follows(&block.signed.header, &next.signed.header);
        joined.map_err(|cause| ChainError::Header {
            height: below.saturating_add(1),
            cause,
        })?;
        next = block;
    }
    if height > 0 {
        let validators = proof_validators(genesis);
        let verified = head.signed.verify(&genesis.hash().0, &validators);
        verified.map_err(|cause| ChainError::Header { height, cause })?;
    }
    Ok(Durable {
        committed: head,
        state,
    })
}

/// A stored block's header, certificate and spans.
pub(crate) fn read(snapshot: &dyn Snapshot, height: u64) -> Result<Committed, ChainError> {
    let missing = || ChainError::Damaged {
        height,
        what: "the block is missing",
    };
    let signed = tables::HEADERS
        .get(snapshot, &height)?
        .ok_or_else(missing)?;
    let spans = tables::SPANS.get(snapshot, &height)?.ok_or_else(missing)?;
    Ok(Committed {
        hash: signed.header.hash(),
        signed,
        spans,
    })
}
