//! Probes for everyone, metrics and administration for those who have the token.

use crate::wire::Connection;
use crate::world::World;
use marque_rpc::{Admin, Config, Token};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn admin() -> Option<Admin> {
    Some(Admin {
        address: ([127, 0, 0, 1], 0).into(),
        hosts: Vec::new(),
        token: Token::new(Zeroizing::new(SECRET.into())).unwrap(),
    })
}

async fn ask(address: SocketAddr, request: String) -> (u16, String) {
    let mut connection = Connection::open(crate::wire::Wire(address), "127.0.0.1").await;
    connection.send(request.as_bytes()).await;
    connection.answer().await
}

async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    ask(
        address,
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    )
    .await
}

async fn call(address: SocketAddr, header: &str, method: &str, params: Value) -> (u16, Value) {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    let length = body.len();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let (status, answer) = ask(address, request).await;
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    (status, serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_answer_and_metrics_count() {
    let world = World::with(Config {
        admin: admin(),
        ..Config::default()
    })
    .await;
    let (open, closed) = (world.wire.0, world.admin().unwrap());
    for address in [open, closed] {
        assert_eq!(get(address, "/live").await.0, 200);
        assert_eq!(get(address, "/ready").await.0, 200);
    }
    assert_ne!(
        get(open, "/metrics").await.0,
        200,
        "metrics are for administrators"
    );
    world.wire.ok("node_health", json!([])).await;
    world.wire.fails("item_get", json!(["urn:x:none"])).await;
    world.wire.fails("item_gte", json!([])).await;
    let (status, metrics) = get(closed, "/metrics").await;
    assert_eq!(status, 200);
    assert!(
        metrics.contains("application/openmetrics-text"),
        "{metrics}"
    );
    for line in [
        "marque_rpc_answers_total{method=\"node_health\",code=\"0\"} 1",
        "marque_rpc_answers_total{method=\"item_get\",code=\"3002\"} 1",
        "marque_rpc_refused_total{reason=\"MethodNotFound\"} 1",
        "marque_rpc_duration_seconds_count{method=\"node_health\"} 1",
        "marque_chain_height 0",
        "marque_chain_fault 0",
        "marque_pool_transactions 0",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(
        !metrics.contains("item_gte"),
        "labels come from what there is"
    );
    assert!(!metrics.contains(SECRET));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_needs_the_token() {
    let world = World::with(Config {
        admin: admin(),
        ..Config::default()
    })
    .await;
    let closed = world.admin().unwrap();
    let almost = &SECRET[1..];
    for header in [
        String::new(),
        format!("Authorization: Bearer {almost}0\r\n"),
        format!("Authorization: Bearer {almost}\r\n"),
        format!("Authorization: {SECRET}\r\n"),
        format!("Authorization: Basic {SECRET}\r\n"),
        format!("Authorization: Bearer {SECRET}\r\nAuthorization: Bearer {SECRET}\r\n"),
    ] {
        let (status, answer) = call(closed, &header, "admin_guests", json!([])).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (401, &json!(7011)),
            "{header}"
        );
        assert!(!answer.to_string().contains(SECRET));
    }
    let shown = format!("Authorization: Bearer {SECRET}\r\n");
    let (status, answer) = call(closed, &shown, "admin_guests", json!([])).await;
    assert_eq!(status, 200);
    assert!(answer["result"].is_array(), "{answer}");
    // The open address has none of it, whatever is shown there.
    let (_, answer) = call(world.wire.0, &shown, "admin_guests", json!([])).await;
    assert_eq!(answer["error"]["code"], json!(-32601));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_where_it_is_told() {
    let backup: marque_rpc::Backup = Arc::new(|folder: &Path| {
        if folder.ends_with("full") {
            return Err(format!("{}: no space left", folder.display()));
        }
        Ok(marque_primitives::Height(7))
    });
    let config = Config {
        admin: admin(),
        ..Config::default()
    };
    let world = World::that(config, Some(backup)).await;
    let closed = world.admin().unwrap();
    let shown = format!("Authorization: Bearer {SECRET}\r\n");
    let back_up = async |folder: &str| {
        call(closed, &shown, "admin_backup", json!([folder]))
            .await
            .1
    };
    assert_eq!(
        back_up("/srv/copy").await["result"],
        json!({"folder": "/srv/copy", "height": 7})
    );
    let failed = back_up("/srv/full").await;
    assert_eq!(failed["error"]["code"], json!(7012));
    assert_eq!(
        failed["error"]["message"],
        json!("/srv/full: no space left")
    );
    assert_eq!(back_up("copy").await["error"]["code"], json!(-32602));
    world.close().await;
}

#[test]
fn tokens_are_long_and_never_shown() {
    let token = |text: &str| Token::new(Zeroizing::new(text.into()));
    assert!(token(&SECRET[1..]).is_none());
    assert!(token(&format!("{SECRET} ")).is_none());
    let shown = format!(
        "{:?} {:?}",
        token(SECRET),
        Config {
            admin: admin(),
            ..Config::default()
        }
    );
    assert!(!shown.contains(SECRET), "{shown}");
}
