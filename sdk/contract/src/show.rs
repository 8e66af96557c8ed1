//! Values as people read them in refusals and notes.
//!
//! Not `core::fmt`: its machinery is larger than most contracts. What a value looks like
//! is part of a refusal's message, so it is the same natively and in wasm.
#![allow(
    clippy::cast_possible_truncation,
    reason = "limbs of 32 bits are cut off on purpose"
)]

use crate::buf::Buf;
use crate::bytes::{length, put_len};
use alloc::string::String;
use marque_abi::interface::Describe;
use marque_abi::interface::describe::Shape;
use marque_primitives::date::Date;
use marque_primitives::gs1::{Gln, Gtin, LotNumber, Serial, Sscc};
use marque_primitives::thing::LotId;
use marque_primitives::{Address, Amount, Decimal, Height, Text, TimeMs, Unit};
use parity_scale_codec::{Decode, Encode, Error, Input, Output};

/// A text: written by showing values, taken as an argument, stored, answered.
///
/// Only its own limit bounds a call's text; what is shorter in the ledger's records is cut
/// there, at a character.
///
/// ```
/// use marque_sdk::{native::given, prelude::*};
///
/// let mut line = Words::from("recalled: ");
/// given::lot("09506000134352", "L7").show(&mut line);
/// assert_eq!(line.as_str(), "recalled: L7 of 09506000134352");
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

impl Show for Words {
    fn show(&self, out: &mut Words) {
        out.0.add(&self.0);
    }
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
        let (mut digits, mut rest, mut first) = ([0; 20], value, 20usize);
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            if rest == 0 && 20 - at > width {
                break;
            }
            first = at;
            *digit = b'0' | (rest % 10) as u8;
            rest /= 10;
        }
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

/// A value that a refusal's message can name.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let shown = |value: &dyn Show| {
///     let mut words = Words::default();
///     value.show(&mut words);
///     words
/// };
/// assert_eq!(shown(&decimal("4.50")).as_str(), "4.5");
/// assert_eq!(shown(&TimeMs(1_777_622_400_000)).as_str(), "2026-05-01T08:00:00Z");
/// assert_eq!(shown(&None::<Date>).as_str(), "nothing");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown in a refusal's message",
    note = "leave it out of the message, or implement `Show` for it"
)]
pub trait Show {
    /// Writes the value.
    ///
    /// ```
    /// use marque_sdk::prelude::*;
    ///
    /// #[data]
    /// enum Grade {
    ///     First,
    ///     Second,
    /// }
    /// impl Show for Grade {
    ///     fn show(&self, out: &mut Words) {
    ///         out.text(if matches!(self, Self::First) { "first choice" } else { "second choice" });
    ///     }
    /// }
    /// #[refusals]
    /// enum Refuse {
    ///     /// {grade} goes to the outlet.
    ///     NotFirst { grade: Grade },
    /// }
    /// let refused = Refused::from(Refuse::NotFirst { grade: Grade::Second });
    /// assert_eq!(refused.note(), "NotFirst: second choice goes to the outlet.");
    /// ```
    fn show(&self, out: &mut Words);
}

macro_rules! unsigned {
    ($($ty:ty),*) => {$(
        impl Show for $ty {
            fn show(&self, out: &mut Words) {
                out.padded(u64::from(*self), 1);
            }
        }
    )*};
}
unsigned!(u8, u16, u32, u64);

impl Show for u128 {
    fn show(&self, out: &mut Words) {
        out.number(*self);
    }
}

macro_rules! signed {
    ($($ty:ty),*) => {$(
        impl Show for $ty {
            fn show(&self, out: &mut Words) {
                if *self < 0 {
                    out.text("-");
                }
                out.number(i128::from(*self).unsigned_abs());
            }
        }
    )*};
}
signed!(i8, i16, i32, i64, i128);

impl Show for bool {
    fn show(&self, out: &mut Words) {
        out.text(if *self { "true" } else { "false" });
    }
}

impl Show for str {
    fn show(&self, out: &mut Words) {
        out.text(self);
    }
}

impl Show for String {
    fn show(&self, out: &mut Words) {
        out.text(self);
    }
}

impl<const N: usize> Show for Text<N> {
    fn show(&self, out: &mut Words) {
        out.text(self.as_str());
    }
}

