//! SCALE written by the compiler. With no room (`N` = 0) a sink only counts.

/// Where encoded bytes go.
pub(super) struct Sink<const N: usize> {
    pub bytes: [u8; N],
    pub at: usize,
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler; numbers are masked to a byte or below 2^30"
)]
impl<const N: usize> Sink<N> {
    pub const fn new() -> Self {
        Self {
            bytes: [0; N],
            at: 0,
        }
    }

    pub const fn byte(&mut self, byte: u8) {
        if self.at < N {
            self.bytes[self.at] = byte;
        }
        self.at += 1;
    }

    pub const fn word(&mut self, word: u32) {
        let mut at = 0;
        while at < 4 {
            self.byte(((word >> (8 * at)) & 0xff) as u8);
            at += 1;
        }
    }

    pub const fn flag(&mut self, flag: bool) {
        self.byte(flag as u8);
    }

    /// SCALE's compact form of a length below 2^30.
    pub const fn len(&mut self, len: usize) {
        assert!(len < 1 << 30, "a list of the interface is too long");
        if len < 64 {
            self.byte((len << 2) as u8);
        } else if len < 1 << 14 {
            self.byte(((len << 2) & 0xff) as u8 | 1);
            self.byte((len >> 6) as u8);
        } else {
            self.word((len as u32) << 2 | 2);
        }
    }

    pub const fn text(&mut self, text: &str) {
        self.len(text.len());
        self.raw(text);
    }

    /// A text's bytes alone.
    pub const fn raw(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let [byte, tail @ ..] = rest {
            self.byte(*byte);
            rest = tail;
        }
    }

    pub const fn maybe_text(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        if let Some(text) = text {
            self.text(text);
        }
    }
}
