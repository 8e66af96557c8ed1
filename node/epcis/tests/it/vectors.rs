//! The reference vectors of the CBV 2.0 event hash.

use crate::fixtures::{document, files, folder};
use marque_epcis::EventHash;
use marque_epcis::event::EventType;
use marque_epcis::hash::prehash;
use std::collections::BTreeSet;
use std::path::Path;

/// Events whose published pre-hash line is garbled; their published hashes are right.
const GARBLED: [(&str, usize); 3] = [
    ("epcisDocWithAllGS1Keys", 0),
    ("epcisDocWithCustomSchemaInContext", 1),
    ("epcisDocWithDefaultSchemaInContext", 1),
];

fn lines(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path)
        .map(|text| {
            text.lines()
                .map(str::to_owned)
                .filter(|l| !l.is_empty())
                .collect()
        })
        .unwrap_or_default()
}

fn garbled(path: &Path, index: usize) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy();
    GARBLED
        .iter()
        .any(|(known, event)| *known == name && *event == index)
}

#[test]
fn every_json_ld_vector_agrees() {
    let (mut hashes, mut prehashes, mut skipped) = (0, 0, 0);
    let mut wrong = Vec::new();
    for path in files(
        &folder("epcis-event-hash-generator/tests/examples"),
        ".jsonld",
    ) {
        let published = lines(&path.with_extension("hashes"));
        let texts = lines(&path.with_extension("prehashes"));
        let document = document(&path);
        assert_eq!(document.events.len(), published.len(), "{}", path.display());
        for (event, published) in document.events.iter().zip(&published) {
            let name = format!("{} event {}", path.display(), event.index);
            if event.hash.unwrap().to_string() == *published {
                hashes += 1;
            } else {
                wrong.push(name.clone());
            }
            if garbled(&path, event.index) {
                skipped += 1;
                continue;
            }
            let kind = EventType::of(&event.raw, &event.context).unwrap();
            let text = prehash(kind.name(), &event.raw, &event.context);
            match texts.get(event.index) {
                Some(expected) if text == *expected => prehashes += 1,
                Some(expected) => {
                    wrong.push(format!("{name}\n  ours   {text}\n  theirs {expected}"))
                }
                None => {}
            }
        }
    }
    println!(
        "JSON-LD vectors: {hashes} hashes and {prehashes} pre-hash strings agree; \
         {skipped} pre-hash lines are garbled upstream"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((hashes, prehashes, skipped), (43, 39, 3));
}

#[test]
fn every_pre_hash_line_has_its_published_hash() {
    let (mut agree, mut wrong) = (0, 0);
    for path in files(
        &folder("epcis-event-hash-generator/tests/examples"),
        ".prehashes",
    ) {
        for (index, (text, published)) in lines(&path)
            .iter()
            .zip(lines(&path.with_extension("hashes")))
            .enumerate()
        {
            let same = EventHash::of(text).to_string() == published;
            assert_eq!(
                same,
                !garbled(&path, index),
                "{} event {index}",
                path.display()
            );
            if same {
                agree += 1;
            } else {
                wrong += 1;
            }
        }
    }
    println!("pre-hash lines, XML included: {agree} agree, {wrong} are garbled upstream");
    assert_eq!((agree, wrong), (59, 3));
}

#[test]
fn events_that_say_the_same_hash_alike() {
    for path in files(
        &folder("epcis-event-hash-generator/tests/expected_equal"),
        ".json",
    ) {
        let hashes: BTreeSet<_> = document(&path)
            .events
            .iter()
            .map(|event| event.hash.unwrap())
            .collect();
        assert_eq!(hashes.len(), 1, "{}", path.display());
    }
}