impl<T: Show + ?Sized> Show for &T {
    fn show(&self, out: &mut Words) {
        (**self).show(out);
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self, out: &mut Words) {
        match self {
            Some(value) => value.show(out),
            None => out.text("nothing"),
        }
    }
}

/// Half a byte: the one that hexadecimal digit `at` stands for.
fn nibble(bytes: &[u8], at: usize) -> u8 {
    let byte = bytes.get(at / 2).copied().unwrap_or_default();
    if at & 1 == 0 { byte >> 4 } else { byte & 15 }
}

impl Show for Address {
    /// With the EIP-55 checksum, as everywhere on the ledger.
    fn show(&self, out: &mut Words) {
        let mut digits = [0u8; 40];
        for (at, digit) in digits.iter_mut().enumerate() {
            *digit = match nibble(&self.0, at) {
                value @ 0..10 => value | b'0',
                value => value.wrapping_add(b'a' - 10),
            };
        }
        let digest = crate::host::keccak256(&digits);
        for (at, digit) in digits.iter_mut().enumerate() {
            if nibble(&digest, at) >= 8 {
                *digit = digit.to_ascii_uppercase();
            }
        }
        out.text("0x");
        out.0.add(&digits);
    }
}

impl Show for Gtin {
    fn show(&self, out: &mut Words) {
        out.padded(self.as_u64(), 14);
    }
}

impl Show for Gln {
    fn show(&self, out: &mut Words) {
        out.padded(self.as_u64(), 13);
    }
}

impl Show for Sscc {
    fn show(&self, out: &mut Words) {
        out.padded(self.as_u64(), 18);
    }
}

impl Show for LotNumber {
    fn show(&self, out: &mut Words) {
        out.0.add(self.as_bytes());
    }
}

impl Show for Serial {
    fn show(&self, out: &mut Words) {
        out.0.add(self.as_bytes());
    }
}

impl Show for LotId {
    fn show(&self, out: &mut Words) {
        self.lot.show(out);
        out.text(" of ");
        self.gtin.show(out);
    }
}

impl Show for Decimal {
    fn show(&self, out: &mut Words) {
        if self.0 < 0 {
            out.text("-");
        }
        let (whole, fraction) = split(self.0.unsigned_abs());
        out.number(whole);
        if fraction > 0 {
            out.text(".");
            out.padded(fraction, 9);
            while out.0.last() == Some(&b'0') {
                out.0.cut(out.0.len().saturating_sub(1));
            }
        }
    }
}

impl Show for Unit {
    fn show(&self, out: &mut Words) {
        out.text(self.code().unwrap_or("EA"));
    }
}

impl Show for Amount {
    fn show(&self, out: &mut Words) {
        self.value.show(out);
        if let Some(code) = self.unit.code() {
            out.text(" ");
            out.text(code);
        }
    }
}

impl Show for Date {
    fn show(&self, out: &mut Words) {
        let (year, month, day) = self.to_ymd();
        out.padded(u64::from(year), 4);
        out.text("-");
        out.padded(u64::from(month), 2);
        out.text("-");
        out.padded(u64::from(day), 2);
    }
}

impl Show for TimeMs {
    /// UTC, to the second.
    fn show(&self, out: &mut Words) {
        let day = Date::of(*self);
        day.show(out);
        let second = self.0.saturating_sub(day.start().0) / 1_000;
        for (mark, part) in [
            ("T", second / 3_600),
            (":", second / 60 % 60),
            (":", second % 60),
        ] {
            out.text(mark);
            out.padded(part, 2);
        }
        out.text("Z");
    }
}

impl Show for Height {
    fn show(&self, out: &mut Words) {
        out.padded(self.0, 1);
    }
}

/// Fills a template: `{a}` becomes what `value` shows for field 0, `{b}` for field 1. The
/// macro wrote it so.
pub(crate) fn fill(template: &str, value: &dyn Fn(u8, &mut Words)) -> Words {
    let mut out = Words::default();
    let mut field = false;
    for byte in template.bytes() {
        match byte {
            b'{' => field = true,
            b'}' => field = false,
            byte if field => value(byte.wrapping_sub(b'a'), &mut out),
            byte => out.0.add(&[byte]),
        }
    }
    out
}
