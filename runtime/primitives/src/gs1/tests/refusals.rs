//! What is refused, by which name, and that each refusal says what to do.

use std::string::String;
use std::vec::Vec;

use super::{identifier, parse};
use crate::gs1::{Gs1Error, Gtin};

#[test]
fn each_wrong_identifier_has_its_own_reason() {
    let cases = [
        ("IdentifierLength", ""),
        ("IdentifierForm", "hello"),
        ("IdentifierForm", "01/09506000134352"),
        ("IdentifierForm", "1urn:x"),
        ("IdentifierForm", "https:///01/09506000134352"),
        ("BareNumber", "340123451111111111"),
        ("BareNumber", "09506000134352"),
        ("BareNumber", "0109506000134352"),
        // Look-alikes and invisible characters.
        ("IdentifierCharacter", "(01)０９506000134352"),
        ("IdentifierCharacter", "（01）09506000134352"),
        (
            "IdentifierCharacter",
            "https://id.gs1.org/01/09506000134352/21/\u{410}1",
        ),
        ("IdentifierCharacter", "(01)09506000134352(21)A 1"),
        ("IdentifierCharacter", "(01)09506000134352\u{200b}"),
        ("IdentifierCharacter", " (01)09506000134352"),
        ("IdentifierCharacter", "(01)09506000134352\n"),
        (
            "IdentifierCharacter",
            "https://id.gs1.org/01/09506000134352/21/A%20B",
        ),
        (
            "IdentifierCharacter",
            "https://id.gs1.org/01/09506000134352/21/%00",
        ),
        (
            "PercentEncoding",
            "https://id.gs1.org/01/09506000134352/21/%FF",
        ),
        (
            "PercentEncoding",
            "https://id.gs1.org/01/09506000134352/21/A%2",
        ),
        (
            "PercentEncoding",
            "https://id.gs1.org/01/09506000134352/21/%G0",
        ),
        // Letter case.
        ("LetterCase", "URN:EPC:id:sgtin:4012345.011111.9876"),
        ("LetterCase", "urn:EPC:id:sgtin:4012345.011111.9876"),
        ("LetterCase", "URN:uuid:1"),
        ("EpcScheme", "urn:epc:ID:sgtin:4012345.011111.9876"),
        ("EpcScheme", "urn:epc:id:SGTIN:4012345.011111.9876"),
        ("NoKey", "https://id.gs1.org/GTIN/09506000134352"),
        // Zeros too many or too few.
        ("IdentifierLength", "https://id.gs1.org/01/009506000134352"),
        (
            "IdentifierLength",
            "https://id.gs1.org/00/0340123451111111111",
        ),
        ("ZeroSuppressed", "https://id.gs1.org/01/9506000134352"),
        ("IdentifierLength", "https://id.gs1.org/414/04012345000054"),
        // Check digits and values.
        ("CheckDigit", "https://id.gs1.org/01/09506000134353"),
        ("CheckDigit", "(00)340123451111111112"),
        ("CheckPair", "(8013)1987654Ad4X4bL5ttr2310c2M"),
        ("IdentifierValue", "https://id.gs1.org/8003/14012345000221"),
        (
            "IdentifierValue",
            "https://id.gs1.org/8006/040123451111180201",
        ),
        ("IdentifierValue", "https://id.gs1.org/415/4012345000054"),
        // Paths.
        ("UnpairedSegment", "https://id.gs1.org/01/09506000134352/21"),
        (
            "UnpairedSegment",
            "https://shop.example/01/09506000134352/21",
        ),
        (
            "UnpairedSegment",
            "https://id.gs1.org/01/09506000134352/21/A/x",
        ),
        (
            "Qualifier",
            "https://id.gs1.org/01/09506000134352/21/A/10/L",
        ),
        (
            "Qualifier",
            "https://id.gs1.org/01/09506000134352/21/A/21/B",
        ),
        (
            "Qualifier",
            "https://id.gs1.org/01/09506000134352/235/A/21/B",
        ),
        (
            "Qualifier",
            "https://id.gs1.org/01/09506000134352/17/271231",
        ),
        ("Qualifier", "https://id.gs1.org/00/340123451111111111/21/A"),
        ("Qualifier", "https://id.gs1.org/01/09506000134352/serial/A"),
        ("NoKey", "https://id.gs1.org/"),
        ("NoKey", "https://id.gs1.org/voc/Product"),
        ("NoKey", "/hello"),
        // Element strings.
        ("Separator", "(01"),
        ("Separator", "(01)09506000134352("),
        ("UnknownAi", "(09)1"),
        ("UnknownAi", "(1)1"),
        ("UnknownAi", "()1"),
        ("UnknownAi", "(01234)1"),
        ("NoKey", "]d2"),
        ("IdentifierLength", "(01)"),
        ("IdentifierLength", "(01)09506000134352(21)"),
        ("IdentifierCharacter", "(01)09506000134352(21)A\\1"),
        ("IdentifierCharacter", "(01)09506000134352(21)A\\"),
        ("RepeatedAi", "(01)09506000134352(21)A(21)A"),
        ("RequiredAi", "(21)A1"),
        ("RequiredAi", "(10)L"),
        ("ExcludedAi", "(01)09506000134352(21)A(235)B"),
        ("NoKey", "(410)4012345000054"),
        ("TwoKeys", "(00)340123451111111111(414)4012345000054"),
        ("IdentifierValue", "]E04012345123456"),
        ("UnknownAi", "]d2\u{1d}\u{1d}0109506000134352"),
        ("Separator", "]d2010950600013435"),
        ("Separator", "]d2010950600013435\u{1d}21A"),
        ("Separator", "]d2010950600013435221123456789012345678901"),
        // EPC URNs.
        ("EpcScheme", "urn:epc:id:consumer"),
        ("EpcScheme", "urn:epc:id:sgtinx:4012345.011111.9876"),
        ("EpcScheme", "urn:epc:tag:sgtin-96:3.4012345.011111.9876"),
        ("EpcScheme", "urn:epc:class:sgtin:4012345.011111.9876"),
        ("EpcComponents", "urn:epc:id:sgtin:4012345.011111"),
        ("EpcComponents", "urn:epc:id:sgtin:4012345.01111.9876"),
        ("EpcComponents", "urn:epc:id:sgtin:40123.45011111.9876"),
        ("EpcComponents", "urn:epc:id:sgtin:4012345011111..9876"),
        ("EpcComponents", "urn:epc:id:sgln:4012345.00005"),
        ("EpcComponents", "urn:epc:id:giai:4012345."),
        ("EpcComponents", "urn:epc:id:itip:4012345.011111.1.2.987"),
        ("EpcComponents", "urn:epc:idpat:sgtin:4012345.011111.9876"),
        (
            "IdentifierValue",
            "urn:epc:id:itip:4012345.011111.02.01.987",
        ),
        ("IdentifierLength", "urn:epc:id:sgtin:4012345.011111."),
        (
            "IdentifierCharacter",
            "urn:epc:class:lgtin:6000001.recycled-copper.batch",
        ),
        (
            "IdentifierCharacter",
            "urn:epc:id:sgtin:4012345.011111.98\"22",
        ),
        (
            "IdentifierCharacter",
            "urn:epc:id:sgtin:4012345.011111.98%20",
        ),
        ("PercentEncoding", "urn:epc:id:sgtin:4012345.011111.98%2"),
        ("WidePattern", "urn:epc:idpat:sgtin:4012345.*.*"),
        ("WidePattern", "urn:epc:idpat:sscc:4012345.*"),
        // URIs.
        ("IdentifierCharacter", "urn:x:{1}"),
        ("PercentEncoding", "urn:x:%1"),
    ];
    let mut names = std::collections::BTreeSet::new();
    for (name, text) in cases {
        match parse(text) {
            Err(error) => assert_eq!(error.name(), name, "{text:?}: {error}"),
            Ok(parsed) => panic!("{text:?} is {:?}", parsed.identifier),
        }
        names.insert(name);
    }
    assert!(names.len() >= 22, "nearly every cause occurs");
}

