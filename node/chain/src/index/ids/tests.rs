use marque_primitives::hash::sha256;
use marque_state::{MemoryStore, Store};
use proptest::prelude::*;

use super::*;

fn id(height: u64, index: u64) -> Hash {
    sha256(&[&height.to_be_bytes(), &index.to_be_bytes()])
}

/// A chain whose blocks have so many transactions.
fn stored(sizes: &[u64], most: usize) -> MemoryStore {
    let store = MemoryStore::new();
    for (height, size) in (1_u64..).zip(sizes) {
        let mut batch = Batch::new();
        let ids = (0..*size).map(|index| id(height, index));
        write_up_to(&mut batch, &*store.snapshot().unwrap(), height, ids, most).unwrap();
        store.commit(batch).unwrap();
    }
    store
}

fn found(store: &MemoryStore, id: &Hash) -> Vec<Place> {
    let snapshot = store.snapshot().unwrap();
    find(&*snapshot, id)
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn all_segments(store: &MemoryStore) -> Vec<(u64, Segment)> {
    segments(&*store.snapshot().unwrap(), 0..u64::MAX).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_id_is_found_where_it_stands_and_no_other_is(
        sizes in prop::collection::vec(0_u64..40, 1..300),
        most in 1_usize..3_000,
    ) {
        let store = stored(&sizes, most);
        for (height, size) in (1_u64..).zip(&sizes) {
            for index in 0..*size {
                let place = (height, u32::try_from(index).unwrap());
                prop_assert_eq!(found(&store, &id(height, index)), [place]);
            }
        }
        prop_assert_eq!(found(&store, &id(0, 0)), []);
        let segments = all_segments(&store);
        let mut next = segments[0].0;
        for (first, segment) in &segments {
            prop_assert_eq!(*first, next, "segments lie side by side");
            prop_assert!(segment.blocks == 1 || segment.ids <= most as u64);
            next = first + segment.blocks;
        }
        let ids: u64 = segments.iter().map(|(_, segment)| segment.ids).sum();
        prop_assert_eq!(ids, sizes.iter().sum::<u64>());
    }
}

#[test]
fn segments_grow_sixteenfold_until_they_are_full() {
    // Height 0 writes none: the first group has fifteen blocks.
    let widths = |blocks, most| -> Vec<u64> {
        all_segments(&stored(&vec![10; blocks], most))
            .into_iter()
            .map(|(_, segment)| segment.blocks)
            .collect()
    };
    assert_eq!(widths(14, 1_000), [1; 14]);
    assert_eq!(widths(15, 1_000), [16]);
    assert_eq!(widths(32, 1_000), [16, 16, 1]);
    assert_eq!(widths(255, 10_000), [256]);
    assert_eq!(widths(255, 2_000), [16; 16]);
    assert_eq!(widths(256, 10_000), [256, 1]);
}

#[test]
fn ids_that_begin_alike_share_a_page() {
    let alike = |last: u8| {
        let mut bytes = [7; 32];
        bytes[31] = last;
        Hash(bytes)
    };
    let store = MemoryStore::new();
    let mut batch = Batch::new();
    let ids = (0..199).map(|index| id(1, index)).chain((0..5).map(alike));
    write(&mut batch, &*store.snapshot().unwrap(), 1, ids).unwrap();
    store.commit(batch).unwrap();
    let places = found(&store, &alike(3));
    assert_eq!(
        places,
        (199..204).map(|index| (1, index)).collect::<Vec<_>>()
    );
}

#[test]
fn entries_are_written_so_for_good() {
    let entry = Entry {
        start: 1,
        height: 2,
        index: 3,
    };
    let bytes = written(&[entry]);
    assert_eq!(
        bytes,
        [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3]
    );
    assert_eq!(read(&Raw(bytes)).collect::<Vec<_>>(), [entry]);
}
