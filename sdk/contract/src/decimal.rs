//! Decimals written in the source.

use marque_primitives::Decimal;

/// A decimal written in the source: `decimal("4.5")`, checked when the contract is compiled
/// in a `const`.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// /// Degrees Celsius that milk may have on its way.
/// const WARMEST: Decimal = decimal("4.5");
/// assert!(Decimal::from_integer(4) < WARMEST && WARMEST < Decimal::from_integer(5));
/// ```
///
/// # Panics
/// When the text is no decimal with at most nine fraction digits.
#[allow(clippy::panic, reason = "in a `const` it does not compile")]
pub const fn decimal(text: &str) -> Decimal {
    let (mut value, mut fraction, mut seen, mut negative) = (0i128, 0u32, false, false);
    let mut rest = text.as_bytes();
    if let [b'-', tail @ ..] = rest {
        (negative, rest) = (true, tail);
    }
    assert!(!rest.is_empty(), "a decimal is written 4.5");
    while let [byte, tail @ ..] = rest {
        match *byte {
            b'0'..=b'9' => {
                value = value * 10 + (*byte - b'0') as i128;
                fraction += seen as u32;
            }
            b'.' if !seen => seen = true,
            _ => panic!("a decimal is written 4.5"),
        }
        rest = tail;
    }
    assert!(fraction <= 9, "a decimal has at most nine fraction digits");
    let value = value * 10i128.pow(9 - fraction);
    Decimal(if negative { -value } else { value })
}
