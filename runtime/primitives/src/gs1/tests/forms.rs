//! One identifier in all its forms.

use std::string::ToString;

use super::{identifier, parse};
use crate::gs1::{Form, Gs1Error, Gtin, Identifier, ParseOptions, Serial};

/// Kind, prefix length, canonical Digital Link, EPC URN, element string, raw.
const FORMS: [(&str, u8, &str, &str, &str, &str); 22] = [
    (
        "SGTIN",
        7,
        "/01/04012345111118/21/9876",
        "urn:epc:id:sgtin:4012345.011111.9876",
        "(01)04012345111118(21)9876",
        "\x1d0104012345111118219876",
    ),
    (
        "SGTIN",
        12,
        "/01/04150567890128/21/987654",
        "urn:epc:id:sgtin:415056789012.0.987654",
        "(01)04150567890128(21)987654",
        "\x1d010415056789012821987654",
    ),
    (
        "SGTIN",
        7,
        "/01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29",
        "urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()",
        "(01)80614141123458(21)6789/&%\"!?\\()",
        "\x1d0180614141123458216789/&%\"!?()",
    ),
    (
        "GTIN",
        7,
        "/01/04012345123456",
        "urn:epc:idpat:sgtin:4012345.012345.*",
        "(01)04012345123456",
        "\x1d0104012345123456",
    ),
    (
        "LGTIN",
        7,
        "/01/04012345123456/10/Lot987",
        "urn:epc:class:lgtin:4012345.012345.Lot987",
        "(01)04012345123456(10)Lot987",
        "\x1d010401234512345610Lot987",
    ),
    (
        "UPUI",
        7,
        "/01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7'SDB",
        "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
        "(01)01234567987651(235)51qIgY)<&Jp3*j7'SDB",
        "\x1d010123456798765123551qIgY)<&Jp3*j7'SDB",
    ),
    (
        "ITIP",
        7,
        "/8006/040123451111180102/21/987",
        "urn:epc:id:itip:4012345.011111.01.02.987",
        "(8006)040123451111180102(21)987",
        "\x1d8006040123451111180102\x1d21987",
    ),
    (
        "ITIP",
        7,
        "/8006/040123451111180102",
        "urn:epc:idpat:itip:4012345.011111.01.02.*",
        "(8006)040123451111180102",
        "\x1d8006040123451111180102",
    ),
    (
        "SSCC",
        7,
        "/00/340123451111111111",
        "urn:epc:id:sscc:4012345.3111111111",
        "(00)340123451111111111",
        "\x1d00340123451111111111",
    ),
    (
        "SGLN",
        7,
        "/414/4012345000054/254/122",
        "urn:epc:id:sgln:4012345.00005.122",
        "(414)4012345000054(254)122",
        "\x1d4144012345000054254122",
    ),
    (
        "SGLN",
        7,
        "/414/4012345000054",
        "urn:epc:id:sgln:4012345.00005.0",
        "(414)4012345000054",
        "\x1d4144012345000054",
    ),
    (
        "PGLN",
        12,
        "/417/9999999999994",
        "urn:epc:id:pgln:999999999999.",
        "(417)9999999999994",
        "\x1d4179999999999994",
    ),
    (
        "GRAI",
        7,
        "/8003/04012345000221334455",
        "urn:epc:id:grai:4012345.00022.334455",
        "(8003)04012345000221334455",
        "\x1d800304012345000221334455",
    ),
    (
        "GRAI",
        7,
        "/8003/04012345666663",
        "urn:epc:idpat:grai:4012345.66666.*",
        "(8003)04012345666663",
        "\x1d800304012345666663",
    ),
    (
        "GIAI",
        7,
        "/8004/4012345ABC345",
        "urn:epc:id:giai:4012345.ABC345",
        "(8004)4012345ABC345",
        "\x1d80044012345ABC345",
    ),
    (
        "GSRN",
        7,
        "/8018/401234500000067657",
        "urn:epc:id:gsrn:4012345.0000006765",
        "(8018)401234500000067657",
        "\x1d8018401234500000067657",
    ),
    (
        "GSRNP",
        7,
        "/8017/401234500000000074",
        "urn:epc:id:gsrnp:4012345.0000000007",
        "(8017)401234500000000074",
        "\x1d8017401234500000000074",
    ),
    (
        "GDTI",
        12,
        "/253/98765999999929",
        "urn:epc:id:gdti:987659999999..9",
        "(253)98765999999929",
        "\x1d25398765999999929",
    ),
    (
        "GCN",
        7,
        "/255/401234599999044",
        "urn:epc:id:sgcn:4012345.99999.44",
        "(255)401234599999044",
        "\x1d255401234599999044",
    ),
    (
        "CPI",
        7,
        "/8010/061414111111111111111-A%23%2F/8011/1234",
        "urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234",
        "(8010)061414111111111111111-A#/(8011)1234",
        "\x1d8010061414111111111111111-A#/\x1d80111234",
    ),
    (
        "GINC",
        7,
        "/401/0614141xyz47%2F11",
        "urn:epc:id:ginc:0614141.xyz47%2F11",
        "(401)0614141xyz47/11",
        "\x1d4010614141xyz47/11",
    ),
    (
        "GSIN",
        7,
        "/402/40123452223334442",
        "urn:epc:id:gsin:4012345.222333444",
        "(402)40123452223334442",
        "\x1d40240123452223334442",
    ),
];

