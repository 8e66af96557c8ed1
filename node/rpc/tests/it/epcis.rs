//! EPCIS documents in and out.

use crate::golden;
use crate::world::{BRAND, CARRIER, ITEM_1, World, account, key};
use marque_client::api::{Capture, CaptureOutcome};
use marque_epcis::{Document, Limits};
use marque_primitives::hash::{from_hex, to_hex};
use serde_json::{Value, json};

/// A brand commissions an item and ships it to the carrier, who receives it; one event has a
/// wrong check digit, one names nobody.
pub fn document() -> Value {
    let item = "https://id.gs1.org/01/09506000134352/21/E1";
    let event = |time: &str, action: &str, step: &str, place: &str| {
        json!({
            "type": "ObjectEvent", "eventTime": time, "eventTimeZoneOffset": "+02:00", "action": action,
            "bizStep": step, "epcList": [item], "readPoint": {"id": format!("https://id.gs1.org/414/{place}")}
        })
    };
    let mut shipping = event(
        "2026-05-01T07:20:00Z",
        "OBSERVE",
        "shipping",
        "9506000134376",
    );
    shipping["sourceList"] =
        json!([{"type": "possessing_party", "source": "https://id.gs1.org/417/9506000134376"}]);
    shipping["destinationList"] = json!([{"type": "possessing_party", "destination": "https://id.gs1.org/417/9506000134383"}]);
    shipping["eventID"] = json!("urn:uuid:00000000-0000-4000-8000-000000000011");
    let mut receiving = event(
        "2026-05-01T07:30:00Z",
        "OBSERVE",
        "receiving",
        "9506000134383",
    );
    receiving["destinationList"] = shipping["destinationList"].clone();
    let mut wrong = event(
        "2026-05-01T07:40:00Z",
        "OBSERVE",
        "storing",
        "9506000134376",
    );
    wrong["epcList"] = json!(["https://id.gs1.org/01/09506000134353/21/E1"]);
    let mut nobody = event(
        "2026-05-01T07:50:00Z",
        "OBSERVE",
        "storing",
        "9506000134376",
    );
    nobody["readPoint"] = json!({"id": "geo:48.1,11.5"});
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-05-01T08:00:00Z",
        // Not in the order in which they happened.
        "epcisBody": {"eventList": [
            receiving, shipping, event("2026-05-01T07:10:00Z", "ADD", "commissioning", "9506000134376"), wrong, nobody
        ]}
    })
}

async fn captured(world: &World, params: Value) -> Capture {
    serde_json::from_value(world.wire.ok("epcis_capture", params).await).unwrap()
}

fn outcomes(capture: &Capture) -> Vec<CaptureOutcome> {
    capture.events.iter().map(|event| event.outcome).collect()
}

/// Signs what waits for its signature, as a client without SCALE would.
async fn sign(world: &World, capture: &Capture, skip: &[usize]) -> Vec<String> {
    sign_in_order(world, capture, skip, true).await
}

async fn sign_in_order(
    world: &World,
    capture: &Capture,
    skip: &[usize],
    by_time: bool,
) -> Vec<String> {
    let mut signed = Vec::new();
    let mut nonces = std::collections::BTreeMap::new();
    let mut pending: Vec<_> = capture
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| event.account.is_some())
        .collect();
    pending.sort_by_key(|(_, event)| match by_time {
        true => serde_json::to_value(&event.action).unwrap()["fact"]["detail"]["time"].to_string(),
        false => String::new(),
    });
    for (at, event) in pending {
        if skip.contains(&at) {
            continue;
        }
        let account = event.account.unwrap();
        let number = [BRAND, CARRIER]
            .into_iter()
            .find(|number| key(*number).address() == account)
            .unwrap();
        let next = match nonces.get(&number) {
            Some(nonce) => json!(nonce),
            None => world.wire.ok("tx_nonce", json!([account])).await,
        };
        nonces.insert(number, next.as_u64().unwrap() + 1);
        let transaction = json!({"actions": [event.action]});
        let params = json!({"transaction": transaction, "account": account, "nonce": next, "gasLimit": 1_000_000_000});
        let encoded = world.wire.ok("tx_encode", params).await;
        let digest = serde_json::from_value(encoded["digest"].clone()).unwrap();
        let mut bytes = from_hex(encoded["body"].as_str().unwrap()).unwrap();
        bytes.extend_from_slice(&key(number).sign(&digest).unwrap().0);
        signed.push(to_hex(&bytes));
    }
    signed
}

