use std::collections::BTreeSet;
use std::sync::Arc;

use marque_primitives::gs1::{Gtin, Serial};
use marque_primitives::thing::Line;
use marque_state::{MemoryStore, Store};
use proptest::prelude::*;

use super::*;

fn line() -> Line {
    Line::Product(Gtin::new("09521234543213").unwrap())
}

fn run(first: u64, count: u64) -> Thing {
    let first = Serial::from_numeric(19, first.into()).unwrap();
    Thing::Run {
        run: Run::new(line(), first, count).unwrap(),
        lot: None,
    }
}

fn item(serial: u64) -> ThingId {
    ThingId::Item {
        line: line(),
        serial: Serial::from_numeric(19, serial.into()).unwrap(),
    }
}

fn stored(ranges: &[(u64, u64)]) -> Arc<dyn Snapshot> {
    let store = MemoryStore::new();
    let mut batch = Batch::new();
    for (position, (first, count)) in (0_u64..).zip(ranges) {
        write(
            &mut batch,
            Set::Events,
            Range::of(&run(*first, *count)).unwrap(),
            position,
        );
    }
    store.commit(batch).unwrap();
    store.snapshot().unwrap()
}

#[test]
fn blocks_are_aligned_disjoint_and_few() {
    let ends = [
        (0, 0),
        (0, 1),
        (1, 1),
        (1, 2),
        (5, 20),
        (7, 1_000_000),
        (0, u64::MAX.into()),
        (1, u64::MAX.into()),
    ];
    for (first, last) in ends {
        let mut blocks = blocks(first, last);
        assert!(
            blocks.len() <= 2 * 64,
            "{} blocks for {first} to {last}",
            blocks.len()
        );
        blocks.sort_by_key(|(level, block)| block << level);
        let mut next = first;
        for (level, block) in blocks {
            assert_eq!(block << level, next, "{first} to {last}");
            next += 1_u128 << level;
        }
        assert_eq!(next, last + 1);
    }
}

proptest! {
    #[test]
    fn a_serial_finds_exactly_the_ranges_that_hold_it(
        ranges in prop::collection::vec((0_u64..300, 1_u64..200), 1..20),
        serial in 0_u64..520,
        from in 0_u64..20,
        limit in 1_usize..10,
    ) {
        let snapshot = stored(&ranges);
        let slow: Vec<u64> = (0_u64..)
            .zip(&ranges)
            .filter(|(position, (first, count))| (*first..first + count).contains(&serial) && *position >= from)
            .map(|(position, _)| position)
            .take(limit)
            .collect();
        let found = stabbed(&*snapshot, Set::Events, &item(serial), from..u64::MAX, limit).unwrap();
        prop_assert_eq!(found, slow);
    }
}

#[test]
fn what_has_no_number_is_found_by_itself_alone() {
    let store = MemoryStore::new();
    let mut batch = Batch::new();
    let text = |serial: &str| ThingId::Item {
        line: line(),
        serial: Serial::new(serial).unwrap(),
    };
    for (position, id) in [(3, text("A1")), (4, text("A")), (5, text("A1"))] {
        write(&mut batch, Set::Refusals, Range::single(&id), position);
    }
    store.commit(batch).unwrap();
    let snapshot = store.snapshot().unwrap();
    let found = |set, id: &ThingId| stabbed(&*snapshot, set, id, 0..5, 10).unwrap();
    assert_eq!(found(Set::Refusals, &text("A1")), [3]);
    assert_eq!(found(Set::Refusals, &text("A")), [4]);
    assert_eq!(found(Set::Events, &text("A1")), [0; 0]);
}

#[test]
fn digits_count() {
    let six = ThingId::Item {
        line: line(),
        serial: Serial::new("000001").unwrap(),
    };
    let snapshot = stored(&[(1, 1)]);
    assert_eq!(
        stabbed(&*snapshot, Set::Events, &six, 0..10, 10).unwrap(),
        [0; 0]
    );
    assert_eq!(
        stabbed(&*snapshot, Set::Events, &item(1), 0..10, 10).unwrap(),
        [0]
    );
}

#[test]
fn rows_are_keyed_so_for_good() {
    let class = BTreeSet::from([row(Set::Events, b"\x22\x00c", 3, 7, 9)]);
    let expected = [
        &[1, 0x22, 0, 255, b'c', 0, 1, 3][..],
        &7_u128.to_be_bytes(),
        &9_u64.to_be_bytes(),
    ]
    .concat();
    assert_eq!(class, BTreeSet::from([expected]));
}
