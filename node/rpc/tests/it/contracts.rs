//! Contracts: what they are, what they answer, and how they refuse.

use crate::golden;
use crate::world::{BRAND, ITEM_1, ITEM_10, World, account};
use marque_abi::interface::{
    Builtin, EventDef, EventField, Field, Function, Interface, RefusalDef, Rule, Type, VERSION,
};
use marque_abi::meta::{self, Meta};
use marque_primitives::Address;
use marque_primitives::bounded::Bytes;
use marque_primitives::hash::to_hex;
use marque_primitives::refusal::Refusal;
use parity_scale_codec::Encode;
use serde_json::{Value, json};

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

fn refusal() -> Refusal {
    Refusal {
        code: 5010,
        name: "TooEarly".try_into().unwrap(),
        message: "it rests until tomorrow".try_into().unwrap(),
        field: Some("items".try_into().unwrap()),
        expected: None,
        remedy: Some("come back tomorrow".try_into().unwrap()),
        contract: None,
        items: Default::default(),
    }
}

/// Answers 42 to any query, emits an event on any message, and refuses every release.
fn code() -> Vec<u8> {
    let event = ("Counted", 7_u32).encode();
    let refusal = refusal().encode();
    let text = format!(
        r#"(module
        (import "marque" "output" (func $output (param i32 i32)))
        (import "marque" "emit" (func $emit (param i32 i32)))
        (import "marque" "refuse" (func $refuse (param i32 i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\2a\00\00\00")
        (data (i32.const 16) "{}")
        (data (i32.const 64) "{}")
        (func (export "query") (call $output (i32.const 0) (i32.const 4)))
        (func (export "message") (call $emit (i32.const 16) (i32.const {})))
        (func (export "rule_release") (call $refuse (i32.const 64) (i32.const {}))))"#,
        escaped(&event),
        escaped(&refusal),
        event.len(),
        refusal.len(),
    );
    let code = wat::parse_str(text).unwrap();
    let entries = ["message", "query", "rule_release"].map(|name| name.try_into().unwrap());
    let meta = Meta {
        version: meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "resting".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: entries.to_vec().try_into().unwrap(),
        interface: Bytes::new(interface().encode()).unwrap(),
    };
    meta.seal(code)
}

fn interface() -> Interface {
    let number = |name: &str| Field {
        name: name.into(),
        docs: String::new(),
        ty: Type::Builtin(Builtin::U32),
    };
    let function = |name: &str, args, returns| Function {
        name: name.into(),
        docs: "Says it.".into(),
        args,
        returns,
    };
    Interface {
        version: VERSION,
        docs: "Lets nothing go before tomorrow.".into(),
        types: vec![],
        storage: vec![],
        init: None,
        migrate: None,
        rules: vec![Rule {
            kind: "release".into(),
            docs: "Never today.".into(),
        }],
        messages: vec![function("count", vec![], Type::UNIT)],
        queries: vec![
            function(
                "answer",
                vec![number("question")],
                Type::Builtin(Builtin::U32),
            ),
            function("broken", vec![], Type::Text(16)),
        ],
        events: vec![EventDef {
            name: "Counted".into(),
            docs: String::new(),
            fields: vec![EventField {
                field: number("total"),
                indexed: false,
            }],
        }],
        refusals: vec![RefusalDef {
            code: 5010,
            name: "TooEarly".into(),
            message: "it rests until tomorrow".into(),
            field: Some("items".into()),
            expected: None,
            remedy: Some("come back tomorrow".into()),
            fields: vec![],
        }],
    }
}

/// A chain with the contract, and a product that it rules.
pub async fn world() -> (World, Address) {
    let world = World::registered().await;
    let deployed = world
        .done(BRAND, json!([{"deploy": {"code": to_hex(&code())}}]))
        .await;
    let contract = deployed.actions[0].contract.unwrap();
    let product = json!({"gtin": "09506000134352", "name": "Milk 1 l", "contract": contract});
    world
        .done(BRAND, json!([{"registerProduct": product}]))
        .await;
    world
        .done(BRAND, json!([{"commission": {"items": [ITEM_1, ITEM_10]}}]))
        .await;
    (world, contract)
}

#[tokio::test(flavor = "multi_thread")]
async fn code_is_stored_once_and_deployed_by_its_hash() {
    let world = World::registered().await;
    let code = code();
    let store = json!([{"store": {"code": to_hex(&code)}}]);
    world.done(BRAND, store).await;
    let hash = marque_primitives::hash::keccak256(&[&code]).to_string();
    let mut contracts = Vec::new();
    for salt in [1, 2] {
        let deploy = json!([{"deploy": {"code": {"hash": hash}, "salt": salt}}]);
        contracts.extend(world.done(BRAND, deploy).await.actions[0].contract);
    }
    assert_ne!(contracts[0], contracts[1]);
    for contract in contracts {
        let found = world.wire.ok("contract_get", json!([contract])).await;
        assert_eq!(found["code"], hash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_says_what_it_is() {
    let (world, contract) = world().await;
    let found = world.wire.ok("contract_get", json!([contract])).await;
    golden::check("contract_get", &found);
    let listed = world
        .wire
        .ok("contract_list", json!({"brand": account(BRAND)}))
        .await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["name"], json!("resting"));
    assert_eq!(listed["items"][0].get("interface"), None);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_asked_and_answered_in_json() {
    let (world, contract) = world().await;
    let ask =
        |message: &str, args: Value| json!({"address": contract, "message": message, "args": args});
    assert_eq!(
        world
            .wire
            .ok("contract_query", ask("answer", json!({"question": 6})))
            .await,
        json!(42)
    );
    assert_eq!(
        world
            .wire
            .ok("contract_query", ask("answer", json!([6])))
            .await,
        json!(42)
    );
    for (message, args, code, name) in [
        ("answer", json!({}), -32602, "InvalidParams"),
        (
            "answer",
            json!({"question": "six"}),
            -32602,
            "InvalidParams",
        ),
        ("answre", json!({}), 3011, "UnknownQuery"),
        ("broken", json!({}), 6100, "InterfaceMismatch"),
    ] {
        let error = world.wire.fails("contract_query", ask(message, args)).await;
        assert_eq!(
            (error.code, error.data["name"].as_str()),
            (code, Some(name)),
            "{error:?}"
        );
    }
    let error = world
        .wire
        .fails("contract_query", ask("answer", json!({"question": "six"})))
        .await;
    assert_eq!(error.data["field"], json!("args.question"));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_contract_emits_is_named() {
    let (world, contract) = world().await;
    let receipt = world
        .done(
            BRAND,
            json!([{"message": {"contract": contract, "name": "count"}}]),
        )
        .await;
    let event = &receipt.actions[0].events[0];
    assert_eq!(
        (event.contract, event.name.as_deref()),
        (contract, Some("Counted"))
    );
    assert_eq!(event.fields, Some(json!({"total": 7})));
    let found = world.client.receipt(receipt.transaction).await.unwrap();
    assert_eq!(found, Some(receipt));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_refuses_in_its_own_words() {
    let (world, contract) = world().await;
    let receipt = world
        .send(BRAND, json!([{"release": {"items": [ITEM_1]}}]))
        .await;
    let found = receipt.refusal.unwrap();
    assert_eq!(
        (found.code, found.name.as_str(), found.contract),
        (5010, "TooEarly", Some(contract))
    );
    assert_eq!(
        (found.message, found.remedy),
        (refusal().message, refusal().remedy)
    );
    let sellable = world
        .wire
        .ok("item_sellable", json!([ITEM_10, "9506000134376"]))
        .await;
    assert_eq!(
        (&sellable["sellable"], &sellable["refusal"]["name"]),
        (&json!(false), &json!("TooEarly"))
    );
    assert_eq!(sellable["contract"], json!(contract));
    let listed = world
        .wire
        .ok("refusal_query", json!({"contract": contract}))
        .await;
    assert_eq!(listed["items"][0]["refusal"]["code"], json!(5010));
    world.close().await;
}
