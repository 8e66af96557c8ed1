//! WebSockets: subscriptions that resume, and those who would misuse them.

use crate::wire::{Connection, Wire};
use crate::world::{BRAND, CARRIER, ITEM_1, World, account};
use jsonrpsee_core::client::{ClientT as _, Subscription, SubscriptionClientT as _};
use jsonrpsee_core::params::{ArrayParams, ObjectParams};
use jsonrpsee_ws_client::{WsClient, WsClientBuilder};
use marque_rpc::Config;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn connect(wire: Wire) -> WsClient {
    let builder = WsClientBuilder::new().max_concurrent_requests(10_000);
    builder.build(format!("ws://{}", wire.0)).await.unwrap()
}

fn named(params: Value) -> ObjectParams {
    let mut named = ObjectParams::new();
    for (name, value) in params.as_object().unwrap() {
        named.insert(name, value).unwrap();
    }
    named
}

async fn events(client: &WsClient, params: Value) -> Result<Subscription<Value>, String> {
    client
        .subscribe("event_subscribe", named(params), "event_unsubscribe")
        .await
        .map_err(|error| error.to_string())
}

async fn kinds(events: &mut Subscription<Value>, count: usize) -> Vec<String> {
    let mut kinds = Vec::new();
    for _ in 0..count {
        let event = events.next().await.unwrap().unwrap();
        kinds.push(event["kind"].as_str().unwrap().to_owned());
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_as_they_are_recorded_and_from_any_height_on() {
    let world = World::busy().await;
    let client = connect(world.wire).await;
    let queried = world.wire.ok("event_query", json!({"epc": ITEM_1})).await;
    let queried: Vec<Value> = queried["items"].as_array().unwrap().clone();
    assert!(queried.len() >= 2, "{queried:?}");
    let mut old = events(&client, json!({"epc": ITEM_1, "fromHeight": 0}))
        .await
        .unwrap();
    for event in &queried {
        assert_eq!(&old.next().await.unwrap().unwrap(), event);
    }
    // From the middle on, as after a broken connection.
    let height = queried.last().unwrap()["height"].clone();
    let mut resumed = events(&client, json!({"epc": ITEM_1, "fromHeight": height}))
        .await
        .unwrap();
    assert_eq!(
        &resumed.next().await.unwrap().unwrap(),
        queried.last().unwrap()
    );
    let mut new = events(&client, json!({"party": account(CARRIER)}))
        .await
        .unwrap();
    let mut others = events(&client, json!({"party": account(9)})).await.unwrap();
    let accept = json!([{"accept": {"items": [crate::world::PALLET]}}]);
    world.send(CARRIER, accept).await;
    let item = "https://id.gs1.org/01/09506000134352/21/NEW";
    world
        .done(BRAND, json!([{"commission": {"items": [item]}}]))
        .await;
    let offer = json!([{"offer": {"items": [item], "to": account(CARRIER)}}]);
    world.done(BRAND, offer).await;
    assert!(
        kinds(&mut new, 1)
            .await
            .iter()
            .all(|kind| kind == "accept" || kind == "offer")
    );
    let nothing = tokio::time::timeout(Duration::from_millis(300), others.next()).await;
    assert!(nothing.is_err(), "{nothing:?}");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_names_nothing_is_told_at_once() {
    let world = World::empty().await;
    let client = connect(world.wire).await;
    for (params, code) in [
        (
            json!({"epc": "https://id.gs1.org/01/09506000134353/21/A1"}),
            "CheckDigit",
        ),
        (json!({"lot": ITEM_1}), "WrongKind"),
        (json!({"from": 1}), "InvalidParams"),
        (json!({"fromHeight": "soon"}), "InvalidParams"),
    ] {
        let error = events(&client, params.clone()).await.err().unwrap();
        assert!(error.contains(code), "{params}: {error}");
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_subscriptions_end_at_the_caps() {
    let world = World::with(Config {
        subscriptions: 10,
        subscriptions_all: 60,
        ..Config::default()
    })
    .await;
    let mut kept = Vec::new();
    let (mut of_connection, mut of_address) = (0, 0);
    for _ in 0..3 {
        let client = connect(world.wire).await;
        for _ in 0..12 {
            match events(&client, json!({})).await {
                Ok(subscription) => kept.push(subscription),
                Err(error) if error.contains("7005") => of_address += 1,
                Err(error) if error.contains("-32006") => of_connection += 1,
                Err(error) => panic!("{error}"),
            }
        }
        // The connection is kept by its subscriptions alone.
        std::mem::forget(client);
    }
    // A quarter of all is one address's; ten are one connection's.
    assert_eq!((kept.len(), of_connection, of_address), (15, 2, 19));
    drop(kept.pop());
    world.wire.ok("node_health", json!([])).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_over_sockets_have_the_same_limits() {
    let world = World::with(Config {
        request_bytes: 10_000,
        batch: 10,
        ..Config::default()
    })
    .await;
    let client = connect(world.wire).await;
    let mut params = ArrayParams::new();
    params.insert("urn:x:none").unwrap();
    let error = client
        .request::<Value, _>("item_get", params)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("3002"), "{error}");
    let mut long = ArrayParams::new();
    long.insert("x".repeat(20_000)).unwrap();
    // It has no id that could be read, so that its answer names none.
    let large = client.request::<Value, _>("item_get", long);
    let answer = tokio::time::timeout(Duration::from_secs(2), large).await;
    assert!(!matches!(answer, Ok(Ok(_))), "{answer:?}");
    let mut raw = Connection::open(world.wire, "127.0.0.1").await;
    raw.send(UPGRADE.as_bytes()).await;
    raw.send(&frame(&format!(
        r#"{{"id":1,"x":"{}"}}"#,
        "x".repeat(20_000)
    )))
    .await;
    let calls: Vec<String> = (0..11)
        .map(|id| format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"node_health"}}"#))
        .collect();
    raw.send(&frame(&format!("[{}]", calls.join(",")))).await;
    let heard = raw.drain(Duration::from_secs(2)).await;
    assert!(heard.contains(r#""code":-32007"#), "too large: {heard}");
    assert!(
        heard.contains(r#""code":-32010"#),
        "a batch of eleven: {heard}"
    );
    world.wire.ok("node_health", json!([])).await;
    world.close().await;
}

/// Frames of a client, masked with zeros.
fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    let length = text.len();
    match u8::try_from(length) {
        Ok(short @ ..126) => frame.push(0x80 | short),
        _ => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(text.as_bytes());
    frame
}

const UPGRADE: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn who_never_reads_is_left_and_others_are_served() {
    let world = World::with(Config {
        write_patience: Duration::from_secs(1),
        ..Config::default()
    })
    .await;
    let mut deaf = Connection::open(world.wire, "127.0.0.2").await;
    deaf.send(UPGRADE.as_bytes()).await;
    let ask = frame(r#"{"jsonrpc":"2.0","id":1,"method":"node_info","params":[]}"#).repeat(500);
    let begun = Instant::now();
    let mut sent = 0_usize;
    // The node stops to read once its answers are not taken, and leaves in time.
    while begun.elapsed() < Duration::from_secs(20) {
        match tokio::time::timeout(Duration::from_secs(15), deaf.try_send(&ask)).await {
            Ok(Ok(())) => sent += 1,
            Ok(Err(_)) | Err(_) => break,
        }
    }
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{sent} parts: {:?}",
        begun.elapsed()
    );
    assert!(sent < 1_000, "{sent} parts of 500 requests were taken in");
    world.wire.ok("node_health", json!([])).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_takes_nothing_is_told_that_it_lagged() {
    let world = World::with(Config {
        buffer: 1,
        write_patience: Duration::from_secs(60),
        subscriber_patience: Duration::from_millis(300),
        ..Config::default()
    })
    .await;
    world.register().await;
    // Enough to fill what the system holds for a socket.
    let text = "n".repeat(200);
    for serial in 0..40 {
        let items: Vec<String> = (0..400)
            .map(|item| format!("https://id.gs1.org/01/09506000134352/21/{serial}-{item}"))
            .collect();
        let facts = json!({"note": text});
        world
            .done(
                BRAND,
                json!([{"commission": {"items": items, "facts": facts}}]),
            )
            .await;
    }
    let mut deaf = Connection::open_small(world.wire).await;
    deaf.send(UPGRADE.as_bytes()).await;
    for _ in 0..60 {
        let subscribe =
            r#"{"jsonrpc":"2.0","id":1,"method":"event_subscribe","params":{"fromHeight":0}}"#;
        deaf.send(&frame(subscribe)).await;
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    let heard = deaf.drain(Duration::from_secs(5)).await;
    assert!(
        heard.contains(r#""code":7010"#),
        "{} bytes heard",
        heard.len()
    );
    assert!(heard.contains("subscribe again with fromHeight: "));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_answers_no_ping_is_closed() {
    let world = World::with(Config {
        ping: Duration::from_millis(300),
        ..Config::default()
    })
    .await;
    let mut dead = Connection::open(world.wire, "127.0.0.1").await;
    dead.send(UPGRADE.as_bytes()).await;
    let begun = Instant::now();
    let heard = dead.drain(Duration::from_secs(10)).await;
    assert!(heard.contains("101 Switching"), "{heard}");
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    world.close().await;
}
