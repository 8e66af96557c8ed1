//! The whole of what is stored against itself: what a start leaves unchecked.
//!
//! - `blocks.rs`: headers, certificates, bodies, receipts and spans of every block.
//! - `history.rs`: events and entries, and that every history ends where its record says.
//! - `state.rs`: every leaf, node and bitmap page, and what undoes the last blocks.
//! - `indexes.rs`: derived rows against rows that are built anew.
//!
//! A check goes on after what it finds; each finding names the table and the row or block.

mod blocks;
mod history;
mod indexes;
mod state;

use std::ops::Bound;
use std::sync::Arc;

use marque_primitives::genesis::Genesis;
use marque_state::{Direction, Snapshot, State, StateError, Store, TableId};

use crate::error::ChainError;

/// Findings that are kept; more are only counted.
const MOST: usize = 100;

/// Something that is not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The table.
    pub table: &'static str,
    /// The block or row.
    pub at: String,
    /// What is wrong there.
    pub what: String,
}

/// What a check covered, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The newest block.
    pub height: u64,
    /// Blocks, genesis included.
    pub blocks: u64,
    /// Their transactions.
    pub transactions: u64,
    /// Events.
    pub events: u64,
    /// History entries.
    pub entries: u64,
    /// Live leaves of the state.
    pub leaves: u64,
    /// Derived rows.
    pub index_rows: u64,
    /// What is damaged, at most a hundred.
    pub damage: Vec<Damage>,
    /// How much more is.
    pub more: u64,
}

/// A part of a check, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being checked.
    pub what: &'static str,
    /// Blocks or rows done.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

struct Check<'a> {
    snapshot: Arc<dyn Snapshot>,
    genesis: &'a Genesis,
    report: Report,
    progress: &'a mut dyn FnMut(Progress),
}

/// Checks everything that a snapshot holds. `scratch` is an empty store for the rows that are
/// built anew.
///
/// # Errors
/// Only when `scratch` fails: what cannot be read of the snapshot is a finding.
pub fn check(
    snapshot: Arc<dyn Snapshot>,
    genesis: &Genesis,
    scratch: &dyn Store,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ChainError> {
    let mut check = Check {
        snapshot,
        genesis,
        report: Report::default(),
        progress,
    };
    let tip = marque_state::tables::TIP.get(&*check.snapshot, &());
    let Some(tip) = check.found("tip", tip).flatten() else {
        check.damaged("tip", "", "there is no newest block");
        return Ok(check.report);
    };
    check.report.height = tip.height;
    check.shaped(marque_state::tables::TIP.id(), 0);
    check.blocks(tip.height);
    check.history(tip.height);
    if let Some(state) = check.state() {
        check.indexes(&state, scratch)?;
    }
    Ok(check.report)
}

impl Check<'_> {
    fn damaged(&mut self, table: &'static str, at: impl ToString, what: impl ToString) {
        if self.report.damage.len() < MOST {
            self.report.damage.push(Damage {
                table,
                at: at.to_string(),
                what: what.to_string(),
            });
        } else {
            self.report.more = self.report.more.saturating_add(1);
        }
    }

    fn at_height(&mut self, table: &'static str, height: u64, what: impl ToString) {
        self.damaged(table, format_args!("block {height}"), what);
    }

    /// What was read, or a finding.
    fn found<T>(&mut self, table: &'static str, read: Result<T, StateError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(StateError::Corrupt { table, key, what }) => {
                self.damaged(table, format_args!("key 0x{key}"), what);
                None
            }
            Err(error) => {
                self.damaged(table, "", error);
                None
            }
        }
    }

    /// Nothing may stand in a table from a key on.
    fn ends(&mut self, table: TableId, from: &[u8], what: &str) {
        let snapshot = self.snapshot.clone();
        let first = snapshot.first(
            table,
            Bound::Included(from),
            Bound::Unbounded,
            Direction::Ascending,
        );
        if let Some((key, _)) = self.found(table.name, first).flatten() {
            self.damaged(table.name, format_args!("key 0x{}", hex(&key)), what);
        }
    }

    /// Every key of a table has the length of its kind: a row that no read asks for is one too
    /// many.
    fn shaped(&mut self, table: TableId, length: usize) {
        let snapshot = self.snapshot.clone();
        let all = (Bound::Unbounded, Bound::Unbounded);
        let rows = snapshot.range(table, all.0, all.1, Direction::Ascending);
        let Some(rows) = self.found(table.name, rows) else {
            return;
        };
        for row in rows {
            let Some((key, _)) = self.found(table.name, row) else {
                return;
            };
            if key.len() != length {
                let at = format!("key 0x{}", hex(&key));
                self.damaged(table.name, at, "it is no key of this table");
            }
        }
    }

    fn progress(&mut self, what: &'static str, done: u64, total: u64) {
        (self.progress)(Progress { what, done, total });
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The state of a snapshot, if it opens.
fn open(snapshot: &Arc<dyn Snapshot>) -> Result<State, StateError> {
    State::open(snapshot.clone())
}
