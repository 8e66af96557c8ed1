//! Parameters by name and by position, identifiers in every form.

use crate::world::{BRAND, ITEM_1, World, account};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn parameters_go_by_name_or_by_position() {
    let world = World::busy().await;
    let wire = world.wire;
    let by_name = wire
        .ok(
            "item_trace",
            json!({"id": ITEM_1, "includeRefused": true, "limit": 2}),
        )
        .await;
    let by_position = wire.ok("item_trace", json!([ITEM_1, null, 2, true])).await;
    assert_eq!(by_name, by_position);
    assert!(by_name["cursor"].is_string());
    // None at all, as an empty list or object, or left out.
    let head = wire.ok("chain_head", json!({})).await;
    assert_eq!(wire.ok("chain_head", json!([])).await, head);
    let (_, answer) = wire
        .post(r#"{"jsonrpc": "2.0", "id": 7, "method": "chain_head"}"#)
        .await;
    assert_eq!((&answer["id"], &answer["result"]), (&json!(7), &head));
    for at in [
        json!("latest"),
        json!("finalized"),
        head["height"].clone(),
        head["hash"].clone(),
    ] {
        assert_eq!(wire.ok("chain_header", json!([at])).await, head);
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identifiers_are_read_in_every_form() {
    let world = World::busy().await;
    let item = world.wire.ok("item_get", json!([ITEM_1])).await;
    assert_eq!(item["id"], json!(ITEM_1));
    for form in [
        "https://brand.example/01/09506000134352/21/000001",
        "https://id.gs1.org/01/09506000134352/10/B7/21/000001",
        "urn:epc:id:sgtin:9506000.013435.000001",
        "(01)09506000134352(21)000001",
        "]d2010950600013435221000001",
    ] {
        assert_eq!(
            world.wire.ok("item_get", json!([form])).await,
            item,
            "{form}"
        );
    }
    let held = world.wire.ok("holder_items", json!([account(BRAND)])).await;
    for form in [
        "9506000134376",
        "(417)9506000134376",
        "urn:epc:id:sgln:9506000.13437.0",
    ] {
        assert_eq!(
            world.wire.ok("holder_items", json!([form])).await,
            held,
            "{form}"
        );
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_found_by_what_they_are_about() {
    let world = World::busy().await;
    let count = async |params| {
        world.wire.ok("event_query", params).await["items"]
            .as_array()
            .unwrap()
            .len()
    };
    let all = count(json!({})).await;
    assert_eq!(all, 6);
    for (params, expected) in [
        (json!({"epc": ITEM_1}), 2),
        (json!({"epc": "09506000134352", "action": "commission"}), 2),
        (
            json!({"lot": "https://id.gs1.org/01/09506000134352/10/C1", "action": "commission"}),
            1,
        ),
        (json!({"bizStep": "commissioning"}), 1),
        (json!({"bizStep": "shipping"}), 0),
        (json!({"place": "9506000134376"}), 1),
        (json!({"document": "urn:x:1"}), 1),
        (json!({"action": "offer", "party": "9506000134383"}), 1),
        (json!({"recordTime": {"to": "2026-05-01T07:00:00Z"}}), 0),
        (json!({"eventTime": {"from": "2026-05-01T08:00:00Z"}}), all),
        (json!({"errorDeclared": false}), all),
        (json!({"errorDeclared": true}), 0),
    ] {
        assert_eq!(count(params.clone()).await, expected, "{params}");
    }
    let refused = async |params| {
        world.wire.ok("refusal_query", params).await["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(refused(json!({})).await, 1);
    assert_eq!(
        refused(json!({"party": "9506000134390", "product": "09506000134352"})).await,
        1
    );
    assert_eq!(refused(json!({"rule": "NotOwner"})).await, 0);
    assert_eq!(
        refused(json!({"time": {"from": "2027-01-01T00:00:00Z"}})).await,
        0
    );
    world.close().await;
}
