//! The linters that the dictionary names: rules of content for one component.
//!
//! Lists that others maintain (countries, currencies, package and media types, coupon
//! layouts) are not kept: a stale list would refuse true data. Their components are held
//! to length and character set alone.

use crate::gs1::date::is_day;
use crate::gs1::key::{number, verify};
use crate::gs1::{Gs1Error, percent, text_rules};

/// Linters whose components are held to length and character set alone.
pub(crate) const FORM_ONLY: [&str; 7] = [
    "couponcode",
    "couponposoffer",
    "iso3166",
    "iso3166999",
    "iso4217",
    "mediatype",
    "packagetype",
];

/// Applies one linter to a component whose characters are those of its set.
pub(crate) fn apply(name: &str, field: &'static str, part: &[u8]) -> Result<(), Gs1Error> {
    let hold = |holds: bool, expected: &'static str| {
        if holds {
            Ok(())
        } else {
            Err(Gs1Error::Value { field, expected })
        }
    };
    match name {
        "csum" => verify(field, number(part).unwrap_or(u64::MAX)),
        "csumalpha" => text_rules::check_pair(field, part),
        "gcppos1" => text_rules::begins_with_prefix(field, part),
        "gcppos2" => text_rules::begins_with_prefix(field, part.get(1..).unwrap_or_default()),
        "yymmdd" => hold(date(2000, part, false), "a date YYMMDD"),
        "yymmd0" => hold(
            date(2000, part, true),
            "a date YYMMDD, day 00 for the month's last",
        ),
        "yyyymmdd" => hold(date(0, part, false), "a date YYYYMMDD"),
        "hhmi" => hold(time(part, &[23, 59]), "a time HHMM"),
        "hh" => hold(time(part, &[23]), "an hour from 00 to 23"),
        "mi" => hold(time(part, &[59]), "a minute from 00 to 59"),
        "ss" => hold(time(part, &[59]), "a second from 00 to 59"),
        "zero" => hold(
            part.iter().all(|byte| *byte == b'0'),
            "0 in the first place",
        ),
        "nonzero" => hold(part.iter().any(|byte| *byte != b'0'), "a number above zero"),
        "nozeroprefix" => text_rules::no_zero_prefix(field, part),
        "winding" => hold(
            matches!(part, b"0" | b"1" | b"9"),
            "winding direction 0, 1 or 9",
        ),
        "yesno" => hold(matches!(part, b"0" | b"1"), "0 for no or 1 for yes"),
        "hyphen" => hold(
            part.iter().all(|byte| *byte == b'-'),
            "a minus sign - or nothing",
        ),
        "iso5218" => hold(
            matches!(part, b"0" | b"1" | b"2" | b"9"),
            "0, 1, 2 or 9 (ISO 5218)",
        ),
        "iso3166alpha2" => hold(
            part.iter().all(u8::is_ascii_uppercase),
            "a country code of two capital letters",
        ),
        "importeridx" => hold(
            part.iter().all(|byte| text_rules::is_importer_index(*byte)),
            "an importer index (A-Z a-z 0-9 - _)",
        ),
        "hasnondigit" => hold(
            !part.iter().all(u8::is_ascii_digit),
            "a character beside digits",
        ),
        "latitude" => hold(
            up_to(part, 1_800_000_000),
            "a latitude from 0 to 1800000000",
        ),
        "longitude" => hold(
            up_to(part, 3_600_000_000),
            "a longitude from 0 to 3600000000",
        ),
        "pieceoftotal" => hold(piece_of_total(part), "a piece from 01 to its total"),
        "posinseqslash" => hold(
            position_in_sequence(part),
            "a position and an end, as in 1/3",
        ),
        "iban" => hold(is_iban(part), "an IBAN with its check digits"),
        "pcenc" => percent::check(field, part),
        form_only if FORM_ONLY.contains(&form_only) => Ok(()),
        _ => hold(false, "a rule of the dictionary that is not known here"),
    }
}

/// Whether `part`, with `century` in front, is a calendar date; with `month_end` day 00
/// stands for the last of the month. Two-digit years are judged in this century: of the
/// dates that exist in any, it lacks none (2000 is a leap year).
fn date(century: u64, part: &[u8], month_end: bool) -> bool {
    let split = part
        .len()
        .checked_sub(4)
        .and_then(|at| part.split_at_checked(at));
    let Some((year, [m1, m0, d1, d0])) = split else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) =
        (number(year), number(&[*m1, *m0]), number(&[*d1, *d0]))
    else {
        return false;
    };
    let day = if month_end && day == 0 { 1 } else { day };
    is_day(year.saturating_add(century), month, day)
}

/// Whether `part` is pairs of digits, each no greater than its limit.
fn time(part: &[u8], limits: &[u64]) -> bool {
    let pairs = part.chunks(2).map(number);
    part.len() == limits.len().saturating_mul(2)
        && pairs
            .zip(limits)
            .all(|(pair, limit)| pair.is_some_and(|pair| pair <= *limit))
}

fn up_to(part: &[u8], limit: u64) -> bool {
    number(part).is_some_and(|value| value <= limit)
}

fn piece_of_total(part: &[u8]) -> bool {
    let Some((piece, total)) = part.split_at_checked(part.len() / 2) else {
        return false;
    };
    let zero = |digits: &[u8]| digits.iter().all(|digit| *digit == b'0');
    piece.len() == total.len() && !zero(piece) && piece <= total
}

fn position_in_sequence(part: &[u8]) -> bool {
    let mut numbers = part.split(|byte| *byte == b'/').map(|digits| match digits {
        [b'0', ..] => None,
        digits => number(digits).filter(|value| *value > 0),
    });
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Some(position)), Some(Some(end)), None) => position <= end,
        _ => false,
    }
}

/// ISO 13616: country and check digits move to the end, letters count from A = 10, and
/// the remainder by 97 is 1.
fn is_iban(part: &[u8]) -> bool {
    let Some((head, account)) = part.split_at_checked(4) else {
        return false;
    };
    let [c1, c0, d1, d0] = head else { return false };
    let shaped = c1.is_ascii_uppercase()
        && c0.is_ascii_uppercase()
        && d1.is_ascii_digit()
        && d0.is_ascii_digit()
        && !account.is_empty()
        && account
            .iter()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let rest = account
        .iter()
        .chain(head)
        .fold(0u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
        });
    shaped && rest == 1
}
