//! What a chain answers when it cannot do what was asked: a transaction not taken, or a fault.

use marque_ledger::{Invalid, LedgerError};
use marque_primitives::Nonce;
use marque_primitives::codec::DecodeError;
use marque_primitives::transaction::{MAX_TRANSACTION, TransactionError};
use marque_proof::HeaderError;
use marque_state::StateError;

use crate::trial::CodeRefused;

/// Why a node cannot go on, or a question cannot be answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ChainError {
    /// The store or the state failed; the chain has stopped.
    #[error(transparent)]
    State(#[from] std::sync::Arc<StateError>),
    /// The ledger or its virtual machine failed; the chain has stopped.
    #[error(transparent)]
    Ledger(#[from] std::sync::Arc<LedgerError>),
    /// What is stored contradicts itself.
    #[error("the stored chain is damaged at height {height}: {what}; restore a backup")]
    Damaged {
        /// Where.
        height: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The store has rows, and none that says where the chain ends.
    #[error(
        "the stored chain is damaged: it has rows of {table} and no newest block; restore a backup"
    )]
    NoEnd {
        /// A table that has rows.
        table: &'static str,
    },
    /// A stored or received header is not to be trusted.
    #[error("block {height}: {cause}")]
    Header {
        /// Where.
        height: u64,
        /// Why.
        cause: HeaderError,
    },
    /// The data folder belongs to another chain.
    #[error(
        "the data is of the chain with genesis {found}, not {expected}; use its genesis file or another folder"
    )]
    OtherGenesis {
        /// The genesis given.
        expected: marque_primitives::Hash,
        /// The genesis found.
        found: marque_primitives::Hash,
    },
    /// The store is older than what its validator signed, or another one.
    #[error(
        "the data ends at block {height}, but its validator may have signed block {signed}, which is not in it: an older copy was put back; bring back the newest data, or pass --accept-older-copy if blocks above {height} are to be lost"
    )]
    OlderCopy {
        /// The newest block of the data.
        height: u64,
        /// The block of the watermark.
        signed: u64,
    },
    /// The watermark cannot be written; the cause says where and what to do.
    #[error("the mark of the highest signed block cannot be written: {0}")]
    Mark(std::sync::Arc<std::io::Error>),
    /// The key is not of a validator that can decide alone.
    #[error(
        "the key signs for no validator that has all the power; a solo chain needs its only validator's key"
    )]
    NotValidator,
    /// An operating-system thread could not be started.
    #[error("the chain's threads cannot be started: {0}; raise the limit of threads")]
    Threads(std::sync::Arc<std::io::Error>),
    /// A thread of the chain panicked.
    #[error("a thread of the chain panicked, and its log says where; restart the node")]
    Panicked,
    /// The chain stops, or has stopped by a fault that its log names.
    #[error("the node is shutting down")]
    Stopped,
    /// A cursor that this node did not give, or gave for another question.
    #[error("the cursor is not one of this list")]
    BadCursor,
    /// A list that is kept for the newest block alone was asked of an earlier one.
    #[error("this list speaks of the newest block only")]
    NewestOnly,
    /// The question would read more than one answer may.
    #[error("the question is too broad: {0}")]
    TooBroad(&'static str),
}

impl From<StateError> for ChainError {
    fn from(error: StateError) -> Self {
        Self::State(error.into())
    }
}

impl From<LedgerError> for ChainError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error.into())
    }
}

impl ChainError {
    pub(crate) fn mark(error: std::io::Error) -> Self {
        Self::Mark(error.into())
    }

    /// Its stable number in RPC errors.
    #[must_use]
    pub fn code(&self) -> i32 {
        match self {
            Self::BadCursor | Self::TooBroad(_) | Self::NewestOnly => -32602,
            Self::Stopped => 7001,
            Self::State(error) if matches!(**error, StateError::NotKept { .. }) => 7003,
            _ => 7002,
        }
    }

