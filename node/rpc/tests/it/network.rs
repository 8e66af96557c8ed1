//! What comes over the network of those who don't wish the node well.

use crate::wire::{Connection, Wire};
use crate::world::World;
use marque_rpc::Config;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const CALL: &str = r#"{"jsonrpc":"2.0","id":1,"method":"node_health","params":[]}"#;

/// A request with these headers, beside the body's length.
async fn request(wire: Wire, first: &str, headers: &str, body: &str) -> (u16, String) {
    let mut connection = Connection::open(wire, "127.0.0.1").await;
    let length = body.len();
    let head = format!(
        "{first} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    connection.send(head.as_bytes()).await;
    connection.send(body.as_bytes()).await;
    connection.answer().await
}

fn error(answer: &str) -> (i64, String) {
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let value: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    let error = &value["error"];
    let name = error["data"]["name"].as_str().unwrap_or_default();
    (error["code"].as_i64().unwrap_or(0), name.to_owned())
}

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_rebound_name_and_a_foreign_page_are_refused() {
    let world = World::with(Config {
        hosts: vec!["node.example".into()],
        origins: vec!["https://shop.example".into()],
        ..Config::default()
    })
    .await;
    let post = async |headers: &str| {
        request(world.wire, "POST /", &format!("{JSON}{headers}"), CALL).await
    };
    for host in [
        "evil.example",
        "evil.example:9944",
        "127.0.0.1.evil.example",
        "",
    ] {
        let (status, answer) = post(&format!("Host: {host}\r\n")).await;
        assert_eq!(status, 403, "{host}: {answer}");
        assert_eq!(error(&answer), (7007, "HostNotAllowed".into()));
    }
    assert_eq!(post("").await.0, 403, "no host at all");
    for host in ["node.example", "localhost:1", "127.0.0.1", "NODE.example"] {
        assert_eq!(post(&format!("Host: {host}\r\n")).await.0, 200, "{host}");
    }
    let (status, answer) = post("Host: localhost\r\nOrigin: https://evil.example\r\n").await;
    assert_eq!(
        (status, error(&answer)),
        (403, (7008, "OriginNotAllowed".into()))
    );
    let (status, answer) = post("Host: localhost\r\nOrigin: https://shop.example\r\n").await;
    assert_eq!(status, 200);
    let shown = "access-control-allow-origin: https://shop.example";
    assert!(answer.to_lowercase().contains(shown), "{answer}");
    // A browser asks before it posts JSON; and a WebSocket is no way around.
    let asked = "Host: localhost\r\nOrigin: https://evil.example\r\n";
    assert_eq!(request(world.wire, "OPTIONS /", asked, "").await.0, 403);
    let upgrade = format!(
        "{asked}Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    assert_eq!(request(world.wire, "GET /", &upgrade, "").await.0, 403);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_and_packed_bodies_are_refused() {
    let world = World::empty().await;
    for headers in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
        "Content-Type: application/json\r\nContent-Encoding: br\r\n",
    ] {
        let headers = format!("Host: localhost\r\n{headers}");
        let (status, answer) = request(world.wire, "POST /", &headers, CALL).await;
        assert_eq!(
            (status, error(&answer)),
            (415, (-32600, "NotJson".into())),
            "{headers}"
        );
    }
    let (status, _) = request(world.wire, "GET /", "Host: localhost\r\n", "").await;
    assert_eq!(status, 405);
    let (status, _) = request(
        world.wire,
        "POST /rpc",
        &format!("Host: localhost\r\n{JSON}"),
        CALL,
    )
    .await;
    assert_eq!(status, 404);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_are_refused_before_they_are_read() {
    let world = World::empty().await;
    let large = 11 << 20;
    // By the length that is announced: nothing of it has been sent yet.
    let mut connection = Connection::open(world.wire, "127.0.0.1").await;
    let head =
        format!("POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: {large}\r\n\r\n");
    connection.send(head.as_bytes()).await;
    let (status, answer) = connection.answer().await;
    assert_eq!(
        (status, error(&answer)),
        (413, (-32007, "RequestTooLarge".into()))
    );
    // In chunks, as soon as there is too much.
    let mut connection = Connection::open(world.wire, "127.0.0.1").await;
    let head =
        format!("POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n");
    connection.send(head.as_bytes()).await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..large / 0x10000 {
        connection.send(chunk.as_bytes()).await;
    }
    let (status, answer) = connection.answer().await;
    assert_eq!(
        (status, error(&answer)),
        (413, (-32007, "RequestTooLarge".into()))
    );
    // Lengths that differ, and both kinds of length at once, are how requests are smuggled.
    for lengths in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n",
    ] {
        let mut connection = Connection::open(world.wire, "127.0.0.1").await;
        let head = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}{lengths}\r\n");
        connection.send(head.as_bytes()).await;
        assert_eq!(connection.answer().await.0, 400, "{lengths}");
    }
    world.close().await;
}

