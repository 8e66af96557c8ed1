//! Damage of every kind in every table: a check of what is stored finds it.

use std::ops::Bound;
use std::sync::Arc;

use marque_chain::check::{Damage, check};
use marque_primitives::action::Action;
use marque_primitives::detail::Detail;
use marque_state::{Batch, Direction, MemoryStore, Store, TableId, tables};

use crate::faulty::Dying;
use crate::world::*;

type Row = (Vec<u8>, Vec<u8>);

/// Blocks after the trade: more than a start reads undo rows of, so that the bitmap's page is
/// what says which of the trade's leaves are live.
const LATER: u64 = 70;

/// Has rows in every table: things on their way, a refusal, and a block that a crash left
/// unsigned.
fn traded() -> Arc<MemoryStore> {
    let disk = Arc::new(MemoryStore::new());
    let clock = StillClock::new();
    let trade = |world: &World| {
        world.found().unwrap();
        world.act(Who::Brand, commission(items(1, 100), Some("A")));
        world.act(Who::Brand, offer(items(1, 10), Who::Carrier));
        world.act(Who::Carrier, accept(items(1, 10)));
        world.refused(Who::Stranger, accept(items(11, 1)));
        for serial in 0..LATER {
            world.act(Who::Carrier, observe(items(1 + serial % 10, 1)));
        }
    };
    let world = World::on(disk.clone(), clock.clone()).unwrap();
    trade(&world);
    let next = vec![Action::Intent(
        offer(items(5, 1), Who::Shop),
        Detail::default(),
    )];
    let next = world.transaction(Who::Carrier, next);
    drop(world);
    // The first commit keeps the block's body, the second one fails.
    let dying = Dying::new(disk.clone(), 2, false);
    let world = World::on(dying, clock).unwrap();
    let sent = wait(world.chain.submit_and_wait(next.bytes().to_vec()));
    assert!(sent.is_err());
    drop(world);
    disk
}

fn rows(store: &dyn Store, table: TableId) -> Vec<Row> {
    let all = (Bound::Unbounded, Bound::Unbounded);
    let snapshot = store.snapshot().unwrap();
    let rows = snapshot.range(table, all.0, all.1, Direction::Ascending);
    rows.unwrap().map(Result::unwrap).collect()
}

fn found(store: &dyn Store) -> Vec<Damage> {
    let scratch = MemoryStore::new();
    let snapshot = store.snapshot().unwrap();
    let report = check(snapshot, &genesis(), &scratch, &mut |_| {});
    report.unwrap().damage
}

/// What a check finds once a row is this, or gone; the row is put back.
fn with(store: &dyn Store, table: TableId, key: &[u8], value: Option<&[u8]>) -> Vec<Damage> {
    let put = |value: Option<Vec<u8>>| {
        let mut batch = Batch::new();
        match value {
            Some(value) => batch.put(table, key.to_vec(), value),
            None => batch.delete(table, key.to_vec()),
        }
        store.commit(batch).unwrap();
    };
    let before = store.snapshot().unwrap().get(table, key).unwrap();
    put(value.map(<[u8]>::to_vec));
    let damage = found(store);
    put(before);
    damage
}

/// At most so many of a table's rows, the first and the last among them.
fn some(rows: Vec<Row>) -> Vec<Row> {
    const MOST: usize = 6;
    let last = rows.len().saturating_sub(1);
    let step = rows.len().div_ceil(MOST).max(1);
    let chosen = rows.into_iter().enumerate();
    let chosen = chosen.filter(|(at, _)| at % step == 0 || *at == last);
    chosen.map(|(_, row)| row).collect()
}

/// A chain that has lost its end is not begun again over the rest.
#[test]
fn rows_without_a_newest_block_are_refused_at_a_start() {
    let store = traded();
    let before = rows(&*store, tables::HEADERS.id());
    let mut batch = Batch::new();
    batch.delete(tables::TIP.id(), Vec::new());
    store.commit(batch).unwrap();
    let error = World::on(store.clone(), StillClock::new()).err().unwrap();
    let words = error.to_string();
    assert!(
        words.contains("no newest block; restore a backup"),
        "{words}"
    );
    assert_eq!(
        rows(&*store, tables::HEADERS.id()),
        before,
        "nothing is written"
    );
}

