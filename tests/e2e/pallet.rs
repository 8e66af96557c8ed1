//! A pallet of 100,000 items changes hands in one action.

use crate::node::{Actor, Node, address};
use marque_client::{Client, api};
use marque_primitives::thing::Thing;
use serde_json::json;

const GTIN: &str = "09506000134352";
const PALLET: &str = "https://id.gs1.org/00/095060001343500019";
const ITEMS: u64 = 100_000;

/// How many things a party holds, over all pages; runs count as many as they are.
async fn holds(client: &Client, name: &str) -> u64 {
    let (mut total, mut cursor) = (0, None);
    loop {
        let page = client
            .call(&api::HolderItems {
                address: address(name).to_string(),
                gtin: None,
                expand: Some(true),
                cursor,
                limit: Some(1_000),
            })
            .await
            .unwrap();
        for held in page.items {
            total += match held.thing {
                Thing::Run { run, .. } => run.count(),
                _ => 1,
            };
        }
        cursor = page.cursor;
        if cursor.is_none() {
            return total;
        }
    }
}

async fn lines(client: &Client, serial: u64) -> usize {
    client
        .trace(
            &format!("https://id.gs1.org/01/{GTIN}/21/{serial:06}"),
            false,
        )
        .await
        .unwrap()
        .len()
}

#[test]
fn a_hundred_thousand_items_move_in_one_write() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = node.client();
        let (judy, alice, bob) = (
            Actor::new(&client, "judy").await,
            Actor::new(&client, "alice").await,
            Actor::new(&client, "bob").await,
        );
        judy.act(&[json!({"license": {"brand": address("alice"), "key": {"prefix": "9506000"}}})])
            .await;
        alice
            .act(&[json!({"registerProduct": {"gtin": GTIN, "name": "cans"}})])
            .await;
        // Every tenth item belongs to a lot of its own run, so that the pallet holds many records.
        let each = 1_000u64;
        for part in 0..ITEMS / each {
            let from = format!("{:06}", part * each);
            let lot = format!("L{}", part % 10);
            let items = json!([{"gtin": GTIN, "from": from, "count": each}]);
            alice
                .act(&[
                    json!({"commission": {"items": items, "lot": lot}}),
                    json!({"pack": {"parent": PALLET, "children": items}}),
                ])
                .await;
        }
        assert_eq!(
            holds(&client, "alice").await,
            ITEMS + 1,
            "the items and their pallet"
        );
        assert_eq!(holds(&client, "bob").await, 0);
        let before = lines(&client, 99_999).await;
        let offer = alice
            .act(&[json!({"offer": {"items": [PALLET], "to": address("bob")}})])
            .await;
        let accept = bob.act(&[json!({"accept": {"items": [PALLET]}})]).await;
        assert_eq!(holds(&client, "alice").await, 0);
        assert_eq!(holds(&client, "bob").await, ITEMS + 1);
        assert_eq!(
            lines(&client, 99_999).await,
            before + 2,
            "the pallet's two moves are the item's"
        );
        // What went in later is no part of the first item's journey.
        assert_eq!(lines(&client, 0).await, before + 2);
        // What a pallet of one item costs bounds what this one may: gas counts every leaf and byte.
        let small = "https://id.gs1.org/00/195060001343500016";
        let one = json!([{"gtin": GTIN, "from": "900000", "count": 1}]);
        alice
            .act(&[
                json!({"commission": {"items": one}}),
                json!({"pack": {"parent": small, "children": one}}),
            ])
            .await;
        let little = alice
            .act(&[json!({"offer": {"items": [small], "to": address("bob")}})])
            .await;
        assert!(
            offer.gas_used.0 < little.gas_used.0 * 2,
            "{} and {}",
            offer.gas_used,
            little.gas_used
        );
        assert!(
            accept.gas_used.0 < little.gas_used.0 * 2,
            "{} and {}",
            accept.gas_used,
            little.gas_used
        );
    });
}
