use proptest::prelude::*;

use super::*;

fn range(first: u128, last: u128) -> Range {
    Range::Serials {
        class: vec![1],
        first,
        last,
    }
}

proptest! {
    #[test]
    fn the_rest_is_what_no_entry_holds(
        covered in prop::collection::vec((0_u128..60, 0_u128..20), 0..6),
        first in 0_u128..50,
        length in 0_u128..30,
    ) {
        let mut entries = Covered::default();
        covered.iter().for_each(|(low, length)| entries.add(range(*low, low + length)));
        let last = first + length;
        let held = |serial: u128| covered.iter().any(|(low, length)| (*low..=low + length).contains(&serial));
        let expected: Vec<u128> = (first..=last).filter(|serial| !held(*serial)).collect();
        let found: Vec<u128> = entries
            .rest_of(range(first, last))
            .into_iter()
            .flat_map(|range| match range {
                Range::Serials { first, last, .. } => first..=last,
                Range::One { .. } => panic!("a range of serials stays one"),
            })
            .collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_class_of_serials_covers_no_other() {
    let mut entries = Covered::default();
    entries.add(Range::Serials {
        class: vec![2],
        first: 0,
        last: 9,
    });
    entries.add(Range::One { key: vec![3] });
    assert_eq!(entries.rest_of(range(0, 9)), [range(0, 9)]);
    assert_eq!(entries.rest_of(Range::One { key: vec![3] }), []);
    assert_eq!(
        entries.rest_of(Range::One { key: vec![4] }),
        [Range::One { key: vec![4] }]
    );
}
