//! Decimal numbers as their digits.

/// A number as it was written, in JSON's grammar or with a leading `+` or zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    canonical: String,
}

/// Digits that an exponent may add; what is beyond keeps its exponent.
const MAX_SHIFT: i64 = 400;

impl Decimal {
    /// Reads a decimal number; anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        canonical(text.trim()).map(|canonical| Self { canonical })
    }

    /// The number without exponent, leading zeros, trailing zeros or sign of zero: `-12.5`.
    pub fn as_str(&self) -> &str {
        &self.canonical
    }
}

fn canonical(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty()
        || !all.bytes().all(|b| b.is_ascii_digit())
        || exponent.unsigned_abs() > MAX_SHIFT.unsigned_abs()
    {
        return None;
    }
    // The point stands after so many of the digits.
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let missing_before = usize::try_from(point.saturating_neg()).unwrap_or(0);
    let mut all = format!("{}{all}", "0".repeat(missing_before));
    let point = usize::try_from(point).unwrap_or(0);
    while all.len() < point {
        all.push('0');
    }
    let (whole, fraction) = all.split_at_checked(point)?;
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let sign = if negative && !(whole.is_empty() && fraction.is_empty()) {
        "-"
    } else {
        ""
    };
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

#[cfg(test)]
mod tests;