    /// Its stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::BadCursor => "BadCursor",
            Self::TooBroad(_) => "TooBroad",
            Self::NewestOnly => "NewestOnly",
            Self::Stopped => "ShuttingDown",
            Self::State(error) if matches!(**error, StateError::NotKept { .. }) => "NotKept",
            _ => "NodeFault",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::BadCursor => "ask for the list without a cursor",
            Self::TooBroad(_) => "narrow the question by another filter",
            Self::NewestOnly => "ask without a height",
            Self::Stopped => "ask again once the node is back, or ask another node",
            Self::State(error) if matches!(**error, StateError::NotKept { .. }) => {
                "ask for a newer height, or without one"
            }
            _ => "ask another node; this one's operator finds the cause in its log",
        }
    }

    /// Whether the same question may be answered later, or by another node.
    #[must_use]
    pub fn retryable(&self) -> bool {
        !matches!(self, Self::BadCursor | Self::TooBroad(_) | Self::NewestOnly)
    }
}

/// Why a transaction was not taken. It left no receipt and used no nonce.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The bytes are no transaction, or the signature is wrong.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// The state does not allow it.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Another transaction with this nonce waits in the lane already.
    #[error("another transaction with nonce {nonce} of this lane is waiting")]
    NonceTaken {
        /// The nonce.
        nonce: Nonce,
    },
    /// The pool holds as many transactions or bytes as it may.
    #[error("the pool is full")]
    PoolFull,
    /// The pool was full, and others with less in it came.
    #[error("the pool is full, and the account had the most waiting in it")]
    Crowded,
    /// The account or key has as many waiting transactions as it may.
    #[error("{whose} has {allowed} transactions waiting, the most allowed")]
    Quota {
        /// `account` or `key`.
        whose: &'static str,
        /// The limit.
        allowed: usize,
    },
    /// As many calls wait for the transaction's receipt as may.
    #[error("{allowed} calls wait for the receipt of this transaction, the most allowed")]
    Watched {
        /// The limit.
        allowed: usize,
    },
    /// It waited too long for the nonces before it.
    #[error("the nonces before {nonce} did not come")]
    Abandoned {
        /// Its nonce.
        nonce: Nonce,
    },
    /// The code that it brings is kept out.
    #[error(transparent)]
    Code(Box<CodeRefused>),
    /// The node cannot say.
    #[error(transparent)]
    Node(#[from] ChainError),
}

impl From<StateError> for SubmitError {
    fn from(error: StateError) -> Self {
        Self::Node(error.into())
    }
}

impl From<LedgerError> for SubmitError {
    fn from(error: LedgerError) -> Self {
        Self::Node(error.into())
    }
}

impl SubmitError {
    /// Its stable number in RPC errors.
    #[must_use]
    pub fn code(&self) -> i32 {
        match self {
            Self::Transaction(TransactionError::BadSignature) => 1001,
            Self::Transaction(TransactionError::Decode(DecodeError::TooLarge { .. })) => 1005,
            Self::Transaction(_) => 1011,
            Self::Invalid(invalid) => i32::try_from(invalid.code()).unwrap_or(1000),
            Self::PoolFull | Self::Crowded => 1007,
            Self::NonceTaken { .. } => 1012,
            Self::Quota { .. } | Self::Watched { .. } => 1013,
            Self::Abandoned { .. } => 1004,
            Self::Code(refused) => refused.code.into(),
            Self::Node(error) => error.code(),
        }
    }

