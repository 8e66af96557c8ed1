//! What can go wrong between a client and a node.

use crate::api::ErrorData;
use jsonrpsee_core::client::Error as RpcError;
use marque_primitives::transaction::TransactionError;

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
            Self::Transport(_) => true,
            _ => false,
        }
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
            RpcError::ParseError(error) => Self::Answer(error.to_string()),
            other => Self::Transport(other.to_string()),
        }
    }
}
