//! A node that takes a request and never answers.

use marque_client::{Client, ClientError, api};
use marque_primitives::hash::keccak256;
use marque_primitives::transaction::TRANSACTION_TAG;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_transaction_without_an_answer_in_time_is_named_and_not_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::with_patience(&url, Duration::from_millis(200)).unwrap();
    let bytes = [[7; 100].as_slice(), [8; 65].as_slice()].concat();
    let id = keccak256(&[TRANSACTION_TAG, &[7; 100]]);
    for error in [
        client.submit(bytes.clone()).await.unwrap_err(),
        client.submit_and_wait(bytes).await.unwrap_err(),
    ] {
        assert!(error.retryable());
        let words = error.to_string();
        assert!(words.contains(&id.to_string()) && words.contains("tx_receipt"));
        assert!(words.contains("may still be committed"), "{words}");
        assert!(matches!(
            error,
            ClientError::Timeout { transaction: Some(named), .. } if named == id
        ));
    }
    let error = client.call(&api::NodeHealth {}).await.unwrap_err();
    assert!(matches!(
        error,
        ClientError::Timeout {
            transaction: None,
            ..
        }
    ));
}
