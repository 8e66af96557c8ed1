//! One step: a transaction in a block of its own, and what contracts did in it.

use super::World;
use crate::code::Code;
use crate::outcome::{Done, Refused};
use crate::party::Party;
use crate::trace::Trace;
use marque_ledger::Mode;
use marque_primitives::action::Action;
use marque_primitives::bounded::List;
use marque_primitives::history::{Entry, Event};
use marque_primitives::receipt::{Receipt, Status};
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Address, Gas, Lane, Nonce};
use marque_state::{Batch, Changes, MemoryStore, State, Store};

/// Gas that is enough for anything that ends.
const GAS: u64 = 10_000_000_000;

impl World {
    /// One transaction in a block of its own. Its signature is its own and not looked at again.
    #[track_caller]
    pub(crate) fn send(&mut self, account: Address, key: &SecretKey, actions: Vec<Action>) -> Sent {
        let nonce = self.nonces.entry(account).or_default();
        let body = Body {
            version: Version::V1,
            chain_id: self.genesis.chain_id,
            genesis: self.genesis.hash(),
            account,
            key: account,
            lane: Lane(0),
            nonce: Nonce(*nonce),
            expiry: Expiry::NEVER,
            gas_limit: Gas(GAS),
            actions: List::new(actions).expect("at most 256 actions"),
        };
        *nonce += 1;
        let transaction = Transaction::sign(body, key).expect("a signature");
        let (next, genesis) = (self.next(), self.genesis.hash());
        let execution = self
            .ledger
            .execute(&self.state, next, genesis, &[&transaction], Mode::Validate)
            .expect("a working node");
        (self.height, self.time) = (next.height.0, next.time.0);
        self.state = settle(&self.store, &self.state, execution.changes.clone());
        Sent {
            receipt: execution.receipts.into_iter().next().expect("a receipt"),
            events: execution
                .events
                .into_iter()
                .map(|(_, event)| event)
                .collect(),
            entries: execution
                .entries
                .into_iter()
                .map(|(_, entry)| entry)
                .collect(),
            changes: execution.changes,
            trace: self.watched(),
        }
    }

    /// A contract that is about to be put on the ledger.
    #[track_caller]
    pub(crate) fn know(&self, code: &Code) {
        let Some(native) = code.native else { return };
        self.ledger.machine().know(code.wasm(), native);
    }

    /// Each account as it is written, and whose it is.
    fn names(&self) -> impl Iterator<Item = (String, String)> {
        let named = |party: &Party| (party.account.to_string(), party.name.clone());
        self.parties.values().map(named)
    }

    /// A text with the parties' names instead of their accounts.
    pub(crate) fn named(&self, text: &str) -> String {
        self.names()
            .fold(text.into(), |text: String, (account, name)| {
                text.replace(&account, &name)
            })
    }

    /// What contracts did since this was last asked.
    #[track_caller]
    pub(super) fn watched(&self) -> Trace {
        let (calls, differences) = self.ledger.machine().take();
        let trace = Trace {
            calls,
            names: self.names().collect(),
        };
        assert!(
            differences.is_empty(),
            "{}\n{trace}",
            differences.join("\n")
        );
        trace
    }
}

/// What one transaction did, all of it.
#[derive(Clone)]
pub(crate) struct Sent {
    pub receipt: Receipt,
    pub events: Vec<Event>,
    pub entries: Vec<Entry>,
    pub changes: Changes,
    pub trace: Trace,
}

impl Sent {
    pub fn ended(self) -> Result<Done, Box<Refused>> {
        let (receipt, trace) = (self.receipt, self.trace);
        match receipt.status.clone() {
            Status::Applied => Ok(Done {
                receipt,
                events: self.events,
                trace,
            }),
            Status::Refused { refusal, .. } => Err(Box::new(Refused {
                receipt,
                refusal,
                trace,
            })),
        }
    }
}

/// Commits changes and gives the state after them.
pub(super) fn settle(store: &MemoryStore, state: &State, changes: Changes) -> State {
    let update = state.prepare(changes).expect("memory");
    let mut batch = Batch::new();
    update.write_to(&mut batch);
    store.commit(batch).expect("memory");
    update
        .settle(store.snapshot().expect("memory"))
        .expect("memory")
}
