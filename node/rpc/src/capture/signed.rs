//! The signed transactions that come with a document.

use super::order::Place;
use crate::error::RpcError;
use marque_client::api::Encoded;
use marque_primitives::Hash;
use marque_primitives::action::{Action, Capture, Report};
use marque_primitives::transaction::Transaction;
use std::collections::{BTreeMap, BTreeSet};

/// What tells events apart: the CBV hash, and the digest of an error declaration.
type Key = (Hash, Option<Hash>);

/// A transaction of one event.
pub(super) struct One {
    /// Body and signature.
    pub bytes: Vec<u8>,
    /// What was signed.
    pub report: Report,
    /// Its place among the transactions.
    at: usize,
    /// Its place among its signer's.
    place: Place,
}

/// Signed transactions by their events.
pub(crate) struct Signed(BTreeMap<Key, One>);

fn key(capture: &Capture) -> Key {
    (
        capture.hash,
        capture
            .declaration
            .as_ref()
            .map(|declaration| declaration.digest),
    )
}

fn wrong(at: usize, message: &str) -> RpcError {
    RpcError::params(&format!("transactions[{at}]"), message)
}

impl Signed {
    /// Decodes transactions, each of one captured event.
    pub fn new(transactions: Vec<Encoded>) -> Result<Self, RpcError> {
        let mut signed = BTreeMap::new();
        for (at, bytes) in transactions.into_iter().enumerate() {
            let bytes = bytes.into_vec();
            let transaction = Transaction::decode(bytes.clone())
                .map_err(|error| wrong(at, &error.to_string()))?;
            let [Action::Fact(report)] = &*transaction.body().actions else {
                return Err(wrong(
                    at,
                    "a transaction holds one captured event and nothing else",
                ));
            };
            let body = transaction.body();
            let one = One {
                bytes,
                report: report.clone(),
                at,
                place: ((body.account, body.key, body.lane), body.nonce),
            };
            if signed.insert(key(&report.capture), one).is_some() {
                return Err(wrong(at, "another transaction is of the same event"));
            }
        }
        Ok(Self(signed))
    }

    /// The transaction of an event.
    pub(super) fn take(&mut self, capture: &Capture) -> Option<One> {
        self.0.remove(&key(capture))
    }

    /// Where the transaction of an event stands among its signer's.
    pub(super) fn place(&self, capture: &Capture) -> Option<Place> {
        self.0.get(&key(capture)).map(|one| one.place)
    }

    /// Every transaction belongs to an event of the document.
    pub(super) fn all_named<'r>(
        &self,
        reports: impl Iterator<Item = &'r Report>,
    ) -> Result<(), RpcError> {
        let named: BTreeSet<Key> = reports.map(|report| key(&report.capture)).collect();
        match self.0.iter().find(|(key, _)| !named.contains(key)) {
            None => Ok(()),
            Some((_, one)) => Err(wrong(
                one.at,
                "the document has no such event; nothing was captured",
            )),
        }
    }
}
