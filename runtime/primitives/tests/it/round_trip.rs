//! Whatever can be said survives SCALE and JSON.

use crate::strategies;
use marque_primitives::action::Action;
use marque_primitives::codec;
use marque_primitives::json::time;
use marque_primitives::{Decimal, TimeMs};
use parity_scale_codec::Encode;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn actions_survive_scale_and_json(action in strategies::action()) {
        let bytes = action.encode();
        let decoded = codec::decode::<Action>(&bytes, bytes.len());
        prop_assert_eq!(decoded.as_ref(), Ok(&action));
        let text = serde_json::to_string(&action).unwrap();
        let again = serde_json::from_str::<Action>(&text).map_err(|error| format!("{error} in {text}"));
        prop_assert_eq!(again.as_ref(), Ok(&action));
    }

    #[test]
    fn moments_survive_their_text(ms in 0..=253_402_300_799_999_u64, offset in proptest::option::of(-1_439..=1_439_i16)) {
        let moment = TimeMs(ms);
        if let Some(text) = time::print(moment, offset) {
            prop_assert_eq!(time::parse(&text), Ok((moment, offset)), "{}", text);
        } else {
            // Only near the calendar's ends a local time falls out of it.
            prop_assert!(!(86_400_000..=253_402_214_400_000).contains(&ms), "{ms} {offset:?}");
        }
    }

    #[test]
    fn any_text_is_read_or_refused_as_a_moment(text in "[0-9TZtz:.+\\- ]{0,32}") {
        let _ = time::parse(&text);
    }

    #[test]
    fn decimals_survive_their_text(value in any::<i128>()) {
        let decimal = Decimal(value);
        if value != i128::MIN {
            prop_assert_eq!(Decimal::parse(&decimal.to_string()), Ok(decimal));
        }
    }

    #[test]
    fn any_bytes_decode_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        if let Ok(action) = codec::decode::<Action>(&bytes, bytes.len()) {
            prop_assert_eq!(action.encode(), bytes);
        }
    }
}
