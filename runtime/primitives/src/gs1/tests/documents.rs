//! Every identifier in documents that others wrote is read, or refused for a true reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use serde_json::Value;

use super::{identifier, parse};
use crate::gs1::Form;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

pub(super) fn fixture(path: &str) -> String {
    std::fs::read_to_string(fixtures().join(path)).unwrap()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|e| e == "json" || e == "jsonld")
        {
            found.push(path);
        }
    }
}

/// URIs in the document, with the property that holds them.
fn uris(value: &Value, property: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            let uri = ["urn:", "http:", "https:", "geo:"]
                .iter()
                .any(|s| text.starts_with(s));
            // Flows hold templates and addresses of services beside identifiers.
            if uri && !text.contains(['{', ' ']) && property != "dlURL" {
                found.insert(text.clone(), property.to_string());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| uris(item, property, found)),
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| *name != "@context") {
                uris(member, name, found);
            }
        }
        _ => {}
    }
}

fn uris_of(collection: &str) -> BTreeMap<String, String> {
    let (mut paths, mut found) = (Vec::new(), BTreeMap::new());
    files(&fixtures().join(collection), &mut paths);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        uris(&serde_json::from_str(&text).unwrap(), "", &mut found);
    }
    found
}

/// Reads all URIs of a collection: refused ones with the error's name, and how many are
/// keys and how many opaque.
fn census(collection: &str) -> (BTreeMap<String, &'static str>, usize, usize) {
    let (mut refused, mut keys, mut opaque) = (BTreeMap::new(), 0, 0);
    for (text, _) in uris_of(collection) {
        match parse(&text) {
            Err(error) => {
                refused.insert(text, error.name());
            }
            Ok(parsed) if parsed.form == Form::Uri => {
                assert!(
                    !text.starts_with("urn:epc:") && !text.contains("id.gs1.org"),
                    "{text}"
                );
                opaque += 1;
            }
            Ok(parsed) => {
                keys += 1;
                let again = identifier(&parsed.identifier.to_canonical());
                assert_eq!(again, parsed.identifier, "{text}");
            }
        }
    }
    (refused, keys, opaque)
}

#[test]
fn documents_of_the_event_hash_vectors() {
    let (refused, keys, opaque) = census("epcis-event-hash-generator");
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!((keys, opaque), (121, 18));
}

#[test]
fn documents_of_dpp_ready() {
    let (refused, keys, opaque) = census("openepcis-dpp-ready");
    let wrong = [
        // No item references but words.
        (
            "urn:epc:class:lgtin:6000001.recycled-aluminum.batch-2032-03",
            "IdentifierCharacter",
        ),
        (
            "urn:epc:class:lgtin:6000001.recycled-copper.batch-2032-03",
            "IdentifierCharacter",
        ),
        (
            "urn:epc:class:lgtin:6000001.recycled-plastics.batch-2032-03",
            "IdentifierCharacter",
        ),
        (
            "urn:epc:class:lgtin:6000001.recycled-precious.batch-2032-03",
            "IdentifierCharacter",
        ),
        // No scheme of the EPC Tag Data Standard.
        ("urn:epc:id:consumer", "EpcScheme"),
    ];
    let wrong: BTreeMap<String, &str> = wrong.map(|(text, name)| (text.into(), name)).into();
    assert_eq!(refused, wrong);
    assert!(keys > 100 && opaque > 50, "{keys} keys, {opaque} opaque");
}

/// The pre-hash line of the vector writes every identifier of the event in its constrained
/// canonical form.
#[test]
fn pre_hash_lines_hold_the_constrained_links() {
    let folder = "epcis-event-hash-generator/tests/examples";
    let mut links = 0;
    for name in [
        "epclist_normalisation",
        "epcisDocWithVariousEventTypes",
        "epcisDocWithShippingAndTransportingEvent",
        "ReferenceEventHashAlgorithm",
        "ReferenceEventHashAlgorithm2",
        "ReferenceEventHashAlgorithm3",
        "epcisQueryDocument",
        "ralfsChaosExample",
        "persistentDisposition",
    ] {
        let document = fixture(&std::format!("{folder}/{name}.jsonld"));
        let lines = fixture(&std::format!("{folder}/{name}.prehashes"));
        let mut found = BTreeMap::new();
        uris(&serde_json::from_str(&document).unwrap(), "", &mut found);
        for (text, _) in found {
            let parsed = parse(&text).unwrap();
            if parsed.form != Form::Uri {
                let link = parsed.identifier.constrained().to_canonical();
                assert!(
                    lines.contains(&std::format!("={link}")),
                    "{name}: {text} is {link}"
                );
                links += 1;
            }
        }
    }
    assert_eq!(links, 96);
}

#[test]
fn the_epc_list_of_the_normalisation_vector_is_written_as_its_pre_hash_line() {
    let folder = "epcis-event-hash-generator/tests/examples/epclist_normalisation";
    let document: Value = serde_json::from_str(&fixture(&std::format!("{folder}.jsonld"))).unwrap();
    let list = &document["epcisBody"]["eventList"][0]["epcList"];
    let ours: BTreeSet<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|epc| {
            identifier(epc.as_str().unwrap())
                .constrained()
                .to_canonical()
        })
        .collect();
    let line = fixture(&std::format!("{folder}.prehashes"));
    let list = line
        .split("epcList")
        .nth(1)
        .unwrap()
        .split("action=")
        .next()
        .unwrap();
    let theirs: BTreeSet<String> = list
        .split("epc=")
        .filter(|epc| !epc.is_empty())
        .map(Into::into)
        .collect();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 23);
}

#[test]
fn anchors_of_resolver_entries_are_paths() {
    let mut anchors = Vec::new();
    let mut paths = Vec::new();
    files(&fixtures().join("gs1-resolver-ce"), &mut paths);
    for path in paths {
        let entry: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let entries = match entry {
            Value::Array(entries) => entries,
            entry => std::vec![entry],
        };
        for entry in entries {
            let anchor = entry["anchor"].as_str().unwrap();
            let key = identifier(anchor);
            assert_eq!(
                key.to_canonical(),
                std::format!("https://id.gs1.org{anchor}")
            );
            anchors.push(key.kind());
        }
    }
    anchors.sort_unstable();
    anchors.dedup();
    assert_eq!(anchors, ["GIAI", "GTIN"]);
}
