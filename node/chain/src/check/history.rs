//! Events and entries: what the roots of blocks commit to, and what chains of hashes do.
//!
//! An event stands under its block's events root. An entry has its hash in the entry that follows
//! it in the history of the same thing, or in the thing's leaf, so that each is confirmed by one
//! of them.

use std::ops::{Bound, Range};

use marque_primitives::history::Head;
use marque_primitives::key::Space;
use marque_primitives::record::{LotRecord, Record};
use marque_proof::merkle;
use marque_state::{Direction, Table, TableKey, TableValue, tables as declared};
use parity_scale_codec::DecodeAll;

use super::Check;
use crate::tables;

impl Check<'_> {
    pub(super) fn history(&mut self, tip: u64) {
        let snapshot = self.snapshot.clone();
        let (mut events, mut entries) = (0, 0);
        for height in 0..=tip {
            self.progress("history", height, tip);
            // What cannot be read here, `blocks.rs` has named.
            let (Ok(Some(signed)), Ok(Some(spans))) = (
                tables::HEADERS.get(&*snapshot, &height),
                tables::SPANS.get(&*snapshot, &height),
            ) else {
                continue;
            };
            let root = signed.header.events_root.0;
            self.events(height, &spans.events, root);
            self.entries(height, &spans.entries, &spans.events);
            (events, entries) = (spans.events.end, spans.entries.end);
        }
        self.ends(tables::EVENTS.id(), &events.to_key(), "no block has it");
        self.ends(tables::ENTRIES.id(), &entries.to_key(), "no block has it");
        for table in [tables::EVENTS.id(), tables::ENTRIES.id()] {
            self.shaped(table, size_of::<u64>());
        }
        (self.report.events, self.report.entries) = (events, entries);
        self.heads();
    }

    fn events(&mut self, height: u64, span: &Range<u64>, root: [u8; 32]) {
        let events = self.sequence(&tables::EVENTS, span);
        let hashes: Vec<_> = events.iter().map(|(_, event)| event.hash().0).collect();
        if !complete(&events, span) || merkle::root(&hashes) != root {
            self.at_height(
                "events",
                height,
                "they have another root than the header says",
            );
        }
        if events.iter().any(|(_, event)| event.height.0 != height) {
            self.at_height("events", height, "one says that it is of another block");
        }
    }

    fn entries(&mut self, height: u64, span: &Range<u64>, events: &Range<u64>) {
        let snapshot = self.snapshot.clone();
        let entries = self.sequence(&tables::ENTRIES, span);
        if !complete(&entries, span) {
            self.at_height("entries", height, "some are missing");
        }
        for (position, entry) in entries {
            let at = format!("entry {position} of block {height}");
            let event = tables::EVENTS
                .get(&*snapshot, &entry.event.0)
                .ok()
                .flatten();
            let joined = event.is_some_and(|event| event.hash() == entry.event_hash);
            if !events.contains(&entry.event.0) || !joined {
                self.damaged("entries", &at, "its event is another one");
            }
            if entry.before != Head::EMPTY && entry.before.last.0 >= position {
                self.damaged("entries", &at, "it follows what came later");
            } else if !self.ends_there(&entry.before) {
                self.damaged("entries", &at, "it does not follow the entry that it names");
            }
        }
    }

    /// Whether a history ends with the entry that its head names.
    fn ends_there(&self, head: &Head) -> bool {
        if head.length == 0 {
            return *head == Head::EMPTY;
        }
        let entry = tables::ENTRIES.get(&*self.snapshot, &head.last.0);
        let entry = entry.ok().flatten();
        entry.is_some_and(|entry| {
            entry.hash() == head.hash && entry.before.length.checked_add(1) == Some(head.length)
        })
    }

    /// Every live thing's history ends where its leaf says.
    fn heads(&mut self) {
        for (space, what) in [(Space::Record, "record"), (Space::Lot, "lot")] {
            let from = [space as u8];
            let to = [(space as u8).saturating_add(1)];
            let snapshot = self.snapshot.clone();
            let rows = snapshot.range(
                declared::STATE.id(),
                Bound::Included(&from),
                Bound::Excluded(&to),
                Direction::Ascending,
            );
            let Some(rows) = self.found("state", rows) else {
                continue;
            };
            for row in rows {
                let Some((key, row)) = self.found("state", row) else {
                    continue;
                };
                // The leaf's index follows the value: see `marque_state::tables::STATE`.
                let value = row.split_last_chunk::<8>().map(|(value, _)| value);
                let mut value = value.unwrap_or_default();
                let head = match space {
                    Space::Lot => LotRecord::decode_all(&mut value).map(|lot| lot.history),
                    _ => Record::decode_all(&mut value).map(|record| record.history),
                };
                let at = || format!("key 0x{}", super::hex(&key));
                match head {
                    Err(_) => {
                        self.damaged("state", at(), format_args!("the {what} does not decode"))
                    }
                    Ok(head) if !self.ends_there(&head) => {
                        self.damaged(
                            "state",
                            at(),
                            format_args!("the {what}'s history does not end so"),
                        );
                    }
                    Ok(_) => {}
                }
            }
        }
    }

    fn sequence<V: TableValue>(
        &mut self,
        table: &Table<u64, V>,
        span: &Range<u64>,
    ) -> Vec<(u64, V)> {
        let snapshot = self.snapshot.clone();
        let rows = table.range(
            &*snapshot,
            Bound::Included(&span.start),
            Bound::Excluded(&span.end),
            Direction::Ascending,
        );
        let Some(rows) = self.found(table.id().name, rows) else {
            return Vec::new();
        };
        rows.filter_map(|row| self.found(table.id().name, row))
            .collect()
    }
}

fn complete<V>(rows: &[(u64, V)], span: &Range<u64>) -> bool {
    rows.iter().map(|(position, _)| *position).eq(span.clone())
}
