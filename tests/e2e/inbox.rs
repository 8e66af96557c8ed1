//! What waits for whom: both ways, until when, and with which documents.

use crate::node::{Actor, Node, address, marque};
use serde_json::{Value, json};

fn inbox(node: &Node, party: &str, more: &[&str]) -> String {
    let output = marque()
        .args(["inbox", party, "--rpc", &node.url])
        .args(more)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_offer_stands_in_both_inboxes_with_its_deadline_and_document() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let item = "https://id.gs1.org/01/09506000134352/21/A1";
    runtime.block_on(async {
        let client = node.client();
        let judy = Actor::new(&client, "judy").await;
        let alice = Actor::new(&client, "alice").await;
        let (of_alice, of_carol) = (address("alice"), address("carol"));
        judy.act(&[
            json!({"registerParty": {"account": of_alice, "name": "Growers"}}),
            json!({"registerParty": {"account": of_carol, "name": "Corner Shop"}}),
            json!({"license": {"brand": of_alice, "key": {"prefix": "9506000"}}}),
        ])
        .await;
        alice
            .act(&[
                json!({"registerProduct": {"gtin": "09506000134352", "name": "Spinach"}}),
                json!({"commission": {"items": [item]}}),
                json!({"offer": {
                    "items": [item], "to": of_carol, "what": "both",
                    "deadline": "2099-05-01T08:00:00.000Z",
                    "documents": [{"type": "desadv", "id": "urn:shop:1"}],
                }}),
            ])
            .await;
    });
    for (party, way, other) in [("carol", "from", "Growers"), ("alice", "to", "Corner Shop")] {
        let table = inbox(&node, party, &[]);
        let line = table.lines().find(|line| line.contains("A1")).unwrap();
        for words in [way, other, "2099-05-01 08:00:00", "urn:shop:1"] {
            assert!(line.contains(words), "{words} is missing in {line}");
        }
    }
    let said: Value = serde_json::from_str(&inbox(&node, "carol", &["--json"])).unwrap();
    assert_eq!(said[0]["direction"], "in");
    assert_eq!(said[0]["offer"]["documents"][0]["id"], "urn:shop:1");
    assert!(inbox(&node, "bob", &[]).contains("nothing is offered"));
}
