//! `rpc.discover`: fresh, and true of what the node takes and answers.

use crate::world::{BRAND, CARRIER, ITEM_1, LOT, PALLET, SHOP, World, account};
use crate::{contracts, epcis, golden, heads, schema};
use marque_primitives::action::Action;
use marque_primitives::hash::to_hex;
use serde_json::{Map, Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_fresh() {
    let world = World::empty().await;
    let mut document = world.wire.ok("rpc.discover", json!({})).await;
    assert_eq!(&document, marque_rpc::document());
    // Examples have a file of their own.
    for method in document["methods"].as_array_mut().unwrap() {
        method.as_object_mut().unwrap().remove("examples");
    }
    golden::check("rpc_discover", &document);
    world.close().await;
}

/// One call of every method, with the answer that a node gave.
#[tokio::test(flavor = "multi_thread")]
async fn examples_are_real_answers() {
    let mut taken = Map::new();
    let mut keep = |method: &str, name: &str, params: Value, result: Value| {
        let call = json!({"name": name, "params": params, "result": result});
        taken.insert(method.into(), json!([call]));
    };
    let world = World::busy().await;
    let observe = json!([{"observe": {"items": [PALLET], "step": "storing"}}]);
    let draft = json!({"transaction": {"actions": observe}, "account": account(BRAND)});
    let items = json!([{"gtin": "09506000134352", "from": "01", "count": 5}]);
    let actions: Vec<Action> =
        serde_json::from_value(json!([{"commission": {"items": items}}])).unwrap();
    let signed = world.sender(BRAND).sign(actions).await.unwrap();
    let transaction = json!({"transaction": to_hex(&signed.bytes)});
    let made = "https://id.gs1.org/01/09506000134352/10/B7";
    for (method, name, params) in [
        ("node_health", "how it is", json!({})),
        ("node_info", "what it is", json!({})),
        ("chain_head", "the newest", json!({})),
        ("chain_header", "genesis", json!({"at": 0})),
        ("chain_genesis", "what it begins with", json!({})),
        ("chain_block", "the second block", json!({"at": 2})),
        ("tx_encode", "a sighting", draft.clone()),
        ("tx_dryRun", "a sighting", draft),
        ("tx_nonce", "a brand's", json!({"account": account(BRAND)})),
        ("contract_list", "none", json!({})),
        ("registry_brand", "by prefix", json!({"brand": "9506000"})),
        (
            "registry_party",
            "by account",
            json!({"party": account(SHOP)}),
        ),
        (
            "registry_product",
            "by GTIN",
            json!({"gtin": "09506000134352"}),
        ),
        (
            "registry_resolve",
            "a GLN",
            json!({"location": "9506000134383"}),
        ),
        ("registry_list", "products", json!({"kind": "products"})),
        ("item_get", "packed and offered", json!({"id": ITEM_1})),
        (
            "item_prove",
            "of nothing",
            json!({"id": "https://id.gs1.org/01/09506000134352/21/nothing"}),
        ),
        (
            "item_verify",
            "a wrong lot",
            json!({"gtin": "09506000134352", "serial": "000001", "lot": "B8"}),
        ),
        (
            "item_sellable",
            "while it is offered",
            json!({"id": ITEM_1}),
        ),
        ("item_children", "of a pallet", json!({"id": PALLET})),
        (
            "item_trace",
            "of an item",
            json!({"id": ITEM_1, "limit": 1}),
        ),
        (
            "holder_items",
            "of a brand",
            json!({"address": account(BRAND), "limit": 1}),
        ),
        (
            "party_inbox",
            "an offer",
            json!({"address": account(CARRIER)}),
        ),
        (
            "party_credentials",
            "one of a carrier",
            json!({"address": account(CARRIER)}),
        ),
        ("lot_get", "a recalled lot", json!({"lot": LOT})),
        ("lot_items", "the first", json!({"lot": made, "limit": 1})),
        ("lot_origins", "none", json!({"lot": LOT})),
        (
            "recall_reach",
            "the first",
            json!({"lot": made, "limit": 1}),
        ),
        ("event_get", "by position", json!({"id": "3"})),
        (
            "event_query",
            "packings",
            json!({"epc": ITEM_1, "action": "pack"}),
        ),
        ("refusal_query", "by rule", json!({"rule": "NotCustodian"})),
        ("recall_get", "the first", json!({"id": 1})),
        ("recall_list", "open ones", json!({"open": true})),
        (
            "epcis_capture",
            "unsigned",
            json!({"document": epcis::document()}),
        ),
        ("tx_submitAndWait", "a commission", transaction.clone()),
        ("tx_submit", "the same again", transaction),
        ("tx_receipt", "its receipt", json!({"hash": signed.id})),
    ] {
        let answer = world.wire.ok(method, params.clone()).await;
        keep(method, name, params, answer);
    }
    for (open, end) in [
        ("chain_subscribeHeads", "chain_unsubscribeHeads"),
        ("event_subscribe", "event_unsubscribe"),
    ] {
        let (id, ended) = heads::opened_and_ended(&world, open, end).await;
        keep(open, "from genesis", json!({"fromHeight": 0}), id.clone());
        keep(end, "the same", json!({"subscription": id}), ended);
    }
    world.close().await;

    let (world, contract) = contracts::world().await;
    let query = json!({"address": contract, "message": "answer", "args": {"question": 1}});
    for (method, name, params) in [
        (
            "contract_get",
            "one that rules releases",
            json!({"address": contract}),
        ),
        ("contract_query", "a number", query),
    ] {
        let answer = world.wire.ok(method, params.clone()).await;
        keep(method, name, params, answer);
    }
    world.close().await;
    let shown = json!({"openrpc": "1.3.2", "info": {"title": "Marque node", "version": "0.1.0"}, "methods": [], "components": {}});
    keep("rpc.discover", "its beginning", json!({}), shown);
    golden::examples(&Value::Object(taken));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_schema_takes_the_node_takes() {
    let world = World::busy().await;
    let brand = account(BRAND);
    let draft = |action: Value| json!({"transaction": {"actions": [action]}, "account": brand});
    for (method, params, fits) in [
        ("chain_header", json!({"at": "latest"}), true),
        ("chain_header", json!({"at": "0"}), true),
        ("chain_header", json!({"at": null}), true),
        ("chain_header", json!({"at": "newest"}), false),
        ("chain_header", json!({"at": "0x12"}), false),
        ("chain_header", json!({"at": -1}), false),
        ("chain_header", json!({"at": true}), false),
        ("chain_header", json!({"height": 1}), false),
        ("tx_nonce", json!({"account": brand}), true),
        ("tx_nonce", json!([brand, null, 15]), true),
        ("tx_nonce", json!({"account": brand, "lane": 16}), false),
        ("tx_nonce", json!({"account": "0x12"}), false),
        ("tx_nonce", json!({}), false),
        ("item_get", json!({"id": [ITEM_1], "at": "1"}), true),
        ("item_get", json!({"id": 5}), false),
        ("item_get", json!({"id": [5]}), false),
        ("recall_get", json!({"id": 1}), true),
        ("recall_get", json!({"id": "one"}), false),
        (
            "item_verify",
            json!(["09506000134352", "1", null, "2027-05-01"]),
            true,
        ),
        (
            "item_verify",
            json!(["09506000134352", "1", null, "05/2027"]),
            false,
        ),
        (
            "event_query",
            json!({"eventTime": {"from": "2026-05-01T10:00:00+02:00"}}),
            true,
        ),
        (
            "event_query",
            json!({"eventTime": {"from": 1_777_622_400_000_u64}}),
            true,
        ),
        (
            "event_query",
            json!({"eventTime": {"from": "yesterday"}}),
            false,
        ),
        ("event_query", json!({"eventTime": {"since": 1}}), false),
        ("event_query", json!({"action": "pack"}), true),
        ("event_query", json!({"action": "eat"}), false),
        ("event_query", json!({"limit": -1}), false),
        (
            "tx_encode",
            draft(json!({"observe": {"items": [PALLET], "step": "storing"}})),
            true,
        ),
        (
            "tx_encode",
            draft(json!({"observe": {"items": [PALLET], "stop": "storing"}})),
            false,
        ),
        (
            "tx_encode",
            draft(json!({"observe": {"items": [{"kind": "milk"}]}})),
            false,
        ),
        ("tx_encode", draft(json!({"eat": {}})), false),
        (
            "tx_encode",
            json!({"transaction": {"acts": []}, "account": brand}),
            false,
        ),
        (
            "tx_encode",
            json!({"transaction": "0x", "account": brand}),
            false,
        ),
    ] {
        let fault = schema::params_fault(method, &params);
        assert_eq!(fault.is_none(), fits, "{method} {params}: {fault:?}");
        let answer = world.wire.call(method, params.clone()).await;
        let taken = !matches!(&answer, Err(error) if error.code == -32602);
        assert_eq!(taken, fits, "{method} {params}: {answer:?}");
    }
    world.close().await;
}
