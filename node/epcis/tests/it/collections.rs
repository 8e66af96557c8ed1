//! Every public document maps, or is refused or invalid for a reason that is true; and
//! what the ledger would keep of it gives the same event back.

use crate::fixtures::{document, files, folder};
use marque_epcis::export::{self, Surroundings};
use marque_epcis::map::map;
use marque_epcis::signer::candidates;
use marque_epcis::{Captured, Document, Limits, Unmapped};
use marque_primitives::action::{Kind, Operation, RecallTarget, Report};
use marque_primitives::bounded::List;
use marque_primitives::history::Event;
use marque_primitives::thing::Thing;
use marque_primitives::{Address, Hash, Height, TimeMs};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn events() -> Vec<(String, Captured)> {
    let root = folder("");
    let mut paths: Vec<PathBuf> = files(&root.join("openepcis-dpp-ready/extensions"), ".jsonld");
    paths.extend(files(
        &root.join("epcis-event-hash-generator/tests"),
        ".jsonld",
    ));
    paths.extend(files(
        &root.join("epcis-event-hash-generator/tests"),
        ".json",
    ));
    let each = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let events = document(&path).events;
        events
            .into_iter()
            .map(move |event| (format!("{name}[{}]", event.index), event))
    };
    paths.into_iter().flat_map(each).collect()
}

#[test]
fn every_event_maps_or_says_truly_why_not() {
    let mut first_attempts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut others, mut total) = (Vec::new(), 0);
    for (name, event) in events() {
        total += 1;
        match map(&event) {
            Ok(report) => {
                let first = report
                    .attempts
                    .first()
                    .map_or("observe", |operation| operation.kind().name());
                *first_attempts.entry(first).or_default() += 1;
            }
            Err(error) => others.push(format!("{name} {error}")),
        }
    }
    println!(
        "{total} events: {first_attempts:?}, {} are not taken",
        others.len()
    );
    assert_eq!(
        others,
        [
            // An item reference of letters is no LGTIN.
            "weee-disposal[2] outputQuantityList[0].epcClass: \"urn:epc:class:lgtin:6000001.recycled-aluminum.batch-2032-03\": LGTIN has 'r' at position 0, expected digits 0-9; check the identifier against its source",
            // All keys, a patient's or pupil's number among them.
            "epcisDocWithAllGS1Keys[0] Personal: urn:epc:id:gsrn:4012345.9876540000 is the number of a person (no personal data on the ledger; leave the GSRN out)",
            "epclist_normalisation[0] Personal: urn:epc:id:gsrn:4012345.0000006765 is the number of a person (no personal data on the ledger; leave the GSRN out)",
        ]
    );
    let expected = [
        ("accept", 13),
        ("associate", 1),
        ("commission", 12),
        ("declareError", 2),
        ("decommission", 1),
        ("lift", 1),
        ("link", 2),
        ("observe", 55),
        ("offer", 11),
        ("pack", 4),
        ("recall", 1),
        ("release", 1),
        ("transform", 13),
        ("unpack", 2),
    ];
    assert_eq!(first_attempts, expected.into_iter().collect());
}

/// The records that the ledger may make of a report: an observation, and each attempt.
fn records(report: &Report) -> Vec<Event> {
    let mut seen = report.items.to_vec();
    seen.extend(report.parent.clone().map(Thing::from));
    let observed = record(report, Kind::Observe, seen);
    let done = report
        .attempts
        .iter()
        .map(|operation| record(report, operation.kind(), named(operation)));
    std::iter::once(observed).chain(done).collect()
}

fn named(operation: &Operation) -> Vec<Thing> {
    match operation {
        Operation::Commission { items, .. }
        | Operation::Decommission { items }
        | Operation::Offer { items, .. }
        | Operation::Accept { items }
        | Operation::Withdraw { items }
        | Operation::Claim { items, .. }
        | Operation::Release { items }
        | Operation::Recall {
            target: RecallTarget::Items(items),
            ..
        }
        | Operation::Link { items, .. }
        | Operation::Pack {
            children: items, ..
        }
        | Operation::Associate {
            children: items, ..
        } => items.to_vec(),
        Operation::Transform {
            inputs, outputs, ..
        } => inputs.iter().chain(outputs).cloned().collect(),
        // Whatever was inside.
        Operation::Unpack { children, .. } if children.is_empty() => {
            vec!["https://id.gs1.org/00/340123451111111111"]
                .into_iter()
                .map(|text| marque_primitives::json::naming::thing(text).unwrap())
                .collect()
        }
        Operation::Unpack {
            children: items, ..
        }
        | Operation::Dissociate {
            children: items, ..
        } => items.to_vec(),
        _ => Vec::new(),
    }
}

