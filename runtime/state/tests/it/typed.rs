//! Typed keys and tables.

use std::ops::Bound;

use marque_state::{
    Batch, Direction, MemoryStore, Raw, StateError, Store, Table, TableKey, prefix_end, tables,
};
use proptest::prelude::*;

use crate::cases;

type Composite = (u8, Vec<u8>, String, u64);

fn composite() -> impl Strategy<Value = Composite> {
    let bytes = || proptest::collection::vec(prop_oneof![Just(0), Just(1), Just(255)], 0..4);
    let text = proptest::collection::vec(prop_oneof![Just('\0'), Just('a'), Just('é')], 0..3);
    let text = text.prop_map(|letters| letters.into_iter().collect());
    (
        0..2_u8,
        bytes(),
        text,
        prop_oneof![Just(0), Just(1), Just(256), Just(u64::MAX)],
    )
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn encoded_keys_keep_the_order(one in composite(), other in composite()) {
        prop_assert_eq!(one.to_key().cmp(&other.to_key()), one.cmp(&other));
        prop_assert_eq!(Composite::from_key(&one.to_key()), Some(one.clone()));
        let bytes = one.1;
        prop_assert_eq!(Vec::from_key(&bytes), Some(bytes.clone()), "alone, a key is its bytes");
    }

    #[test]
    fn a_prefix_ends_above_all_that_begins_with_it(prefix in composite(), key in composite()) {
        let (prefix, key) = (prefix.1, key.to_key());
        let below = prefix_end(&prefix).is_none_or(|end| key < end);
        prop_assert_eq!(key.starts_with(&prefix), key >= prefix && below);
    }
}

const PAIRS: Table<(Vec<u8>, u64), (u32, String)> = Table::new(0xff, "pairs");

#[test]
fn rows_come_back_typed_and_in_order() {
    let store = MemoryStore::new();
    let mut batch = Batch::new();
    let rows: Vec<_> = [("a", 1), ("a", 300), ("a\0", 2), ("b", 0)]
        .into_iter()
        .map(|(name, number): (&str, u64)| ((name.into(), number), (7, name.to_owned())))
        .collect();
    rows.iter()
        .rev()
        .for_each(|(key, value)| PAIRS.put(&mut batch, key, value));
    PAIRS.put(&mut batch, &(b"c".to_vec(), 9), &(0, String::new()));
    PAIRS.delete(&mut batch, &(b"c".to_vec(), 9));
    assert!(batch.bytes() > 0 && !batch.is_empty());
    store.commit(batch).unwrap();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(
        PAIRS.get(&*snapshot, &rows[1].0).unwrap(),
        Some(rows[1].1.clone())
    );
    let read = |from, to, direction| -> Vec<_> {
        PAIRS
            .range(&*snapshot, from, to, direction)
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    assert_eq!(
        read(Bound::Unbounded, Bound::Unbounded, Direction::Ascending),
        rows
    );
    assert_eq!(
        read(
            Bound::Excluded(&rows[0].0),
            Bound::Included(&rows[2].0),
            Direction::Ascending
        ),
        rows[1..3]
    );
    let mut of_a = Vec::new();
    b"a".to_vec().encode_key(&mut of_a, false);
    let of_a = PAIRS
        .prefix(&*snapshot, &of_a, Direction::Descending)
        .unwrap();
    assert_eq!(
        of_a.map(Result::unwrap).collect::<Vec<_>>(),
        [rows[1].clone(), rows[0].clone()]
    );
}

#[test]
fn a_row_that_does_not_decode_is_named() {
    let store = MemoryStore::new();
    let mut batch = Batch::new();
    batch.put(tables::TIP.id(), Vec::new(), vec![1, 2, 3]);
    batch.put(tables::BITMAP.id(), vec![1], Raw(vec![0]).0);
    store.commit(batch).unwrap();
    let snapshot = store.snapshot().unwrap();
    let error = tables::TIP.get(&*snapshot, &()).unwrap_err();
    assert!(
        matches!(error, StateError::Corrupt { table: "tip", .. }),
        "{error}"
    );
    let all = (Bound::Unbounded, Bound::Unbounded);
    let row = tables::BITMAP
        .range(&*snapshot, all.0, all.1, Direction::Ascending)
        .unwrap()
        .next();
    let error = row.unwrap().unwrap_err();
    assert!(
        matches!(error, StateError::Corrupt { table: "bitmap", ref key, .. } if key == "01"),
        "{error}"
    );
}

#[test]
fn numbers_and_names_of_tables_are_given_once() {
    for (at, table) in tables::ALL.iter().enumerate() {
        for other in &tables::ALL[at + 1..] {
            assert!(
                table.number != other.number && table.name != other.name,
                "{table:?} {other:?}"
            );
        }
    }
}
