//! Whatever the bytes are, reading and mapping them ends with an answer.

use crate::fixtures::{files, folder};
use marque_epcis::map::map;
use marque_epcis::signer::candidates;
use marque_epcis::{Document, Limits};

/// Marsaglia's xorshift: the same changes in every run.
struct Changes(u64);

impl Changes {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

/// Pieces that mean something to JSON, JSON-LD, EPCIS or GS1.
const PIECES: [&str; 16] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\u0000",
    "null",
    "1e400",
    "-0",
    "@context",
    "urn:epc:id:sgtin:",
    "https://id.gs1.org/01/",
    "9",
    "\u{fe0f}",
];

#[test]
fn damaged_documents_are_answered() {
    let mut paths = files(&folder("openepcis-dpp-ready/extensions"), ".jsonld");
    paths.extend(files(
        &folder("epcis-event-hash-generator/tests"),
        ".jsonld",
    ));
    let mut changes = Changes(0x9e37_79b9_7f4a_7c15);
    let (mut unreadable, mut invalid, mut mapped) = (0, 0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        for _ in 0..60 {
            let mut damaged = bytes.clone();
            for _ in 0..=changes.below(3) {
                let at = changes.below(damaged.len());
                let until = at.saturating_add(changes.below(12)).min(damaged.len());
                let piece = PIECES[changes.below(PIECES.len())].as_bytes();
                damaged.splice(at..until, piece.iter().copied());
            }
            let Ok(document) = Document::read(&damaged, &Limits::default()) else {
                unreadable += 1;
                continue;
            };
            for event in &document.events {
                let named = event.event.as_ref().map(|event| candidates(event, None));
                match map(event) {
                    Ok(_) => mapped += usize::from(named.is_ok()),
                    Err(error) => {
                        assert!(!error.to_string().is_empty());
                        invalid += 1;
                    }
                }
            }
        }
    }
    println!(
        "damaged documents: {unreadable} unreadable; of their events {mapped} map, {invalid} are invalid or refused"
    );
    assert!(
        unreadable > 1_000 && mapped > 300 && invalid > 50,
        "{unreadable} {mapped} {invalid}"
    );
}