#[tokio::test(flavor = "multi_thread")]
async fn nonces_that_do_not_follow_the_times_make_nobody_wait() {
    use CaptureOutcome::{Invalid, Observed, Refused};
    let world = World::registered().await;
    let first = captured(&world, json!({"document": document()})).await;
    // The offer is numbered before the commission that it needs: recorded so, it moves nothing.
    let transactions = sign_in_order(&world, &first, &[], false).await;
    let params = json!({"document": document(), "transactions": transactions});
    let second = captured(&world, params).await;
    assert_eq!(outcomes(&second)[1], Observed);
    assert_eq!(outcomes(&second)[3..], [Invalid, Refused]);
    assert!(second.events[..3].iter().all(|event| event.tx.is_some()));
    // What is of no event of the document stops it before anything is sent.
    let one = json!({"document": {"type": "ObjectEvent"}, "transactions": transactions});
    let error = world.wire.fails("epcis_capture", one).await;
    assert!(error.message.contains("no such event"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_captured_with_signatures_from_anywhere() {
    use CaptureOutcome::{Accepted, Duplicate, Invalid, Pending, Refused};
    let world = World::registered().await;
    let first = captured(&world, json!({"document": document()})).await;
    assert_eq!(
        outcomes(&first),
        [Pending, Pending, Pending, Invalid, Refused]
    );
    golden::check(
        "epcis_capture-pending",
        &serde_json::to_value(&first).unwrap(),
    );
    assert_eq!(
        first.events[4].reason.as_deref(),
        Some("NoResponsibleParty")
    );

    let transactions = sign(&world, &first, &[]).await;
    let params = json!({"document": document(), "transactions": transactions});
    let second = captured(&world, params.clone()).await;
    assert_eq!(
        outcomes(&second),
        [Accepted, Accepted, Accepted, Invalid, Refused]
    );
    golden::check("epcis_capture", &serde_json::to_value(&second).unwrap());
    let item = world
        .client
        .item("https://id.gs1.org/01/09506000134352/21/E1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(item.custodian, Some(key(CARRIER).address()));

    // Again, with or without the signatures: nothing moves.
    for params in [params, json!({"document": document()})] {
        let again = captured(&world, params).await;
        assert_eq!(outcomes(&again)[3..], [Invalid, Refused]);
        assert!(
            outcomes(&again)[..3]
                .iter()
                .all(|outcome| matches!(outcome, Accepted | Duplicate)),
            "{again:?}"
        );
    }
    // Who captures answers for what names nobody.
    let params = json!({"document": document(), "party": account(CARRIER)});
    assert_eq!(
        outcomes(&captured(&world, params).await),
        [Duplicate, Duplicate, Duplicate, Invalid, Pending]
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_is_what_the_document_says() {
    let world = World::registered().await;
    let first = captured(&world, json!({"document": document()})).await;
    let transactions = sign(&world, &first, &[0, 1]).await;
    // Another commissioning than the one that was signed has another hash: no event of this document.
    let mut other = document();
    other["epcisBody"]["eventList"][2]["bizStep"] = json!("encoding");
    let params = json!({"document": other, "transactions": transactions});
    let error = world.wire.fails("epcis_capture", params).await;
    assert_eq!(
        (error.code, &error.data["field"]),
        (-32602, &json!("transactions[0]"))
    );
    // The hash leaves the eventID out; the report does not.
    let mut other = document();
    other["epcisBody"]["eventList"][2]["eventID"] =
        json!("urn:uuid:00000000-0000-4000-8000-000000000012");
    let params = json!({"document": other, "transactions": transactions});
    let capture = captured(&world, params).await;
    assert_eq!(capture.events[2].reason.as_deref(), Some("ReportDiffers"));
    for (transactions, field) in [
        (json!(["0x00"]), "transactions[0]"),
        (json!([transactions[0], transactions[0]]), "transactions[1]"),
        (
            json!([to_hex(
                &world.sender(BRAND).sign(vec![]).await.unwrap().bytes
            )]),
            "transactions[0]",
        ),
    ] {
        let params = json!({"document": document(), "transactions": transactions});
        let error = world.wire.fails("epcis_capture", params).await;
        assert_eq!(
            (error.code, &error.data["field"]),
            (-32602, &json!(field)),
            "{error:?}"
        );
    }
    for document in [json!(7), json!({"type": "EPCISDocument"})] {
        let error = world.wire.fails("epcis_capture", json!([document])).await;
        assert_eq!(
            (error.code, &error.data["field"]),
            (-32602, &json!("document"))
        );
    }
    world.close().await;
}

/// What serde_json would take: the last of two equal keys, and 127 levels.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_read_by_the_rules_of_documents() {
    let world = World::registered().await;
    let event = |more: &str| {
        format!(
            r#"{{"type":"ObjectEvent","action":"OBSERVE","eventTime":"2026-05-01T07:10:00Z","eventTimeZoneOffset":"+02:00"{more}}}"#
        )
    };
    let deep = format!(r#","example:deep":{}{}"#, "[".repeat(70), "]".repeat(70));
    for (more, says) in [
        (r#","bizStep":"storing","bizStep":"shipping""#, "bizStep"),
        (deep.as_str(), "64"),
    ] {
        let document = event(more);
        for params in [
            format!(r#"{{"document":{document}}}"#),
            format!("[{document}]"),
        ] {
            let body =
                format!(r#"{{"jsonrpc":"2.0","id":1,"method":"epcis_capture","params":{params}}}"#);
            let (_, answer) = world.wire.post(&body).await;
            let error = &answer["error"];
            assert_eq!(
                (&error["code"], &error["data"]["field"]),
                (&json!(-32602), &json!("document")),
                "{answer}"
            );
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(says), "{message}");
        }
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_go_out_as_they_came_in() {
    let world = World::registered().await;
    let first = captured(&world, json!({"document": document()})).await;
    let transactions = sign(&world, &first, &[]).await;
    captured(
        &world,
        json!({"document": document(), "transactions": transactions}),
    )
    .await;
    let trace = json!({"id": "https://id.gs1.org/01/09506000134352/21/E1", "epcis": true});
    let found = world.wire.ok("item_trace", trace).await;
    let read = Document::of(&found["epcis"], &Limits::default()).unwrap();
    let hashes: Vec<String> = read
        .events
        .iter()
        .map(|event| event.hash.unwrap().to_string())
        .collect();
    let expected = [2, 1, 0].map(|at| first.events[at].hash.clone().unwrap());
    assert_eq!(hashes, expected);
    assert!(read.events.iter().all(|event| event.event.is_ok()));
    let event = &found["epcis"]["epcisBody"]["eventList"][0];
    assert_eq!(
        (&event["marque:eventHash"], &event["bizStep"]),
        (&json!(expected[0]), &json!("commissioning"))
    );
    // The same by a query, and one event by its hash in the form that documents have.
    let queried = world
        .wire
        .ok(
            "event_query",
            json!({"bizStep": "commissioning", "epcis": true}),
        )
        .await;
    assert_eq!(queried["epcis"]["epcisBody"]["eventList"][0], *event);
    let one = world.wire.ok("event_get", json!([expected[0]])).await;
    assert_eq!(one["kind"], json!("commission"));
    let by_id = world
        .wire
        .ok(
            "event_get",
            json!(["urn:uuid:00000000-0000-4000-8000-000000000011"]),
        )
        .await;
    assert_eq!(by_id["kind"], json!("offer"));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn intents_go_out_as_epcis_tells_them() {
    let world = World::busy().await;
    let found = world
        .wire
        .ok("item_trace", json!({"id": ITEM_1, "epcis": true}))
        .await;
    golden::check("item_trace-epcis", &found["epcis"]);
    let read = Document::of(&found["epcis"], &Limits::default()).unwrap();
    assert_eq!(read.events.len(), 3);
    assert!(read.events.iter().all(|event| event.event.is_ok()));
    // What EPCIS has no event for is said.
    let all = world.wire.ok("event_query", json!({"epcis": true})).await;
    let told = all["epcis"]["epcisBody"]["eventList"]
        .as_array()
        .unwrap()
        .len();
    let omitted = all["omitted"].as_array().map_or(0, Vec::len);
    assert_eq!(told + omitted, all["items"].as_array().unwrap().len());
    world.close().await;
}
