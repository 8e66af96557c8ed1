//! Bytes that claim to be a signed transaction.

use crate::{MEMORY, alone, failures, root};
use marque_fuzz::{Bound, Campaign, bytes};
use marque_primitives::action::Action;
use marque_primitives::bounded::List;
use marque_primitives::codec;
use marque_primitives::hash::from_hex;
use marque_primitives::signature::SecretKey;
use marque_primitives::transaction::{Body, Expiry, Transaction, TransactionError, Version};
use marque_primitives::{Gas, Hash, Lane, Nonce};
use parity_scale_codec::Encode as _;
use std::time::Duration;

/// The actions of the fixtures that fix their bytes.
fn actions() -> Vec<Action> {
    let path = root().join("runtime/primitives/tests/fixtures/encoding.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let actions = text.lines().filter(|line| line.starts_with("action/"));
    let decoded = actions.map(|line| {
        let bytes = from_hex(line.rsplit(' ').next().unwrap()).unwrap();
        codec::decode(&bytes, bytes.len()).unwrap()
    });
    decoded.collect()
}

fn signed(actions: Vec<Action>) -> Vec<u8> {
    let key = SecretKey::from_bytes(&[7; 32]).unwrap();
    let body = Body {
        version: Version::V1,
        chain_id: 7,
        genesis: Hash([9; 32]),
        account: key.address(),
        key: key.address(),
        lane: Lane(3),
        nonce: Nonce(1),
        expiry: Expiry::NEVER,
        gas_limit: Gas(1_000_000_000),
        actions: List::new(actions).unwrap(),
    };
    Transaction::sign(body, &key).unwrap().bytes().to_vec()
}

fn corpus() -> Vec<Vec<u8>> {
    let actions = actions();
    let mut corpus: Vec<_> = actions
        .iter()
        .map(|one| signed(vec![one.clone()]))
        .collect();
    corpus.extend(actions.chunks(8).map(|some| signed(some.to_vec())));
    corpus
}

/// What is taken is written again as it came, has the id of those bytes, and means nothing else
/// in JSON.
fn execute(input: &[u8]) -> &'static str {
    let transaction = match Transaction::decode(input.to_vec()) {
        Ok(transaction) => transaction,
        Err(TransactionError::Spelling { .. }) => return "misspelt",
        Err(TransactionError::Empty) => return "empty",
        Err(_) => return "malformed",
    };
    let body = transaction.body();
    let encoded = body.encode();
    assert_eq!(
        input[..input.len() - 65],
        encoded,
        "it has another spelling"
    );
    assert_eq!(transaction.id(), body.id());
    let json = serde_json::to_string(body).unwrap();
    if let Ok(read) = serde_json::from_str::<Body>(&json) {
        assert_eq!(read, *body, "{json}");
    }
    match transaction.verify() {
        Ok(()) => "signed",
        Err(_) => "not signed",
    }
}

#[test]
fn transactions_are_decoded_or_refused() {
    let _alone = alone();
    let campaign = Campaign {
        name: "transactions",
        corpus: corpus(),
        mutate: bytes::mutate,
        bound: Bound {
            per_byte: 256,
            base: 1 << 20,
            time: Duration::from_secs(10),
        },
        folder: failures(),
        memory: Some(&MEMORY),
    };
    let summary = campaign.run(execute);
    assert!(
        summary.executions == 1 || summary.outcomes.len() > 3,
        "{summary}"
    );
}
