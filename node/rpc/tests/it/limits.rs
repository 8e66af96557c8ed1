//! What the server takes at most, and the shape of requests.

use crate::world::World;
use marque_rpc::{Config, RpcError};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn requests_have_a_shape() {
    let world = World::empty().await;
    let code = async |body: &str| world.wire.post(body).await.1["error"]["code"].as_i64();
    assert_eq!(code("{").await, Some(-32700));
    assert_eq!(code(r#"{"jsonrpc": "2.0", "id": 1}"#).await, Some(-32600));
    assert_eq!(code("[]").await, Some(-32600));
    assert_eq!(
        code(r#"{"jsonrpc": "2.0", "id": 1, "method": "nothing"}"#).await,
        Some(-32601)
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_batches_are_limited() {
    let config = Config {
        request_bytes: 10_000,
        batch: 10,
        ..Config::default()
    };
    let world = World::with(config).await;
    let calls = |count: usize| {
        let call = |id| json!({"jsonrpc": "2.0", "id": id, "method": "node_health", "params": []});
        Value::Array((0..count).map(call).collect()).to_string()
    };
    let (status, answers) = world.wire.post(&calls(10)).await;
    let ids: Vec<u64> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["id"].as_u64().unwrap())
        .collect();
    assert_eq!((status, ids), (200, (0..10).collect()));
    let (_, answer) = world.wire.post(&calls(11)).await;
    assert_eq!(answer["error"]["code"], json!(-32010), "{answer}");
    let (status, _) = world.wire.post(&" ".repeat(10_001)).await;
    assert_eq!(status, 413);
    let info = world.client.info().await.unwrap();
    assert_eq!(
        (
            info.limits.request_bytes,
            info.limits.batch,
            info.limits.page_max
        ),
        (10_000, 10, 1_000)
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_limited() {
    let world = World::with(Config {
        response_bytes: 600,
        ..Config::default()
    })
    .await;
    assert_eq!(world.wire.fails("chain_head", json!([])).await.code, -32008);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said() {
    let world = World::empty().await;
    let node = marque_rpc::Node {
        chain: world.chain.clone(),
        version: String::new(),
        store: String::new(),
        consensus: String::new(),
        backup: None,
    };
    let config = Config {
        address: world.wire.0,
        ..Config::default()
    };
    let error = marque_rpc::serve(node, config).await.unwrap_err();
    assert!(matches!(error, RpcError::Bind { .. }));
    assert!(error.to_string().contains("choose another address"));
    world.close().await;
}

#[test]
fn the_server_is_for_this_machine_alone_unless_told_otherwise() {
    let config = Config::default();
    assert!(config.address.ip().is_loopback());
    assert_eq!(config.address.port(), 9944);
}
