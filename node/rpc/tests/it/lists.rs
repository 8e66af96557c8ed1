//! Lists whose parts are asked for while the ledger goes on.

use crate::world::{BRAND, World};
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
