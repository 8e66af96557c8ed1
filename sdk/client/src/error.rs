//! What can go wrong between a client and a node.

use crate::api::ErrorData;
use jsonrpsee_core::client::Error as RpcError;
use marque_primitives::Hash;
use marque_primitives::transaction::TransactionError;
use std::time::Duration;

/// Why a call gave no result.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The node answered with an error: its code, words and data.
    #[error("{message} ({code})")]
    Node {
        /// The stable number of the cause.
        code: i32,
        /// What happened.
        message: String,
        /// Name, field, remedy and more.
        data: Option<Box<ErrorData>>,
    },
    /// The node's address is no URL of a node.
    #[error("{url} is no node's address: {cause}; write http://HOST:PORT")]
    Url {
        /// What was given.
        url: String,
        /// Why not.
        cause: String,
    },
    /// The node was not reached, or what it sent is no answer.
    #[error("the node does not answer: {0}; check its address and that it runs")]
    Transport(String),
    /// The node was reached, or may have been, and did not answer in time.
    #[error("{}", timeout(*patience, transaction.as_ref()))]
    Timeout {
        /// How long the answer was waited for.
        patience: Duration,
        /// The transaction that was sent, if one was.
        transaction: Option<Hash>,
    },
    /// The answer is not of this version's shape.
    #[error("the node's answer is not understood: {0}; use client and node of one version")]
    Answer(String),
    /// The transaction can't be made.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// More actions than a transaction takes.
    #[error("{0} actions where {max} is the most; use more transactions", max = marque_primitives::transaction::MAX_ACTIONS)]
    TooManyActions(usize),
}

impl ClientError {
    /// The stable number of the cause, if the node named one.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Node { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The stable name of the cause, if the node named one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Node {
                data: Some(data), ..
            } => Some(&data.name),
            _ => None,
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::Node { data, .. } => data.as_ref().is_some_and(|data| data.retryable),
            Self::Transport(_) | Self::Timeout { .. } => true,
            _ => false,
        }
    }
}

/// What became of a transaction is not known then, and the words must not say that nothing did.
fn timeout(patience: Duration, transaction: Option<&Hash>) -> String {
    let seconds = patience.as_secs();
    let late = format!("the node did not answer within {seconds} seconds");
    match transaction {
        None => format!("{late}; ask again"),
        Some(id) => format!(
            "{late}, and the transaction {id} may still be committed; ask for its receipt with \
             tx_receipt, or send the same bytes again, which is safe"
        ),
    }
}

impl From<RpcError> for ClientError {
    fn from(error: RpcError) -> Self {
        match error {
            RpcError::Call(error) => {
                let data = error
                    .data()
                    .and_then(|data| serde_json::from_str(data.get()).ok());
                Self::Node {
                    code: error.code(),
                    message: error.message().into(),
                    data: data.map(Box::new),
                }
            }
            RpcError::RequestTimeout => Self::Timeout {
                patience: crate::client::PATIENCE,
                transaction: None,
            },
            RpcError::ParseError(error) => Self::Answer(error.to_string()),
            other => Self::Transport(other.to_string()),
        }
    }
}
