//! Documents that others wrote, captured by the binary into a node of its own.

use crate::node::{Node, marque};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
const BATTERY: &str = "https://id.gs1.org/01/09521234002000/21/STAX10-2026-000001";

/// Every JSON-LD document below a folder, in the order of their names.
pub fn documents(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(FIXTURES).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|name| name == "jsonld") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What became of every event, and whether all was taken.
pub fn capture(node: &Node, files: &[PathBuf], more: &[&str]) -> (Value, bool) {
    let output = marque()
        .args(["capture", "--json", "--rpc", &node.url])
        .args(more)
        .args(files)
        .output()
        .unwrap();
    let told = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (told, output.status.success())
}

/// Outcome and reason of every event, by file and place.
fn outcomes(told: &Value) -> BTreeMap<(String, usize), (String, Value)> {
    let mut outcomes = BTreeMap::new();
    for document in told["documents"].as_array().unwrap() {
        for (at, event) in document["events"].as_array().unwrap().iter().enumerate() {
            let place = (document["file"].as_str().unwrap().to_owned(), at);
            let outcome = event["outcome"].as_str().unwrap().to_owned();
            outcomes.insert(place, (outcome, event["reason"].clone()));
        }
    }
    outcomes
}

fn json(arguments: &[&str]) -> Value {
    let output = marque().args(arguments).arg("--json").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_document_is_answered_and_a_second_run_moves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    // Accepted, observed, duplicate, refused, invalid: README gives their sums.
    for (collection, totals) in [
        ("openepcis-dpp-ready", [16, 52, 1, 7, 1]),
        ("epcis-event-hash-generator", [4, 29, 5, 5, 0]),
    ] {
        let files = documents(collection);
        let (first, _) = capture(&node, &files, &[]);
        let (second, _) = capture(&node, &files, &[]);
        let words = ["accepted", "observed", "duplicate", "refused", "invalid"];
        let told = words.map(|word| first["totals"][word].as_u64().unwrap());
        assert_eq!(told, totals, "{collection}");
        assert_eq!(first["totals"]["events"], totals.iter().sum::<u64>());
        let (first, second) = (outcomes(&first), outcomes(&second));
        assert_eq!(first.len(), second.len());
        for (place, (outcome, reason)) in &first {
            let again = &second[place];
            match outcome.as_str() {
                "accepted" | "observed" | "duplicate" => {
                    assert_eq!(
                        (again.0.as_str(), &again.1),
                        ("duplicate", &Value::Null),
                        "{place:?}"
                    );
                }
                "refused" | "invalid" => {
                    assert_eq!(again, &(outcome.clone(), reason.clone()), "{place:?}")
                }
                other => panic!("{place:?} is {other}"),
            }
        }
        assert!(
            first.values().any(|(outcome, _)| outcome == "accepted"),
            "{collection}"
        );
    }
    the_known_defects(&node);
    the_battery(&node);
}

/// What is wrong with the documents upstream is said of them, and nothing else is refused.
fn the_known_defects(node: &Node) {
    let (told, ok) = capture(node, &documents("openepcis-dpp-ready"), &[]);
    assert!(!ok, "something was refused, and the exit code says so");
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for ((file, _), (outcome, reason)) in outcomes(&told) {
        if outcome == "refused" || outcome == "invalid" {
            let file = file.rsplit('/').next().unwrap().to_owned();
            let reason = if outcome == "invalid" {
                "invalid"
            } else {
                reason.as_str().unwrap()
            };
            *refused.entry(format!("{file} {reason}")).or_default() += 1;
        }
    }
    let expected = [
        // What it declares an error was recorded by nobody.
        ("negative-event.jsonld UnknownEvent", 1),
        // Ids that were given to two events each.
        ("shipping-cte.jsonld EventIdReused", 1),
        ("shipping.jsonld EventIdReused", 1),
        // Neither place nor party.
        ("software-update.jsonld NoResponsibleParty", 2),
        // Dated 2032.
        ("weee-disposal.jsonld InFuture", 2),
        // A lot number with letters where the item reference stands.
        ("weee-disposal.jsonld invalid", 1),
    ];
    let expected = expected.map(|(what, count)| (what.to_owned(), count));
    assert_eq!(refused, BTreeMap::from(expected));
}

