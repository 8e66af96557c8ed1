//! Typed calls over HTTP.

use crate::api::{self, Method};
use crate::error::ClientError;
use jsonrpsee_core::client::{BatchResponse, ClientT};
use jsonrpsee_core::params::BatchRequestBuilder;
use jsonrpsee_core::traits::ToRpcParams;
use jsonrpsee_http_client::{HttpClient, HttpClientBuilder};
use marque_primitives::bounded::Bytes;
use marque_primitives::hash::keccak256;
use marque_primitives::transaction::TRANSACTION_TAG;
use marque_primitives::{Address, Hash, Lane, Nonce};
use serde::Serialize;
use serde_json::value::RawValue;
use std::time::Duration;

/// The longest request and answer, in bytes; a node's own limits are lower.
const MAX_BYTES: u32 = 64 << 20;
/// How long an answer may take: a receipt waits for its block.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes of a signature.
const SIGNATURE: usize = 65;

/// A connection to a node. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: HttpClient,
    patience: Duration,
}

/// Parameters by name.
struct Named<'a, M>(&'a M);

impl<M: Serialize> ToRpcParams for Named<'_, M> {
    fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
        serde_json::value::to_raw_value(self.0).map(Some)
    }
}

impl Client {
    /// A client of the node at `url`, such as `http://127.0.0.1:9944`. Nothing is sent yet.
    ///
    /// # Errors
    /// When `url` is no URL.
    pub fn new(url: &str) -> Result<Self, ClientError> {
        Self::with_patience(url, PATIENCE)
    }

    /// The same, with the time that an answer may take.
    ///
    /// # Errors
    /// When `url` is no URL.
    pub fn with_patience(url: &str, patience: Duration) -> Result<Self, ClientError> {
        let http = HttpClientBuilder::new()
            .max_request_size(MAX_BYTES)
            .max_response_size(MAX_BYTES)
            .request_timeout(patience)
            .build(url)
            .map_err(|error| ClientError::Url {
                url: url.into(),
                cause: error.to_string(),
            })?;
        Ok(Self { http, patience })
    }

    /// Calls a method.
    ///
    /// # Errors
    /// The node's, or that of the way to it.
    pub async fn call<M: Method>(&self, method: &M) -> Result<M::Output, ClientError> {
        let answer = self.http.request(M::NAME, Named(method)).await;
        answer.map_err(|error| self.error(error))
    }

    /// Calls a method many times in one request; an answer for each, in order.
    ///
    /// # Errors
    /// When the request as a whole got no answer.
    pub async fn call_batch<M: Method>(
        &self,
        methods: &[M],
    ) -> Result<Vec<Result<M::Output, ClientError>>, ClientError> {
        if methods.is_empty() {
            return Ok(Vec::new());
        }
        let mut batch = BatchRequestBuilder::new();
        for method in methods {
            batch
                .insert(M::NAME, Named(method))
                .map_err(|error| ClientError::Answer(error.to_string()))?;
        }
        let answers = self.http.batch_request(batch).await;
        let answers: BatchResponse<'_, M::Output> = answers.map_err(|error| self.error(error))?;
        let one = |answer: Result<M::Output, jsonrpsee_http_client::types::ErrorObjectOwned>| {
            answer.map_err(|error| jsonrpsee_core::client::Error::Call(error).into())
        };
        Ok(answers
            .into_iter()
            .map(|answer| one(answer.map_err(|error| error.into_owned())))
            .collect())
    }

    fn error(&self, error: jsonrpsee_core::client::Error) -> ClientError {
        match error.into() {
            ClientError::Timeout { transaction, .. } => ClientError::Timeout {
                patience: self.patience,
                transaction,
            },
            other => other,
        }
    }