#[test]
fn long_texts_are_refused_before_any_work() {
    let long = String::from("urn:x:") + &"x".repeat(2_043);
    assert!(matches!(
        parse(&long),
        Err(Gs1Error::Length {
            max: 2_048,
            found: 2_049,
            ..
        })
    ));
    let opaque = String::from("urn:x:") + &"x".repeat(250);
    assert!(matches!(
        parse(&opaque),
        Err(Gs1Error::Length {
            max: 255,
            found: 256,
            ..
        })
    ));
    assert!(parse(&opaque[..255]).is_ok());
}

/// One of each cause.
fn all() -> Vec<Gs1Error> {
    use crate::gs1::Ai;
    let ai = Ai::new("21").unwrap();
    let field = "serial";
    std::vec![
        Gs1Error::Form,
        Gs1Error::Length {
            field,
            min: 1,
            max: 20,
            found: 21
        },
        Gs1Error::Character {
            field,
            position: 1,
            found: '\u{ff10}',
            allowed: "digits"
        },
        Gs1Error::CheckDigit {
            field,
            expected: 2,
            found: 3
        },
        Gs1Error::CheckPair {
            field,
            expected: *b"2K",
            found: *b"2M"
        },
        Gs1Error::Value {
            field,
            expected: "a date"
        },
        Gs1Error::BareNumber { digits: 18 },
        Gs1Error::PercentEncoding { field, position: 0 },
        Gs1Error::LetterCase {
            expected: "urn:epc:"
        },
        Gs1Error::ZeroSuppressed {
            full: Gtin::new("09506000134352").unwrap()
        },
        Gs1Error::UnknownAi { found: "09".into() },
        Gs1Error::NoKey,
        Gs1Error::TwoKeys {
            first: ai,
            second: ai
        },
        Gs1Error::Qualifier {
            key: ai,
            found: "17".into(),
            order: "22,10,21|235"
        },
        Gs1Error::Unpaired,
        Gs1Error::NotAnAttribute { ai },
        Gs1Error::Repeated { ai },
        Gs1Error::Requires {
            ai,
            with: "01,03,8006"
        },
        Gs1Error::Excludes { ai, other: ai },
        Gs1Error::Separator { position: 9 },
        Gs1Error::EpcScheme {
            found: "id:consumer".into()
        },
        Gs1Error::EpcComponents {
            scheme: "SGTIN",
            expected: "13 digits and serial"
        },
        Gs1Error::WidePattern,
        Gs1Error::NoEpcUrn {
            reason: "the URI is no GS1 key"
        },
    ]
}

