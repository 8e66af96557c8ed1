//! Check digits, characters, lengths.

use std::format;
use std::string::{String, ToString};

use crate::gs1::*;

/// Every single wrong digit of `valid` is refused, and the error names the digit that
/// belongs behind the others.
fn catches_wrong_digits(valid: &str, new: impl Fn(&str) -> Result<String, Gs1Error>) {
    assert_eq!(new(valid).as_deref(), Ok(valid));
    let mut caught = 0;
    for position in 0..valid.len() {
        for wrong in '0'..='9' {
            let mut digits: std::vec::Vec<char> = valid.chars().collect();
            if digits[position] == wrong {
                continue;
            }
            digits[position] = wrong;
            let text: String = digits.iter().collect();
            let Err(Gs1Error::CheckDigit {
                expected, found, ..
            }) = new(&text)
            else {
                panic!("{text} was not refused for its check digit");
            };
            assert_eq!(text.as_bytes().last(), Some(&(b'0' + found)));
            let repaired = format!("{}{expected}", &text[..text.len() - 1]);
            assert_eq!(
                new(&repaired),
                Ok(repaired.clone()),
                "the named digit is right"
            );
            caught += 1;
        }
    }
    assert_eq!(caught, valid.len() * 9);
}

fn shown<T: ToString>(result: Result<T, Gs1Error>) -> Result<String, Gs1Error> {
    result.map(|key| key.to_string())
}

#[test]
fn every_single_wrong_digit_is_caught_and_the_right_one_named() {
    catches_wrong_digits("09506000134352", |text| shown(Gtin::new(text)));
    catches_wrong_digits("340123451111111111", |text| shown(Sscc::new(text)));
    catches_wrong_digits("4012345000054", |text| shown(Gln::new(text)));
    catches_wrong_digits("401234500000067657", |text| shown(Gsrn::new(text)));
    catches_wrong_digits("40123452223334442", |text| shown(Gsin::new(text)));
    catches_wrong_digits("4012345000221", |text| shown(GraiType::new(text)));
    catches_wrong_digits("4012345000092", |text| shown(GdtiType::new(text)));
    catches_wrong_digits("4012345999990", |text| shown(GcnType::new(text)));
}

#[test]
fn keys_have_all_their_digits_and_nothing_else() {
    for text in ["", "9506000134352", "009506000134352", " 09506000134352"] {
        assert!(
            matches!(Gtin::new(text), Err(Gs1Error::Length { .. })),
            "{text}"
        );
    }
    for text in [
        "0950600013435x",
        "+9506000134352",
        "0950600013435 ",
        "09506000134４",
    ] {
        assert!(
            matches!(Gtin::new(text), Err(Gs1Error::Character { .. })),
            "{text}"
        );
    }
    assert!(Gtin::from_u64(9_506_000_134_352).is_ok());
    assert!(matches!(
        Gtin::from_u64(100_000_000_000_007),
        Err(Gs1Error::Length { .. })
    ));
    assert_eq!(
        Gtin::from_body(950_600_013_435).map(Gtin::as_u64),
        Ok(9_506_000_134_352)
    );
    assert!(Gtin::from_body(u64::MAX).is_err());
    assert_eq!(
        Gtin::new("09506000134352").map(Gtin::digits),
        Ok(*b"09506000134352")
    );
}

#[test]
fn restricted_circulation_follows_the_prefix() {
    // (GTIN without check digit, restricted): prefixes 02, 04, 20 to 29, RCN-8.
    let cases = [
        ("0020000000000", true),
        ("0040000000000", true),
        ("0200000000000", true),
        ("0299999999999", true),
        ("9212345678901", true),
        ("0000000000012", true),
        ("0000002000012", true),
        ("0000004000012", false),
        ("0000100000012", false),
        ("0030000000000", false),
        ("0050000000000", false),
        ("0061414110734", false),
        ("0950600013435", false),
        ("0978034541891", false),
    ];
    for (body, restricted) in cases {
        let gtin = Gtin::from_body(body.parse().unwrap()).unwrap();
        assert_eq!(gtin.is_restricted(), restricted, "{gtin}");
    }
    let gtin8 = Gtin::new("00000040123455").unwrap();
    assert!(gtin8.is_gtin8() && !gtin8.is_restricted());
    assert_eq!(
        CompanyPrefix::of(&gtin8, 8),
        None,
        "a GTIN-8 has no company prefix"
    );
}

