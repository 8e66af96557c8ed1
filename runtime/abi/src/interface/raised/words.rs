//! The ledger's own types in the words of a refusal.

use crate::interface::Builtin;
use crate::interface::describe::builtins;
use alloc::format;
use alloc::string::String;
use marque_primitives::TimeMs;
use marque_primitives::date::Date;
use marque_primitives::thing::LotId;
use parity_scale_codec::Decode;

/// Seconds of a day.
const DAY: u64 = 86_400;

macro_rules! shown_by_type {
    ($( $(#[$doc:meta])* $index:literal $name:ident = $ty:ty, $form:ident; )*) => {
        /// The next value; `None` if the bytes are no such value.
        pub(super) fn shown(builtin: Builtin, bytes: &mut &[u8]) -> Option<String> {
            use crate::interface::describe::words::*;
            match builtin { $( Builtin::$name => <$ty>::decode(bytes).ok().map(|value| value.words()), )* }
        }
    };
}
builtins!(shown_by_type);

/// How a value reads in a sentence.
trait Words {
    fn words(&self) -> String;
}

macro_rules! as_displayed {
    ($($ty:ty),* $(,)?) => { $(
        impl Words for $ty {
            fn words(&self) -> String {
                self.to_string()
            }
        }
    )* };
}

/// As in JSON, of which a text has no quotes.
macro_rules! as_in_json {
    ($($ty:ty),* $(,)?) => { $(
        impl Words for $ty {
            fn words(&self) -> String {
                let json = serde_json::to_string(self).unwrap_or_default();
                json.trim_matches('"').into()
            }
        }
    )* };
}

mod types {
    use super::Words;
    use crate::interface::describe::words::*;
    use alloc::string::{String, ToString as _};

    as_displayed!(bool, u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);
    as_displayed!(
        Address, Hash, Gtin, Gln, LotNumber, Serial, Date, Height, Decimal, Amount
    );
    as_in_json!(Line, ThingId, Thing, Place, PartyRef, Kind, Right, Status);

    impl Words for Unit {
        fn words(&self) -> String {
            self.code().unwrap_or("EA").into()
        }
    }
}

impl Words for LotId {
    fn words(&self) -> String {
        format!("{} of {}", self.lot, self.gtin)
    }
}

impl Words for TimeMs {
    /// UTC, to the second.
    fn words(&self) -> String {
        let day = Date::of(*self);
        let second = self.0.saturating_sub(day.start().0) / 1_000 % DAY;
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        format!("{day}T{hour:02}:{minute:02}:{:02}Z", second % 60)
    }
}
