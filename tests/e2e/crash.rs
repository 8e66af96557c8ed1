//! Nodes killed at any moment under load: what was acknowledged is there, whole, and every root is
//! as it has to be.
//!
//! The long run: `MARQUE_CRASH_ROUNDS=200 cargo test -p marque --test e2e crash -- --nocapture`.

use crate::node::{Node, marque, secret};
use marque_client::Sender;
use marque_client::api::Receipt;
use marque_primitives::action::Action;
use marque_primitives::hash::sha256;
use marque_primitives::{Address, Hash, Height, Lane};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Lanes that send at once.
const LANES: u8 = 4;
/// How long a node lives at most, in milliseconds.
const LIFE: u64 = 900;

/// What was acknowledged: ids, and the blocks that hold them.
type Acknowledged = Arc<Mutex<Vec<(Hash, Height)>>>;

fn rounds() -> u32 {
    let asked = std::env::var("MARQUE_CRASH_ROUNDS").ok();
    asked.map_or(4, |rounds| rounds.parse().unwrap())
}

/// A number that a round and a use determine.
fn number(engine: &str, round: u32, what: &str) -> u64 {
    let digest = sha256(&[engine.as_bytes(), &round.to_be_bytes(), what.as_bytes()]).0;
    u64::from_be_bytes(digest[..8].try_into().unwrap())
}

/// Registers one party after the other until the node is gone.
async fn load(url: String, lane: u8, round: u32, acknowledged: Acknowledged) {
    let client = marque_client::Client::new(&url).unwrap();
    let Ok(sender) = Sender::new(client, secret("judy")).await else {
        return;
    };
    let sender = sender.lane(Lane(lane));
    for serial in 0_u32.. {
        let digest = sha256(&[&round.to_be_bytes(), &[lane], &serial.to_be_bytes()]).0;
        let account = Address(digest[..20].try_into().unwrap());
        let party = json!([{"registerParty": {"account": account, "name": "A shop"}}]);
        let actions: Vec<Action> = serde_json::from_value(party).unwrap();
        match sender.send(actions).await {
            Ok(receipt) => {
                assert!(receipt.applied(), "{:?}", receipt.refusal);
                let known = (receipt.transaction, receipt.height);
                acknowledged.lock().unwrap().push(known);
            }
            Err(_) => return,
        }
    }
}

/// Everything that was acknowledged has the receipt that it had.
async fn verify(node: &Node, acknowledged: &Acknowledged) {
    let client = node.client();
    let known = acknowledged.lock().unwrap().clone();
    for (id, height) in known {
        let receipt: Option<Receipt> = client.receipt(id).await.unwrap();
        let receipt = receipt.unwrap_or_else(|| panic!("{id} of block {height} is lost"));
        assert_eq!(receipt.height, height, "{id} has moved");
    }
}

/// Every stored block, record and root, computed anew.
fn check(data: &Path) -> Value {
    let output = marque()
        .args(["db", "check", "--json", "--data"])
        .arg(data)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn survives(engine: &str) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let named = data.display().to_string();
    let arguments = ["--no-sample", "--store", engine, "--data", &named];
    let acknowledged = Acknowledged::default();
    for round in 0..rounds() {
        let node = Node::start(folder.path(), &arguments);
        verify(&node, &acknowledged).await;
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| tokio::spawn(load(node.url.clone(), lane, round, acknowledged.clone())))
            .collect();
        let life = number(engine, round, "life").checked_rem(LIFE).unwrap();
        tokio::time::sleep(Duration::from_millis(life)).await;
        node.kill();
        for lane in lanes {
            lane.await.unwrap();
        }
        if round % 10 == 3 {
            check(&data);
        }
    }
    let node = Node::start(folder.path(), &arguments);
    verify(&node, &acknowledged).await;
    assert!(node.end().success());
    let report = check(&data);
    let count = acknowledged.lock().unwrap().len();
    assert!(count > 0, "nothing was acknowledged");
    println!(
        "{engine}: {} kills, {count} transactions acknowledged, lost 0, torn 0, roots equal: {report}",
        rounds()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_on_redb_keeps_what_it_acknowledged() {
    survives("redb").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_on_sled_keeps_what_it_acknowledged() {
    survives("sled").await;
}
