//! Values in words, as the ledger writes them elsewhere.

use marque_sdk::codec::{Decode, Encode};
use marque_sdk::prelude::*;
use proptest::prelude::*;

fn shown(value: &dyn Show) -> String {
    let mut words = Words::default();
    value.show(&mut words);
    words.as_str().into()
}

proptest! {
    #[test]
    fn numbers_show_their_digits(a: u128, b: i128, c: u64, d: i8, e: i64) {
        prop_assert_eq!(shown(&a), a.to_string());
        prop_assert_eq!(shown(&b), b.to_string());
        prop_assert_eq!(shown(&c), c.to_string());
        prop_assert_eq!(shown(&d), d.to_string());
        prop_assert_eq!(shown(&e), e.to_string());
    }

    #[test]
    fn decimals_show_as_everywhere(value: i128) {
        let decimal = Decimal(value);
        prop_assert_eq!(shown(&decimal), decimal.to_string());
    }

    #[test]
    fn addresses_show_with_their_checksum(bytes: [u8; 20]) {
        prop_assert_eq!(shown(&Address(bytes)), Address(bytes).to_string());
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
        prop_assert_eq!(shown(&day), day.to_string());
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
        assert_eq!(shown(&value), value.to_string());
    }
    assert_eq!(shown(&i128::MIN), i128::MIN.to_string());
    assert_eq!(shown(&u64::MAX), u64::MAX.to_string());
    for text in ["0", "-0.000000001", "4.5", "100", "-7.25"] {
        assert_eq!(shown(&Decimal::parse(text).unwrap()), text);
    }
}

#[test]
fn keys_and_moments() {
    let gtin = Gtin::from_body(950_600_013_435).unwrap();
    assert_eq!(shown(&gtin), gtin.to_string());
    let lot = LotId {
        gtin,
        lot: LotNumber::new("L7").unwrap(),
    };
    assert_eq!(shown(&lot), format!("L7 of {gtin}"));
    assert_eq!(shown(&TimeMs(1_777_622_461_999)), "2026-05-01T08:01:01Z");
    assert_eq!(
        shown(&Amount::new(Decimal::from_integer(2), Some("KGM")).unwrap()),
        "2000 GRM"
    );
    assert_eq!(shown(&None::<u8>), "nothing");
    assert_eq!(marque_sdk::decimal("-4.5"), Decimal::parse("-4.5").unwrap());
    const LIMIT: Decimal = marque_sdk::decimal("0.000000001");
    assert_eq!(LIMIT, Decimal(1));
}
