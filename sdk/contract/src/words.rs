//! Texts that a contract takes, keeps, answers and builds.
//!
//! Not `core::fmt`: its machinery is larger than most contracts.
#![allow(
    clippy::cast_possible_truncation,
    reason = "limbs of 32 bits are cut off on purpose"
)]

use crate::buf::Buf;
use crate::bytes::{length, put_len};
use marque_abi::interface::Describe;
use marque_abi::interface::describe::Shape;
use marque_primitives::date::Date;
use parity_scale_codec::{Decode, Encode, Error, Input, Output};

/// A text: taken as an argument, stored, answered, built of others.
///
/// Only its own limit bounds a call's text; what is shorter in the ledger's records is cut
/// there, at a character.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let mut line = Words::from("good until ");
/// line.text(Words::from(Date::from_ymd(2026, 5, 9).unwrap()).as_str());
/// assert_eq!(line.as_str(), "good until 2026-05-09");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Words(pub(crate) Buf);

impl Words {
    /// The text itself.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let licence = Words::from("WDA(H) 12345");
    /// assert!(licence.as_str().starts_with("WDA"));
    /// ```
    pub fn as_str(&self) -> &str {
        crate::host::trusted(&self.0)
    }

    /// Whether there is none.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// assert!(Words::default().is_empty());
    /// assert!(!Words::from("L7").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self(Buf::copy(text.as_bytes()))
    }
}

impl From<Date> for Words {
    /// As documents write it: 2027-05-01.
    fn from(date: Date) -> Self {
        let (year, month, day) = date.to_ymd();
        let mut words = Self::default();
        words.padded(u64::from(year), 4);
        for part in [month, day] {
            words.text("-");
            words.padded(u64::from(part), 2);
        }
        words
    }
}

impl Describe for Words {
    const SHAPE: Shape = Shape::Text(0);
}

impl Encode for Words {
    fn encode_to<O: Output + ?Sized>(&self, out: &mut O) {
        let mut len = Buf::new();
        put_len(self.0.len(), &mut len);
        out.write(&len);
        out.write(&self.0);
    }
}

impl Decode for Words {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let len = length(input)?;
        if input
            .remaining_len()?
            .is_some_and(|left| left < len as usize)
        {
            return Err(Error::from("a text ends too soon"));
        }
        let mut text = Buf::new();
        for _ in 0..len {
            text.add(&[input.read_byte()?]);
        }
        if is_utf8(&text) {
            Ok(Self(text))
        } else {
            Err(Error::from("a text is UTF-8"))
        }
    }
}

/// Whether the bytes are UTF-8: the state machine of the WHATWG's decoder (Encoding
/// Standard, section 8.1.1). The compiler's is unrolled for long texts.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut left, mut low, mut high) = (0u8, 0x80u8, 0xbfu8);
    for byte in bytes {
        if left > 0 {
            if *byte < low || *byte > high {
                return false;
            }
            (low, high) = (0x80, 0xbf);
            left = left.saturating_sub(1);
            continue;
        }
        left = match byte {
            0..=0x7f => 0,
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => return false,
        };
        match byte {
            // No longer spelling of what is shorter, no surrogate, nothing beyond U+10FFFF.
            0xe0 => low = 0xa0,
            0xed => high = 0x9f,
            0xf0 => low = 0x90,
            0xf4 => high = 0x8f,
            _ => {}
        }
    }
    left == 0
}

impl Words {
    /// Adds a text.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut note = Words::from("L7");
    /// note.text(", taken back");
    /// assert_eq!(note.as_str(), "L7, taken back");
    /// ```
    pub fn text(&mut self, text: &str) {
        self.0.add(text.as_bytes());
    }

    /// Adds decimal digits.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// let mut note = Words::from("crates: ");
    /// note.number(1_200);
    /// assert_eq!(note.as_str(), "crates: 1200");
    /// ```
    pub fn number(&mut self, value: u128) {
        let (high, low) = split(value);
        if high == 0 {
            self.padded(low, 1);
        } else {
            self.number(high);
            self.padded(low, 9);
        }
    }

    /// Adds at least `width` decimal digits, of which there are at most 20.
    pub(crate) fn padded(&mut self, value: u64, width: usize) {
        let (mut digits, mut rest, mut first) = ([b'0'; 20], value, 20usize);
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            if rest > 0 {
                *digit |= (rest % 10) as u8;
                rest /= 10;
                first = at;
            }
        }
        let first = first.min(20usize.saturating_sub(width));
        self.0.add(digits.get(first..).unwrap_or_default());
    }
}

/// A number's thousand-millions, and what is left below: nine digits. By hand in steps of
/// 32 bits, since the compiler's division of 128 bits is a long routine.
fn split(value: u128) -> (u128, u64) {
    let (mut high, mut rest) = (0u128, 0u64);
    for at in (0..4).rev() {
        let limb = (value >> (32 * at)) as u32;
        let part = rest << 32 | u64::from(limb);
        high = high << 32 | u128::from(part / 1_000_000_000);
        rest = part % 1_000_000_000;
    }
    (high, rest)
}