#[test]
fn all_forms_name_the_same_and_are_written_back() {
    for (kind, prefix_len, path, urn, element_string, raw) in FORMS {
        let link = std::format!("https://id.gs1.org{path}");
        let key = identifier(&link);
        assert_eq!((key.kind(), key.to_canonical()), (kind, link.clone()));
        assert_eq!(key.to_epc_urn(prefix_len).as_deref(), Ok(urn));
        assert_eq!(key.to_element_string().as_deref(), Some(element_string));
        assert_eq!(key.to_raw_element_string().as_deref(), Some(raw));
        for (text, form) in [
            (path, Form::DigitalLink),
            (urn, Form::EpcUrn),
            (element_string, Form::ElementString),
            (raw, Form::RawElementString),
        ] {
            let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(
                (parsed.identifier, parsed.form),
                (key.clone(), form),
                "{text}"
            );
        }
        for symbology in ["]d2", "]C1", "]e0", "]Q3", "]J1"] {
            let scanned = std::format!("{symbology}{}", &raw[1..]);
            assert_eq!(identifier(&scanned), key, "{scanned:?}");
        }
    }
}

#[test]
fn digital_links_are_read_on_any_host() {
    let key = identifier("(01)09506000134352(21)A1");
    for text in [
        "http://example.com/01/09506000134352/21/A1",
        "https://example.com:8443/01/09506000134352/21/A1/",
        "HTTPS://ID.GS1.ORG/01/09506000134352/21/A1",
        "https://brand.example/some/path/01/09506000134352/21/A1",
        "https://brand.example/odd/01/09506000134352/21/A1",
        "https://brand.example/gtin/09506000134352/ser/A1",
        "https://example.com/01/0%39506000134352/21/%41%31",
        "https://id.gs1.org/%30%31/09506000134352/21/A1",
        "/01/09506000134352/21/A1",
    ] {
        assert_eq!(identifier(text), key, "{text}");
    }
}

#[test]
fn query_and_fragment_are_kept_apart() {
    let parsed = parse(
        "https://brand.example/01/09506000134352/21/A1?17=271231&linkType=gs1:pip;10=L%2F7&expires#top",
    )
    .unwrap();
    assert_eq!(parsed.identifier, identifier("(01)09506000134352(21)A1"));
    assert_eq!(
        parsed.query.as_deref(),
        Some("17=271231&linkType=gs1:pip;10=L%2F7&expires")
    );
    assert_eq!(parsed.fragment.as_deref(), Some("top"));
}

#[test]
fn attributes_of_a_link_are_validated() {
    let parsed =
        parse("https://x.example/01/09506000134352?17=271231&10=L%2F7&3103=000500").unwrap();
    let read: std::vec::Vec<_> = parsed
        .attributes
        .iter()
        .map(|a| (a.ai.as_str(), a.title, a.value.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("17", "USE BY or EXPIRY", "271231"),
            ("10", "BATCH/LOT", "L/7"),
            ("3103", "NET WEIGHT (kg)", "000500")
        ]
    );
    assert_eq!(
        parsed.identifier,
        identifier("(01)09506000134352"),
        "a lot beside it is no key"
    );
    for (query, name) in [
        ("17=271331", "IdentifierValue"),
        ("17=27123", "IdentifierLength"),
        ("17=27123a", "IdentifierCharacter"),
        ("exp=271331", "IdentifierValue"),
        ("3109=000500", "UnknownAi"),
        ("12345=1", "UnknownAi"),
        ("21=A1", "NotAnAttribute"),
        ("17=271231&17=271231", "RepeatedAi"),
        ("01=09506000134352", "RepeatedAi"),
        ("10=%zz", "PercentEncoding"),
    ] {
        let text = std::format!("https://x.example/01/09506000134352?{query}");
        assert_eq!(parse(&text).unwrap_err().name(), name, "{query}");
    }
}

