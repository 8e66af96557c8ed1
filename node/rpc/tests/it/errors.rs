//! Every error that a caller can make: its code, its name, and what to do.

use crate::wire::{Wire, WireError};
use crate::world::{BRAND, CARRIER, ITEM_1, ITEM_10, REGISTRAR, World, account, key};
use marque_client::ClientError;
use marque_primitives::action::Action;
use marque_primitives::hash::to_hex;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::{Body, Expiry, Transaction};
use marque_primitives::{Gas, Hash, Height, Lane, Nonce, TimeMs};
use serde_json::{Value, json};

/// Parameters short enough to read.
fn shown(params: &Value) -> String {
    params.to_string().chars().take(200).collect()
}

async fn expect(wire: Wire, method: &str, params: Value, code: i64, name: &str) -> WireError {
    let error = wire.fails(method, params.clone()).await;
    assert_eq!(
        (error.code, error.data["name"].as_str()),
        (code, Some(name)),
        "{method} {}: {error:?}",
        shown(&params)
    );
    assert!(error.data["retryable"].is_boolean());
    assert!(!error.message.is_empty());
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_named() {
    let world = World::empty().await;
    for (method, params, field) in [
        ("item_get", json!({}), json!("id")),
        ("item_get", json!([]), json!("id")),
        (
            "item_get",
            json!({"id": ITEM_1, "hight": 1}),
            json!("hight"),
        ),
        ("item_get", json!([ITEM_1, 1, 2]), json!(null)),
        ("tx_submit", json!(["0x0"]), json!(null)),
        (
            "tx_nonce",
            json!({"account": account(BRAND), "lane": 16}),
            json!("lane"),
        ),
        (
            "tx_dryRun",
            json!({"transaction": {"actions": []}}),
            json!("account"),
        ),
        (
            "tx_dryRun",
            json!({"transaction": {"action": []}, "account": account(BRAND)}),
            json!("action"),
        ),
        (
            "tx_encode",
            json!({"transaction": {"actions": []}, "account": account(BRAND)}),
            json!("actions"),
        ),
        (
            "registry_list",
            json!({"kind": "parties", "limit": 1001}),
            json!("limit"),
        ),
        (
            "registry_list",
            json!({"kind": "parties", "limit": 0}),
            json!("limit"),
        ),
        (
            "registry_list",
            json!({"kind": "parties", "cursor": "soon"}),
            json!("cursor"),
        ),
        (
            "party_inbox",
            json!({"address": account(BRAND), "cursor": "soon"}),
            json!("cursor"),
        ),
        ("chain_header", json!({"at": "newest"}), json!(null)),
    ] {
        let error = expect(world.wire, method, params.clone(), -32602, "InvalidParams").await;
        assert_eq!(
            error.data.get("field").cloned().unwrap_or_default(),
            field,
            "{method} {params}: {error:?}"
        );
    }
    let unknown = world
        .wire
        .fails("item_get", json!({"id": ITEM_1, "hight": 1}))
        .await;
    assert_eq!(unknown.data["expected"], json!("`id` or `at`"));
    let many = world.wire.fails("item_get", json!([ITEM_1, 1, 2])).await;
    assert_eq!(many.data["expected"], json!("id, at"));
    assert_eq!(world.wire.fails("item_gte", json!({})).await.code, -32601);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_identifiers_name_what_is_right() {
    let world = World::empty().await;
    let wire = world.wire;
    let error = expect(
        wire,
        "item_get",
        json!(["https://id.gs1.org/01/09506000134353/21/A1"]),
        2004,
        "CheckDigit",
    )
    .await;
    assert_eq!(
        (&error.data["field"], &error.data["expected"]),
        (&json!("id"), &json!("2"))
    );
    assert!(error.data["remedy"].is_string());
    let long = format!("urn:example:{}", "a".repeat(300));
    expect(
        wire,
        "event_query",
        json!({"epc": long}),
        2002,
        "IdentifierLength",
    )
    .await;
    expect(
        wire,
        "item_get",
        json!(["09506000134352"]),
        2007,
        "BareNumber",
    )
    .await;
    expect(
        wire,
        "item_get",
        json!(["nonsense"]),
        2001,
        "IdentifierForm",
    )
    .await;
    expect(
        wire,
        "item_get",
        json!([[ITEM_1, "(01)09506000134352"]]),
        2101,
        "WrongKind",
    )
    .await;
    expect(
        wire,
        "item_get",
        json!(["(8018)095060001343521229"]),
        4048,
        "Personal",
    )
    .await;
    let long = json!([format!("urn:x:{}", "x".repeat(1_500))]);
    let error = expect(wire, "item_get", long, 2002, "IdentifierLength").await;
    assert!(error.data["expected"].is_string() && error.data["remedy"].is_string());
    expect(wire, "lot_get", json!([ITEM_1]), 2101, "WrongKind").await;
    expect(wire, "holder_items", json!(["0x12"]), 2103, "AddressForm").await;
    let typo = expect(
        wire,
        "holder_items",
        json!(["0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046"]),
        2104,
        "AddressChecksum",
    );
    assert!(
        typo.await.data["expected"]
            .as_str()
            .unwrap()
            .starts_with("0x")
    );
    expect(
        wire,
        "item_verify",
        json!(["09506000134352", "no spaces"]),
        2003,
        "IdentifierCharacter",
    )
    .await;
    // Inside a transaction, the place of the mistake is named.
    let transaction = json!({"actions": [
        {"accept": {"items": [ITEM_1]}},
        {"offer": {"items": [ITEM_1, "https://id.gs1.org/01/09506000134353/21/A1"], "to": account(BRAND)}}
    ]});
    let params = json!({"transaction": transaction, "account": account(BRAND)});
    let error = expect(wire, "tx_encode", params, 2004, "CheckDigit").await;
    assert_eq!(error.data["field"], json!("actions[1].offer.items[1]"));
    let params = json!({"transaction": {"actions": [{"ofer": {}}]}, "account": account(BRAND)});
    let error = expect(wire, "tx_encode", params, -32602, "InvalidParams").await;
    assert_eq!(error.data["field"], json!("actions[0]"));
    assert!(error.message.contains("ofer") && error.message.contains("offer"));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_named() {
    let world = World::busy().await;
    let none = Hash([1; 32]);
    let stranger = account(9);
    for (method, params, code, name) in [
        ("tx_receipt", json!([none]), 3001, "UnknownTransaction"),
        ("item_get", json!(["urn:x:none"]), 3002, "UnknownItem"),
        ("item_sellable", json!(["urn:x:none"]), 3002, "UnknownItem"),
        ("item_children", json!(["urn:x:none"]), 3002, "UnknownItem"),
        ("item_trace", json!(["urn:x:none"]), 3002, "UnknownItem"),
        ("chain_header", json!([999]), 3003, "UnknownBlock"),
        ("chain_block", json!([none]), 3003, "UnknownBlock"),
        ("contract_get", json!([stranger]), 3004, "UnknownContract"),
        (
            "contract_query",
            json!([stranger, "limit"]),
            3004,
            "UnknownContract",
        ),
        (
            "registry_product",
            json!(["09506000134369"]),
            3005,
            "UnknownProduct",
        ),
        ("registry_party", json!([stranger]), 3006, "UnknownParty"),
        (
            "registry_resolve",
            json!(["9506000140001"]),
            3006,
            "UnknownParty",
        ),
        (
            "registry_brand",
            json!([account(SHOP_NUMBER)]),
            3007,
            "UnknownBrand",
        ),
        ("registry_brand", json!(["9999"]), 3007, "UnknownBrand"),
        (
            "lot_get",
            json!(["(01)09506000134352(10)NONE"]),
            3008,
            "UnknownLot",
        ),
        (
            "item_trace",
            json!(["(01)09506000134352(10)NONE"]),
            3008,
            "UnknownLot",
        ),
        ("event_get", json!(["999"]), 3009, "UnknownEvent"),
        ("event_get", json!([none]), 3009, "UnknownEvent"),
        ("event_get", json!(["urn:uuid:none"]), 3009, "UnknownEvent"),
        ("recall_get", json!([9]), 3010, "UnknownRecall"),
        (
            "item_get",
            json!({"id": ITEM_1, "at": 999}),
            7003,
            "NotKept",
        ),
    ] {
        let error = expect(world.wire, method, params, code, name).await;
        assert!(error.data["remedy"].is_string(), "{error:?}");
        assert!(!error.message.contains(name), "{}", error.message);
        assert!(error.message.contains(' '), "{}", error.message);
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_products_brand_is_found_through_its_prefix() {
    let world = World::registered().await;
    for named in ["09506000134352", "9506000"] {
        let brand = world.wire.ok("registry_brand", json!([named])).await;
        assert_eq!(brand["address"], json!(account(BRAND)), "{named}");
    }
    world.close().await;
}

const SHOP_NUMBER: u8 = crate::world::SHOP;

/// A transaction of the brand that is right but for what `change` does to it.
fn signed(world: &World, by: &SecretKey, change: impl FnOnce(&mut Body)) -> String {
    let commission: Vec<Action> =
        serde_json::from_value(json!([{"commission": {"items": [ITEM_10]}}])).unwrap();
    let mut body = world.sender(BRAND).body(commission, Nonce(1)).unwrap();
    change(&mut body);
    to_hex(Transaction::sign(body, by).unwrap().bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_not_taken_says_why() {
    let world = World::registered().await;
    let (wire, brand) = (world.wire, key(BRAND));
    let submit = async |bytes: String, code, name| {
        expect(wire, "tx_submit", json!([bytes]), code, name).await
    };

    let error = submit(signed(&world, &key(CARRIER), |_| {}), 1001, "BadSignature").await;
    assert_eq!(error.data["field"], json!("signature"));
    submit(
        signed(&world, &brand, |body| body.chain_id = 8),
        1002,
        "WrongChain",
    )
    .await;
    submit(
        signed(&world, &brand, |body| body.genesis = Hash::ZERO),
        1002,
        "WrongChain",
    )
    .await;
    let error = submit(
        signed(&world, &brand, |body| body.nonce = Nonce(0)),
        1003,
        "NonceTooLow",
    )
    .await;
    assert_eq!(
        (&error.data["field"], &error.data["expected"]),
        (&json!("nonce"), &json!("1"))
    );
    let error = submit(
        signed(&world, &brand, |body| body.nonce = Nonce(1_000_000)),
        1004,
        "NonceGap",
    )
    .await;
    assert_eq!(error.data["retryable"], json!(true));
    submit(format!("0x{}", "00".repeat(1_048_577)), 1005, "TooLarge").await;
    let late = Expiry {
        height: Height(0),
        time: TimeMs(u64::MAX),
    };
    submit(
        signed(&world, &brand, |body| body.expiry = late),
        1006,
        "Expired",
    )
    .await;
    submit(
        signed(&world, &key(9), |body| body.key = key(9).address()),
        1008,
        "KeyUnknown",
    )
    .await;
    let error = submit(
        signed(&world, &brand, |body| body.gas_limit = Gas(u64::MAX)),
        1009,
        "GasLimit",
    )
    .await;
    assert_eq!(error.data["field"], json!("gasLimit"));
    submit("0x00".into(), 1011, "Malformed").await;
    submit(
        signed(&world, &brand, |body| body.lane = Lane(16)),
        1011,
        "Malformed",
    )
    .await;
    expect(wire, "tx_submitAndWait", json!(["0x00"]), 1011, "Malformed").await;
    expect(wire, "tx_dryRun", json!(["0x00"]), 1011, "Malformed").await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_is_taken_once() {
    let world = World::registered().await;
    let brand = key(BRAND);
    // Nonce 3 waits for 1 and 2, and is not replaced meanwhile.
    let first = signed(&world, &brand, |body| body.nonce = Nonce(3));
    let other = signed(&world, &brand, |body| {
        body.nonce = Nonce(3);
        body.gas_limit = Gas(10_000_000);
    });
    world.wire.ok("tx_submit", json!([first])).await;
    let error = expect(world.wire, "tx_submit", json!([other]), 1012, "NonceTaken").await;
    assert_eq!(error.data["field"], json!("nonce"));
    assert_eq!(
        world
            .wire
            .ok("tx_submit", json!([first]))
            .await
            .as_str()
            .unwrap()
            .len(),
        66
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_the_same_in_receipt_and_sender() {
    let world = World::busy().await;
    let offer = json!([{"offer": {"items": [ITEM_10], "to": account(REGISTRAR)}}]);
    let receipt = world.send(CARRIER, offer).await;
    let refusal = receipt.refusal.unwrap();
    assert_eq!(
        (refusal.code, refusal.name.as_str(), receipt.refused_action),
        (4001, "NotCustodian", Some(0))
    );
    let found = world
        .wire
        .ok("tx_receipt", json!([receipt.transaction]))
        .await;
    assert_eq!(found["refusal"], serde_json::to_value(&refusal).unwrap());
    let listed = world
        .wire
        .ok("refusal_query", json!({"party": account(CARRIER)}))
        .await;
    assert_eq!(listed["items"][0]["refusal"], found["refusal"]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_node_says_so() {
    let world = World::registered().await;
    world.chain.shutdown();
    let bytes = signed(&world, &key(BRAND), |_| {});
    let error = expect(
        world.wire,
        "tx_submit",
        json!([bytes]),
        7001,
        "ShuttingDown",
    )
    .await;
    assert_eq!(error.data["retryable"], json!(true));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_keeps_code_name_and_data() {
    let world = World::registered().await;
    let error = world
        .client
        .item("https://id.gs1.org/01/09506000134353/21/A1")
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.name(), error.retryable()),
        (Some(2004), Some("CheckDigit"), false)
    );
    let ClientError::Node {
        data: Some(data), ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(data.expected.as_deref(), Some("2"));
    let client = world.client.clone();
    world.close().await;
    assert!(client.info().await.unwrap_err().retryable());
    assert!(matches!(
        marque_client::Client::new("nowhere"),
        Err(ClientError::Url { .. })
    ));
}
