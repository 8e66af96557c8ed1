//! Derived rows: equal to those that the blocks and the state give anew.

use std::cmp::Ordering;
use std::ops::Bound;

use marque_state::{Direction, Snapshot, State, StateError, Store, TableId};

use super::{Check, hex};
use crate::error::ChainError;
use crate::index::{DERIVED, derive};

impl Check<'_> {
    pub(super) fn indexes(&mut self, state: &State, scratch: &dyn Store) -> Result<(), ChainError> {
        let tip = self.report.height;
        if !self.report.damage.is_empty() {
            // What they are made of is damaged, so a difference would say nothing.
            self.damaged(
                "indexes",
                "",
                "not checked, since what they are built from is damaged",
            );
            return Ok(());
        }
        let derived = derive(state, scratch, &mut |height| {
            (self.progress)(super::Progress {
                what: "indexes",
                done: height,
                total: tip,
            });
            Ok(())
        });
        derived?;
        let anew = scratch.snapshot()?;
        for table in DERIVED {
            self.compare(table, &*anew)?;
        }
        Ok(())
    }

    fn compare(&mut self, table: TableId, anew: &dyn Snapshot) -> Result<(), StateError> {
        let all = (Bound::Unbounded, Bound::Unbounded);
        let snapshot = self.snapshot.clone();
        let stored = snapshot.range(table, all.0, all.1, Direction::Ascending);
        let Some(stored) = self.found(table.name, stored) else {
            return Ok(());
        };
        let mut stored = stored.peekable();
        let mut built = anew
            .range(table, all.0, all.1, Direction::Ascending)?
            .peekable();
        loop {
            let order = match (stored.peek(), built.peek()) {
                (None, None) => return Ok(()),
                (Some(Err(_)), _) | (_, Some(Err(_))) => Ordering::Equal,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(Ok((stored, _))), Some(Ok((built, _)))) => stored.cmp(built),
            };
            let there = if order.is_le() { stored.next() } else { None };
            let wanted = if order.is_ge() {
                built.next().transpose()?
            } else {
                None
            };
            let there = match there.transpose() {
                Ok(there) => there,
                Err(error) => {
                    self.found::<()>(table.name, Err(error));
                    return Ok(());
                }
            };
            match (there, wanted) {
                (Some(there), Some(wanted)) if there == wanted => {
                    self.report.index_rows = self.report.index_rows.saturating_add(1);
                }
                (Some((key, _)), Some(_)) => self.row(table, &key, "it is not what is built anew"),
                (Some((key, _)), None) => self.row(table, &key, "nothing is built anew for it"),
                (None, Some((key, _))) => self.row(table, &key, "it is missing"),
                (None, None) => return Ok(()),
            }
        }
    }

    fn row(&mut self, table: TableId, key: &[u8], what: &str) {
        self.damaged(table.name, format_args!("key 0x{}", hex(key)), what);
    }
}
