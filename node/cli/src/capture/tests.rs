use super::gather::Gathered;
use super::licences::made;
use super::outcome::{Outcome, Told, Totals};
use super::pending::Bundles;
use super::show;
use crate::output::Output;
use marque_client::api::CaptureTotals;
use marque_primitives::Address;
use marque_primitives::action::{Action, LicenceKey};
use serde_json::{Value, json};
use std::path::PathBuf;

fn event(id: &str, time: &str, more: Value) -> Value {
    let mut event = json!({
        "type": "ObjectEvent", "action": "OBSERVE", "eventID": id,
        "eventTime": time, "eventTimeZoneOffset": "+02:00",
        "epcList": ["urn:epc:id:sgtin:9506000.013435.A1"],
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn gather(files: &[(&str, String)]) -> (tempfile::TempDir, Gathered) {
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, _)| dir.path().join(name))
        .collect();
    for (path, (_, text)) in paths.iter().zip(files) {
        std::fs::write(path, text).unwrap();
    }
    let gathered = Gathered::read(&paths).unwrap();
    (dir, gathered)
}

fn ids(gathered: &Gathered) -> Vec<String> {
    let events = gathered.order.iter().map(|at| gathered.event(*at).unwrap());
    events
        .map(|event| event.captured.id.clone().unwrap_or_default())
        .collect()
}

#[test]
fn files_given_together_are_one_sequence() {
    let first = json!([
        event("urn:c", "2026-01-01T12:00:00+02:00", json!({})),
        event("urn:z", "soon", json!({})),
        event("urn:d", "2026-01-02T00:00:00Z", json!({})),
    ]);
    let second = json!([event("urn:b", "2026-01-01T10:00:00Z", json!({}))]);
    let (_dir, gathered) = gather(&[
        ("1.jsonld", first.to_string()),
        ("2.jsonld", second.to_string()),
    ]);
    assert_eq!(ids(&gathered), ["urn:b", "urn:c", "urn:d", "urn:z"]);
}

#[test]
fn what_cannot_be_read_stops_nothing_else() {
    let good = json!([event("urn:a", "2026-01-01T10:00:00Z", json!({}))]).to_string();
    let (_dir, mut gathered) = gather(&[("bad.jsonld", "{".into()), ("good.jsonld", good)]);
    assert!(
        gathered.documents[0]
            .error
            .as_ref()
            .unwrap()
            .contains("line 1")
    );
    gathered.tell((1, 0), Told::plain(Outcome::Accepted));
    let totals = gathered.totals();
    assert_eq!(
        totals,
        Totals {
            documents: 2,
            unreadable: 1,
            of: CaptureTotals {
                events: 1,
                accepted: 1,
                ..CaptureTotals::default()
            },
        }
    );
    assert_eq!(totals.bad(), 1);
}

#[test]
fn a_file_that_is_not_there_stops_before_anything_is_sent() {
    let failure = Gathered::read(&[PathBuf::from("/nowhere/x.jsonld")])
        .err()
        .unwrap();
    assert!(failure.to_string().contains("does not exist"), "{failure}");
}

#[test]
fn a_wrong_check_digit_is_invalid_with_its_field() {
    let wrong = json!({"epcList": ["https://id.gs1.org/01/09506000134353/21/A1"]});
    let text = json!([event("urn:a", "2026-01-01T10:00:00Z", wrong)]).to_string();
    let (_dir, gathered) = gather(&[("a.jsonld", text)]);
    let told = gathered.event((0, 0)).unwrap().report.as_ref().unwrap_err();
    assert_eq!(
        (told.outcome, told.field.as_deref()),
        (Outcome::Invalid, Some("epcList[0]"))
    );
}

#[test]
fn the_keys_of_a_first_commission_are_single_ones() {
    let added = json!({
        "action": "ADD", "bizStep": "commissioning",
        "epcList": ["urn:epc:id:sgtin:9506000.013435.A1", "urn:epc:id:giai:9506000.X1", "urn:epc:id:sscc:9506000.0134350001"],
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013436.B7", "quantity": 3}],
    });
    let text = json!([event("urn:a", "2026-01-01T10:00:00Z", added)]).to_string();
    let (_dir, gathered) = gather(&[("a.jsonld", text)]);
    let keys = made(gathered.event((0, 0)).unwrap().report.as_ref().unwrap());
    let names: Vec<Value> = keys
        .iter()
        .map(|key| serde_json::to_value(key).unwrap())
        .collect();
    assert!(keys.iter().all(|key| !matches!(key, LicenceKey::Prefix(_))));
    assert_eq!(
        names,
        [
            json!("https://id.gs1.org/01/09506000134352"),
            json!("https://id.gs1.org/01/09506000134369"),
            json!("https://id.gs1.org/8004/9506000X1"),
        ]
    );
}

#[test]
fn a_bundle_is_what_submit_reads() {
    let shipped = json!({"bizStep": "shipping", "ilmd": {"example:x": 1}, "@context": [{"example": "https://ns.example.com/"}]});
    let text = json!([event("urn:a", "2026-01-01T10:00:00Z", shipped)]).to_string();
    let (_dir, gathered) = gather(&[("a.jsonld", text)]);
    let report = gathered.event((0, 0)).unwrap().report.as_ref().unwrap();
    let mut bundles = Bundles::default();
    bundles.add(Address([1; 20]), report);
    let (party, bundle) = bundles.bundles().next().unwrap();
    assert_eq!(party, Address([1; 20]));
    let action: Action =
        serde_json::from_value(bundle["transactions"][0]["actions"][0].clone()).unwrap();
    assert_eq!(action, Action::Fact(report.clone()));
    let folder = tempfile::tempdir().unwrap();
    bundles.write(folder.path(), &Output::plain(false)).unwrap();
    let written = std::fs::read(folder.path().join(format!("{party}.json"))).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), bundle);
}

#[test]
fn every_event_is_printed_with_what_became_of_it() {
    let text = json!([event("urn:a", "2026-01-01T10:00:00Z", json!({}))]).to_string();
    let (_dir, mut gathered) = gather(&[("a.jsonld", text)]);
    let remedy = "ask the custodian";
    gathered.tell(
        (0, 0),
        Told::because(
            Outcome::Observed,
            "NotCustodian",
            "it is Bob's".into(),
            remedy,
        ),
    );
    show::print(&gathered, &Output::plain(false)).unwrap();
    let shown = serde_json::to_value(gathered.totals()).unwrap();
    assert_eq!(
        (&shown["events"], &shown["observed"]),
        (&json!(1), &json!(1))
    );
}