#[test]
fn an_item_keeps_the_lot_that_its_link_claims() {
    let full = identifier("https://id.gs1.org/01/09506000134352/22/V1/10/L7/21/A1");
    let Identifier::Sgtin {
        gtin,
        serial,
        lot: Some(lot),
        variant: Some(variant),
    } = &full
    else {
        panic!("{full:?}");
    };
    assert_eq!(
        (gtin.to_string(), serial.as_str()),
        ("09506000134352".into(), "A1")
    );
    assert_eq!((lot.as_str(), variant.as_str()), ("L7", "V1"));
    assert_eq!(full.constrained(), identifier("(01)09506000134352(21)A1"));
    assert_eq!(
        full.to_epc_urn(7).as_deref(),
        Ok("urn:epc:id:sgtin:9506000.013435.A1")
    );
    assert_eq!(
        identifier("(21)A1(10)L7(01)09506000134352(22)V1"),
        full,
        "any order"
    );
    assert_eq!(
        identifier("(01)09506000134352(22)V1").constrained(),
        identifier("(01)09506000134352")
    );
    let piece = identifier("/8006/040123451111180102/10/L/21/9");
    assert_eq!(
        piece.constrained(),
        identifier("/8006/040123451111180102/21/9")
    );
    let lot = identifier("/8006/040123451111180102/22/V/10/L");
    assert_eq!(
        lot.constrained(),
        identifier("/8006/040123451111180102/10/L")
    );
}

#[test]
fn classes_are_told_from_things() {
    for class in [
        "(01)09506000134352",
        "(01)09506000134352(10)L",
        "(8003)04012345666663",
        "(253)4012345000092",
        "(255)4012345999990",
        "(8006)040123451111180102",
        "(8010)4012345ABC",
        "(8013)1987654Ad4X4bL5ttr2310c2K",
        "urn:epc:idpat:upui:4012345.012345.*",
    ] {
        assert!(identifier(class).is_class(), "{class}");
    }
    for thing in [
        "(01)09506000134352(21)A",
        "(00)340123451111111111",
        "(8004)4012345A",
        "urn:x:y",
    ] {
        assert!(!identifier(thing).is_class(), "{thing}");
    }
}

#[test]
fn an_extension_of_zero_is_none() {
    let place = identifier("(414)4012345000054");
    for text in [
        "urn:epc:id:sgln:4012345.00005.0",
        "/414/4012345000054/254/0",
        "(414)4012345000054(254)0",
    ] {
        assert_eq!(identifier(text), place, "{text}");
    }
    assert_ne!(identifier("(414)4012345000054(254)00"), place);
}

#[test]
fn zero_suppressed_gtins_need_the_option() {
    let options = ParseOptions {
        zero_suppressed_gtin: true,
    };
    let full = Gtin::new("09506000134352").unwrap();
    let serial = Serial::new("A").unwrap();
    let item = Identifier::Sgtin {
        gtin: full,
        serial,
        lot: None,
        variant: None,
    };
    for text in [
        "https://x.example/01/9506000134352/21/A",
        "(01)9506000134352(21)A",
    ] {
        assert_eq!(
            parse(text),
            Err(Gs1Error::ZeroSuppressed { full }),
            "{text}"
        );
        assert_eq!(
            Identifier::parse(text, options).map(|parsed| parsed.identifier),
            Ok(item.clone())
        );
    }
    for (short, long) in [
        ("40123455", "00000040123455"),
        ("614141077779", "00614141077779"),
    ] {
        let text = std::format!("https://x.example/01/{short}");
        let read = Identifier::parse(&text, options).map(|parsed| parsed.identifier);
        assert_eq!(read, Ok(identifier(&std::format!("(01){long}"))), "{short}");
    }
    // A wrong check digit is that first, and seven digits are no GTIN at all.
    let wrong = parse("https://x.example/01/9506000134353").unwrap_err();
    assert_eq!(
        (wrong.name(), wrong.expected().as_deref()),
        ("CheckDigit", Some("2"))
    );
    assert!(Identifier::parse("https://x.example/01/9506000", options).is_err());
}

#[test]
fn other_uris_are_opaque_and_kept_as_they_are() {
    for text in [
        "urn:gdst:traceability.example:product:lot:x",
        "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
        "https://tracking.example/despatch/DA-2026-0119",
        "https://shop.example/01/hello",
        "https://example.com/?x=/01/09506000134352",
        "urn:epc:id:gid:1.2.3",
        "urn:epc:id:bic:CSQU3054383",
        "urn:epcglobal:cbv:bt:0614141073467:1152",
        "geo:47.506694,11.104301",
        "tel:+49-30-1",
    ] {
        let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            (parsed.form, parsed.identifier.to_canonical()),
            (Form::Uri, text.into())
        );
        assert_eq!(parsed.identifier.to_element_string(), None);
    }
}
