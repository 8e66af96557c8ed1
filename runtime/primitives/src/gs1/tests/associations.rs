//! Which AIs must and must not stand together.

use super::parse;
use crate::gs1::Identifier;

#[test]
fn labels_of_the_trade_are_read() {
    // (element string, kind, number of attributes)
    for (text, kind, attributes) in [
        (
            "(01)09506000134352(17)271231(10)ABC123(21)12345",
            "SGTIN",
            1,
        ),
        ("(01)09506000134352(3103)000500(15)271200", "GTIN", 2),
        (
            "(00)340123451111111111(02)04012345111118(37)20(10)L7",
            "SSCC",
            3,
        ),
        (
            "(00)340123451111111111(02)04012345111118(37)20(410)4012345000054",
            "SSCC",
            3,
        ),
        ("(8006)040123451111180102(21)9(10)L", "ITIP", 0),
        (
            "(415)4012345000054(8020)REF-1(3902)12345",
            "payment slip",
            1,
        ),
        ("(255)401234599999044(3902)500", "GCN", 1),
        ("(8018)401234500000067657(7252)1", "GSRN", 1),
        ("(01)09506000134352(235)X(10)L", "UPUI", 1),
        ("(01)09506000134352(422)276(91)anything", "GTIN", 2),
    ] {
        let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            (parsed.identifier.kind(), parsed.attributes.len()),
            (kind, attributes),
            "{text}"
        );
    }
}

#[test]
fn a_scanned_label_gives_its_attributes() {
    let scanned = "]d201095060001343521727123110ABC123\u{1d}21A1";
    let parsed = parse(scanned).unwrap();
    assert_eq!(
        parsed.identifier.to_canonical(),
        "https://id.gs1.org/01/09506000134352/10/ABC123/21/A1"
    );
    assert_eq!(parsed.attributes.len(), 1);
    assert_eq!(parsed.attributes[0].value, "271231");
    // FNC1 behind a predefined length, and at the end, is in excess and accepted.
    let excess = "]d2\u{1d}0109506000134352\u{1d}17271231\u{1d}10ABC123\u{1d}21A1\u{1d}";
    assert_eq!(parse(excess).unwrap(), parsed);
    // Without FNC1 the serial would be part of the lot: that cannot be seen, but what
    // passes the lot's length can.
    let missing = "]d2010950600013435210ABC12345678901234521A1";
    assert_eq!(parse(missing).unwrap_err().name(), "Separator");
}

#[test]
fn rules_of_association_are_kept() {
    for (text, name) in [
        // What must stand beside it.
        ("(17)271231", "RequiredAi"),
        ("(02)04012345111118(37)5", "RequiredAi"),
        ("(00)340123451111111111(37)5", "RequiredAi"),
        ("(254)X(01)09506000134352", "RequiredAi"),
        ("(8011)1(01)09506000134352", "RequiredAi"),
        ("(01)09506000134352(250)X", "RequiredAi"),
        ("(415)4012345000054", "RequiredAi"),
        ("(01)09506000134352(3922)0500", "RequiredAi"),
        // What must not.
        ("(01)09506000134352(02)04012345111118(37)5", "ExcludedAi"),
        ("(01)09506000134352(3100)000500(3103)000500", "ExcludedAi"),
        (
            "(8017)401234500000067657(8018)401234500000067657",
            "ExcludedAi",
        ),
        ("(01)09506000134352(422)276(426)276", "ExcludedAi"),
    ] {
        match parse(text) {
            Err(error) => assert_eq!(error.name(), name, "{text}: {error}"),
            Ok(parsed) => panic!("{text} is {}", parsed.identifier),
        }
    }
    let both = "(01)09506000134352(250)X(21)S";
    assert!(matches!(
        parse(both).unwrap().identifier,
        Identifier::Sgtin { .. }
    ));
    let priced = "(01)09506000134352(3922)0500(3103)000500";
    assert!(parse(priced).is_ok(), "35nn and its like are patterns");
}