#[test]
fn the_check_character_pair_of_the_general_specifications() {
    // The example of section 7.9.5.
    assert!(Gmn::new("1987654Ad4X4bL5ttr2310c2K").is_ok());
    let wrong = Gmn::new("1987654Ad4X4bL5ttr2310c2M");
    assert_eq!(
        wrong,
        Err(Gs1Error::CheckPair {
            field: "GMN",
            expected: *b"2K",
            found: *b"2M"
        })
    );
    assert!(Gmn::new("1987").is_err() && Gmn::new("12").is_err());
}

#[test]
fn serials_keep_their_zeros() {
    let (one, padded) = (Serial::new("1").unwrap(), Serial::new("000001").unwrap());
    assert_ne!(one, padded);
    assert_eq!(
        (one.numeric(), padded.numeric()),
        (Some((1, 1)), Some((6, 1)))
    );
    assert_eq!(Serial::new("1A").unwrap().numeric(), None);
    let longest = "99999999999999999999";
    assert_eq!(
        Serial::new(longest).unwrap().numeric(),
        Some((20, 10u128.pow(20) - 1))
    );
    assert_eq!(Serial::from_numeric(6, 1), Ok(padded));
    assert_eq!(
        Serial::from_numeric(20, 10u128.pow(20) - 1),
        Serial::new(longest)
    );
    for (digits, value) in [
        (0, 0),
        (21, 1),
        (2, 100),
        (20, 10u128.pow(20)),
        (255, u128::MAX),
    ] {
        assert!(matches!(
            Serial::from_numeric(digits, value),
            Err(Gs1Error::Length { .. })
        ));
    }
}

#[test]
fn character_set_82_is_exactly_its_82_characters() {
    let held = (0..=255u8)
        .filter(|byte| Charset::Set82.contains(*byte))
        .count();
    assert_eq!(held, 82);
    assert_eq!(
        (0..=255u8)
            .filter(|byte| Charset::Set39.contains(*byte))
            .count(),
        39
    );
    for refused in [
        " ", "#", "$", "@", "[", "\\", "]", "^", "`", "{", "|", "}", "~", "\0", "ä",
    ] {
        assert!(Serial::new(refused).is_err(), "{refused}");
    }
    assert!(Serial::new("!\"%&'()*+,-./_:;<=>?").is_ok());
}

#[test]
fn limits_of_serials_belong_to_their_keys() {
    let grai = Grai::new("4012345000221").unwrap();
    assert!(
        grai.with_serial(&"x".repeat(16)).is_ok() && grai.with_serial(&"x".repeat(17)).is_err()
    );
    let gdti = Gdti::new("4012345000092").unwrap();
    assert!(
        gdti.with_serial(&"x".repeat(17)).is_ok() && gdti.with_serial(&"x".repeat(18)).is_err()
    );
    let gcn = Gcn::new("4012345999990").unwrap();
    assert!(gcn.with_serial("123456789012").is_ok() && gcn.with_serial("1234567890123").is_err());
    assert!(gcn.with_serial("12A").is_err(), "coupon serials are digits");
    assert!(Giai::new("40123").is_ok() && Giai::new("ABCD").is_err() && Giai::new("401").is_err());
    assert!(Giai::new(&"1".repeat(30)).is_ok() && Giai::new(&"1".repeat(31)).is_err());
    assert!(
        Cpid::new("0614141a").is_err(),
        "character set 39 has no small letters"
    );
    assert!(CpiSerial::new("0").is_err() && CpiSerial::new("10").is_ok());
    assert!(GlnExtension::new("0").is_err() && GlnExtension::new("00").is_ok());
    assert!(Uic::new("1ABC").is_ok() && Uic::new("AABC").is_err() && Uic::new("1AB/").is_err());
    for (piece, total, valid) in [
        (1, 1, true),
        (1, 99, true),
        (0, 1, false),
        (2, 1, false),
        (1, 100, false),
        (0, 0, false),
    ] {
        let gtin = Gtin::new("04012345123456").unwrap();
        assert_eq!(
            Itip::from_parts(gtin, piece, total).is_ok(),
            valid,
            "{piece}/{total}"
        );
    }
}
