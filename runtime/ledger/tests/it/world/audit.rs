//! What must be true of every state, checked leaf by leaf with nothing of the kernel's.

use super::journey;
use super::model;
use marque_ledger::{Execution, read};
use marque_primitives::action::{Kind, OfferId, RecallTarget};
use marque_primitives::history::{Entry, Event, Role};
use marque_primitives::key::{self, Space};
use marque_primitives::record::{
    Balance, ContentLine, Contents, LotRecord, Offer, Product, Recall, Record,
};
use marque_primitives::thing::{Line, LotId, Thing, ThingId};
use marque_primitives::{Decimal, Hash, Unit};
use marque_state::{State, View};
use parity_scale_codec::DecodeAll;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was ever written to history.
#[derive(Default)]
pub struct Books {
    pub entries: Vec<Entry>,
    pub entry_hashes: Vec<Hash>,
    pub events: Vec<Event>,
    pub event_hashes: Vec<Hash>,
}

/// The leaves of a state, decoded.
#[derive(Default)]
pub struct Leaves {
    pub records: BTreeMap<Vec<u8>, (ThingId, Record)>,
    pub balances: BTreeMap<Vec<u8>, (LotId, Balance)>,
    pub contents: BTreeMap<Vec<u8>, Contents>,
    pub children: BTreeSet<Vec<u8>>,
    pub offers: BTreeMap<Vec<u8>, Offer>,
    pub lots: BTreeMap<Vec<u8>, LotRecord>,
    pub products: BTreeMap<Vec<u8>, Product>,
    pub recalls: BTreeMap<Vec<u8>, Recall>,
}

fn decode<T: DecodeAll>(bytes: &[u8]) -> T {
    T::decode_all(&mut &*bytes).unwrap()
}

impl Leaves {
    pub fn of(state: &dyn View) -> Self {
        let mut leaves = Self::default();
        for (key, value) in state.scan(&[], None, usize::MAX).unwrap() {
            let space = key[0];
            let is = |of: Space| space == of as u8;
            if is(Space::Record) {
                let id = key::parse_record(&key).unwrap();
                leaves.records.insert(key, (id, decode(&value)));
            } else if is(Space::Balance) {
                let id = key::parse_balance(&key).unwrap();
                let balance: Balance = decode(&value);
                assert_eq!(key, key::balance(&id, &balance.holding));
                leaves.balances.insert(key, (id, balance));
            } else if is(Space::Contents) {
                leaves.contents.insert(key, decode(&value));
            } else if is(Space::Child) {
                assert!(value.is_empty());
                leaves.children.insert(key);
            } else if is(Space::Offer) {
                leaves.offers.insert(key, decode(&value));
            } else if is(Space::Lot) {
                leaves.lots.insert(key, decode(&value));
            } else if is(Space::Product) {
                leaves.products.insert(key, decode(&value));
            } else if is(Space::Recall) {
                leaves.recalls.insert(key, decode(&value));
            }
        }
        leaves
    }

    /// The record that answers for a thing.
    pub fn record(&self, id: &ThingId) -> Option<&Record> {
        let holds = |(first, record): &&(ThingId, Record)| covers(first, record.count, id);
        let found: Vec<_> = self.records.values().filter(holds).collect();
        assert!(found.len() <= 1, "one live record for {id:?}");
        found.first().map(|(_, record)| record)
    }

    pub fn lot(&self, gtin: marque_primitives::gs1::Gtin, record: &Record) -> Option<&LotRecord> {
        let lot = record.lot?;
        self.lots.get(&key::lot(&LotId { gtin, lot }))
    }
}

/// Whether a run from `first` holds a thing.
pub fn covers(first: &ThingId, count: u64, id: &ThingId) -> bool {
    match (first, id) {
        (ThingId::Item { line: a, serial: x }, ThingId::Item { line: b, serial: y }) if a == b => {
            match (x.numeric(), y.numeric()) {
                (Some((dx, x)), Some((dy, y))) => dx == dy && y >= x && y < x + u128::from(count),
                _ => x == y,
            }
        }
        _ => first == id,
    }
}

