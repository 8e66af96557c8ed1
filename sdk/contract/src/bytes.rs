//! Encoded bytes read and written by hand, where the types behind them would be larger
//! than what a small contract does with them.

use crate::buf::Buf;
use alloc::string::String;
use parity_scale_codec::Encode;

/// What the ledger sent cannot be read: its encoding is another version's.
#[cold]
#[inline(never)]
pub(crate) fn foreign() -> ! {
    crate::host::stop("the ledger's input is of another version")
}

/// Reads the ledger's input from its beginning.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'b>(pub &'b [u8]);

impl<'b> Reader<'b> {
    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        match self.0.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.0 = rest;
                *taken
            }
            None => foreign(),
        }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    /// The next bytes, preceded by their length in SCALE's compact form.
    pub fn sized(&mut self) -> &'b [u8] {
        let first = u32::from(self.byte());
        let mut len = first >> 2;
        // One byte, two or four: the length's other bytes lie above the first one's six bits.
        let others = match first & 3 {
            0 => 0,
            1 => 1,
            2 => 3,
            _ => foreign(),
        };
        for at in 0..others {
            len |= u32::from(self.byte()) << (6 + 8 * at);
        }
        self.take(len)
    }

    /// The next `len` bytes.
    pub fn take(&mut self, len: u32) -> &'b [u8] {
        match self.0.split_at_checked(len as usize) {
            Some((taken, rest)) => {
                self.0 = rest;
                taken
            }
            None => foreign(),
        }
    }
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

/// A text of at most `max` bytes.
pub(crate) fn put(text: &[u8], max: usize, out: &mut Buf) {
    cut(text, max).encode_to(out);
}

/// A text of at most `max` bytes, or none.
pub(crate) fn put_maybe(text: Option<&[u8]>, max: usize, out: &mut Buf) {
    out.add(&[u8::from(text.is_some())]);
    if let Some(text) = text {
        put(text, max, out);
    }
}

/// A cut text of one's own.
pub(crate) fn owned(text: &[u8], max: usize) -> String {
    String::from_utf8(cut(text, max).into()).unwrap_or_default()
}

/// A value's encoding.
pub(crate) fn encoded(value: &(impl Encode + ?Sized)) -> Buf {
    let mut out = Buf::new();
    value.encode_to(&mut out);
    out
}
