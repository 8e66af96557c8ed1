//! Bytes that claim to be an EPCIS document.

use crate::{MEMORY, alone, failures, root};
use marque_epcis::export::{self, Surroundings};
use marque_epcis::map::map;
use marque_epcis::signer::candidates;
use marque_epcis::{Captured, Document, Limits};
use marque_fuzz::{Bound, Campaign, json};
use marque_primitives::action::{Kind, Report};
use marque_primitives::bounded::List;
use marque_primitives::history::Event;
use marque_primitives::thing::Thing;
use marque_primitives::transaction::MAX_TRANSACTION;
use marque_primitives::{Address, Hash, Height, TimeMs, codec};
use parity_scale_codec::Encode as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|end| end == "jsonld"))
        .collect();
    found.sort();
    found
}

/// The collections of real documents.
fn corpus() -> Vec<Vec<u8>> {
    let collections = [
        "openepcis-dpp-ready/extensions",
        "epcis-event-hash-generator/tests",
    ];
    let folders = collections.map(|name| root().join("tests/fixtures").join(name));
    let paths = folders.iter().flat_map(|folder| files(folder));
    paths.map(|path| std::fs::read(path).unwrap()).collect()
}

/// An observation of what a report names, as the ledger records it; `None` if it is too much.
fn observation(report: &Report) -> Option<Event> {
    let mut seen = report.items.to_vec();
    seen.extend(report.parent.clone().map(Thing::from));
    Some(Event {
        height: Height(7),
        recorded: TimeMs(1_800_000_000_000),
        transaction: Hash([7; 32]),
        action: 0,
        kind: Kind::Observe,
        signer: Address([1; 20]),
        account: Address([1; 20]),
        from: None,
        to: None,
        what: None,
        items: List::new(seen).ok()?,
        parent: report.parent.clone(),
        terms: None,
        withheld: None,
        late: false,
        claim: None,
        decided: Vec::new(),
        detail: report.detail.clone(),
        capture: Some(report.capture.clone()),
    })
}

/// What maps has one encoding; what is kept of an event gives it back with the same hash.
fn event(captured: &Captured) -> &'static str {
    if let Ok(event) = &captured.event {
        for candidate in candidates(event, None).iter().flatten() {
            assert!(!format!("{candidate:?}").is_empty());
        }
    }
    let report = match map(captured) {
        Ok(report) => report,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return "not mapped";
        }
    };
    let encoded = report.encode();
    if encoded.len() < MAX_TRANSACTION {
        assert_eq!(
            codec::decode(&encoded, MAX_TRANSACTION).as_ref(),
            Ok(&report)
        );
    }
    let around = Surroundings { gln: &|_| None };
    let back = observation(&report).and_then(|seen| export::event(&seen, &around).ok());
    let Some(back) = back else {
        return "not exported";
    };
    let text = export::document(vec![back], TimeMs(0)).to_string();
    let again = Document::read(text.as_bytes(), &Limits::default()).unwrap();
    let again = again.events.first().unwrap();
    assert_eq!(again.hash, captured.hash, "{text}");
    assert_eq!(map(again).unwrap().items, report.items, "{text}");
    "mapped"
}

fn execute(input: &[u8]) -> &'static str {
    let document = match Document::read(input, &Limits::default()) {
        Ok(document) => document,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return "unreadable";
        }
    };
    let outcomes: Vec<_> = document.events.iter().map(event).collect();
    // The worst of them is what the document counts as.
    let order = ["not exported", "not mapped", "mapped"];
    let found = order.into_iter().find(|outcome| outcomes.contains(outcome));
    found.unwrap_or("without events")
}

#[test]
fn documents_are_mapped_or_refused() {
    let _alone = alone();
    let campaign = Campaign {
        name: "documents",
        corpus: corpus(),
        mutate: json::mutate,
        bound: Bound {
            per_byte: 512,
            base: 1 << 22,
            time: Duration::from_secs(20),
        },
        folder: failures(),
        memory: Some(&MEMORY),
    };
    let summary = campaign.run(execute);
    assert!(
        summary.executions == 1 || summary.outcomes.len() > 2,
        "{summary}"
    );
}
