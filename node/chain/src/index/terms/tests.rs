use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn covers(cover: &[Term], time: u64) -> bool {
    cover.iter().any(|term| match term {
        Term::Time { shift, number } => time >> shift == *number,
        _ => false,
    })
}

proptest! {
    #[test]
    fn every_moment_of_a_span_is_covered(from in 0_u64..4_000_000_000_000, length in 0_u64..2_000_000_000_000, at in 0_u64..=1_000) {
        let to = from + length;
        let cover = time_cover(TimeMs(from), TimeMs(to));
        let inside = from + length / 1_000 * at;
        for time in [from, to, inside.min(to)] {
            prop_assert!(covers(&cover, time));
        }
        prop_assert!(cover.len() <= 150 + 64, "{} stretches", cover.len());
        let keys: BTreeSet<_> = cover.iter().map(|term| term.clone().into_key()).collect();
        prop_assert_eq!(keys.len(), cover.len());
        // At most a stretch of the finest length beside each end.
        let slack = 1_u64 << SHIFTS[0];
        prop_assert!(!covers(&cover, to + slack));
        if let Some(before) = from.checked_sub(slack) {
            prop_assert!(!covers(&cover, before));
        }
    }
}

#[test]
fn an_open_span_is_a_few_stretches() {
    assert!(time_cover(TimeMs(0), TimeMs(1_800_000_000_000)).len() < 100);
    assert!(time_cover(TimeMs(5), TimeMs(4)).len() <= 1);
}

#[test]
fn kinds_of_terms_have_their_own_numbers() {
    let address = Address([1; 20]);
    let gtin = Gtin::new("09521234543213").unwrap();
    let lot = LotId {
        gtin,
        lot: marque_primitives::gs1::LotNumber::new("A").unwrap(),
    };
    let uri = Uri::new("u").unwrap();
    let terms = [
        Term::Party(address),
        Term::Kind(Kind::Offer),
        Term::Step("s".into()),
        Term::Disposition("d".into()),
        Term::Place(Place::Uri(uri.clone())),
        Term::Document(uri.clone()),
        Term::Contract(address),
        Term::Product(gtin),
        Term::Lot(lot.clone()),
        Term::Class(uri.clone()),
        Term::ClassStatus(uri),
        Term::Time {
            shift: 22,
            number: 1,
        },
        Term::LotInput(lot.clone()),
        Term::LotOutput(lot),
        Term::RefusedContract(address),
        Term::RefusedProduct(gtin),
        Term::RefusedParty(address),
        Term::RefusedRule("r".into()),
    ];
    let numbers: Vec<u8> = terms.into_iter().map(|term| term.into_key().0).collect();
    assert_eq!(
        numbers,
        [
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 32, 33, 34, 35
        ]
    );
}