    /// Its stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Transaction(TransactionError::BadSignature) => "BadSignature",
            Self::Transaction(TransactionError::Decode(DecodeError::TooLarge { .. })) => "TooLarge",
            Self::Transaction(_) => "Malformed",
            Self::Invalid(invalid) => invalid.name(),
            Self::PoolFull | Self::Crowded => "PoolFull",
            Self::NonceTaken { .. } => "NonceTaken",
            Self::Quota { .. } | Self::Watched { .. } => "QuotaExceeded",
            Self::Abandoned { .. } => "NonceGap",
            Self::Code(refused) => refused.name,
            Self::Node(error) => error.name(),
        }
    }

    /// The field of the transaction at fault.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Transaction(TransactionError::BadSignature) => Some("signature"),
            Self::Transaction(TransactionError::Empty) => Some("actions"),
            Self::Transaction(_)
            | Self::PoolFull
            | Self::Crowded
            | Self::Quota { .. }
            | Self::Watched { .. }
            | Self::Node(_) => None,
            Self::NonceTaken { .. } | Self::Abandoned { .. } => Some("nonce"),
            Self::Code(_) => Some("code"),
            Self::Invalid(invalid) => match invalid {
                Invalid::WrongChain { .. } => Some("genesis"),
                Invalid::NonceTooLow { .. } | Invalid::NonceGap { .. } => Some("nonce"),
                Invalid::Expired => Some("expiry"),
                Invalid::KeyUnknown => Some("key"),
                Invalid::GasLimit { .. }
                | Invalid::GasTooLow { .. }
                | Invalid::QuotaSpent { .. } => Some("gasLimit"),
                Invalid::BlockFull => None,
            },
        }
    }

    /// What the field should have been.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::Transaction(TransactionError::Decode(DecodeError::TooLarge { .. })) => {
                Some(format!("at most {MAX_TRANSACTION} bytes"))
            }
            Self::Invalid(Invalid::NonceTooLow { next, .. } | Invalid::NonceGap { next, .. }) => {
                Some(next.to_string())
            }
            Self::Invalid(Invalid::GasLimit { allowed }) => Some(format!("at most {allowed}")),
            Self::Invalid(Invalid::GasTooLow { needed }) => Some(format!("at least {needed}")),
            Self::Code(refused) => refused.expected.clone(),
            Self::Invalid(Invalid::QuotaSpent { left, until }) => {
                Some(format!("at most {left} until block {until}"))
            }
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Transaction(TransactionError::BadSignature) => {
                "sign the digest that tx_encode gives with the key that the body names"
            }
            Self::Transaction(TransactionError::Decode(DecodeError::TooLarge { .. })) => {
                "split the transaction"
            }
            Self::Transaction(_) => {
                "encode the transaction with tx_encode or a client library of this version"
            }
            Self::Invalid(invalid) => match invalid {
                Invalid::WrongChain { .. } => {
                    "ask the node for its chain id and genesis hash with node_info, and sign for it"
                }
                Invalid::NonceTooLow { .. } => {
                    "ask for the lane's next nonce with tx_nonce and sign again"
                }
                Invalid::NonceGap { .. } => "send the transactions before it first",
                Invalid::Expired => "sign again with a later expiry",
                Invalid::KeyUnknown => "use the account's own key, or have this one authorised",
                Invalid::GasLimit { .. } => "lower the gas limit",
                Invalid::GasTooLow { .. } => {
                    "raise the gas limit; tx_dryRun says what the transaction uses"
                }
                Invalid::QuotaSpent { .. } => {
                    "lower the gas limit to what tx_dryRun says, or send it in the next window"
                }
                Invalid::BlockFull => "send it again",
            },
            Self::NonceTaken { .. } => {
                "a waiting transaction is not replaced; use the next nonce, or another lane"
            }
            Self::PoolFull => "send it again in a moment",
            Self::Crowded => "wait for receipts, then send it again",
            Self::Quota { .. } => "wait for receipts before sending more",
            Self::Watched { .. } => "ask for the receipt with tx_receipt",
            Self::Abandoned { .. } => "send the missing transactions, then this one again",
            Self::Code(refused) => refused.remedy,
            Self::Node(error) => error.remedy(),
        }
    }

    /// Whether the same bytes may be taken later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::PoolFull
            | Self::Crowded
            | Self::Quota { .. }
            | Self::Watched { .. }
            | Self::Abandoned { .. } => true,
            Self::Invalid(invalid) => {
                matches!(
                    invalid,
                    Invalid::NonceGap { .. } | Invalid::QuotaSpent { .. } | Invalid::BlockFull
                )
            }
            Self::Code(refused) => refused.retryable,
            Self::Node(error) => error.retryable(),
            Self::Transaction(_) | Self::NonceTaken { .. } => false,
        }
    }
}
