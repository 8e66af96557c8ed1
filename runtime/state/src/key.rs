//! Keys as bytes whose order is the order of the typed keys.

/// A type that can be a table's key, or a part of one. Encodings keep the order of `Ord`, so
/// that ranges of typed keys are ranges of bytes.
pub trait TableKey: Sized {
    /// Appends the key. `last` says that nothing follows; only then may an encoding of variable
    /// length go without its terminator.
    fn encode_key(&self, out: &mut Vec<u8>, last: bool);

    /// Reads a key off the front of `input`, all of it where `last` is set; `None` if the bytes
    /// are not a key of this type.
    fn decode_key(input: &mut &[u8], last: bool) -> Option<Self>;

    /// The whole key.
    fn to_key(&self) -> Vec<u8> {
        let mut key = Vec::new();
        self.encode_key(&mut key, true);
        key
    }

    /// The key that `bytes` are, all of them.
    fn from_key(mut bytes: &[u8]) -> Option<Self> {
        Self::decode_key(&mut bytes, true).filter(|_| bytes.is_empty())
    }
}

macro_rules! big_endian {
    ($($number:ty),*) => {$(
        impl TableKey for $number {
            fn encode_key(&self, out: &mut Vec<u8>, _: bool) {
                out.extend_from_slice(&self.to_be_bytes());
            }

            fn decode_key(input: &mut &[u8], _: bool) -> Option<Self> {
                let (head, tail) = input.split_first_chunk()?;
                *input = tail;
                Some(Self::from_be_bytes(*head))
            }
        }
    )*};
}
big_endian!(u8, u16, u32, u64, u128);

impl<const N: usize> TableKey for [u8; N] {
    fn encode_key(&self, out: &mut Vec<u8>, _: bool) {
        out.extend_from_slice(self);
    }

    fn decode_key(input: &mut &[u8], _: bool) -> Option<Self> {
        let (head, tail) = input.split_first_chunk()?;
        *input = tail;
        Some(*head)
    }
}

/// The one row of a table without keys.
impl TableKey for () {
    fn encode_key(&self, _: &mut Vec<u8>, _: bool) {}

    fn decode_key(_: &mut &[u8], _: bool) -> Option<Self> {
        Some(())
    }
}

/// As it is at the end of a key; before another part, 0 is written as 0 255 and the end as 0 1.
impl TableKey for Vec<u8> {
    fn encode_key(&self, out: &mut Vec<u8>, last: bool) {
        if last {
            out.extend_from_slice(self);
            return;
        }
        for &byte in self {
            out.push(byte);
            if byte == 0 {
                out.push(255);
            }
        }
        out.extend_from_slice(&[0, 1]);
    }

    fn decode_key(input: &mut &[u8], last: bool) -> Option<Self> {
        if last {
            return Some(std::mem::take(input).to_vec());
        }
        let mut bytes = Vec::new();
        loop {
            let (&byte, tail) = input.split_first()?;
            *input = tail;
            if byte == 0 {
                let (&mark, tail) = input.split_first()?;
                *input = tail;
                match mark {
                    1 => return Some(bytes),
                    255 => {}
                    _ => return None,
                }
            }
            bytes.push(byte);
        }
    }
}

/// UTF-8, sorted by its bytes.
impl TableKey for String {
    fn encode_key(&self, out: &mut Vec<u8>, last: bool) {
        self.as_bytes().to_vec().encode_key(out, last);
    }

    fn decode_key(input: &mut &[u8], last: bool) -> Option<Self> {
        Self::from_utf8(Vec::decode_key(input, last)?).ok()
    }
}

macro_rules! tuple {
    ($($part:ident),* ; $end:ident) => {
        impl<$($part: TableKey,)* $end: TableKey> TableKey for ($($part,)* $end,) {
            #[allow(non_snake_case)]
            fn encode_key(&self, out: &mut Vec<u8>, last: bool) {
                let ($($part,)* $end,) = self;
                $($part.encode_key(out, false);)*
                $end.encode_key(out, last);
            }

            fn decode_key(input: &mut &[u8], last: bool) -> Option<Self> {
                Some(($($part::decode_key(input, false)?,)* $end::decode_key(input, last)?,))
            }
        }
    };
}
tuple!(A; B);
tuple!(A, B; C);
tuple!(A, B, C; D);
