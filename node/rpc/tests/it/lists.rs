//! Lists whose parts are asked for while the ledger goes on.

use crate::world::{BRAND, CARRIER, SHOP, World, account};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn recalls_are_chosen_before_a_page_is_cut() {
    let world = World::registered().await;
    let recall = json!([{"recall": {"target": {"product": "09506000134352"}, "reason": "test"}}]);
    for _ in 0..3 {
        world.done(BRAND, recall.clone()).await;
    }
    world.done(BRAND, json!([{"lift": {"recall": 1}}])).await;
    world.done(BRAND, json!([{"lift": {"recall": 2}}])).await;
    let list = async |params: Value| {
        let page = world.wire.ok("recall_list", params).await;
        let ids: Vec<Value> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|recall| recall["id"].clone())
            .collect();
        (ids, page["cursor"].clone())
    };
    let open = list(json!({"open": true, "limit": 1})).await;
    assert_eq!(open, (vec![json!(3)], Value::Null));
    let (lifted, cursor) = list(json!({"open": false, "limit": 1})).await;
    assert_eq!(lifted, [json!(1)]);
    let (lifted, _) = list(json!({"open": false, "limit": 1, "cursor": cursor})).await;
    assert_eq!(lifted, [json!(2)]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_listed_by_issuer_and_end() {
    let world = World::registered().await;
    let carrier = account(CARRIER);
    let issue =
        |kind: &str| json!({"issueCredential": {"subject": carrier, "kind": kind, "number": "1"}});
    let flood: Vec<Value> = (0..5).map(|n| issue(&format!("spam-{n}"))).collect();
    world.done(SHOP, json!(flood)).await;
    world
        .done(BRAND, json!([issue("chilled-transport"), issue("haulage")]))
        .await;
    let revoke = json!({"revokeCredential": {"subject": "9506000134383", "kind": "haulage"}});
    world.done(BRAND, json!([revoke])).await;
    let list = async |issuer: Value, limit: u32| {
        let (mut kinds, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let params =
                json!({"address": carrier, "issuer": issuer, "limit": limit, "cursor": cursor});
            let page = world.wire.ok("party_credentials", params).await;
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit as usize);
            kinds.extend(
                items
                    .iter()
                    .map(|one| (one["kind"].clone(), one["valid"].clone())),
            );
            cursor = page["cursor"].clone();
            if cursor.is_null() {
                return kinds;
            }
        }
    };
    let own = [
        (json!("chilled-transport"), json!(true)),
        (json!("haulage"), json!(false)),
    ];
    // What others say does not stand before it, whatever they write.
    for limit in [1, 2, 100] {
        assert_eq!(list(json!(account(BRAND)), limit).await, own);
        assert_eq!(list(json!("9506000134376"), limit).await, own);
        assert_eq!(list(Value::Null, limit).await.len(), 7);
    }
    assert_eq!(list(json!(carrier), 10).await, []);
    // A cursor of one list goes on in no other.
    let params = json!({"address": carrier, "issuer": account(SHOP), "limit": 1});
    let page = world.wire.ok("party_credentials", params.clone()).await;
    for other in [
        json!({"address": carrier, "issuer": account(BRAND)}),
        json!({"address": account(SHOP)}),
    ] {
        let mut params = other;
        params["cursor"] = page["cursor"].clone();
        let error = world.wire.fails("party_credentials", params).await;
        assert_eq!(error.data["name"], json!("BadCursor"));
    }
    let revoke = json!([{"revokeCredential": {"subject": carrier, "kind": "haulage"}}]);
    let again = world.send(BRAND, revoke).await.refusal.unwrap();
    assert_eq!(again.name.as_str(), "UnknownCredential");
    world.close().await;
}

fn lot(number: &str) -> String {
    format!("https://id.gs1.org/01/09506000134352/10/{number}")
}

fn kilograms(number: &str, quantity: &str) -> Value {
    json!({"lot": lot(number), "quantity": quantity, "unit": "KGM"})
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_go_on_after_the_step_that_was_given_last() {
    let world = World::registered().await;
    let make = async |from: &str, to: &str| {
        let transform = json!({"inputs": [kilograms(from, "1")], "outputs": [kilograms(to, "1")]});
        world.done(BRAND, json!([{"transform": transform}])).await;
    };
    for first in ["S", "C"] {
        let items = json!([kilograms(first, "9")]);
        world
            .done(BRAND, json!([{"commission": {"items": items}}]))
            .await;
    }
    make("S", "R").await;
    make("R", "A").await;
    make("A", "M").await;
    let list = async |limit: u32, cursor: Value| {
        let params = json!({"lot": lot("M"), "limit": limit, "cursor": cursor});
        let page = world.wire.ok("lot_origins", params).await;
        let lots: Vec<Value> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|link| link["lot"].clone())
            .collect();
        (lots, page["cursor"].clone())
    };
    let (lots, cursor) = list(2, Value::Null).await;
    assert_eq!(lots, [json!(lot("A")), json!(lot("R"))]);
    // A step that is nearer than those to come.
    make("C", "M").await;
    let rest = list(2, cursor).await;
    assert_eq!(rest, (vec![json!(lot("S"))], Value::Null));
    let error = world
        .wire
        .fails("lot_origins", json!({"lot": lot("M"), "cursor": "00"}))
        .await;
    assert_eq!(
        (error.code, &error.data["name"]),
        (-32602, &json!("BadCursor"))
    );
    world.close().await;
}

/// One lot made into more than 10,000 others, 200 an action.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_too_broad_says_so() {
    let world = World::registered().await;
    let items = json!([kilograms("S", "99999")]);
    let mut actions = vec![json!({"commission": {"items": items}})];
    for part in 0..51 {
        let outputs: Vec<Value> = (0..200)
            .map(|lot| kilograms(&format!("{part}-{lot}"), "1"))
            .collect();
        let transform = json!({"inputs": [kilograms("S", "200")], "outputs": outputs});
        actions.push(json!({"transform": transform}));
    }
    for action in actions {
        world.done(BRAND, json!([action])).await;
    }
    let error = world
        .wire
        .fails("recall_reach", json!({"lot": lot("S")}))
        .await;
    assert_eq!(
        (error.code, &error.data["name"]),
        (-32602, &json!("TooBroad"))
    );
    world.close().await;
}
