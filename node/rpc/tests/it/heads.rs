//! Headers as they come, over a WebSocket.

use crate::world::{BRAND, World, account};
use jsonrpsee_core::client::{
    ClientT as _, Subscription, SubscriptionClientT as _, SubscriptionKind,
};
use jsonrpsee_core::params::{ArrayParams, ObjectParams};
use jsonrpsee_ws_client::{WsClient, WsClientBuilder};
use marque_client::api::BlockHeader;
use marque_primitives::Height;
use serde_json::{Value, json};

async fn connect(world: &World) -> WsClient {
    WsClientBuilder::new()
        .build(format!("ws://{}", world.wire.0))
        .await
        .unwrap()
}

async fn subscribe(client: &WsClient, from: Option<u64>) -> Subscription<BlockHeader> {
    let mut params = ObjectParams::new();
    if let Some(height) = from {
        params.insert("fromHeight", height).unwrap();
    }
    client
        .subscribe("chain_subscribeHeads", params, "chain_unsubscribeHeads")
        .await
        .unwrap()
}

async fn heights(heads: &mut Subscription<BlockHeader>, count: usize) -> Vec<Height> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(heads.next().await.unwrap().unwrap().height);
    }
    found
}

/// A subscription's id as the wire has it, and what ending it answers.
pub async fn opened_and_ended(world: &World, open: &str, end: &str) -> (Value, Value) {
    let client = connect(world).await;
    let mut params = ObjectParams::new();
    params.insert("fromHeight", 0).unwrap();
    let opened: Subscription<Value> = client.subscribe(open, params, end).await.unwrap();
    let SubscriptionKind::Subscription(id) = opened.kind() else {
        panic!("it is no subscription")
    };
    let id = serde_json::to_value(id).unwrap();
    let mut params = ArrayParams::new();
    params.insert(id.clone()).unwrap();
    let ended = client.request(end, params).await;
    (id, ended.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_come_in_order_from_where_one_asks() {
    let world = World::registered().await;
    let client = connect(&world).await;
    let head = world
        .client
        .call(&marque_client::api::ChainHead {})
        .await
        .unwrap()
        .height
        .0;
    let mut old = subscribe(&client, Some(0)).await;
    let mut new = subscribe(&client, None).await;
    assert_eq!(
        heights(&mut old, 3).await,
        [Height(0), Height(1), Height(2)]
    );
    for serial in 0..3 {
        let item = format!("https://id.gs1.org/01/09506000134352/21/S{serial}");
        world
            .done(BRAND, json!([{"commission": {"items": [item]}}]))
            .await;
    }
    let next = [head + 1, head + 2, head + 3].map(Height);
    assert_eq!(heights(&mut new, 3).await, next);
    assert_eq!(heights(&mut old, 3).await, next);
    new.unsubscribe().await.unwrap();
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_port_serves_both() {
    let world = World::registered().await;
    let client = connect(&world).await;
    let mut params = ArrayParams::new();
    params.insert(account(BRAND)).unwrap();
    let over_socket: Value = client.request("registry_party", params).await.unwrap();
    let over_http = world
        .wire
        .ok("registry_party", json!([account(BRAND)]))
        .await;
    assert_eq!(over_socket, over_http);
    let wrong = client
        .subscribe::<Value, _>(
            "chain_subscribeHeads",
            ArrayParams::from_iter_of("soon"),
            "chain_unsubscribeHeads",
        )
        .await;
    assert!(
        wrong
            .unwrap_err()
            .to_string()
            .contains("expected an integer")
    );
    world.close().await;
}

/// One parameter by position.
trait One {
    fn from_iter_of(value: &str) -> Self;
}

impl One for ArrayParams {
    fn from_iter_of(value: &str) -> Self {
        let mut params = Self::new();
        params.insert(value).unwrap();
        params
    }
}