#[test]
fn codes_and_names_are_stable() {
    let listed: Vec<_> = all()
        .iter()
        .map(|error| (error.code(), error.name()))
        .collect();
    assert_eq!(
        listed,
        [
            (2001, "IdentifierForm"),
            (2002, "IdentifierLength"),
            (2003, "IdentifierCharacter"),
            (2004, "CheckDigit"),
            (2005, "CheckPair"),
            (2006, "IdentifierValue"),
            (2007, "BareNumber"),
            (2008, "PercentEncoding"),
            (2009, "LetterCase"),
            (2010, "ZeroSuppressed"),
            (2011, "UnknownAi"),
            (2012, "NoKey"),
            (2013, "TwoKeys"),
            (2014, "Qualifier"),
            (2015, "UnpairedSegment"),
            (2016, "NotAnAttribute"),
            (2017, "RepeatedAi"),
            (2018, "RequiredAi"),
            (2019, "ExcludedAi"),
            (2020, "Separator"),
            (2021, "EpcScheme"),
            (2022, "EpcComponents"),
            (2023, "WidePattern"),
            (2024, "NoEpcUrn"),
        ]
    );
}

#[test]
fn errors_say_what_was_expected_and_what_to_do() {
    for error in all() {
        let text = std::format!("{error}");
        assert!(text.is_ascii(), "look-alikes are shown as escapes: {text}");
        assert_eq!(text, std::format!("{}; {}", error.what(), error.remedy()));
        assert!(error.remedy().len() > 8, "{text}");
        if let Some(expected) = error.expected() {
            assert!(text.contains(&expected), "{text}");
        }
    }
    let wrong = parse("https://id.gs1.org/01/09506000134353").unwrap_err();
    assert_eq!(wrong.field().as_deref(), Some("GTIN"));
    assert_eq!(wrong.expected().as_deref(), Some("2"));
    assert_eq!(wrong.what(), "GTIN has check digit 3, expected 2");
}

#[test]
fn epc_urns_are_refused_where_they_would_lose_something() {
    for (text, prefix_len) in [
        ("(01)09506000134352(21)A", 5),
        ("(01)09506000134352(21)A", 13),
        ("(01)09506000134352(22)V", 7),
        ("(01)09506000134352(22)V(10)L", 7),
        ("(8006)040123451111180102(10)L", 7),
        ("(8018)401234500000067657(8019)1", 7),
        ("(8013)1987654Ad4X4bL5ttr2310c2K", 7),
        ("(415)4012345000054(8020)R", 7),
        ("(8004)4012345A(7040)1ABC", 7),
        ("(8004)4012345A", 8),
        ("(8004)401234567", 9),
        ("(401)4012", 6),
        ("urn:uuid:1", 7),
    ] {
        let error = identifier(text).to_epc_urn(prefix_len).unwrap_err();
        assert_eq!(error.name(), "NoEpcUrn", "{text}");
    }
    assert_eq!(
        identifier("urn:epc:id:gid:1.2.3").to_epc_urn(7).as_deref(),
        Ok("urn:epc:id:gid:1.2.3")
    );
}
