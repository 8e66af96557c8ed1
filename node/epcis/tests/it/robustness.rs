//! Whatever the bytes are, reading and mapping them ends with an answer.

use crate::fixtures::{files, folder};
use marque_epcis::map::map;
use marque_epcis::signer::candidates;
use marque_epcis::{Document, Limits, Unmapped};
use std::time::{Duration, Instant};

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

/// Reads and maps a document, and says how many bytes are kept of its events.
fn kept(document: &str) -> (Document, usize) {
    let read = Document::read(document.as_bytes(), &Limits::default()).unwrap();
    let rests = read.events.iter().filter_map(|event| {
        let report = map(event).ok()?;
        Some(report.detail.open()?.rest.len())
    });
    let bytes = rests.sum();
    (read, bytes)
}

/// A document of a context and many events alike.
fn many(context: &str, event: &str, count: usize) -> String {
    let events = vec![event; count].join(",");
    format!(
        r#"{{"@context":{context},"type":"EPCISDocument","epcisBody":{{"eventList":[{events}]}}}}"#
    )
}

/// Far more than a debug build needs on a busy machine, far less than a product of two sizes takes.
const SOON: Duration = Duration::from_secs(60);
const SEEN: &str = r#""type":"ObjectEvent","action":"OBSERVE","eventTime":"2026-05-30T07:00:00Z","eventTimeZoneOffset":"+02:00","epcList":["urn:x:1"]"#;

#[test]
fn contexts_take_no_more_room_than_they_took_in_the_document() {
    let start = Instant::now();
    let prefixes: Vec<String> = (0..3_900)
        .map(|n| format!(r#""p{n}":"https://ns.example.com/{n}/""#))
        .collect();
    let context = format!("{{{}}}", prefixes.join(","));
    let (read, bytes) = kept(&many(&context, r#"{"@context":{}}"#, 100_000));
    assert_eq!((read.events.len(), bytes), (100_000, 0));
    // Nothing of the document's is copied: an event's own context is a pointer to it.
    let own = format!(r#"{{"@context":{{}},{SEEN},"p7:x":"p8:y"}}"#);
    let (read, bytes) = kept(&many(&context, &own, 1_000));
    assert!(read.events.iter().all(|event| event.event.is_ok()));
    assert!(bytes < 200 * 1_000, "{bytes}");
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn a_large_context_is_kept_as_far_as_it_is_used() {
    let start = Instant::now();
    let terms: Vec<String> = (0..45_000)
        .map(|n| format!(r#""ext:t{n}":{{"@id":"https://ns.example.com/{n}"}}"#))
        .collect();
    let context = format!(r#"{{"ext":"https://ns.example.com/",{}}}"#, terms.join(","));
    assert!(context.len() > 1 << 21);
    let event = format!(r#"{{{SEEN},"ext:t7":1}}"#);
    let (read, bytes) = kept(&many(&context, &event, 13_000));
    assert!(read.events.iter().all(|event| map(event).is_ok()));
    assert!(bytes < 200 * 13_000, "{bytes}");
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());

    let all: Vec<String> = (0..2_000).map(|n| format!(r#""ext:t{n}":1"#)).collect();
    let event = format!("{{{SEEN},{}}}", all.join(","));
    let read = Document::read(many(&context, &event, 1).as_bytes(), &Limits::default()).unwrap();
    let error = map(&read.events[0]).unwrap_err().to_string();
    assert!(
        error.contains("more than 16384 bytes of its context"),
        "{error}"
    );
}

#[test]
fn addresses_of_contexts_are_few() {
    let start = Instant::now();
    let addresses: Vec<String> = (0..600_000).map(|n| format!(r#""{n}""#)).collect();
    let context = format!("[{}]", addresses.join(","));
    let error = Document::read(many(&context, "{}", 1).as_bytes(), &Limits::default());
    let error = error.unwrap_err().to_string();
    assert!(error.contains("more than 64 contexts"), "{error}");
    // An event's own makes only that event invalid.
    let bad = format!(r#"{{"@context":{context},{SEEN}}}, {{{SEEN}}}"#);
    let read = Document::read(many("[]", &bad, 1).as_bytes(), &Limits::default()).unwrap();
    let errors: Vec<Option<&str>> = read
        .events
        .iter()
        .map(|event| event.event.as_ref().err().map(|error| error.field.as_str()))
        .collect();
    assert_eq!(errors, [Some("@context"), None]);
    // Each event names others: each of them once in the list of the document.
    let named: Vec<String> = (0..20_000)
        .map(|n| format!(r#"{{"@context":["a{n}","b{n}","a{}"]}}"#, n / 2))
        .collect();
    let read = Document::read(
        many("[]", &named.join(","), 1).as_bytes(),
        &Limits::default(),
    );
    assert_eq!(read.unwrap().unresolved.len(), 40_000);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn many_inputs_and_outputs_are_counted_before_they_are_compared() {
    let start = Instant::now();
    let list = |side: &str| -> String {
        let uris: Vec<String> = (0..100_000).map(|n| format!(r#""u:{side}{n}""#)).collect();
        format!("[{}]", uris.join(","))
    };
    let event = format!(
        r#"{{"type":"TransformationEvent","eventTime":"2026-05-30T07:00:00Z","eventTimeZoneOffset":"+02:00","inputEPCList":{},"outputEPCList":{}}}"#,
        list("i"),
        list("o"),
    );
    let read = Document::read(event.as_bytes(), &Limits::default()).unwrap();
    let error = map(&read.events[0]).unwrap_err();
    assert!(matches!(error, Unmapped::Refused(_)), "{error}");
    assert!(error.to_string().contains("1000 are the most"), "{error}");
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}