fn record(report: &Report, kind: Kind, items: Vec<Thing>) -> Event {
    Event {
        height: Height(7),
        recorded: TimeMs(1_800_000_000_000),
        transaction: Hash([7; 32]),
        action: 0,
        kind,
        signer: Address([1; 20]),
        account: Address([1; 20]),
        from: None,
        to: None,
        what: None,
        items: List::new(items).unwrap(),
        parent: matches!(kind, Kind::Observe | Kind::Pack | Kind::Unpack)
            .then(|| report.parent.clone())
            .flatten(),
        terms: None,
        withheld: None,
        late: false,
        claim: None,
        decided: Vec::new(),
        detail: report.detail.clone(),
        capture: Some(report.capture.clone()),
    }
}

#[test]
fn what_is_kept_gives_the_same_event_back() {
    let around = Surroundings { gln: &|_| None };
    let (mut events_back, mut kept, mut whole) = (0, 0, 0);
    for (name, event) in events() {
        let Ok(report) = map(&event) else { continue };
        whole += serde_json::to_string(&event.raw).unwrap().len();
        kept += report.detail.open().unwrap().rest.len();
        for record in records(&report) {
            let back = export::event(&record, &around).unwrap();
            assert_eq!(back["recordTime"], "2027-01-15T08:00:00.000Z");
            let text = export::document(vec![back], TimeMs(0)).to_string();
            let again = Document::read(text.as_bytes(), &Limits::default()).unwrap();
            let again = again.events.first().unwrap();
            assert_eq!(
                again.hash, event.hash,
                "{name} as {:?}: {text}",
                record.kind
            );
            assert_eq!(again.id, event.id);
            let mapped = map(again).unwrap();
            assert_eq!(mapped.attempts, report.attempts, "{name}");
            assert_eq!(mapped.items, report.items, "{name}");
            assert_eq!(mapped.capture, report.capture, "{name}");
            assert_eq!(
                mapped.detail.open().unwrap().sensors,
                report.detail.open().unwrap().sensors
            );
            assert_eq!(
                mapped.detail.open().unwrap().facts,
                report.detail.open().unwrap().facts,
                "{name}"
            );
            events_back += 1;
        }
    }
    println!(
        "{events_back} records export and read alike; {kept} of {whole} bytes are kept beside the movements"
    );
    assert!(events_back == 197 && kept < whole);
}

#[test]
fn reports_survive_the_ledgers_encoding() {
    use parity_scale_codec::{DecodeAll as _, Encode as _};
    for (name, event) in events() {
        if let Ok(report) = map(&event) {
            assert_eq!(
                Report::decode_all(&mut report.encode().as_slice()).as_ref(),
                Ok(&report),
                "{name}"
            );
        }
    }
}

#[test]
fn most_events_name_someone_who_answers_for_them() {
    let named = |(_, event): &(String, Captured)| {
        event
            .event
            .as_ref()
            .is_ok_and(|event| candidates(event, None).is_ok())
    };
    let all = events();
    let answered = all.iter().filter(|event| named(event)).count();
    println!(
        "{answered} of {} events name a responsible party",
        all.len()
    );
    assert_eq!((answered, all.len()), (118, 122));
}

#[test]
fn contexts_that_are_not_built_in_are_named() {
    let rail =
        folder("openepcis-dpp-ready/extensions/upstream/gs1-rail/epcis/refurbishment-event.jsonld");
    assert_eq!(
        document(&rail).unresolved,
        [
            "https://gs1-epcis-reg.org/rail/rail-context.jsonld",
            "https://ref.openepcis.io/extensions/common/interop/rail-bridge-context.jsonld",
        ]
    );
    assert!(
        document(&folder(
            "openepcis-dpp-ready/extensions/eu/battery/epcis/shipping.jsonld"
        ))
        .unresolved
        .is_empty()
    );
}

#[test]
fn master_data_and_flows_are_no_events() {
    for path in files(&folder("openepcis-dpp-ready/demos"), "") {
        let bytes = std::fs::read(&path).unwrap();
        let error = Document::read(&bytes, &Limits::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("not an EPCIS 2.0 document"),
            "{}: {error}",
            path.display()
        );
    }
}

#[test]
fn a_refusal_is_the_ledgers_own() {
    let keys = folder("epcis-event-hash-generator/tests/examples/epcisDocWithAllGS1Keys.jsonld");
    let Err(Unmapped::Refused(refusal)) = map(&document(&keys).events[0]) else {
        panic!("not refused")
    };
    assert_eq!(
        (
            refusal.code,
            refusal.name.as_str(),
            refusal.field.as_deref()
        ),
        (4048, "Personal", Some("epcList[5]"))
    );
}