    /// What the node is, and its limits.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub async fn info(&self) -> Result<api::Info, ClientError> {
        self.call(&api::NodeInfo {}).await
    }

    /// Sends a signed transaction; its id.
    ///
    /// # Errors
    /// As for [`Client::call`]; codes 1001 and on.
    pub async fn submit(&self, transaction: Vec<u8>) -> Result<Hash, ClientError> {
        let id = id_of(&transaction);
        let call = api::TxSubmit {
            transaction: encoded(transaction)?,
        };
        naming(id, self.call(&call).await)
    }

    /// Sends signed transactions in one request; an answer for each, in order.
    ///
    /// # Errors
    /// When the request as a whole got no answer.
    pub async fn submit_batch(
        &self,
        transactions: Vec<Vec<u8>>,
    ) -> Result<Vec<Result<Hash, ClientError>>, ClientError> {
        let calls = transactions.into_iter().map(|bytes| {
            Ok(api::TxSubmit {
                transaction: encoded(bytes)?,
            })
        });
        self.call_batch(&calls.collect::<Result<Vec<_>, ClientError>>()?)
            .await
    }

    /// Sends a signed transaction and waits for its receipt.
    ///
    /// # Errors
    /// As for [`Client::submit`]. A refusal is no error: the receipt says it.
    pub async fn submit_and_wait(&self, transaction: Vec<u8>) -> Result<api::Receipt, ClientError> {
        let id = id_of(&transaction);
        let call = api::TxSubmitAndWait {
            transaction: encoded(transaction)?,
        };
        naming(id, self.call(&call).await)
    }

    /// A transaction's receipt; none as long as no block holds it.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub async fn receipt(&self, id: Hash) -> Result<Option<api::Receipt>, ClientError> {
        found(self.call(&api::TxReceipt { hash: id }).await)
    }

    /// The next nonce of a lane, the node's pool counted.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub async fn nonce(
        &self,
        account: Address,
        key: Address,
        lane: Lane,
    ) -> Result<Nonce, ClientError> {
        self.call(&api::TxNonce {
            account,
            key: Some(key),
            lane: Some(lane),
        })
        .await
    }

    /// How a thing stands; none if the ledger has no record of it.
    ///
    /// # Errors
    /// As for [`Client::call`]; codes 2001 and on for what is no identifier.
    pub async fn item(&self, id: &str) -> Result<Option<api::Item>, ClientError> {
        let answer = self
            .call(&api::ItemGet {
                id: api::OneOrMany::One(id.into()),
                at: None,
            })
            .await;
        match found(answer)? {
            None => Ok(None),
            Some(api::Items::One(item)) => Ok(Some(*item)),
            Some(api::Items::Many(_)) => Err(ClientError::Answer("a list for one item".into())),
        }
    }

    /// How things stand, in the order of their names.
    ///
    /// # Errors
    /// As for [`Client::item`].
    pub async fn items(&self, ids: Vec<String>) -> Result<Vec<Option<api::Item>>, ClientError> {
        match self
            .call(&api::ItemGet {
                id: api::OneOrMany::Many(ids),
                at: None,
            })
            .await?
        {
            api::Items::Many(items) => Ok(items),
            api::Items::One(_) => Err(ClientError::Answer("one item for a list".into())),
        }
    }

    /// All lines of a journey, oldest first.
    ///
    /// # Errors
    /// As for [`Client::item`].
    pub async fn trace(
        &self,
        id: &str,
        include_refused: bool,
    ) -> Result<Vec<api::TraceLine>, ClientError> {
        let (mut lines, mut cursor) = (Vec::new(), None);
        loop {
            let page = self
                .call(&api::ItemTrace {
                    id: id.into(),
                    cursor,
                    limit: Some(1_000),
                    include_refused: Some(include_refused),
                    epcis: None,
                })
                .await?;
            lines.extend(page.items);
            match page.cursor {
                Some(next) => cursor = Some(next),
                None => return Ok(lines),
            }
        }
    }
}

/// The id of a transaction's bytes: the digest of its body, which the signature follows.
fn id_of(transaction: &[u8]) -> Option<Hash> {
    let body = transaction.get(..transaction.len().checked_sub(SIGNATURE)?)?;
    Some(keccak256(&[TRANSACTION_TAG, body]))
}

/// A timeout with the transaction that it leaves in doubt.
fn naming<T>(id: Option<Hash>, answer: Result<T, ClientError>) -> Result<T, ClientError> {
    answer.map_err(|error| match error {
        ClientError::Timeout { patience, .. } => ClientError::Timeout {
            patience,
            transaction: id,
        },
        other => other,
    })
}

fn encoded(bytes: Vec<u8>) -> Result<api::Encoded, ClientError> {
    let found = bytes.len();
    Bytes::new(bytes).map_err(|too_long| {
        let error = marque_primitives::codec::DecodeError::TooLarge {
            found,
            allowed: too_long.allowed,
        };
        marque_primitives::transaction::TransactionError::Decode(error).into()
    })
}

/// `None` for what the node does not know: codes 3001 to 3999.
fn found<T>(answer: Result<T, ClientError>) -> Result<Option<T>, ClientError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(ClientError::Node {
            code: 3_000..=3_999,
            ..
        }) => Ok(None),
        Err(error) => Err(error),
    }
}
