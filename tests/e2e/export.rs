//! What goes out: documents that another node takes, and the food inspector's table.

use crate::capture::{capture, documents};
use crate::node::{Actor, Node, address, marque};
use marque_client::Client;
use marque_schema::Schema;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

const GTIN: &str = "09506000134352";
const LOT: &str = "https://id.gs1.org/01/09506000134352/10/L1";
const PALLET: &str = "https://id.gs1.org/00/095060001343500019";

fn export(node: &Node, arguments: &[&str]) -> String {
    let output = marque()
        .args(["export", "--rpc", &node.url])
        .args(arguments)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

/// GS1's schema of EPCIS documents.
pub const SCHEMA: &[u8] =
    include_bytes!("../fixtures/epcis2-js/src/schema/EPCISDocument.schema.json");

fn events(document: &str) -> Vec<Map<String, Value>> {
    let document: Value = serde_json::from_str(document).unwrap();
    let list = document["epcisBody"]["eventList"].as_array().unwrap();
    list.iter()
        .map(|event| event.as_object().unwrap().clone())
        .collect()
}

/// What an event says, without what the ledger adds to it.
fn said(event: &Map<String, Value>) -> String {
    let mut event = event.clone();
    event.retain(|key, _| !key.starts_with("marque:") && key != "recordTime");
    Value::Object(event).to_string()
}

/// Members that the documents' authors put where EPCIS has none: the hash covers them, so that
/// nobody can leave them out.
const STRANGE: [&str; 5] = [
    "_comment",
    "action",
    "visibility",
    "leftValue",
    "rightValue",
];

/// What GS1's schema says against a document, but for strange members.
fn faults(text: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(text).unwrap();
    let mut faults = Schema::new(serde_json::from_slice(SCHEMA).unwrap()).faults(&document);
    faults.retain(|fault| {
        let (place, why) = fault.split_once(": ").unwrap();
        let member = place.rsplit('/').next().unwrap();
        // It is the name that is wrong, not what stands there.
        !(STRANGE.contains(&member) && why.starts_with(&format!("\"{member}\" is not")))
    });
    faults
}

#[test]
fn an_export_is_captured_elsewhere_with_the_same_hashes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    };
    let first = Node::start(&path("first"), &["--no-sample"]);
    let given = [
        documents("openepcis-dpp-ready"),
        documents("epcis-event-hash-generator"),
    ];
    let (told, _) = capture(&first, &given.concat(), &[]);
    let documents = told["documents"].as_array().unwrap().iter();
    let recorded: BTreeSet<&str> = documents
        .flat_map(|document| document["events"].as_array().unwrap())
        .filter(|event| matches!(event["outcome"].as_str().unwrap(), "accepted" | "observed"))
        .map(|event| event["hash"].as_str().unwrap())
        .collect();
    let all = folder.path().join("all.jsonld");
    let out = all.to_str().unwrap();
    let everything = ["--epcis", "--since", "1980-01-01T00:00:00Z"];
    export(&first, &[&everything[..], &["--out", out]].concat());
    let text = std::fs::read_to_string(&all).unwrap();
    assert_eq!(faults(&text), [""; 0]);
    let exported = events(&text);
    let hash = |event: &Map<String, Value>| event["marque:eventHash"].as_str().unwrap().to_owned();
    let hashes: BTreeSet<String> = exported.iter().map(hash).collect();
    let missing: Vec<_> = recorded
        .iter()
        .filter(|one| !hashes.contains(**one))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    // Nothing but what was captured, and each event whole.
    let strange = exported
        .iter()
        .filter(|one| !recorded.contains(hash(one).as_str()));
    assert_eq!(strange.map(said).collect::<Vec<_>>(), [""; 0]);

    let second = Node::start(&path("second"), &["--no-sample"]);
    let (told, ok) = capture(&second, &[all], &[]);
    assert!(ok, "{}", told["totals"]);
    let taken = told["documents"][0]["events"].as_array().unwrap();
    assert_eq!(taken.len(), exported.len());
    for (event, taken) in exported.iter().zip(taken) {
        assert_eq!(event["marque:eventHash"], taken["hash"], "{}", said(event));
    }
    let again = export(&second, &everything);
    let texts =
        |events: &[Map<String, Value>]| -> BTreeSet<String> { events.iter().map(said).collect() };
    assert_eq!(texts(&events(&again)), texts(&exported));

    let battery = "https://id.gs1.org/01/09521234002000/21/STAX10-2026-000001";
    let journey = events(&export(&first, &["--epcis", "--item", battery]));
    let steps: BTreeSet<&str> = journey
        .iter()
        .filter_map(|event| event["bizStep"].as_str())
        .collect();
    assert!(steps.contains("shipping"), "{steps:?}");
}

#[test]
fn what_was_done_on_the_ledger_is_exported_as_valid_epcis() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    node.wait_for("Ctrl-C ends the node");
    let text = export(&node, &["--epcis", "--since", "1980-01-01T00:00:00Z"]);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        Schema::new(serde_json::from_slice(SCHEMA).unwrap()).faults(&document),
        [""; 0]
    );
    let exported = events(&text);
    let kinds: BTreeSet<&str> = exported
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains("ObjectEvent") && kinds.contains("AggregationEvent"),
        "{kinds:?}"
    );
    let item = "https://id.gs1.org/01/09506000134352/21/000001";
    let journey = events(&export(&node, &["--epcis", "--item", item]));
    assert!(journey.len() > 3, "{}", journey.len());
}

