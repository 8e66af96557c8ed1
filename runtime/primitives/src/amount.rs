//! Exact decimals and amounts with a unit.
//!
//! A [`Decimal`] has nine fraction digits in an `i128`; nothing rounds: what does not fit
//! is an error that says so. Units are UN/ECE Recommendation 20 codes. Counts are one
//! unit, mass and volume convert exactly to gram and millilitre (the base that holds a
//! pound and a US gallon without remainder), any other code stands for itself.

use crate::bounded::Text;
use alloc::string::{String, ToString};
use parity_scale_codec::{Decode, Encode, Error, Input, MaxEncodedLen};

const FRACTION_DIGITS: u32 = 9;
const ONE: i128 = 1_000_000_000;

/// A signed decimal with nine fraction digits, exact.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, MaxEncodedLen,
)]
pub struct Decimal(pub i128);

/// Why a text or result is no exact decimal, or a unit no unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmountError {
    /// Not digits with at most one point and a leading minus.
    Form,
    /// More than nine fraction digits, or too large.
    Precision,
    /// Not two or three upper-case letters or digits.
    UnitForm,
    /// The amount in the base unit has more than nine fraction digits.
    Inexact,
}

impl core::fmt::Display for AmountError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Form => "a quantity is written as digits with at most one point, such as 12.5",
            Self::Precision => {
                "a quantity has at most nine fraction digits and 29 digits before the point"
            }
            Self::UnitForm => {
                "a unit is a UN/ECE Recommendation 20 code of two or three characters, such as KGM"
            }
            Self::Inexact => {
                "the quantity has no exact value in the ledger's base unit; give it in GRM or MLT"
            }
        })
    }
}

impl core::error::Error for AmountError {}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// A whole number.
    pub fn from_integer(value: u64) -> Self {
        Self(i128::from(value).saturating_mul(ONE))
    }

    /// The sum, or `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` when it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The exact product, or `None` when it does not fit or would need rounding.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let product = self.0.checked_mul(other.0)?;
        (product % ONE == 0).then_some(Self(product / ONE))
    }

    /// Whether the value is above zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The whole number that this is, or `None` with a fraction or a sign.
    pub fn to_integer(self) -> Option<u64> {
        (self.0 % ONE == 0)
            .then(|| u64::try_from(self.0 / ONE).ok())
            .flatten()
    }

    /// Reads `-12.5`, also with an exponent as JSON allows (`1.25e1`).
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        if text.len() > 64 {
            return Err(AmountError::Form);
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i32>().map_err(|_| AmountError::Form)?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(AmountError::Form);
        }
        let mut value: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return Err(AmountError::Form);
            }
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(i128::from(digit.saturating_sub(b'0'))))
                .ok_or(AmountError::Precision)?;
        }
        let fraction_len = i32::try_from(fraction.len()).map_err(|_| AmountError::Precision)?;
        let shift = i32::try_from(FRACTION_DIGITS)
            .ok()
            .and_then(|nine| nine.checked_add(exponent))
            .and_then(|n| n.checked_sub(fraction_len))
            .ok_or(AmountError::Precision)?;
        let scaled = scale(value, shift).ok_or(AmountError::Precision)?;
        Ok(Self(if negative {
            scaled.checked_neg().ok_or(AmountError::Precision)?
        } else {
            scaled
        }))
    }
}

/// `value` times ten to the power of `shift`, if exact.
fn scale(value: i128, shift: i32) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    let power = 10i128.checked_pow(shift.unsigned_abs())?;
    if shift >= 0 {
        value.checked_mul(power)
    } else {
        (value % power == 0).then_some(value / power)
    }
}

impl core::fmt::Display for Decimal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let one = ONE.unsigned_abs();
        let (whole, fraction) = (self.0.unsigned_abs() / one, self.0.unsigned_abs() % one);
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = alloc::format!("{fraction:09}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl core::fmt::Debug for Decimal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for Decimal {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::parse(text)
    }
}

/// A UN/ECE Recommendation 20 code, or the count of things. A code that converts to a base has
/// no other spelling: [`Unit::Other`] holds none of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode)]
pub enum Unit {
    /// Things counted: no unit, EA, C62 and H87.
    #[codec(index = 0)]
    Each,
    /// Mass in grams (GRM).
    #[codec(index = 1)]
    Gram,
    /// Volume in millilitres (MLT).
    #[codec(index = 2)]
    Millilitre,
    /// Any other code, which converts to nothing.
    #[codec(index = 3)]
    Other(Text<3>),
}

impl Decode for Unit {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        match input.read_byte()? {
            0 => Ok(Self::Each),
            1 => Ok(Self::Gram),
            2 => Ok(Self::Millilitre),
            3 => {
                let code = Text::<3>::decode(input)?;
                match Self::of_code(&code) {
                    Ok((unit @ Self::Other(_), _)) => Ok(unit),
                    _ => Err(Error::from("a unit's code has one spelling")),
                }
            }
            _ => Err(Error::from("no such unit")),
        }
    }
}