/// All of an item's events: its own, the packing, the inferred unpacking, and the sightings
/// of others beside the chain.
fn the_battery(node: &Node) {
    let trace = json(&["trace", BATTERY, "--rpc", &node.url]);
    let lines = trace["lines"].as_array().unwrap();
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let entry = &line["entry"];
            let kind = entry["kind"]
                .as_str()
                .or(line["event"]["kind"].as_str())
                .unwrap();
            let inferred = if entry["inferred"] == true {
                " inferred"
            } else {
                ""
            };
            format!("{} {kind}{inferred}", line["source"].as_str().unwrap())
        })
        .collect();
    for line in [
        "own transform",
        "own pack",
        "own unpack inferred",
        "own offer",
        "beside observe",
    ] {
        assert!(
            told.iter().any(|told| told == line),
            "no {line:?} in {told:?}"
        );
    }
    let named = documents("openepcis-dpp-ready/extensions/eu/battery");
    let named: usize = named
        .iter()
        .map(|file| names(file, "STAX10-2026-000001"))
        .sum();
    // The inferred unpacking and the offer are two entries of one event.
    let events: std::collections::BTreeSet<u64> = lines
        .iter()
        .filter_map(|line| line["event"]["position"].as_u64())
        .collect();
    assert_eq!(events.len(), named, "{told:?}");
    let table = marque()
        .args(["trace", BATTERY, "--rpc", &node.url])
        .output()
        .unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    for words in [
        "●",
        "○",
        "beside the chain",
        "(00)095212340000000174",
        "unpack (inferred)",
    ] {
        assert!(table.contains(words), "{words} is missing in:\n{table}");
    }
}

/// How many events of a document name a serial.
fn names(file: &Path, serial: &str) -> usize {
    let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let events = document["epcisBody"]["eventList"].as_array();
    let events = events.into_iter().flatten();
    events
        .filter(|event| event.to_string().contains(serial))
        .count()
}

const SELLER: &str = "9506000134352";
const BUYER: &str = "9506000134376";

/// Commissioned and shipped by one party, received by another.
fn sale(folder: &Path) -> PathBuf {
    let party = |gln: &str| format!("https://id.gs1.org/417/{gln}");
    let event = |id: &str, hour: u8, action: &str, step: &str, gln: &str, more: Value| {
        let mut event = serde_json::json!({
            "type": "ObjectEvent", "eventID": id, "action": action, "bizStep": step,
            "eventTime": format!("2026-05-01T{hour:02}:00:00Z"), "eventTimeZoneOffset": "+00:00",
            "epcList": ["https://id.gs1.org/01/09506000134352/21/S1"],
            "readPoint": {"id": format!("https://id.gs1.org/414/{gln}")},
        });
        for (name, value) in more.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let both = serde_json::json!({
        "sourceList": [{"type": "possessing_party", "source": party(SELLER)}],
        "destinationList": [{"type": "possessing_party", "destination": party(BUYER)}],
    });
    let events = [
        event(
            "urn:sale:3",
            10,
            "OBSERVE",
            "receiving",
            BUYER,
            both.clone(),
        ),
        event(
            "urn:sale:1",
            8,
            "ADD",
            "commissioning",
            SELLER,
            serde_json::json!({}),
        ),
        event("urn:sale:2", 9, "OBSERVE", "shipping", SELLER, both),
    ];
    let path = folder.join("sale.jsonld");
    std::fs::write(&path, serde_json::json!(events).to_string()).unwrap();
    path
}

#[test]
fn each_party_signs_its_own_events() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let sale = sale(folder.path());
    let pending = folder.path().join("pending");
    let more = ["--as", SELLER, "--pending", pending.to_str().unwrap()];
    let (told, ok) = capture(&node, std::slice::from_ref(&sale), &more);
    assert!(ok, "{told}");
    let told: Vec<String> = outcomes(&told)
        .into_values()
        .map(|(outcome, _)| outcome)
        .collect();
    assert_eq!(told, ["pending", "accepted", "accepted"]);
    let bundles: Vec<PathBuf> = std::fs::read_dir(&pending)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [bundle] = bundles.as_slice() else {
        panic!("{bundles:?}")
    };
    let receipt = json(&[
        "submit",
        bundle.to_str().unwrap(),
        "--from",
        BUYER,
        "--rpc",
        &node.url,
    ]);
    assert_eq!(receipt["actions"][0]["outcome"], "accepted", "{receipt}");
    // Everyone's events, with everyone's keys: all of it is known by now.
    let (again, ok) = capture(&node, &[sale], &[]);
    assert!(ok);
    assert_eq!(again["totals"]["duplicate"], 3);
    let item = json(&["trace", "(01)09506000134352(21)S1", "--rpc", &node.url]);
    let buyer = json(&["party", "show", BUYER, "--rpc", &node.url]);
    assert_eq!(item["item"]["custodian"], buyer["address"]);
}

#[test]
fn a_trial_moves_and_registers_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let (told, _) = capture(&node, &[sale(folder.path())], &["--dry-run"]);
    // Each event by itself, against what the ledger holds now: nothing is commissioned there.
    let told: Vec<String> = outcomes(&told)
        .into_values()
        .map(|(outcome, _)| outcome)
        .collect();
    assert_eq!(told, ["observed"; 3]);
    let parties = json(&["party", "list", "--rpc", &node.url]);
    assert_eq!(parties, Value::Array(Vec::new()));
}
