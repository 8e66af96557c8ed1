//! GS1 Company Prefixes and which keys begin with them.

use core::{fmt, str::FromStr};

use parity_scale_codec::{Decode, Encode, EncodeLike, Error, Input, MaxEncodedLen, Output};

use super::key::number;
use super::{Charset, Gs1Error};

/// A company prefix of 4 to 12 digits. Nothing is inferred from digits: which prefixes
/// are licensed, and how long they are, only a registrar can say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyPrefix {
    len: u8,
    value: u64,
}

impl CompanyPrefix {
    const FIELD: &'static str = "company prefix";
    /// The fewest digits of a prefix.
    pub const MIN_LEN: u8 = 4;
    /// The most digits of a prefix.
    pub const MAX_LEN: u8 = 12;

    /// Reads the digits of a prefix, leading zeros included (a U.P.C. Company Prefix
    /// stands with its leading zero).
    ///
    /// # Errors
    /// When there are fewer than 4 or more than 12 characters or one is no digit.
    pub fn new(digits: &str) -> Result<Self, Gs1Error> {
        Self::from_digits(digits.as_bytes())
    }

    fn from_digits(digits: &[u8]) -> Result<Self, Gs1Error> {
        let length = Gs1Error::Length {
            field: Self::FIELD,
            min: 4,
            max: 12,
            found: digits.len(),
        };
        let len = u8::try_from(digits.len()).map_err(|_| length.clone())?;
        if !(Self::MIN_LEN..=Self::MAX_LEN).contains(&len) {
            return Err(length);
        }
        Charset::Digits.check(Self::FIELD, digits)?;
        let value = number(digits).ok_or(length)?;
        Ok(Self { len, value })
    }

    /// The first `len` digits of a key, taken as a prefix; `None` when the key has no
    /// prefix (GTIN-8), begins with fewer digits, or `len` is not 4 to 12.
    #[must_use]
    pub fn of(key: &impl Licensed, len: u8) -> Option<Self> {
        let digits = key.prefix_digits()?;
        Self::from_digits(digits.as_bytes().get(..usize::from(len))?).ok()
    }

    /// Whether the key begins with this prefix.
    #[must_use]
    pub fn matches(self, key: &impl Licensed) -> bool {
        Self::of(key, self.len) == Some(self)
    }

    /// Whether some key could begin with both prefixes: one begins with the other.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let (short, long) = if self.len <= other.len {
            (self, other)
        } else {
            (other, self)
        };
        let more = u32::from(long.len.saturating_sub(short.len));
        long.value / 10u64.saturating_pow(more) == short.value
    }

    /// How many digits the prefix has.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a prefix has 4 digits or more")]
    pub fn len(self) -> u8 {
        self.len
    }
}

impl FromStr for CompanyPrefix {
    type Err = Gs1Error;
    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        Self::new(digits)
    }
}

impl fmt::Display for CompanyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.value, width = usize::from(self.len))
    }
}

impl fmt::Debug for CompanyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompanyPrefix({self})")
    }
}

impl Encode for CompanyPrefix {
    fn size_hint(&self) -> usize {
        9
    }

    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        dest.push_byte(self.len);
        dest.write(&self.value.to_le_bytes());
    }
}

impl EncodeLike for CompanyPrefix {}

impl MaxEncodedLen for CompanyPrefix {
    fn max_encoded_len() -> usize {
        9
    }
}

impl Decode for CompanyPrefix {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let len = input.read_byte()?;
        let value = u64::decode(input)?;
        let in_range = (Self::MIN_LEN..=Self::MAX_LEN).contains(&len);
        if in_range && value < 10u64.saturating_pow(u32::from(len)) {
            Ok(Self { len, value })
        } else {
            Err("company prefix length".into())
        }
    }
}

/// A key that its owner's company prefix begins.
pub trait Licensed {
    /// The digits where a prefix would stand; `None` for a key without one.
    fn prefix_digits(&self) -> Option<PrefixDigits>;
}

/// The leading digits of a key, 12 at most, from where its company prefix begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixDigits {
    digits: [u8; 12],
    len: usize,
}

impl PrefixDigits {
    /// Takes digits until the first byte that is none, 12 at most.
    pub(crate) fn new<'a>(bytes: impl Iterator<Item = &'a u8>) -> Self {
        let mut taken = Self {
            digits: [0; 12],
            len: 0,
        };
        let leading = bytes.take_while(|byte| byte.is_ascii_digit());
        for (place, byte) in taken.digits.iter_mut().zip(leading) {
            *place = *byte;
            taken.len = taken.len.saturating_add(1);
        }
        taken
    }

    /// The digits in ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(..self.len).unwrap_or_default()
    }
}
