//! A version of the authenticated state: reading it, building the next one on it, proving it.

use std::sync::Arc;

use marque_proof::{CHUNK_BITS, ProvedLeaf, Shape, StateProof};

use crate::accumulator::{Accumulator, bits, undo_rows};
use crate::changes::{Change, Changes};
use crate::rows::{self, Rows};
use crate::store::Snapshot;
use crate::tip::Tip;
use crate::undo::{Before, UNDO_BLOCKS};
use crate::update::Update;
use crate::view::{Entry, View};
use crate::{StateError, tables};

/// The state after one block. It never changes and can be used by many threads; it keeps its
/// snapshot, and so the engine's old pages, alive.
///
/// ```text
/// let state = State::open(store.snapshot()?)?;            // once, at start
/// let mut overlay = Overlay::new(&state);                 // the block executes on it
/// let update = state.prepare(overlay.into_writes())?;      // the root for the header
/// let ahead = state.ahead(&update);                       // the next block may execute on this
/// update.write_to(&mut batch);                            // beside block, receipts, history
/// store.commit(batch)?;
/// let state = update.settle(store.snapshot()?)?;          // readable, provable
/// ```
#[derive(Clone)]
pub struct State {
    snapshot: Arc<dyn Snapshot>,
    /// Rows over the snapshot's, oldest first: of blocks that are not durable yet, or those that
    /// later blocks replaced.
    layers: Vec<Arc<Changes>>,
    accumulator: Accumulator,
    durable: bool,
}

impl State {
    /// The state of a snapshot. Reads the bitmap and computes its tree, which takes about a
    /// second for a billion leaves; afterwards, take [`Update::settle`].
    ///
    /// # Errors
    /// When the engine fails, or what is stored has not the root that it should have.
    pub fn open(snapshot: Arc<dyn Snapshot>) -> Result<Self, StateError> {
        let accumulator = Accumulator::load(&*snapshot)?;
        Ok(Self::durable(snapshot, accumulator))
    }

    pub(crate) fn durable(snapshot: Arc<dyn Snapshot>, accumulator: Accumulator) -> Self {
        Self {
            snapshot,
            layers: Vec::new(),
            accumulator,
            durable: true,
        }
    }

    /// Height, leaf count and root; `None` before genesis.
    #[must_use]
    pub fn tip(&self) -> Option<Tip> {
        self.accumulator.tip
    }

    /// The snapshot below, for the tables beside the state. It is of this state's block only if
    /// the state came from [`State::open`] or [`Update::settle`].
    #[must_use]
    pub fn snapshot(&self) -> &Arc<dyn Snapshot> {
        &self.snapshot
    }

    /// Computes the next block's state from the block's writes, which [`crate::Overlay`] gives;
    /// those that leave a key as it is count for nothing. The first one ever is genesis, height 0.
    ///
    /// # Errors
    /// When the engine fails, or a change is of the empty key.
    pub fn prepare(&self, changes: Changes) -> Result<Update, StateError> {
        self.prepare_with(changes, |_| Ok(()))
    }

