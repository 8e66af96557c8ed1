//! Every method's answer, fixed as it stands on the wire.

use crate::golden;
use crate::world::{BRAND, CARRIER, ITEM_1, ITEM_10, LOT, PALLET, SHOP, World, account};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn answers_keep_their_shape() {
    let world = World::busy().await;
    let check = async |name: &str, method: &str, params| {
        golden::check(name, &world.wire.ok(method, params).await)
    };

    check("node_health", "node_health", json!({})).await;
    check("node_info", "node_info", json!([])).await;
    check("chain_head", "chain_head", json!({})).await;
    check("chain_header-genesis", "chain_header", json!({"at": 0})).await;
    check("chain_block", "chain_block", json!({"at": 2})).await;

    check(
        "registry_brand",
        "registry_brand",
        json!({"brand": "9506000"}),
    )
    .await;
    check(
        "registry_party",
        "registry_party",
        json!({"party": account(SHOP)}),
    )
    .await;
    check(
        "registry_product",
        "registry_product",
        json!({"gtin": "09506000134352"}),
    )
    .await;
    check(
        "registry_resolve",
        "registry_resolve",
        json!({"location": "9506000134383"}),
    )
    .await;
    for kind in ["licences", "parties", "products"] {
        check(
            &format!("registry_list-{kind}"),
            "registry_list",
            json!({"kind": kind}),
        )
        .await;
    }

    check("item_get", "item_get", json!({"id": ITEM_1})).await;
    check(
        "item_get-list",
        "item_get",
        json!({"id": [ITEM_10, PALLET, "urn:x:none"]}),
    )
    .await;
    let label =
        json!({"gtin": "09506000134352", "serial": "000001", "lot": "B8", "expiry": "2027-05-01"});
    check("item_verify", "item_verify", label).await;
    check(
        "item_verify-unknown",
        "item_verify",
        json!(["09506000134352", "1"]),
    )
    .await;
    check("item_sellable", "item_sellable", json!({"id": ITEM_10})).await;
    check(
        "item_sellable-offered",
        "item_sellable",
        json!({"id": ITEM_1}),
    )
    .await;
    check("item_children", "item_children", json!({"id": PALLET})).await;
    check("item_trace", "item_trace", json!({"id": ITEM_1})).await;
    check(
        "item_trace-refused",
        "item_trace",
        json!({"id": ITEM_10, "includeRefused": true}),
    )
    .await;
    check("item_trace-lot", "item_trace", json!({"id": LOT})).await;

    check("lot_get", "lot_get", json!({"lot": LOT})).await;
    let items = "https://id.gs1.org/01/09506000134352/10/B7";
    check("lot_items", "lot_items", json!({"lot": items})).await;
    check("lot_origins", "lot_origins", json!({"lot": LOT})).await;
    check("recall_reach", "recall_reach", json!({"lot": items})).await;

    check(
        "holder_items",
        "holder_items",
        json!({"address": account(BRAND)}),
    )
    .await;
    let all = json!({"address": "9506000134376", "gtin": "09506000134352", "expand": true});
    check("holder_items-expanded", "holder_items", all).await;
    check(
        "party_inbox-in",
        "party_inbox",
        json!({"address": account(CARRIER)}),
    )
    .await;
    check(
        "party_inbox-out",
        "party_inbox",
        json!({"address": account(BRAND)}),
    )
    .await;

    check(
        "party_credentials",
        "party_credentials",
        json!({"address": account(CARRIER)}),
    )
    .await;

    check("event_get", "event_get", json!({"id": "3"})).await;
    check(
        "event_query",
        "event_query",
        json!({"epc": ITEM_1, "action": "pack"}),
    )
    .await;
    check(
        "refusal_query",
        "refusal_query",
        json!({"rule": "NotCustodian"}),
    )
    .await;
    check("recall_get", "recall_get", json!({"id": 1})).await;
    check("recall_list", "recall_list", json!({"open": true})).await;
    check("contract_list", "contract_list", json!({})).await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_agree_with_each_other() {
    let world = World::busy().await;
    let item = world.client.item(ITEM_1).await.unwrap().unwrap();
    // Both ways to the same journey.
    let lines = world.client.trace(ITEM_1, false).await.unwrap();
    let own = lines
        .iter()
        .filter_map(|line| line.entry.as_ref())
        .filter(|entry| entry.hash == item.history.head);
    assert_eq!(
        own.map(|entry| entry.index + 1).collect::<Vec<_>>(),
        [item.history.length]
    );
    // Packed, it has the pallet's custodian and offer.
    let pallet = world.client.item(PALLET).await.unwrap().unwrap();
    assert_eq!(
        (item.custodian, &item.offer),
        (pallet.custodian, &pallet.offer)
    );
    assert!(item.offer.is_some());
    // A header's hash is that of its fields, and blocks follow each other.
    let head = world
        .client
        .call(&marque_client::api::ChainHead {})
        .await
        .unwrap();
    assert_eq!(head.header().hash(), head.hash);
    let at = Some(marque_client::api::At::Hash(head.parent));
    let parent = world
        .client
        .call(&marque_client::api::ChainHeader { at })
        .await
        .unwrap();
    assert_eq!(parent.height.next(), Some(head.height));
    // As of an earlier block the pallet was not yet offered.
    let offered = lines.last().unwrap().event.as_ref().unwrap().height;
    let before = world
        .wire
        .ok("item_get", json!({"id": PALLET, "at": offered.0 - 1}))
        .await;
    assert_eq!(before["offer"], json!(null));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages() {
    let world = World::busy().await;
    for (method, params) in [
        ("registry_list", json!({"kind": "parties"})),
        ("event_query", json!({})),
        (
            "holder_items",
            json!({"address": account(BRAND), "expand": true}),
        ),
        ("item_trace", json!({"id": ITEM_1})),
        ("party_inbox", json!({"address": account(BRAND)})),
        ("registry_list", json!({"kind": "licences"})),
        ("recall_reach", json!({"lot": LOT})),
    ] {
        let whole = world.wire.ok(method, params.clone()).await;
        assert_eq!(whole["cursor"], json!(null), "{method}");
        let (mut items, mut cursor) = (Vec::new(), json!(null));
        loop {
            let mut page = params.clone();
            page["limit"] = json!(1);
            page["cursor"] = cursor;
            let page = world.wire.ok(method, page).await;
            let found = page["items"].as_array().unwrap();
            assert!(found.len() <= 1, "{method}");
            items.extend(found.iter().cloned());
            cursor = page["cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(json!(items), whole["items"], "{method}");
        assert!(!items.is_empty(), "{method}");
    }
    world.close().await;
}
