//! The chain once more, from its genesis, block by block as the node has it.

use super::shadow::Shadow;
use crate::failure::Failure;
use crate::node::Node;
use crate::output::Output;
use crate::words;
use marque_abi::movement::MovedLine;
use marque_client::api::{Block, BlockTransaction, ChainBlock, ChainGenesis, ChainHead};
use marque_ledger::{BlockInfo, Ledger, Mode};
use marque_primitives::thing::{Line, ThingId};
use marque_primitives::transaction::Transaction;
use marque_primitives::{Hash, Height};
use marque_state::{Batch, Changes, MemoryStore, State, StateError, Store as _};
use parity_scale_codec::Encode as _;

const DIFFERS: &str = "ask another node of the chain, or use the version of its node";

/// Replays what the node has; every block has to give the state that its header names.
pub fn replay(node: &Node, ledger: &Ledger<Shadow>, output: &Output) -> Result<u64, Failure> {
    let genesis = node.call(&ChainGenesis {})?;
    let newest = node.call(&ChainHead {})?.height.0;
    let store = MemoryStore::new();
    let state = store.snapshot().and_then(State::open).map_err(memory)?;
    let (mut state, _) = settle(&store, &state, Ledger::genesis(&genesis)).map_err(memory)?;
    let mut progress = output.progress("blocks", usize::try_from(newest).unwrap_or(usize::MAX));
    for height in 1..=newest {
        let block = node.call(&ChainBlock {
            at: Some(marque_client::api::At::Height(Height(height))),
        })?;
        let root;
        (state, root) = step(&store, &state, ledger, &genesis.hash(), &block)?;
        if root != block.header.state_root {
            return Err(Failure::new(
                format!("block {height} gives another state here than at the node"),
                DIFFERS,
            ));
        }
        progress.step();
    }
    Ok(newest)
}

fn step(
    store: &MemoryStore,
    state: &State,
    ledger: &Ledger<Shadow>,
    genesis: &Hash,
    block: &Block,
) -> Result<(State, Hash), Failure> {
    let header = &block.header;
    let signed = block.transactions.iter().map(transaction);
    let transactions = signed.collect::<Result<Vec<_>, Failure>>()?;
    let transactions: Vec<&Transaction> = transactions.iter().collect();
    let info = BlockInfo {
        height: header.height,
        time: header.time,
    };
    let execution = ledger
        .execute(state, info, *genesis, &transactions, Mode::Validate)
        .map_err(|error| Failure::new(format!("block {}: {error}", header.height), DIFFERS))?;
    settle(store, state, execution.changes).map_err(memory)
}

/// A transaction as it was signed; the chain checked its signature.
fn transaction(of: &BlockTransaction) -> Result<Transaction, Failure> {
    let mut bytes = of.body.encode();
    bytes.extend_from_slice(&of.signature);
    Transaction::decode(bytes)
        .map_err(|error| Failure::new(format!("transaction {}: {error}", of.hash), DIFFERS))
}

fn settle(
    store: &MemoryStore,
    state: &State,
    changes: Changes,
) -> Result<(State, Hash), StateError> {
    let update = state.prepare(changes)?;
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch)?;
    let root = Hash(update.root());
    Ok((update.settle(store.snapshot()?)?, root))
}

fn memory(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the replay's state failed: {error}"), DIFFERS)
}

/// A line of a movement in a few words: how much of which product and lot, or which items.
pub fn named(line: &MovedLine) -> String {
    let what = match (&line.run, &line.line) {
        (Some(run), _) => {
            let first = words::thing_id(&ThingId::Item {
                line: run.line(),
                serial: *run.first(),
            });
            match run.count() {
                1 => first,
                count => format!("{first}..+{count}"),
            }
        }
        (None, Line::Product(gtin)) => {
            let unit = line.amount.unit.code().unwrap_or_default();
            format!("{}{unit} of {gtin}", line.amount.value)
        }
        (None, Line::Returnable(_)) => format!("{} returnable assets", line.amount.value),
    };
    let lot = line.lot.as_ref().map(|lot| format!(" lot {lot}"));
    let within = line
        .within
        .as_ref()
        .map(|unit| format!(" in {}", words::thing_id(unit)));
    [Some(what), lot, within].into_iter().flatten().collect()
}
