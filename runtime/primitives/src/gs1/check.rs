//! Check characters of the GS1 General Specifications, section 7.9.

/// The check digit that belongs after the digits `body` (section 7.9.1): weights 3 and 1
/// alternate from the right, so leading zeros do not change it.
pub(crate) fn check_digit_of_number(body: u64) -> u8 {
    let (mut rest, mut sum, mut weight) = (body, 0u64, 3u64);
    while rest > 0 {
        sum = sum.saturating_add((rest % 10).saturating_mul(weight));
        weight = 4 - weight;
        rest /= 10;
    }
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

/// The weights of the check character pair (section 7.9.5), rightmost position first.
const PRIMES: [u32; 23] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
];

/// The 32 characters that a check character pair is written with.
const PAIR: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The check character pair that belongs after `body` (section 7.9.5); `None` when `body`
/// is longer than 23 characters or not of character set 82.
pub(crate) fn check_pair(body: &[u8]) -> Option<[u8; 2]> {
    if body.len() > PRIMES.len() {
        return None;
    }
    let mut sum: u32 = 0;
    for (byte, prime) in body.iter().rev().zip(PRIMES) {
        let value = super::charset::value_of_82(*byte)?;
        sum = sum.saturating_add(u32::from(value).saturating_mul(prime));
    }
    let sum = sum % 1021;
    let high = PAIR.get(usize::try_from(sum / 32).ok()?)?;
    let low = PAIR.get(usize::try_from(sum % 32).ok()?)?;
    Some([*high, *low])
}