/// A chunk whose length is no number: what follows can't be told from the body.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_says_so() {
    let world = World::empty().await;
    let mut connection = Connection::open(world.wire, "127.0.0.1").await;
    let head =
        format!("POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n");
    connection.send(head.as_bytes()).await;
    connection.send(b"2\r\n{\"\r\nxyz\r\n").await;
    let (status, body) = connection.answer().await;
    assert_eq!((status, error(&body)), (400, (-32600, "BodyBroken".into())));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_json_gets_an_error_and_the_node_goes_on() {
    let world = World::empty().await;
    let call = |params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"item_get","params":{params}}}"#)
    };
    let deep = |open: &str, close: &str, count: usize| {
        call(&format!("{}1{}", open.repeat(count), close.repeat(count)))
    };
    let code = async |body: &[u8]| {
        let (status, answer) = request_bytes(world.wire, body).await;
        let code = error(&answer).0;
        assert!(code != 0 && status < 500, "{answer}");
        code
    };
    let batch = format!("[{}1]", "1,".repeat(99_999));
    assert_eq!(code(batch.as_bytes()).await, -32010);
    assert_eq!(code(deep("[", "]", 100_000).as_bytes()).await, -32602);
    assert_eq!(
        code(deep(r#"{"id":"#, "}", 100_000).as_bytes()).await,
        -32602
    );
    assert_eq!(code(&b"[".repeat(1_000_000)).await, -32700);
    assert_eq!(code(b"\xef\xbb\xbf{}").await, -32700, "a byte order mark");
    assert_eq!(
        code(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\xfe\"}").await,
        -32600,
        "a method's name that is no text"
    );
    assert_eq!(code(b"").await, -32700);
    assert_eq!(code(b"null").await, -32700);
    assert_eq!(
        code(call(r#"{"id":"a","id":"b"}"#).as_bytes()).await,
        -32602
    );
    assert_eq!(
        code(br#"{"jsonrpc":"2.0","id":1,"method":"node_health","method":"node_info"}"#).await,
        -32600,
        "a name twice"
    );
    assert_eq!(
        code(call(r#"["\ud800"]"#).as_bytes()).await,
        -32602,
        "half a surrogate"
    );
    assert_eq!(code(call("[1e999999999]").as_bytes()).await, -32602);
    let huge = format!(r#"["{}"]"#, "9".repeat(1 << 20));
    assert_eq!(code(call(&huge).as_bytes()).await, 2002);
    // A request's own name of a megabyte comes back, and once.
    let id = "i".repeat(1 << 20);
    let named = format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"none"}}"#);
    let (status, answer) = request_bytes(world.wire, named.as_bytes()).await;
    assert_eq!((status, error(&answer).0), (200, -32601));
    assert!(answer.len() < (1 << 20) + 1_000, "{}", answer.len());
    let method = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{id}"}}"#);
    let (_, answer) = request_bytes(world.wire, method.as_bytes()).await;
    assert!(
        answer.len() < 1_000,
        "a long method's name is cut: {}",
        answer.len()
    );
    assert!(world.client.info().await.is_ok());
    world.close().await;
}

async fn request_bytes(wire: Wire, body: &[u8]) -> (u16, String) {
    let mut connection = Connection::open(wire, "127.0.0.1").await;
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    connection.send(head.as_bytes()).await;
    connection.send(body).await;
    connection.answer().await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_150_stalled_bodies_from_one_address_others_are_answered() {
    let world = World::with(Config {
        body_patience: Duration::from_secs(5),
        ..Config::default()
    })
    .await;
    let mut stalled = Vec::new();
    for _ in 0..150 {
        let mut connection = Connection::open(world.wire, "127.0.0.2").await;
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: 4000000\r\n\r\n{{"
        );
        connection.send(head.as_bytes()).await;
        stalled.push(connection);
    }
    let begun = Instant::now();
    world.wire.ok("node_health", json!([])).await;
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    // The cap for one address has closed the rest; those within it are told, in time.
    let mut answers = Vec::new();
    for mut connection in stalled {
        answers.push(connection.answer().await);
    }
    let told = answers.iter().filter(|(status, _)| *status == 408).count();
    let closed = answers.iter().filter(|(status, _)| *status == 0).count();
    assert_eq!((told, closed), (128, 22));
    assert_eq!(error(&answers[0].1), (7009, "BodyTimeout".into()));
    let mut again = Connection::open(world.wire, "127.0.0.2").await;
    again.send(format!("POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: {}\r\nConnection: close\r\n\r\n{CALL}", CALL.len()).as_bytes()).await;
    assert_eq!(again.answer().await.0, 200);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_headers_and_idle_sockets_are_closed() {
    let world = World::with(Config {
        header_patience: Duration::from_millis(500),
        ..Config::default()
    })
    .await;
    let mut idle = Connection::open(world.wire, "127.0.0.1").await;
    let mut slow = Connection::open(world.wire, "127.0.0.1").await;
    slow.send(b"POST / HTTP/1.1\r\nHost: local").await;
    let begun = Instant::now();
    assert_eq!(idle.answer().await.0, 0);
    assert_eq!(slow.answer().await.0, 0);
    // One that was answered and is kept open, too.
    let mut kept = Connection::open(world.wire, "127.0.0.1").await;
    kept.send(
        format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: {}\r\n\r\n{CALL}",
            CALL.len()
        )
        .as_bytes(),
    )
    .await;
    assert_eq!(kept.answer().await.0, 200);
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    // Headers beyond measure.
    let many = format!("Host: localhost\r\n{JSON}{}", "X-A: b\r\n".repeat(100));
    assert_eq!(request(world.wire, "POST /", &many, CALL).await.0, 431);
    let long = format!("Host: localhost\r\n{JSON}X-A: {}\r\n", "b".repeat(1 << 20));
    assert!(matches!(
        request(world.wire, "POST /", &long, CALL).await.0,
        431 | 0
    ));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_address_counts_only_from_a_listed_proxy() {
    for (listed, expected) in [(false, 200), (true, 429)] {
        let proxies = if listed {
            vec!["127.0.0.1".parse().unwrap()]
        } else {
            Vec::new()
        };
        let world = World::with(Config {
            proxies,
            calls_per_second: 1,
            ..Config::default()
        })
        .await;
        let named = format!("Host: localhost\r\n{JSON}X-Forwarded-For: 203.0.113.9\r\n");
        let mut last = 0;
        for _ in 0..3 {
            let (status, answer) = request(world.wire, "POST /", &named, CALL).await;
            last = if error_code(&answer) == Some(7005) {
                429
            } else {
                status
            };
        }
        assert_eq!(last, expected, "listed: {listed}");
        world.close().await;
    }
}

fn error_code(answer: &str) -> Option<i64> {
    let body = answer.split_once("\r\n\r\n")?.1;
    serde_json::from_str::<Value>(body).ok()?["error"]["code"].as_i64()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_takes_too_long_is_ended_alone_and_in_a_batch() {
    let world = World::with(Config {
        call_patience: Duration::from_millis(400),
        ..Config::default()
    })
    .await;
    // A receipt that never comes: the nonce before it is missing.
    let waiting = world.waiting_transaction();
    let late = world.wire.fails("tx_submitAndWait", json!([waiting])).await;
    assert_eq!(
        (late.code, &late.data["name"]),
        (7006, &json!("CallTimeout"))
    );
    let call =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tx_submitAndWait", "params": [waiting]});
    let begun = Instant::now();
    let (_, answers) = world
        .wire
        .post(&Value::Array(vec![call; 20]).to_string())
        .await;
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    let codes = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["error"]["code"].as_i64());
    assert_eq!(codes.collect::<Vec<_>>(), vec![Some(7006); 20]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_work_are_counted_for_each_address() {
    let world = World::with(Config {
        calls_each: 3,
        call_patience: Duration::from_secs(3),
        ..Config::default()
    })
    .await;
    let waiting = world.waiting_transaction();
    let wire = world.wire;
    let calls: Vec<_> = (0..3)
        .map(|_| {
            let waiting = waiting.clone();
            tokio::spawn(async move { wire.fails("tx_submitAndWait", json!([waiting])).await.code })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let busy = wire.fails("node_health", json!([])).await;
    assert_eq!((busy.code, &busy.data["name"]), (7005, &json!("TooBusy")));
    assert_eq!(busy.data["retryable"], json!(true));
    for call in calls {
        assert_eq!(call.await.unwrap(), 7006);
    }
    wire.ok("node_health", json!([])).await;
    world.close().await;
}
