//! Texts, decimals and targets as the ledger writes them elsewhere.

use marque_sdk::codec::{Decode, Encode};
use marque_sdk::prelude::*;
use proptest::prelude::*;

fn number(value: u128) -> String {
    let mut words = Words::default();
    words.number(value);
    words.as_str().into()
}

proptest! {
    #[test]
    fn numbers_show_their_digits(a: u128, b: u64) {
        prop_assert_eq!(number(a), a.to_string());
        prop_assert_eq!(number(b.into()), b.to_string());
    }

    #[test]
    fn text_is_taken_where_it_is_utf8(mut bytes in proptest::collection::vec(any::<u8>(), 0..12), word in "\\PC{0,4}", cut in 0usize..8) {
        // Half well-formed, so that the interesting errors are near.
        bytes.extend_from_slice(word.as_bytes());
        let bytes = &bytes[cut.min(bytes.len())..];
        let taken = Words::decode(&mut &*bytes.encode());
        prop_assert_eq!(taken.ok().map(|words| words.as_str().to_owned()), String::from_utf8(bytes.to_vec()).ok());
    }

    #[test]
    fn days_show_as_everywhere(seconds in 0u64..253_402_300_800) {
        let day = Date::of(TimeMs(seconds * 1000));
        let words = Words::from(day);
        prop_assert_eq!(words.as_str(), day.to_string());
    }
}

#[test]
fn a_length_is_taken_in_its_shortest_spelling() {
    let text = |len: usize| "a".repeat(len).encode();
    for len in [0, 1, 63, 64, 65, 16_383, 16_384] {
        let taken = Words::decode(&mut &*text(len));
        assert_eq!(taken.unwrap().as_str().len(), len);
        assert!(Words::decode(&mut &text(len)[..len]).is_err(), "{len}");
    }
    // 1 in two and in four bytes, 64 in four, and 2^30 as a number of four bytes of its own.
    for head in [
        &[5u8, 0][..],
        &[6, 0, 0, 0],
        &[2, 1, 0, 0],
        &[3, 0, 0, 0, 64],
    ] {
        let bytes = [head, &[b'a'; 64][..]].concat();
        assert!(String::decode(&mut &*bytes).is_err(), "{head:?}");
        assert!(Words::decode(&mut &*bytes).is_err(), "{head:?}");
    }
}

#[test]
fn the_ends_of_the_ranges() {
    for value in [0, 1, 9, 10, 999_999_999, 1_000_000_000, u128::MAX] {
        assert_eq!(number(value), value.to_string());
    }
    for (year, month, day) in [(1970, 1, 1), (2000, 2, 29), (9999, 12, 31)] {
        let date = Date::from_ymd(year, month, day).unwrap();
        assert_eq!(
            Words::from(date).as_str(),
            format!("{year}-{month:02}-{day:02}")
        );
    }
}

#[test]
fn decimals_are_read_by_the_compiler() {
    assert_eq!(marque_sdk::decimal("-4.5"), Decimal::parse("-4.5").unwrap());
    const LIMIT: Decimal = marque_sdk::decimal("0.000000001");
    assert_eq!(LIMIT, Decimal(1));
}