#[test]
fn a_lot_of_food_is_told_as_the_rule_asks() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let food = documents("openepcis-dpp-ready/extensions/us/fsma204");
    capture(&node, &food, &[]);
    let lot = "(01)10860009999920(10)ABC1234";
    let table = export(&node, &["--fsma204", "--lot", lot]);
    assert!(table.lines().count() > 1, "{table}");
    let mut lines = table.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == columns.len()), "{table}");
    println!("{table}");
    let lot_of = |harvest: bool| match harvest {
        true => "(01)00860009999923(10)ABC1234",
        false => lot,
    };
    // Event, lot, quantity, unit, where, from whom, to whom, where the lot got its code.
    let farm = "GLN 0860009999060";
    let packer = "GLN 0860009999992";
    let shop = "GLN 0860009998001";
    let salad = "GLN 0860009998018";
    let told: BTreeSet<Vec<&str>> = rows
        .iter()
        .map(|row| [0, 2, 4, 5, 6, 7, 8, 9].map(|at| row[at]).to_vec())
        .collect();
    for expected in [
        [
            "Initial Packing (food received)",
            lot_of(true),
            "25000",
            "LBR",
            packer,
            "",
            "",
            farm,
        ],
        [
            "Initial Packing (food packed)",
            lot,
            "500",
            "CS",
            packer,
            "",
            "",
            packer,
        ],
        ["Shipping", lot, "25", "CS", packer, "", shop, packer],
        ["Receiving", lot, "500", "CS", shop, packer, "", packer],
        [
            "Transformation (food used)",
            lot,
            "100",
            "CS",
            salad,
            "",
            "",
            packer,
        ],
        [
            "Transformation (food produced)",
            "(01)10860009998039(10)SALAD-20260420-A",
            "2000",
            "CS",
            salad,
            "",
            "",
            salad,
        ],
    ] {
        assert!(
            told.contains(expected.as_slice()),
            "{expected:?} is missing in\n{table}"
        );
    }
    let documents = rows.iter().find(|row| row[0] == "Receiving").unwrap();
    assert_eq!(documents[10], "recadv");
    assert!(documents[11].contains("861-100037169"), "{table}");
    assert!(documents[1].starts_with("2026-04-20 08:45:00"), "{table}");

    let harvest = export(&node, &["--fsma204", "--lot", lot_of(true)]);
    for name in ["Harvesting,", "Cooling,", "Shipping,", "Receiving,"] {
        assert!(harvest.contains(name), "{name} is missing in\n{harvest}");
    }
}

/// What was done with a lot: item by item, as a quantity and on a pallet; beside it another
/// lot's items, which a recall leaves alone.
async fn trade(client: &Client) {
    let (judy, alice, bob) = (
        Actor::new(client, "judy").await,
        Actor::new(client, "alice").await,
        Actor::new(client, "bob").await,
    );
    let items = |from: u64, count: u64| json!([{"gtin": GTIN, "from": format!("{from:04}"), "count": count}]);
    let boxes = |value: &str| json!([{"lot": LOT, "quantity": value, "unit": "CS"}]);
    let offer =
        |items: Value| json!({"offer": {"items": items, "to": address("bob"), "what": "both"}});
    let pallet = json!([PALLET]);
    let licence = json!({"license": {"brand": address("alice"), "key": {"prefix": "9506000"}}});
    judy.act(&[licence]).await;
    alice
        .act(&[
            json!({"registerProduct": {"gtin": GTIN, "name": "melons"}}),
            json!({"commission": {"items": items(1, 10), "lot": "L1"}}),
            json!({"commission": {"items": boxes("12.5")}}),
            json!({"commission": {"items": items(11, 10), "lot": "L2"}}),
            json!({"pack": {"parent": PALLET, "children": items(6, 10)}}),
        ])
        .await;
    for goods in [items(3, 1), items(19, 1), boxes("2.5"), pallet.clone()] {
        alice.act(&[offer(goods)]).await;
    }
    bob.act(&[
        json!({"accept": {"items": items(3, 1)}}),
        json!({"accept": {"items": pallet}}),
    ])
    .await;
}

#[test]
fn a_lots_table_has_its_serials_its_quantities_and_its_pallets() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { trade(&node.client()).await });
    let table = export(&node, &["--fsma204", "--lot", LOT]);
    // Event, lot, quantity, unit, logistic unit.
    let told: Vec<Vec<&str>> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|row| [0, 2, 4, 5, 12].map(|at| row[at]).to_vec())
        .collect();
    let code = "(01)09506000134352(10)L1";
    let unit = "(00)095060001343500019";
    let expected = [
        ["Initial Packing", code, "10", "EA", ""],
        ["Initial Packing", code, "12.5", "CS", ""],
        ["Shipping", code, "1", "EA", ""],
        ["Shipping", code, "2.5", "CS", ""],
        ["Shipping", code, "5", "EA", unit],
        ["Receiving", code, "1", "EA", ""],
        ["Receiving", code, "5", "EA", unit],
    ];
    assert_eq!(told, expected, "{table}");
    // The document has what names the lot's items, by whichever name.
    let document = export(&node, &["--epcis", "--lot", LOT]);
    let steps: Vec<String> = events(&document)
        .iter()
        .filter_map(|event| Some(event.get("bizStep")?.as_str()?.to_owned()))
        .collect();
    let count = |step: &str| steps.iter().filter(|one| *one == step).count();
    assert_eq!(
        (count("shipping"), count("receiving")),
        (2, 1),
        "{document}"
    );
}

#[test]
fn an_export_says_what_it_needs() {
    for arguments in [
        &["--epcis"][..],
        &["--item", "x"],
        &["--epcis", "--fsma204", "--lot", "x"],
        &["--epcis", "--since", "yesterday"],
        &["--epcis", "--item", "x", "--lot", "y"],
    ] {
        let output = marque().arg("export").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
