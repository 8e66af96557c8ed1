//! Serials, lots and the other text components that qualify a key.

use super::charset::text_type;
use super::{Charset, Gs1Error};

text_type! {
    /// The digits of a GS1 application identifier, 2 to 4 of them.
    Ai, 4, Digits, "application identifier", super::text_rules::two_or_more
}
text_type! {
    /// Serial number, AI (21). GRAI, GDTI and GCN carry one too, with limits of their own.
    /// `1` and `000001` are different serials.
    Serial, 20, Set82, "serial"
}
text_type! {
    /// Batch or lot number, AI (10).
    LotNumber, 20, Set82, "lot"
}
text_type! {
    /// Consumer product variant, AI (22).
    Variant, 20, Set82, "consumer product variant"
}
text_type! {
    /// Third-party controlled, serialised extension of a GTIN, AI (235).
    Tpx, 28, Set82, "third-party serial"
}
text_type! {
    /// GLN extension component, AI (254): a place within a place. `0` is not one: it says
    /// that there is none (EPC Tag Data Standard, section 6.3.3).
    GlnExtension, 20, Set82, "GLN extension", super::text_rules::not_zero
}
text_type! {
    /// Service relation instance number, AI (8019).
    Srin, 10, Digits, "service relation instance"
}
text_type! {
    /// Payment slip reference, AI (8020).
    PaymentReference, 25, Set82, "payment reference"
}
text_type! {
    /// Component or part serial, AI (8011).
    CpiSerial, 12, Digits, "component serial", super::text_rules::no_zero_prefix
}
text_type! {
    /// Unique identification code of the issuer with its extensions and the importer
    /// index (EU 2018/574), AI (7040).
    Uic, 4, Set82, "UIC+EXT", super::text_rules::uic
}

impl Serial {
    /// A serial of digits alone as their count and their value; `None` for any other.
    #[must_use]
    pub fn numeric(&self) -> Option<(u8, u128)> {
        let bytes = self.as_bytes();
        let value = bytes.iter().try_fold(0u128, |sum, byte| {
            let digit = byte.is_ascii_digit().then(|| byte.saturating_sub(b'0'))?;
            sum.checked_mul(10)?.checked_add(u128::from(digit))
        })?;
        Some((u8::try_from(bytes.len()).ok()?, value))
    }

    /// The serial of `digits` decimal digits with this value, zeros in front.
    ///
    /// # Errors
    /// When `digits` is not 1 to 20 or the value has more digits than that.
    pub fn from_numeric(digits: u8, value: u128) -> Result<Self, Gs1Error> {
        let width = usize::from(digits);
        let mut buffer = [b'0'; Self::MAX_LEN];
        let mut rest = value;
        for byte in buffer.iter_mut().rev().take(width) {
            *byte = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default());
            rest /= 10;
        }
        let start = Self::MAX_LEN
            .checked_sub(width)
            .filter(|_| width > 0 && rest == 0);
        match start.and_then(|start| buffer.get(start..)) {
            Some(text) => Self::from_bytes(text),
            None => Err(Gs1Error::Length {
                field: "serial",
                min: 1,
                max: width.clamp(1, Self::MAX_LEN),
                found: decimal_digits(value).max(width),
            }),
        }
    }

    /// Holds a serial to the limit of the key that carries it.
    pub(crate) fn limited(
        field: &'static str,
        charset: Charset,
        max: usize,
        text: &[u8],
    ) -> Result<Self, Gs1Error> {
        if text.is_empty() || text.len() > max {
            return Err(Gs1Error::Length {
                field,
                min: 1,
                max,
                found: text.len(),
            });
        }
        charset.check(field, text)?;
        Self::from_bytes(text)
    }
}

fn decimal_digits(value: u128) -> usize {
    value
        .checked_ilog10()
        .and_then(|log| usize::try_from(log).ok())
        .map_or(1, |log| log + 1)
}
