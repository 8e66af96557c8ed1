//! Encoded bytes read and written by hand, where the types behind them would be larger
//! than what a small contract does with them.
#![allow(
    clippy::cast_possible_truncation,
    reason = "lengths are below 2^30: a call's input and answer are bounded"
)]

use crate::buf::Buf;
use marque_primitives::{Address, Decimal, TimeMs};
use parity_scale_codec::{Encode, Error, Input};

/// What the ledger sent cannot be read: its encoding is another version's.
#[cold]
#[inline(never)]
pub(crate) fn foreign() -> ! {
    crate::host::stop("the ledger's input is of another version")
}

// The shapes that `Reader::pass` knows. A number below them is that of so many bytes.

/// A GS1 text: its length is one byte.
pub(crate) const SHORT: u8 = 0xf0;
/// Bytes behind their length in SCALE's compact form.
pub(crate) const SIZED: u8 = 0xf1;
/// A list of them.
pub(crate) const LIST: u8 = 0xf2;
/// A `Place`.
pub(crate) const PLACE: u8 = 0xf3;
/// A `ThingId`.
pub(crate) const THING: u8 = 0xf4;
/// The next shape may be absent.
pub(crate) const MAYBE: u8 = 0xf5;

/// Reads what the ledger encoded, from its beginning. The ledger's own encoding needs no
/// second validation; one that does not fit stops the call.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'b>(pub(crate) &'b [u8]);

impl<'b> Reader<'b> {
    /// From `at` on.
    pub(crate) fn at(bytes: &'b [u8], at: usize) -> Self {
        Self(bytes.get(at..).unwrap_or_default())
    }

    /// The next `len` bytes.
    pub(crate) fn take(&mut self, len: usize) -> &'b [u8] {
        match self.0.split_at_checked(len) {
            Some((taken, rest)) => {
                self.0 = rest;
                taken
            }
            None => foreign(),
        }
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        match self.take(N).first_chunk() {
            Some(array) => *array,
            None => foreign(),
        }
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    /// A little-endian number of 32 bits.
    pub(crate) fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// A little-endian number of 64 bits.
    pub(crate) fn long(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub(crate) fn decimal(&mut self) -> Decimal {
        Decimal(i128::from_le_bytes(self.array()))
    }

    pub(crate) fn time(&mut self) -> TimeMs {
        TimeMs(self.long())
    }

    pub(crate) fn address(&mut self) -> Address {
        Address(self.array())
    }

    /// What may be absent.
    pub(crate) fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.byte() != 0).then(|| read(self))
    }

    /// A length in SCALE's compact form.
    pub(crate) fn len(&mut self) -> usize {
        match length(self) {
            Ok(len) => len as usize,
            Err(_) => foreign(),
        }
    }

    /// Bytes behind their length.
    pub(crate) fn sized(&mut self) -> &'b [u8] {
        let len = self.len();
        self.take(len)
    }

    /// Text behind its length.
    pub(crate) fn text(&mut self) -> &'b str {
        crate::host::trusted(self.sized())
    }

    /// A GS1 text: its length is one byte.
    pub(crate) fn short(&mut self) -> &'b [u8] {
        let len = usize::from(self.byte());
        self.take(len)
    }

    /// The bytes that `skip` passes over.
    pub(crate) fn span(&mut self, skip: impl FnOnce(&mut Self)) -> &'b [u8] {
        let whole = self.0;
        skip(self);
        whole
            .get(..whole.len().saturating_sub(self.0.len()))
            .unwrap_or_default()
    }

    /// Past values of these shapes, one after the other. One loop over a few bytes for each
    /// record is far less code than a call for each of its fields.
    #[inline(never)]
    pub(crate) fn pass(&mut self, shapes: &[u8]) {
        let mut absent = false;
        for shape in shapes {
            if core::mem::take(&mut absent) {
                continue;
            }
            match *shape {
                MAYBE => absent = self.byte() == 0,
                SHORT => {
                    self.short();
                }
                SIZED => {
                    self.sized();
                }
                LIST => {
                    for _ in 0..self.len() {
                        self.sized();
                    }
                }
                PLACE if self.byte() == 0 => self.pass(&[8, MAYBE, SHORT]),
                PLACE => self.pass(&[SIZED]),
                THING => match self.byte() {
                    0 => self.pass(&[9, SHORT]),
                    1 => self.pass(&[SHORT]),
                    2 => self.pass(&[8]),
                    _ => self.pass(&[SIZED]),
                },
                width => {
                    self.take(usize::from(width));
                }
            }
        }
    }

    /// Past a `Unit`.
    pub(crate) fn skip_unit(&mut self) {
        if self.byte() == 3 {
            self.sized();
        }
    }
}

