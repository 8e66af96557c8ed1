//! What proves how a thing stands, to someone who trusts no node.

use marque_ledger::read;
use marque_primitives::history::Entry;
use marque_primitives::key;
use marque_primitives::record::Record;
use marque_primitives::thing::{Line, LotId, ThingId};
use marque_proof::{SignedHeader, StateProof};

use super::Reader;
use crate::error::ChainError;

/// A thing, proved as of one block.
#[derive(Clone, Debug)]
pub struct ItemProof {
    /// The block's header with the signatures that decided it.
    pub signed: SignedHeader,
    /// Under the header's state root: the leaf that answers for the thing, its lot's and its
    /// product's, and the same of everything that holds it. Where there is no such key, the leaf
    /// whose gap covers it.
    pub state: StateProof,
    /// The thing's own history, oldest first: hashed one after the other, it ends with the head
    /// that its record names.
    pub history: Vec<Entry>,
}

impl Reader {
    /// Proves a thing; that it has no record, if that is so.
    ///
    /// # Errors
    /// [`ChainError::TooBroad`] for a history of more than 100,000 entries, or when the store
    /// fails.
    pub fn item_proof(&self, thing: &ThingId) -> Result<ItemProof, ChainError> {
        let mut keys = Vec::new();
        match read::standing(self.view(), thing)? {
            None => keys.push(key::record(thing)),
            Some((record, standing)) => {
                judged_by(thing, &record, &mut keys);
                for (parent, record) in &standing.parents {
                    judged_by(parent, record, &mut keys);
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(ItemProof {
            signed: self.head().signed.clone(),
            state: self.state().prove(&keys)?,
            history: self
                .own_entries(thing)?
                .into_iter()
                .map(|(_, entry)| entry)
                .collect(),
        })
    }
}

/// The keys whose leaves say how a thing stands, what holds it apart.
fn judged_by(thing: &ThingId, record: &Record, keys: &mut Vec<Vec<u8>>) {
    keys.push(key::record(thing));
    if let ThingId::Item {
        line: Line::Product(gtin),
        ..
    } = thing
    {
        keys.push(key::product(*gtin));
        if let Some(lot) = record.lot {
            keys.push(key::lot(&LotId { gtin: *gtin, lot }));
        }
    }
}