/// Codes with an exact factor to their base: (code, base, factor in 10⁻⁹).
const FACTORS: &[(&str, Unit, i128)] = &[
    ("EA", Unit::Each, ONE),
    ("C62", Unit::Each, ONE),
    ("H87", Unit::Each, ONE),
    ("MC", Unit::Gram, 1_000),
    ("MGM", Unit::Gram, 1_000_000),
    ("CGM", Unit::Gram, 10_000_000),
    ("GRM", Unit::Gram, ONE),
    ("HGM", Unit::Gram, 100_000_000_000),
    ("KGM", Unit::Gram, 1_000_000_000_000),
    ("DTN", Unit::Gram, 100_000_000_000_000),
    ("TNE", Unit::Gram, 1_000_000_000_000_000),
    ("ONZ", Unit::Gram, 28_349_523_125),
    ("LBR", Unit::Gram, 453_592_370_000),
    ("STN", Unit::Gram, 907_184_740_000_000),
    ("LTN", Unit::Gram, 1_016_046_908_800_000),
    ("4G", Unit::Millilitre, 1_000_000),
    ("MLT", Unit::Millilitre, ONE),
    ("CMQ", Unit::Millilitre, ONE),
    ("CLT", Unit::Millilitre, 10_000_000_000),
    ("DLT", Unit::Millilitre, 100_000_000_000),
    ("LTR", Unit::Millilitre, 1_000_000_000_000),
    ("DMQ", Unit::Millilitre, 1_000_000_000_000),
    ("HLT", Unit::Millilitre, 100_000_000_000_000),
    ("MTQ", Unit::Millilitre, 1_000_000_000_000_000),
    ("INQ", Unit::Millilitre, 16_387_064_000),
    ("PTL", Unit::Millilitre, 473_176_473_000),
    ("QTL", Unit::Millilitre, 946_352_946_000),
    ("GLL", Unit::Millilitre, 3_785_411_784_000),
    ("GLI", Unit::Millilitre, 4_546_090_000_000),
    ("FTQ", Unit::Millilitre, 28_316_846_592_000),
];

impl Unit {
    /// The base unit of a code and the factor to it.
    fn of_code(code: &str) -> Result<(Self, Decimal), AmountError> {
        if let Some((_, unit, factor)) = FACTORS.iter().find(|(known, ..)| *known == code) {
            return Ok((unit.clone(), Decimal(*factor)));
        }
        let well_formed = (2..=3).contains(&code.len())
            && code
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !well_formed {
            return Err(AmountError::UnitForm);
        }
        let code = Text::new(code).map_err(|_| AmountError::UnitForm)?;
        Ok((Self::Other(code), Decimal(ONE)))
    }

    /// The code that stands for the unit; counts have none.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Each => None,
            Self::Gram => Some("GRM"),
            Self::Millilitre => Some("MLT"),
            Self::Other(code) => Some(code),
        }
    }
}

/// How much of a lot: a value in its base unit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode)]
pub struct Amount {
    /// In the base unit; never negative in a balance, above zero in an action.
    pub value: Decimal,
    /// The base unit.
    pub unit: Unit,
}

impl Amount {
    /// So many whole things.
    pub fn count(things: u64) -> Self {
        Self {
            value: Decimal::from_integer(things),
            unit: Unit::Each,
        }
    }

    /// `value` of the unit `code` (none: things), converted exactly to its base.
    pub fn new(value: Decimal, code: Option<&str>) -> Result<Self, AmountError> {
        let (unit, factor) = match code {
            None | Some("") => (Unit::Each, Decimal(ONE)),
            Some(code) => Unit::of_code(code)?,
        };
        let value = value.checked_mul(factor).ok_or(AmountError::Inexact)?;
        Ok(Self { value, unit })
    }
}

impl core::fmt::Display for Amount {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.unit.code() {
            None => write!(f, "{}", self.value),
            Some(code) => write!(f, "{} {code}", self.value),
        }
    }
}

/// A decimal as its text, so that no reader makes a float of it.
impl From<Decimal> for String {
    fn from(value: Decimal) -> Self {
        value.to_string()
    }
}

#[cfg(feature = "host")]
mod json {
    use super::{Amount, Decimal};
    use alloc::string::{String, ToString};
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    impl Serialize for Decimal {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.collect_str(self)
        }
    }

    impl<'de> Deserialize<'de> for Decimal {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            let text = match serde_json::Value::deserialize(d)? {
                serde_json::Value::String(text) => text,
                // The number's own digits, kept by `arbitrary_precision`.
                serde_json::Value::Number(number) => number.to_string(),
                _ => return Err(D::Error::custom("a quantity is a number or its text")),
            };
            Self::parse(&text).map_err(D::Error::custom)
        }
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct AmountJson {
        value: Decimal,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        unit: Option<String>,
    }

    impl Serialize for Amount {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            AmountJson {
                value: self.value,
                unit: self.unit.code().map(Into::into),
            }
            .serialize(s)
        }
    }

    impl<'de> Deserialize<'de> for Amount {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            let json = AmountJson::deserialize(d)?;
            Self::new(json.value, json.unit.as_deref()).map_err(D::Error::custom)
        }
    }
}