impl Books {
    pub fn add(&mut self, execution: &Execution) {
        for (position, entry) in &execution.entries {
            assert_eq!(position.0, self.entries.len() as u64);
            self.entry_hashes.push(entry.hash());
            self.entries.push(entry.clone());
        }
        for (position, event) in &execution.events {
            assert_eq!(position.0, self.events.len() as u64);
            self.event_hashes.push(event.hash());
            self.events.push(event.clone());
        }
    }

    pub fn audit(&self, state: &State) {
        let leaves = Leaves::of(state);
        runs_do_not_overlap(&leaves);
        leaves.records.values().for_each(shape);
        children_match(&leaves);
        self.balances_sum(&leaves);
        contents_match(&leaves);
        recalls_match(&leaves);
        offers_match(&leaves);
        for (id, record) in leaves.records.values() {
            let (read, standing) = read::standing(state, id).unwrap().unwrap();
            assert_eq!(read.history, record.history);
            model::check(&leaves, id, record, &standing);
            let told = journey::custodian(self, &leaves, id);
            assert_eq!(
                told, standing.custodian,
                "the history of {id:?} tells who has it"
            );
        }
        self.histories_hold(&leaves);
    }

    /// Balances sum to what began less what ended.
    fn balances_sum(&self, leaves: &Leaves) {
        let mut told: BTreeMap<&LotId, Decimal> = BTreeMap::new();
        for entry in &self.entries {
            let Thing::Lot { id, amount } = &entry.subject else {
                continue;
            };
            let sum = told.entry(id).or_default();
            *sum = match (entry.kind, &entry.role) {
                (Kind::Commission, _) | (Kind::Transform, Role::Output) => {
                    sum.checked_add(amount.value).unwrap()
                }
                (Kind::Decommission, _) | (Kind::Transform, Role::Input) => {
                    sum.checked_sub(amount.value).unwrap()
                }
                _ => *sum,
            };
        }
        let mut kept: BTreeMap<&LotId, Decimal> = BTreeMap::new();
        for (id, balance) in leaves.balances.values() {
            assert!(balance.value.is_positive(), "no empty balance of {id:?}");
            let holding = &balance.holding;
            assert!(holding.parent.is_none() || holding.offer.is_none());
            let sum = kept.entry(id).or_default();
            *sum = sum.checked_add(balance.value).unwrap();
        }
        told.retain(|_, sum| *sum != Decimal::ZERO);
        assert_eq!(told, kept, "balances sum");
    }

    /// Heads are the ends of hash chains, and no entry is outside of them.
    fn histories_hold(&self, leaves: &Leaves) {
        let mut reached = BTreeSet::new();
        let heads = leaves.records.values().map(|(first, record)| {
            let thing = key::record_thing(&key::record(first), record.count).unwrap();
            (Some((first, record.count)), record.history, thing)
        });
        let lots = leaves.lots.values().map(|lot| {
            // The subject is checked below for runs alone.
            (
                None,
                lot.history,
                Thing::Class {
                    id: "urn:lot".try_into().unwrap(),
                    amount: None,
                },
            )
        });
        for (run, mut head, thing) in heads.chain(lots) {
            while head.length > 0 {
                let at = usize::try_from(head.last.0).unwrap();
                assert_eq!(self.entry_hashes[at], head.hash, "history of {thing:?}");
                let entry = &self.entries[at];
                let event = usize::try_from(entry.event.0).unwrap();
                assert_eq!(self.event_hashes[event], entry.event_hash);
                if let Some((first, count)) = run {
                    assert!(is_within(first, count, &entry.subject), "{entry:?}");
                }
                assert_eq!(entry.before.length + 1, head.length);
                reached.insert(at);
                head = entry.before;
            }
            assert_eq!(head.hash, Hash::ZERO);
        }
        assert_eq!(
            reached.len(),
            self.entries.len(),
            "an entry is in no history"
        );
    }
}

