//! Which things an event names without being part of their history.

use std::collections::{BTreeMap, BTreeSet};

use marque_primitives::Position;
use marque_primitives::history::{Entry, Event};
use marque_primitives::thing::Thing;

use super::stabs::Range;

/// What an event's entries stand for.
#[derive(Default)]
struct Covered {
    serials: BTreeMap<Vec<u8>, Vec<(u128, u128)>>,
    others: BTreeSet<Vec<u8>>,
}

impl Covered {
    fn add(&mut self, range: Range) {
        match range {
            Range::Serials { class, first, last } => {
                self.serials.entry(class).or_default().push((first, last))
            }
            Range::One { key } => drop(self.others.insert(key)),
        }
    }

    /// The parts of a range that no entry stands for.
    fn rest_of(&self, range: Range) -> Vec<Range> {
        match range {
            Range::One { ref key } if self.others.contains(key) => Vec::new(),
            Range::One { .. } => vec![range],
            Range::Serials { class, first, last } => {
                let mut covered: Vec<(u128, u128)> =
                    self.serials.get(&class).cloned().unwrap_or_default();
                covered.sort_unstable();
                let mut rest = Vec::new();
                let mut from = Some(first);
                for (low, high) in covered {
                    let Some(start) = from.filter(|start| *start <= last) else {
                        break;
                    };
                    if low > start {
                        rest.push((start, last.min(low.saturating_sub(1))));
                    }
                    from = high.checked_add(1).map(|next| next.max(start));
                }
                rest.extend(
                    from.filter(|start| *start <= last)
                        .map(|start| (start, last)),
                );
                let ranges = rest.into_iter().filter(|(first, last)| first <= last);
                ranges
                    .map(|(first, last)| Range::Serials {
                        class: class.clone(),
                        first,
                        last,
                    })
                    .collect()
            }
        }
    }
}

/// What a block's events name without a part in its history, each with its event.
pub(super) fn ranges(
    events: &[(Position, Event)],
    entries: &[(Position, Entry)],
) -> Vec<(Position, Range)> {
    // Both are in order of events' positions, entries after their event.
    let mut by_event: BTreeMap<Position, Covered> = BTreeMap::new();
    for (_, entry) in entries {
        if let Some(range) = Range::of(&entry.subject) {
            by_event.entry(entry.event).or_default().add(range);
        }
    }
    let none = Covered::default();
    let mut found = Vec::new();
    for (position, event) in events {
        let covered = by_event.get(position).unwrap_or(&none);
        let parent = event.parent.clone().map(Thing::from);
        let named: BTreeSet<Range> = event
            .items
            .iter()
            .chain(&parent)
            .filter_map(Range::of)
            .collect();
        let rest = named.into_iter().flat_map(|range| covered.rest_of(range));
        found.extend(rest.map(|range| (*position, range)));
    }
    found
}

#[cfg(test)]
mod tests;