/// Nor is one gone on with whose newest block is said to be an earlier one.
#[test]
fn blocks_above_the_newest_one_are_refused_at_a_start() {
    let store = traded();
    let mut headers = rows(&*store, tables::HEADERS.id());
    let (key, header) = headers.pop().unwrap();
    let above = u64::from_be_bytes(key.try_into().unwrap()) + 1;
    let mut batch = Batch::new();
    batch.put(tables::HEADERS.id(), above.to_be_bytes().to_vec(), header);
    store.commit(batch).unwrap();
    let error = World::on(store.clone(), StillClock::new()).err().unwrap();
    let words = error.to_string();
    assert!(words.contains("above the newest one"), "{words}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_is_whole_has_no_damage_and_every_table_has_rows() {
    let store = traded();
    assert_eq!(found(&*store), []);
    for table in tables::ALL {
        assert!(!rows(&*store, *table).is_empty(), "{} is empty", table.name);
    }
}

#[test]
fn a_flipped_bit_in_any_table_is_found() {
    let store = traded();
    let mut unseen = Vec::new();
    for table in tables::ALL {
        for (key, value) in some(rows(&*store, *table)) {
            // The first, one in the middle, the last.
            let mut places = vec![0, value.len() / 2, value.len().saturating_sub(1)];
            if *table == tables::BITMAP.id() {
                // Bits of leaves that the last 64 blocks made or ended are read from undo rows, and
                // none behind the last leaf is read at all: there a flip changes nothing.
                places.truncate(1);
            }
            for at in places {
                let mut flipped = value.clone();
                match flipped.get_mut(at) {
                    Some(byte) => *byte ^= 0x10,
                    None => flipped.push(0),
                }
                if with(&*store, *table, &key, Some(&flipped)).is_empty() {
                    unseen.push(format!("{} 0x{} byte {at}", table.name, hex(&key)));
                }
            }
        }
    }
    assert_eq!(unseen, Vec::<String>::new());
}

#[test]
fn a_missing_row_of_any_table_is_found() {
    let store = traded();
    let mut unseen = Vec::new();
    for table in tables::ALL {
        if *table == tables::PROPOSALS.id() {
            // A body that is not signed is no part of the chain; that it was signed and is gone,
            // the mark of what was signed says at the next start.
            continue;
        }
        for (key, _) in some(rows(&*store, *table)) {
            if with(&*store, *table, &key, None).is_empty() {
                unseen.push(format!("{} 0x{}", table.name, hex(&key)));
            }
        }
    }
    assert_eq!(unseen, Vec::<String>::new());
}

#[test]
fn a_row_too_many_in_any_table_is_found() {
    let store = traded();
    let mut unseen = Vec::new();
    for table in tables::ALL {
        let rows = rows(&*store, *table);
        let (first, last) = (rows.first().unwrap(), rows.last().unwrap());
        // Copies beside rows: before all, behind all, and with a key that is longer.
        let higher = |key: &[u8]| {
            let mut key = key.to_vec();
            if let Some(byte) = key.iter_mut().rev().find(|byte| **byte < u8::MAX) {
                *byte += 1;
            }
            key
        };
        let longer = |key: &[u8]| [key, &[0]].concat();
        let shorter = |key: &[u8]| key.split_last().map(|(_, key)| key.to_vec());
        let mut extra = vec![
            (higher(&last.0), last.1.clone()),
            (longer(&last.0), last.1.clone()),
            (longer(&first.0), first.1.clone()),
            (vec![0xff; 9], last.1.clone()),
            (vec![], first.1.clone()),
        ];
        extra.extend(shorter(&first.0).map(|key| (key, first.1.clone())));
        extra.retain(|(key, _)| !rows.iter().any(|(there, _)| there == key));
        for (key, value) in extra {
            if with(&*store, *table, &key, Some(&value)).is_empty() {
                unseen.push(format!("{} 0x{}", table.name, hex(&key)));
            }
        }
    }
    assert_eq!(unseen, Vec::<String>::new());
}
