use std::collections::BTreeSet;

use marque_primitives::Address;
use marque_state::{MemoryStore, Store};
use proptest::prelude::*;

use super::*;

fn term(byte: u8) -> Term {
    Term::Party(Address([byte; 20]))
}

/// Each list is a block's.
fn stored(blocks: &[Vec<u64>]) -> std::sync::Arc<dyn Snapshot> {
    let store = MemoryStore::new();
    for block in blocks {
        let mut builder = Builder::default();
        for position in block {
            builder.add(term(0), *position);
            builder.add(term(2), position.saturating_add(1));
        }
        let mut batch = Batch::new();
        write_postings(&mut batch, builder);
        store.commit(batch).unwrap();
    }
    store.snapshot().unwrap()
}

proptest! {
    #[test]
    fn seeking_finds_the_first_position_not_below(
        sizes in prop::collection::vec(prop::collection::btree_set(0_u64..5_000, 0..1_500), 1..4),
        seeks in prop::collection::btree_set(0_u64..25_000, 1..30),
    ) {
        // Positions of a block are above those of the blocks before.
        let blocks: Vec<Vec<u64>> = (0_u64..)
            .zip(sizes)
            .map(|(number, block)| block.into_iter().map(|position| number * 5_000 + position).collect())
            .collect();
        let all: BTreeSet<u64> = blocks.iter().flatten().copied().collect();
        let snapshot = stored(&blocks);
        let mut list = Postings::new(term(0));
        for from in &seeks {
            prop_assert_eq!(list.seek(&*snapshot, *from).unwrap(), all.range(from..).next().copied());
        }
        // From anywhere at once, too.
        let from = *seeks.last().unwrap();
        let first = Postings::new(term(0)).seek(&*snapshot, from).unwrap();
        prop_assert_eq!(first, all.range(from..).next().copied());
        prop_assert_eq!(Postings::new(term(1)).seek(&*snapshot, 0).unwrap(), None);
    }
}

#[test]
fn every_number_is_written_and_read() {
    for value in [0, 1, 127, 128, 300, 1 << 40, u64::MAX] {
        let mut bytes = Vec::new();
        varint(&mut bytes, value);
        let mut rest = bytes.as_slice();
        assert_eq!(read_varint(&mut rest), Some(value));
        assert!(rest.is_empty());
        assert_eq!(read_varint(&mut &bytes[..bytes.len() - 1]), None);
    }
}

#[test]
fn positions_are_kept_once_and_as_differences() {
    let mut builder = Builder::default();
    [7, 7, 9, 8, 300]
        .into_iter()
        .for_each(|position| builder.add(term(0), position));
    let mut batch = Batch::new();
    write_postings(&mut batch, builder);
    let (_, rows) = batch.into_iter().next().unwrap();
    let (key, value) = rows.into_iter().next().unwrap();
    assert_eq!(value.unwrap(), [1, 1, 0xa3, 0x02]);
    assert_eq!(key.len(), 1 + 40 + 2 + 8, "the address's zeros are escaped");
    assert_eq!(key[43..], 7_u64.to_be_bytes());
}