fn is_within(first: &ThingId, count: u64, subject: &Thing) -> bool {
    let (start, size) = match subject {
        Thing::Run { run, .. } => (
            ThingId::Item {
                line: run.line(),
                serial: *run.first(),
            },
            run.count(),
        ),
        other => (other.id().unwrap(), 1),
    };
    let last = match first {
        ThingId::Item { line, serial } if count > 1 => {
            let (digits, value) = serial.numeric().unwrap();
            let value = value + u128::from(count) - 1;
            ThingId::Item {
                line: *line,
                serial: marque_primitives::gs1::Serial::from_numeric(digits, value).unwrap(),
            }
        }
        other => other.clone(),
    };
    covers(&start, size, first) && covers(&start, size, &last)
}

fn runs_do_not_overlap(leaves: &Leaves) {
    let mut ends: BTreeMap<(Line, u8), u128> = BTreeMap::new();
    for (id, record) in leaves.records.values() {
        assert!(record.count > 0);
        let ThingId::Item { line, serial } = id else {
            assert_eq!(record.count, 1);
            continue;
        };
        let Some((digits, value)) = serial.numeric() else {
            assert_eq!(record.count, 1);
            continue;
        };
        let end = ends.entry((*line, digits)).or_default();
        assert!(value >= *end, "runs overlap at {serial:?}");
        *end = value + u128::from(record.count);
        assert!(
            *end <= 10u128.pow(u32::from(digits)),
            "{serial:?} gained a digit"
        );
    }
}

fn shape((id, record): &(ThingId, Record)) {
    let packed_and_offered = record.parent.is_some() && record.offer.is_some();
    assert!(!packed_and_offered, "{id:?} is packed and on offer");
    assert!(record.recalls.is_sorted_set() && record.persistent.is_sorted_set());
    assert!(record.holders.is_sorted_set());
    assert!(record.parent.is_some() || !record.owned_with_parent);
    if record.external {
        let none = (record.brand, record.custodian, record.owner, record.offer);
        assert_eq!(none, (None, None, None, None), "{id:?} is external");
    }
    if record.ended {
        assert!(record.parent.is_none() && record.offer.is_none());
    }
}

fn children_match(leaves: &Leaves) {
    let mut expected = BTreeSet::new();
    for (own, (_, record)) in &leaves.records {
        if let Some(parent) = &record.parent {
            assert!(leaves.record(parent).is_some_and(|record| record.is_parent));
            expected.insert(key::child(parent, own));
        }
    }
    for (own, (_, balance)) in &leaves.balances {
        if let Some(parent) = &balance.holding.parent {
            assert!(leaves.record(parent).is_some_and(|record| record.is_parent));
            expected.insert(key::child(parent, own));
        }
    }
    assert_eq!(leaves.children, expected, "children match their parents");
}

/// What a unit holds, recomputed from its children: lines, things without a line that are
/// held, and how many units stand inside one another.
fn inside(leaves: &Leaves, parent: &ThingId) -> (Vec<ContentLine>, u64, u8) {
    let mut lines = Vec::new();
    let (mut held, mut height) = (0, 0);
    for (id, record) in leaves.records.values() {
        if record.parent.as_ref() != Some(parent) {
            continue;
        }
        let recalled = !model::open(leaves, &record.recalls).is_empty();
        let is_held = record.ended || !record.holders.is_empty() || recalled;
        if let ThingId::Item { line, .. } = id {
            let amount = Decimal::from_integer(record.count);
            lines.push(ContentLine {
                line: *line,
                lot: record.lot,
                expiry: record.expiry,
                cleared: record.cleared,
                unit: Unit::Each,
                amount,
                held: if is_held { amount } else { Decimal::ZERO },
            });
        } else {
            held += u64::from(is_held);
        }
        let (deeper, deeper_held, levels) = inside(leaves, id);
        lines.extend(deeper);
        held += deeper_held;
        height = height.max(levels + 1);
    }
    for (id, balance) in leaves.balances.values() {
        let holding = &balance.holding;
        if holding.parent.as_ref() != Some(parent) {
            continue;
        }
        let lot = &leaves.lots[&key::lot(id)];
        lines.push(ContentLine {
            line: Line::Product(id.gtin),
            lot: Some(id.lot),
            expiry: lot.expiry,
            cleared: holding.cleared,
            unit: lot.unit.clone().unwrap(),
            amount: balance.value,
            held: if holding.holders.is_empty() {
                Decimal::ZERO
            } else {
                balance.value
            },
        });
        height = height.max(1);
    }
    (lines, held, height)
}

