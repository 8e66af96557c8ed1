//! Text that claims to name a thing, place or party.

use crate::{MEMORY, alone, failures, root};
use marque_fuzz::{Bound, Campaign, Random, bytes};
use marque_primitives::gs1::{Gs1Error, Identifier, OpaqueUri, ParseOptions};
use marque_primitives::json::naming;
use std::time::Duration;

/// Digits and letters that look alike, and what divides the forms.
const PIECES: [&[u8]; 22] = [
    b"0",
    b"00",
    b"(01)",
    b"(21)",
    b"/01/",
    b"/21/",
    b"/10/",
    b"%2F",
    b"%252F",
    b"%C0%AF",
    b"?17=271231",
    b"#",
    b"]d2",
    b"\x1d",
    b"urn:epc:id:sgtin:",
    b"urn:epc:idpat:sgtin:",
    b"https://ID.GS1.ORG/",
    b"9506000134352",
    "\u{ff11}".as_bytes(),
    "\u{0660}".as_bytes(),
    "\u{0410}".as_bytes(),
    "e\u{301}".as_bytes(),
];

fn corpus() -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(root().join("tests/fuzz/corpus/identifiers.txt")).unwrap();
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

fn mutate(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    bytes::mutate_with(random, corpus, &PIECES)
}

/// What is read is written in one form, which is read as the same and written so again; no
/// text is two things.
fn execute(input: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(input);
    // Whatever names a thing in JSON comes back by its one name.
    if let Ok(thing) = naming::thing(&text) {
        let json = serde_json::to_string(&thing).unwrap();
        let again = serde_json::from_str(&json);
        assert_eq!(again.as_ref().ok(), Some(&thing), "{text} is {json}");
    }
    let opaque = OpaqueUri::new(&text).is_ok();
    let parsed = Identifier::parse(&text, ParseOptions::default());
    match parsed {
        Ok(parsed) => {
            let other = matches!(parsed.identifier, Identifier::Opaque(_));
            assert_eq!(opaque, other, "{text} is an identifier and an opaque URI");
            let canonical = parsed.identifier.to_canonical();
            let again: Result<_, Gs1Error> = Identifier::parse(&canonical, ParseOptions::default());
            let again = again.unwrap_or_else(|error| panic!("{canonical}: {error}"));
            assert_eq!(again.identifier, parsed.identifier, "{text}");
            assert_eq!(again.identifier.to_canonical(), canonical, "{text}");
            parsed.identifier.kind()
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(!opaque, "{text} is an opaque URI, but refused: {error}");
            "refused"
        }
    }
}

#[test]
fn identifiers_have_one_canonical_form() {
    let _alone = alone();
    let campaign = Campaign {
        name: "identifiers",
        corpus: corpus(),
        mutate,
        bound: Bound {
            per_byte: 256,
            base: 1 << 20,
            time: Duration::from_secs(10),
        },
        folder: failures(),
        memory: Some(&MEMORY),
    };
    let summary = campaign.run(execute);
    assert!(
        summary.executions == 1 || summary.outcomes.len() > 10,
        "{summary}"
    );
}
