//! Transactions on their way: sent, waited for, tried out, encoded for others to sign.

use crate::world::{BRAND, CARRIER, ITEM_10, REGISTRAR, World, account, key};
use marque_client::api::{Outcome, TransactionStatus};
use marque_primitives::action::Action;
use marque_primitives::hash::{from_hex, to_hex};
use marque_primitives::{Hash, Nonce};
use marque_rpc::Config;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn actions(json: Value) -> Vec<Action> {
    serde_json::from_value(json).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_sent_once_however_often() {
    let world = World::registered().await;
    let items = json!([{"gtin": "09506000134352", "from": "01", "count": 5}]);
    let signed = world
        .sender(BRAND)
        .sign(actions(json!([{"commission": {"items": items}}])))
        .await
        .unwrap();
    let first = world.client.submit(signed.bytes.clone()).await.unwrap();
    let again = world.client.submit(signed.bytes.clone()).await.unwrap();
    assert_eq!((first, again), (signed.id, signed.id));
    let receipt = world
        .client
        .submit_and_wait(signed.bytes.clone())
        .await
        .unwrap();
    assert_eq!(receipt.status, TransactionStatus::Applied);
    assert_eq!(
        receipt
            .actions
            .iter()
            .map(|action| action.outcome)
            .collect::<Vec<_>>(),
        [Outcome::Accepted]
    );
    assert_eq!(
        world.client.receipt(signed.id).await.unwrap(),
        Some(receipt.clone())
    );
    assert_eq!(
        world.client.submit(signed.bytes.clone()).await.unwrap(),
        signed.id
    );
    assert_eq!(
        world.client.submit_and_wait(signed.bytes).await.unwrap(),
        receipt
    );
    assert_eq!(world.client.receipt(Hash([1; 32])).await.unwrap(), None);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_in_order() {
    let world = World::registered().await;
    let mut signed = Vec::new();
    for serial in 0..50 {
        let item = format!("https://id.gs1.org/01/09506000134352/21/B{serial}");
        signed.push(
            world
                .sender(BRAND)
                .sign(actions(json!([{"commission": {"items": [item]}}])))
                .await
                .unwrap(),
        );
    }
    let bytes = signed.iter().map(|signed| signed.bytes.clone()).collect();
    let hashes: Vec<Hash> = world
        .client
        .submit_batch(bytes)
        .await
        .unwrap()
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        hashes,
        signed.iter().map(|signed| signed.id).collect::<Vec<_>>()
    );
    let last = world
        .client
        .submit_and_wait(signed.last().unwrap().bytes.clone())
        .await
        .unwrap();
    assert!(last.applied());
    assert!(
        world
            .client
            .item("https://id.gs1.org/01/09506000134352/21/B49")
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        world
            .client
            .submit_batch(Vec::new())
            .await
            .unwrap()
            .is_empty()
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonces_count_what_waits() {
    let world = World::registered().await;
    let nonce = world.wire.ok("tx_nonce", json!([account(BRAND)])).await;
    assert_eq!(nonce, json!(1));
    assert_eq!(
        world
            .wire
            .ok("tx_nonce", json!({"account": account(BRAND), "lane": 3}))
            .await,
        json!(0)
    );
    assert_eq!(
        world
            .wire
            .ok("tx_nonce", json!([account(BRAND), account(CARRIER)]))
            .await,
        json!(0)
    );
    assert_eq!(
        world
            .wire
            .fails("tx_nonce", json!({"account": account(BRAND), "lane": 16}))
            .await
            .code,
        -32602
    );
    // The sender asks again after it was told that its nonce is wrong.
    let sender = world.sender(BRAND);
    let commission = actions(json!([{"commission": {"items": [ITEM_10]}}]));
    let stale = sender.sign_with(commission.clone(), Nonce(0)).unwrap();
    assert_eq!(
        world.client.submit(stale.bytes).await.unwrap_err().name(),
        Some("NonceTooLow")
    );
    assert!(sender.send(commission).await.unwrap().applied());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_happen_and_keeps_nothing() {
    let world = World::registered().await;
    let commission = json!({"actions": [{"commission": {"items": [ITEM_10]}}]});
    let params = json!({"transaction": commission, "account": account(BRAND)});
    let applied = world.wire.ok("tx_dryRun", params).await;
    assert_eq!(applied["receipt"]["status"], json!("applied"));
    let params = json!({"transaction": commission, "account": account(CARRIER)});
    let refused = world.wire.ok("tx_dryRun", params).await;
    assert_eq!(refused["receipt"]["status"], json!("refused"));
    assert_eq!(refused["receipt"]["refusal"]["name"], json!("NotLicensed"));
    assert_eq!(refused["receipt"]["refusedAction"], json!(0));
    assert_eq!(world.client.item(ITEM_10).await.unwrap(), None);
    // Bytes with and without a signature.
    let sender = world.sender(BRAND);
    let ran = sender
        .dry_run(actions(commission["actions"].clone()))
        .await
        .unwrap();
    assert!(ran.receipt.applied());
    let signed = sender
        .sign_with(actions(commission["actions"].clone()), Nonce(9))
        .unwrap();
    let ran = world
        .wire
        .ok("tx_dryRun", json!([to_hex(&signed.bytes)]))
        .await;
    assert_eq!(ran["receipt"]["status"], json!("applied"));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_refuses_what_a_submission_would() {
    let world = World::registered().await;
    let commission = json!({"actions": [{"commission": {"items": [ITEM_10]}}]});
    // A key that the account never authorised.
    let params =
        json!({"transaction": commission, "account": account(BRAND), "key": account(CARRIER)});
    let error = world.wire.fails("tx_dryRun", params).await;
    assert_eq!(
        (error.code, &error.data["name"]),
        (1008, &json!("KeyUnknown"))
    );
    let none = json!({"transaction": {"actions": []}, "account": account(BRAND)});
    let error = world.wire.fails("tx_dryRun", none).await;
    assert_eq!(
        (error.code, &error.data["field"]),
        (-32602, &json!("actions"))
    );
    world.close().await;
}

/// A transaction whose nonces before it never come.
fn stuck(world: &World) -> Value {
    let observe = actions(json!([{"commission": {"items": [ITEM_10]}}]));
    let signed = world.sender(BRAND).sign_with(observe, Nonce(9)).unwrap();
    json!([to_hex(&signed.bytes)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_a_receipt_has_an_end() {
    let config = Config {
        receipt_patience: Duration::from_millis(50),
        ..Config::default()
    };
    let world = World::with(config).await;
    let params = stuck(&world);
    let error = world.wire.fails("tx_submitAndWait", params.clone()).await;
    assert_eq!(
        (error.code, &error.data["name"], &error.data["retryable"]),
        (7004, &json!("StillWaiting"), &json!(true))
    );
    assert!(
        error.data["remedy"]
            .as_str()
            .unwrap()
            .contains("tx_receipt")
    );
    let id = world.wire.ok("tx_submit", params).await;
    assert!(error.message.contains(id.as_str().unwrap()));
    let error = world.wire.fails("tx_receipt", json!([id])).await;
    assert_eq!((error.code, &error.data["retryable"]), (3001, &json!(true)));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_client_holds_up_the_end() {
    let world = World::empty().await;
    let (wire, chain, params) = (world.wire, world.chain.clone(), stuck(&world));
    // One that waits for what never comes, and one that never sends the rest of its request.
    let waiting = tokio::spawn(async move { wire.fails("tx_submitAndWait", params).await });
    let mut half = TcpStream::connect(wire.0).await.unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n",
        wire.0
    );
    half.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body: from here on the request is in its hands.
    let mut asked = [0; 12];
    half.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100");
    half.write_all(b"{").await.unwrap();
    while chain.status().pool_transactions == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ended = world.shutdown(Duration::from_millis(500));
    let gone = tokio::time::timeout(Duration::from_secs(20), ended).await;
    assert!(!gone.unwrap(), "the half request is still there");
    let error = waiting.await.unwrap();
    assert_eq!(
        (error.code, &error.data["name"]),
        (7001, &json!("ShuttingDown"))
    );
    assert!(error.data["remedy"].is_string());
    drop(half);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_sign_what_the_node_encodes() {
    let world = World::registered().await;
    let transaction = json!({"actions": [{"commission": {"items": [ITEM_10]}}]});
    let params = json!({"transaction": transaction, "account": account(BRAND)});
    let encoded = world.wire.ok("tx_encode", params).await;
    assert_eq!(
        (&encoded["nonce"], &encoded["id"]),
        (&json!(1), &encoded["digest"])
    );
    let digest: Hash = serde_json::from_value(encoded["digest"].clone()).unwrap();
    let mut bytes = from_hex(encoded["body"].as_str().unwrap()).unwrap();
    bytes.extend_from_slice(&key(BRAND).sign(&digest).unwrap().0);
    let receipt = world
        .wire
        .ok("tx_submitAndWait", json!([to_hex(&bytes)]))
        .await;
    assert_eq!(
        (&receipt["transaction"], &receipt["status"]),
        (&encoded["id"], &json!("applied"))
    );
    // Every field can be given.
    let params = json!({
        "transaction": transaction, "account": account(BRAND), "key": account(REGISTRAR), "lane": 3, "nonce": 8,
        "expiry": {"height": 100, "time": "2030-01-01T00:00:00Z"}, "gasLimit": 123_456
    });
    let encoded = world.wire.ok("tx_encode", params).await;
    assert_eq!(
        (&encoded["nonce"], &encoded["gasLimit"]),
        (&json!(8), &json!(123_456))
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_transaction_is_taken() {
    let world = World::registered().await;
    // Above 64 KiB, so that it is checked on a thread of its own.
    let rest = json!({"note": "x".repeat(60_000)});
    let observe = json!({"observe": {"items": [], "place": "9506000134376", "rest": rest}});
    let receipt = world.send(BRAND, json!([observe, observe])).await;
    assert!(receipt.applied(), "{:?}", receipt.refusal);
    world.close().await;
}
