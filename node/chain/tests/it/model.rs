//! Journeys against a model that writes each item's story as it happens.

use std::collections::BTreeMap;

use marque_chain::reads::{PageRequest, Source, TraceLine, TraceOf};
use marque_primitives::Hash;
use marque_primitives::action::{Action, Operation};
use marque_primitives::detail::Detail;
use marque_primitives::history::Head;
use marque_primitives::receipt::Status;
use marque_primitives::thing::Thing;

use crate::world::*;

const ITEMS: u64 = 24;
const UNITS: u64 = 5;

/// A small generator of its own, so that a seed means the same for ever (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % sides
    }
}

/// An item by its serial, or a unit by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Item(u64),
    Unit(u64),
}

#[derive(Default)]
struct Model {
    parents: BTreeMap<Name, u64>,
    units: BTreeMap<u64, ()>,
    stories: BTreeMap<u64, Vec<String>>,
}

impl Model {
    fn holds(&self, item: u64, unit: u64) -> bool {
        let mut at = Name::Item(item);
        while let Some(parent) = self.parents.get(&at) {
            if *parent == unit {
                return true;
            }
            at = Name::Unit(*parent);
        }
        false
    }

    /// What happened to things, as those that they are or hold tell it.
    fn tell(&mut self, names: &[Name], own: &str, within: &str) {
        for item in 1..=ITEMS {
            let direct = names.contains(&Name::Item(item));
            let inside = names
                .iter()
                .any(|name| matches!(name, Name::Unit(unit) if self.holds(item, *unit)));
            let line = if direct { own } else { within };
            if direct || inside {
                self.stories.entry(item).or_default().push(line.into());
            }
        }
    }

    fn is_free(&self, names: &[Name]) -> bool {
        names.iter().all(|name| !self.parents.contains_key(name))
    }
}

fn thing(name: Name) -> Thing {
    match name {
        Name::Item(serial) => items(serial, 1),
        Name::Unit(number) => unit(number).into(),
    }
}

/// What a step names: neighbouring items, or a unit that exists.
fn named(dice: &mut Dice, model: &Model) -> Vec<Name> {
    let units: Vec<u64> = model.units.keys().copied().collect();
    if !units.is_empty() && dice.roll(2) == 0 {
        let at = usize::try_from(dice.roll(units.len() as u64)).unwrap();
        return vec![Name::Unit(units[at])];
    }
    let first = 1 + dice.roll(ITEMS);
    let last = (first + dice.roll(4)).min(ITEMS);
    (first..=last).map(Name::Item).collect()
}

fn step(world: &World, dice: &mut Dice, model: &mut Model) {
    let names = named(dice, model);
    let things = || names.iter().copied().map(thing).collect::<Vec<_>>();
    let list = || crate::world::things(things());
    let applied = |operation| {
        let receipt = world
            .send(
                Who::Brand,
                vec![Action::Intent(operation, Detail::default())],
            )
            .unwrap();
        receipt.status == Status::Applied
    };
    match dice.roll(5) {
        0 => {
            if applied(Operation::Observe {
                items: list(),
                parent: None,
            }) {
                model.tell(&names, "own observe", "parent observe");
            }
        }
        1 => {
            let operation = Operation::Observe {
                items: list(),
                parent: None,
            };
            world
                .send(
                    Who::Stranger,
                    vec![Action::Intent(operation, Detail::default())],
                )
                .unwrap();
            model.tell(&names, "beside observe", "beside observe");
        }
        2 | 3 => {
            let parent = 1 + dice.roll(UNITS);
            if !model.is_free(&names) || names.contains(&Name::Unit(parent)) {
                return;
            }
            if applied(Operation::Pack {
                parent: unit(parent),
                children: list(),
            }) {
                model.units.insert(parent, ());
                model.tell(&names, "own pack", "parent pack");
                model
                    .parents
                    .extend(names.iter().map(|name| (*name, parent)));
            }
        }
        _ => {
            let Some(parent) = model.parents.get(&names[0]).copied() else {
                return;
            };
            if names
                .iter()
                .any(|name| model.parents.get(name) != Some(&parent))
            {
                return;
            }
            if applied(Operation::Unpack {
                parent: unit(parent),
                children: list(),
            }) {
                model.tell(&names, "own unpack", "parent unpack");
                model.parents.retain(|name, _| !names.contains(name));
            }
        }
    }
}

#[test]
fn every_items_journey_is_as_a_model_tells_it_and_hashes_to_its_head() {
    let mut packed = 0;
    for seed in 1..=4 {
        let world = World::trading();
        let mut dice = Dice(seed);
        let mut model = Model::default();
        world.act(Who::Brand, commission(items(1, ITEMS), None));
        (1..=ITEMS)
            .for_each(|item| drop(model.stories.insert(item, vec!["own commission".into()])));
        for _ in 0..150 {
            step(&world, &mut dice, &mut model);
        }
        packed += model
            .stories
            .values()
            .flatten()
            .filter(|line| line.starts_with("parent"))
            .count();
        let reader = world.reader();
        for (serial, story) in &model.stories {
            let of = TraceOf::Thing(item(*serial));
            let lines = reader
                .trace(&of, false, &PageRequest::first(1_000))
                .unwrap()
                .items;
            let told: Vec<String> = lines.iter().map(tell).collect();
            assert_eq!(&told, story, "item {serial} of seed {seed}");
            let (_, record) = marque_ledger::read::record_at(reader.view(), &item(*serial))
                .unwrap()
                .unwrap();
            assert_eq!(
                hashed(&lines),
                record.history,
                "item {serial} of seed {seed}"
            );
        }
    }
    assert!(packed > 500, "{packed} lines came from parents");
}

fn tell(line: &TraceLine) -> String {
    let TraceLine::Recorded {
        source,
        entry,
        event,
    } = line
    else {
        panic!("no refusals were asked for")
    };
    let source = match source {
        Source::Own => "own",
        Source::Parent(_) => "parent",
        Source::Beside => "beside",
        Source::Lot | Source::Product => "class",
    };
    let kind = entry
        .as_ref()
        .map_or(event.event.kind, |(_, entry)| entry.kind);
    format!("{source} {}", kind.name())
}

/// The head that an item's own lines lead to, by hashing alone.
fn hashed(lines: &[TraceLine]) -> Head {
    let mut head = Head::EMPTY;
    for line in lines {
        if let TraceLine::Recorded {
            source: Source::Own,
            entry: Some((position, entry)),
            event,
        } = line
        {
            assert_eq!(entry.before, head);
            assert_eq!(entry.event_hash, event.hash);
            head = Head {
                length: head.length + 1,
                hash: Hash(entry.hash().0),
                last: *position,
            };
        }
    }
    head
}