/// Decoders read from it too: unlike a slice's, this reading cannot panic.
impl Input for Reader<'_> {
    fn remaining_len(&mut self) -> Result<Option<usize>, Error> {
        Ok(Some(self.0.len()))
    }

    fn read(&mut self, into: &mut [u8]) -> Result<(), Error> {
        let Some((taken, rest)) = self.0.split_at_checked(into.len()) else {
            return Err(Error::from("the bytes end too soon"));
        };
        for (place, byte) in into.iter_mut().zip(taken) {
            *place = *byte;
        }
        self.0 = rest;
        Ok(())
    }

    fn read_byte(&mut self) -> Result<u8, Error> {
        match self.0.split_first() {
            Some((byte, rest)) => {
                self.0 = rest;
                Ok(*byte)
            }
            None => Err(Error::from("the bytes end too soon")),
        }
    }
}

/// The length of a text or list that someone else encoded: SCALE's compact form, in its
/// shortest spelling alone. The codec's own reads larger numbers too, of which no input has
/// as many bytes.
#[inline(never)]
pub(crate) fn length<I: Input>(input: &mut I) -> Result<u32, Error> {
    let first = input.read_byte()?;
    let mut len = u32::from(first >> 2);
    let (others, least) = match first & 3 {
        0 => (0, 0),
        1 => (1, 1 << 6),
        2 => (3, 1 << 14),
        _ => return Err(Error::from("a length of 2^30 or more")),
    };
    for at in 0..others {
        len |= u32::from(input.read_byte()?) << (6 + 8 * at);
    }
    if len < least {
        return Err(Error::from("a length has one spelling"));
    }
    Ok(len)
}

/// As much of a text as fits into `max` bytes, cut at a character.
pub(crate) fn cut(text: &[u8], max: usize) -> &[u8] {
    let mut end = max.min(text.len());
    // Bytes of the form 10xxxxxx go on with a character.
    while end < text.len() && text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// A length in SCALE's compact form.
pub(crate) fn put_len(len: usize, out: &mut Buf) {
    let wide = (len as u32) << 2;
    let [a, b, c, d] = wide.to_le_bytes();
    match len {
        0..64 => out.add(&[a]),
        64..16_384 => out.add(&[a | 1, b]),
        _ => out.add(&[a | 2, b, c, d]),
    }
}

/// Bytes behind their length.
pub(crate) fn put_sized(bytes: &[u8], out: &mut Buf) {
    put_len(bytes.len(), out);
    out.add(bytes);
}

/// A text of at most `max` bytes.
pub(crate) fn put(text: &[u8], max: usize, out: &mut Buf) {
    put_sized(cut(text, max), out);
}

/// A text of at most `max` bytes, or none.
pub(crate) fn put_maybe(text: Option<&[u8]>, max: usize, out: &mut Buf) {
    out.add(&[u8::from(text.is_some())]);
    if let Some(text) = text {
        put(text, max, out);
    }
}

/// A value's encoding.
pub(crate) fn encoded(value: &(impl Encode + ?Sized)) -> Buf {
    let mut out = Buf::new();
    value.encode_to(&mut out);
    out
}