    /// As [`State::prepare`]; `each` hears of every key that gets another value, ascending.
    ///
    /// # Errors
    /// See [`State::prepare`], and those of `each`.
    pub fn prepare_with(
        &self,
        changes: Changes,
        each: impl FnMut(Change<'_>) -> Result<(), StateError>,
    ) -> Result<Update, StateError> {
        Update::prepare(&self.accumulator, self.rows(), changes, each)
    }

    /// The state that an update of this one makes, before it is durable: blocks can be executed
    /// and prepared on it, proofs not made.
    #[must_use]
    pub fn ahead(&self, update: &Update) -> Self {
        let mut layers = self.layers.clone();
        layers.push(update.rows.clone());
        Self {
            snapshot: self.snapshot.clone(),
            layers,
            accumulator: update.accumulator.clone(),
            durable: false,
        }
    }

    /// The state after an earlier block, one of the last 256. Takes time in proportion to what
    /// was changed since.
    ///
    /// # Errors
    /// [`StateError::NotKept`] for other heights; [`StateError::NotDurable`] if this state is not.
    pub fn at(&self, height: u64) -> Result<Self, StateError> {
        let tip = self.settled()?;
        let oldest = tip.height.saturating_sub(UNDO_BLOCKS);
        if !(oldest..=tip.height).contains(&height) {
            return Err(StateError::NotKept {
                height,
                oldest,
                newest: tip.height,
            });
        }
        let mut state = self.clone();
        if height == tip.height {
            return Ok(state);
        }
        let mut past = Changes::new();
        let mut leaf_count = tip.leaf_count;
        let mut root = tip.root;
        let mut revived = Vec::new();
        for (_, undo) in undo_rows(&*self.snapshot, height.saturating_add(1), tip.height)?
            .into_iter()
            .rev()
        {
            revived.extend(bits(&undo, 0).map(|died| crate::bitmap::Bit { live: true, ..died }));
            (leaf_count, root) = (undo.leaf_count, undo.root);
            for (key, before) in undo.keys {
                let row = match before {
                    Before::Absent => None,
                    Before::Value { index, value } => Some(rows::row(&value, index)),
                    Before::Relinked { index } => {
                        let later = match past.get(&key) {
                            Some(row) => row.map(<[u8]>::to_vec),
                            None => self.rows().get(&key)?,
                        };
                        let later = later.ok_or_else(|| damaged(&key, "a later row is missing"))?;
                        Some(rows::row(&rows::split(&key, later)?.0, index))
                    }
                };
                past.insert(key, row);
            }
        }
        revived.retain(|bit| bit.leaf < leaf_count);
        revived.sort_unstable_by_key(|bit| bit.leaf);
        let bitmap = self
            .accumulator
            .bitmap
            .truncated(leaf_count)
            .with(&revived, leaf_count, height);
        let mountain = crate::mountain::Mountain::load(&*self.snapshot, leaf_count)?;
        state.accumulator = Accumulator {
            tip: None,
            mountain,
            bitmap,
        }
        .seal(height)?;
        state.layers.push(Arc::new(past));
        if state.tip().map(|tip| tip.root) == Some(root) {
            Ok(state)
        } else {
            Err(damaged(&[], "the undo rows lead to another root"))
        }
    }

    /// Proves what the state says of some keys: for each its value, or its absence, and the
    /// greatest key not above it. The proof is under [`State::tip`]'s root.
    ///
    /// # Errors
    /// [`StateError::NotDurable`] and [`StateError::NoGenesis`] where there is no root to prove
    /// under, or when the engine fails.
    pub fn prove(
        &self,
        keys: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<StateProof, StateError> {
        let tip = self.settled()?;
        let mut leaves = Vec::new();
        for key in keys {
            let covering = self.rows().at_or_before(key.as_ref())?;
            let (key, row) = covering.ok_or_else(|| damaged(&[], "the sentinel is missing"))?;
            let (value, index) = rows::split(&key, row)?;
            let next = self.rows().after(&key)?.map(|(key, _)| key);
            leaves.push(ProvedLeaf {
                index,
                key,
                value,
                next,
            });
        }
        leaves.sort_unstable_by_key(|leaf| leaf.index);
        leaves.dedup_by_key(|leaf| leaf.index);
        let mut indices: Vec<u64> = leaves.iter().map(|leaf| leaf.index).collect();
        let mountain = self.accumulator.mountain.path(&*self.snapshot, &indices)?;
        indices.iter_mut().for_each(|index| *index /= CHUNK_BITS);
        indices.dedup();
        let shape = Shape::new(tip.leaf_count.div_ceil(CHUNK_BITS)).ok_or(StateError::NoGenesis)?;
        let bitmap = &self.accumulator.bitmap;
        let missing = || damaged(&[], "a leaf is beyond the bitmap");
        let chunks = indices
            .iter()
            .map(|index| bitmap.chunk(*index).ok_or_else(missing));
        let chunks = chunks.collect::<Result<_, _>>()?;
        let path = shape.path(&indices).into_iter();
        let path = path.map(|(level, index)| bitmap.hash(level, index).ok_or_else(missing));
        let bitmap = path.collect::<Result<_, _>>()?;
        Ok(StateProof {
            leaf_count: tip.leaf_count,
            leaves,
            mountain,
            chunks,
            bitmap,
        })
    }

    pub(crate) fn accumulator(&self) -> &Accumulator {
        &self.accumulator
    }

    /// The tip, if there is one and it is durable.
    pub(crate) fn settled(&self) -> Result<Tip, StateError> {
        let tip = self.tip().ok_or(StateError::NoGenesis)?;
        if self.durable {
            Ok(tip)
        } else {
            Err(StateError::NotDurable { height: tip.height })
        }
    }

    /// Whether its snapshot is of its own block.
    pub(crate) fn is_newest(&self) -> bool {
        self.layers.is_empty()
    }

    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            snapshot: &*self.snapshot,
            layers: &self.layers,
        }
    }
}

impl View for State {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        if key.is_empty() {
            return Ok(None);
        }
        self.rows()
            .get(key)?
            .map(|row| Ok(rows::split(key, row)?.0))
            .transpose()
    }

    fn after(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.rows().after(key)?.map(entry).transpose()
    }

    fn before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.rows()
            .before(key)?
            .filter(|(key, _)| !key.is_empty())
            .map(entry)
            .transpose()
    }

    fn at_or_before(&self, key: &[u8]) -> Result<Option<Entry>, StateError> {
        self.rows()
            .at_or_before(key)?
            .filter(|(key, _)| !key.is_empty())
            .map(entry)
            .transpose()
    }

    fn scan(&self, from: &[u8], to: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StateError> {
        // The sentinel is below every key, the shortest of which is one zero.
        let from = if from.is_empty() { &[0] } else { from };
        self.rows()
            .scan(from, to, limit)?
            .into_iter()
            .map(entry)
            .collect()
    }
}

fn entry((key, row): Entry) -> Result<Entry, StateError> {
    let (value, _) = rows::split(&key, row)?;
    Ok((key, value))
}

fn damaged(key: &[u8], what: &'static str) -> StateError {
    StateError::corrupt(tables::STATE.id().name, key, what)
}
