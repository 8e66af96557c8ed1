//! Values as people read them in refusals and notes.
//!
//! Not `core::fmt`: its machinery is larger than most contracts. What a value looks like
//! is part of a refusal's message, so it is the same natively and in wasm.

use crate::buf::Buf;
use alloc::string::String;
use marque_primitives::date::Date;
use marque_primitives::gs1::{Gln, Gtin, LotNumber, Serial, Sscc};
use marque_primitives::thing::LotId;
use marque_primitives::{Address, Amount, Decimal, Height, Text, TimeMs, Unit};

/// Text being written: what a value shows is put behind what is there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words(pub(crate) Buf);

impl Words {
    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.0.add(text.as_bytes());
    }

    /// Adds decimal digits.
    pub fn number(&mut self, value: u128) {
        /// The most digits that a u64 always holds.
        const HALF: u128 = 10u128.pow(19);
        match u64::try_from(value) {
            Ok(small) => self.padded(small, 1),
            Err(_) => {
                self.number(value / HALF);
                self.padded(u64::try_from(value % HALF).unwrap_or_default(), 19);
            }
        }
    }

    /// Adds at least `width` decimal digits.
    pub(crate) fn padded(&mut self, value: u64, width: u32) {
        let mut digits = width;
        while digits < 20 && value >= 10u64.wrapping_pow(digits) {
            digits = digits.wrapping_add(1);
        }
        while digits > 0 {
            digits = digits.wrapping_sub(1);
            let digit = value / 10u64.wrapping_pow(digits) % 10;
            self.0.add(&[b'0' | digit.to_le_bytes()[0]]);
        }
    }
}

/// A value that a refusal's message can name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown in a refusal's message",
    note = "leave it out of the message, or implement `Show` for it"
)]
pub trait Show {
    /// Writes the value.
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

impl Show for Address {
    /// With the EIP-55 checksum, as everywhere on the ledger.
    fn show(&self, out: &mut Words) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut plain = [0u8; 40];
        for (pair, byte) in plain.chunks_exact_mut(2).zip(self.0) {
            for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
            }
        }
        let digest = crate::host::keccak256(&plain);
        out.text("0x");
        for (pair, byte) in plain.chunks_exact(2).zip(digest) {
            for (digit, nibble) in pair.iter().zip([byte >> 4, byte & 15]) {
                let upper = nibble >= 8;
                out.0.add(&[if upper {
                    digit.to_ascii_uppercase()
                } else {
                    *digit
                }]);
            }
        }
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
        out.text(self.as_str());
    }
}

impl Show for Serial {
    fn show(&self, out: &mut Words) {
        out.text(self.as_str());
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
        const ONE: u128 = 1_000_000_000;
        if self.0 < 0 {
            out.text("-");
        }
        let value = self.0.unsigned_abs();
        out.number(value / ONE);
        let fraction = value % ONE;
        if fraction > 0 {
            out.text(".");
            out.padded(u64::try_from(fraction).unwrap_or_default(), 9);
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

/// Fills a template: `{name}` becomes what `value` shows for that name. The macro checked
/// that every brace has its pair and every name its field.
pub(crate) fn fill(template: &str, value: &dyn Fn(&str, &mut Words)) -> Words {
    let mut out = Words::default();
    let mut rest = template;
    while let Some(open) = rest.bytes().position(|byte| byte == b'{') {
        let (before, after) = rest.split_at_checked(open).unwrap_or_default();
        out.text(before);
        let close = after
            .bytes()
            .position(|byte| byte == b'}')
            .unwrap_or_default();
        value(after.get(1..close).unwrap_or_default(), &mut out);
        rest = after.get(close.saturating_add(1)..).unwrap_or_default();
    }
    out.text(rest);
    out
}