/// Lines that differ only in their amounts are one.
fn merged(lines: Vec<ContentLine>) -> Vec<ContentLine> {
    let mut merged: Vec<ContentLine> = Vec::new();
    for line in lines {
        let same = |other: &&mut ContentLine| {
            let mut other = (**other).clone();
            (other.amount, other.held) = (line.amount, line.held);
            other == line
        };
        match merged.iter_mut().find(same) {
            Some(other) => {
                other.amount = other.amount.checked_add(line.amount).unwrap();
                other.held = other.held.checked_add(line.held).unwrap();
            }
            None => merged.push(line),
        }
    }
    merged.sort();
    merged
}

fn contents_match(leaves: &Leaves) {
    let mut seen = BTreeSet::new();
    for (id, _) in leaves.records.values() {
        let parents = leaves.records.values().map(|(_, record)| &record.parent);
        let parcels = leaves.balances.values().map(|(_, b)| &b.holding.parent);
        let is_parent = parents
            .chain(parcels)
            .any(|parent| parent.as_ref() == Some(id));
        let own = key::contents(id);
        let kept = leaves.contents.get(&own).cloned().unwrap_or_default();
        if is_parent {
            seen.insert(own);
        } else if kept == Contents::default() {
            continue;
        }
        let (lines, held, height) = inside(leaves, id);
        assert_eq!(kept.lines.to_vec(), merged(lines), "contents of {id:?}");
        assert_eq!(kept.held, held, "what is held in {id:?}");
        assert!(
            kept.height >= height && kept.height <= 8,
            "height of {id:?}"
        );
    }
    assert!(seen.iter().all(|own| leaves.contents.contains_key(own)));
}

/// An open list recall counts what of its list still bears it.
fn recalls_match(leaves: &Leaves) {
    for (own, recall) in &leaves.recalls {
        let RecallTarget::Items(items) = &recall.target else {
            continue;
        };
        let bears = |(id, record): &&(ThingId, Record)| {
            let named = |thing: &Thing| is_within(id, record.count, thing);
            let mut recalls = record.recalls.iter();
            recalls.any(|id| key::recall(*id) == *own) && items.iter().any(named)
        };
        let bearing = leaves.records.values().filter(bears);
        let bearing: u64 = bearing.map(|(_, record)| record.count).sum();
        assert_eq!(bearing, recall.bearing, "what bears {recall:?}");
        assert_eq!(bearing == 0, recall.lifted.is_some(), "{recall:?}");
    }
}

fn offers_match(leaves: &Leaves) {
    let mut things: BTreeMap<OfferId, u64> = BTreeMap::new();
    let mut lots: BTreeMap<OfferId, BTreeMap<&LotId, Decimal>> = BTreeMap::new();
    for (_, record) in leaves.records.values() {
        if let Some(id) = record.offer {
            *things.entry(id).or_default() += record.count;
        }
    }
    for (id, balance) in leaves.balances.values() {
        if let Some(offer) = balance.holding.offer {
            let sum = lots.entry(offer.id).or_default().entry(id).or_default();
            *sum = sum.checked_add(balance.value).unwrap();
        }
    }
    let open: BTreeSet<&OfferId> = things.keys().chain(lots.keys()).collect();
    assert_eq!(
        open.len(),
        leaves.offers.len(),
        "an offer lives while something is on it"
    );
    for id in open {
        let offer = &leaves.offers[&key::offer(*id)];
        assert_eq!(offer.open, things.get(id).copied().unwrap_or(0));
        let kept: BTreeMap<&LotId, Decimal> = offer
            .open_lots
            .iter()
            .map(|open| (&open.id, open.value))
            .collect();
        assert!(leaves.balances.values().all(|(_, balance)| {
            balance
                .holding
                .offer
                .is_none_or(|on| on.id != *id || on.to == offer.to)
        }));
        assert_eq!(kept, lots.get(id).cloned().unwrap_or_default());
    }
}
