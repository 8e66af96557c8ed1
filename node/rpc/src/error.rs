//! Why a request gets no result: one code, one name, and what to do about it.
//!
//! | codes | cause |
//! |---|---|
//! | -32600 | a request that is no JSON as it stands |
//! | -32601 | a method that there is not |
//! | -32602 | a parameter's shape |
//! | -32007 | a request that is too large |
//! | 1001 … | a transaction that is not taken ([`SubmitError`]) |
//! | 2001 … | an identifier ([`NameError`]) |
//! | 3001 … | nothing of that name ([`Missing`]) |
//! | 4001 … | refused by the ledger, as in receipts |
//! | 5001 … | refused by a contract, as in receipts |
//! | 6100 | a contract that does not keep to its interface |
//! | 7001 … | the node itself ([`ChainError`]) |

use jsonrpsee::types::ErrorObjectOwned;
use marque_chain::{ChainError, SubmitError};
use marque_client::api::ErrorData;
use marque_ledger::LedgerError;
use marque_primitives::json::naming::NameError;
use marque_primitives::refusal::Refusal;
use marque_primitives::transaction::TransactionError;
use marque_primitives::{Hash, Height};
use std::net::SocketAddr;
use std::time::Duration;

/// What can be asked for and not be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i32)]
pub enum Missing {
    /// No block holds a transaction with this id.
    Transaction = 3001,
    /// The ledger has no record of the thing.
    Item = 3002,
    /// No block has this height or hash.
    Block = 3003,
    /// No contract has this address.
    Contract = 3004,
    /// The product is not registered.
    Product = 3005,
    /// The party is not registered.
    Party = 3006,
    /// Nothing is licensed to it, or it is licensed to nobody.
    Brand = 3007,
    /// No lot of this number was commissioned or seen.
    Lot = 3008,
    /// No event has this hash, id or position.
    Event = 3009,
    /// No recall has this number.
    Recall = 3010,
    /// The contract has no query of this name.
    Query = 3011,
}

impl Missing {
    /// Every one, for documentation and tests.
    pub const ALL: &[Self] = &[
        Self::Transaction,
        Self::Item,
        Self::Block,
        Self::Contract,
        Self::Product,
        Self::Party,
        Self::Brand,
        Self::Lot,
        Self::Event,
        Self::Recall,
        Self::Query,
    ];

    /// Its stable number.
    #[must_use]
    pub fn code(self) -> i32 {
        self as i32
    }

    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Transaction => "UnknownTransaction",
            Self::Item => "UnknownItem",
            Self::Block => "UnknownBlock",
            Self::Contract => "UnknownContract",
            Self::Product => "UnknownProduct",
            Self::Party => "UnknownParty",
            Self::Brand => "UnknownBrand",
            Self::Lot => "UnknownLot",
            Self::Event => "UnknownEvent",
            Self::Recall => "UnknownRecall",
            Self::Query => "UnknownQuery",
        }
    }

    /// What it means.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Transaction => "No block holds a transaction with this id.",
            Self::Item => "The ledger has no record of the thing.",
            Self::Block => "No block has this height or hash.",
            Self::Contract => "No contract has this address.",
            Self::Product => "The product is not registered.",
            Self::Party => "The party is not registered.",
            Self::Brand => "Nothing is licensed to it, or it is licensed to nobody.",
            Self::Lot => "No lot of this number was commissioned or seen.",
            Self::Event => "No event has this hash, id or position.",
            Self::Recall => "No recall has this number.",
            Self::Query => "The contract has no query of this name.",
        }
    }

    /// That there is no such thing, in words.
    fn words(self, what: &str) -> String {
        match self {
            Self::Transaction => format!("no block holds a transaction {what}"),
            Self::Item => format!("the ledger has no record of {what}"),
            Self::Block => format!("there is no block {what}"),
            Self::Contract => format!("there is no contract at {what}"),
            Self::Product => format!("no product is registered as {what}"),
            Self::Party => format!("no party is registered as {what}"),
            Self::Brand => format!("no brand holds a licence for {what}"),
            Self::Lot => format!("the ledger has no record of the lot {what}"),
            Self::Event => format!("the ledger has no event {what}"),
            Self::Recall => format!("there is no recall {what}"),
            Self::Query => format!("the contract answers no query {what}"),
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Transaction => {
                "it may still wait for a block, or was never sent; ask again, or send it again"
            }
            Self::Item => "check the identifier, or ask where it should have been commissioned",
            Self::Block => "ask for the newest with chain_head",
            Self::Contract => "list contracts with contract_list",
            Self::Product => "register the product, or list products with registry_list",
            Self::Party => "register the party, or list parties with registry_list",
            Self::Brand => "ask the registrar for a licence, or list licences with registry_list",
            Self::Lot => "check the GTIN and the lot number against the label",
            Self::Event => "search with event_query",
            Self::Recall => "list recalls with recall_list",
            Self::Query => "see the queries in the interface that contract_get shows",
        }
    }
}

/// Why a request gets no result, or the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// A parameter is missing, unknown or of the wrong shape.
    #[error("{message}")]
    Params {
        /// The parameter at fault.
        field: Option<String>,
        /// What is wrong.
        message: String,
        /// What would be right.
        expected: Option<String>,
    },
    /// A parameter names nothing of its kind.
    #[error("{field}: {cause}")]
    Name {
        /// The parameter at fault.
        field: String,
        /// What is wrong with it.
        cause: NameError,
    },
    /// There is nothing of that name.
    #[error("{}", missing.words(what))]
    Missing {
        /// What there is not.
        missing: Missing,
        /// What was asked for.
        what: String,
    },
    /// The transaction is not taken.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The node cannot say.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The ledger or a contract refused.
    #[error("{}", .0.message)]
    Refused(Box<Refusal>),
    /// A contract's answer is not of the type that its interface states.
    #[error("contract {contract} answered what its interface does not say: {cause}")]
    Interface {
        /// Which contract.
        contract: marque_primitives::Address,
        /// What is wrong.
        cause: String,
    },
    /// The transaction was taken, and no block holds it yet.
    #[error(
        "the transaction {id} was taken, and waits for a block after {} seconds", patience.as_secs()
    )]
    StillWaiting {
        /// The transaction's id.
        id: Hash,
        /// How long its receipt was waited for.
        patience: Duration,
    },
    /// There is no method of this name.
    #[error("there is no method {method:?}")]
    UnknownMethod {
        /// What was asked for.
        method: String,
    },
    /// The body is not JSON as it stands: a form, or something packed.
    #[error("the request's body is not plain JSON")]
    NotJson,
    /// The body did not come as its headers said.
    #[error("the request's body broke off")]
    BodyBroken,
    /// The body is larger than the node takes.
    #[error("the request is larger than {allowed} bytes")]
    BodyTooLarge {
        /// Bytes that it may have.
        allowed: u64,
    },
    /// The body did not come in time.
    #[error("the request's body did not come within {} seconds", patience.as_secs())]
    BodyLate {
        /// How long it was waited for.
        patience: Duration,
    },
    /// A cap for the caller's address, or for all of them, is reached.
    #[error("{0}")]
    Busy(String),
    /// The call took longer than a call may.
    #[error("the call took more than {} seconds", patience.as_secs())]
    CallLate {
        /// How long that is.
        patience: Duration,
    },
    /// The request is for a host that the node does not answer for.
    #[error("this node does not answer for the host of the request")]
    HostNotAllowed,
    /// The request comes from a page that the node does not answer.
    #[error("this node does not answer the page that sent the request")]
    OriginNotAllowed,
    /// The caller did not show the administrators' token.
    #[error("this address is for administrators")]
    Unauthorized,
    /// A subscriber took its messages too slowly, and was left behind.
    #[error("the subscriber takes its messages too slowly; {next} would have been next")]
    Lagged {
        /// The height to go on from.
        next: Height,
    },
    /// What an administrator asked for did not go well.
    #[error("{0}")]
    Administration(String),
    /// A task of the server ended before its answer.
    #[error("the node is shutting down")]
    Stopped,
    /// The address can't be listened on.
    #[error(
        "{address} can't be listened on: {cause}; choose another address with --rpc, or end what uses it"
    )]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why not.
        cause: std::io::Error,
    },
    /// A method was declared twice.
    #[error("the server's methods can't be registered: {0}")]
    Methods(#[from] jsonrpsee::core::RegisterMethodError),
}

impl RpcError {
    /// A parameter of the wrong shape.
    pub(crate) fn params(field: &str, message: impl Into<String>) -> Self {
        Self::Params {
            field: Some(field.into()),
            message: message.into(),
            expected: None,
        }
    }

    /// The code in the answer.
    #[must_use]
    pub fn code(&self) -> i32 {
        match self {
            Self::Params { .. } => -32602,
            Self::Name { cause, .. } => i32::try_from(cause.code()).unwrap_or(2000),
            Self::Missing { missing, .. } => missing.code(),
            Self::Submit(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Refused(refusal) => i32::try_from(refusal.code).unwrap_or(5000),
            Self::Interface { .. } => 6100,
            Self::Stopped => 7001,
            Self::StillWaiting { .. } => 7004,
            Self::NotJson | Self::BodyBroken => -32600,
            Self::UnknownMethod { .. } => -32601,
            Self::BodyTooLarge { .. } => -32007,
            Self::Busy(_) => 7005,
            Self::CallLate { .. } => 7006,
            Self::HostNotAllowed => 7007,
            Self::OriginNotAllowed => 7008,
            Self::BodyLate { .. } => 7009,
            Self::Lagged { .. } => 7010,
            Self::Unauthorized => 7011,
            Self::Administration(_) => 7012,
            Self::Bind { .. } | Self::Methods(_) => -32603,
        }
    }

    /// The data of the answer.
    #[must_use]
    pub fn data(&self) -> ErrorData {
        let mut data = ErrorData {
            name: String::new(),
            field: None,
            expected: None,
            remedy: None,
            retryable: false,
            contract: None,
            items: Vec::new(),
        };
        match self {
            Self::Params {
                field, expected, ..
            } => {
                data.name = "InvalidParams".into();
                data.field.clone_from(field);
                data.expected.clone_from(expected);
            }
            Self::Name { field, cause } => {
                data.name = cause.name().into();
                data.field = Some(field.clone());
                data.expected = cause.expected();
                data.remedy = Some(cause.remedy());
            }
            Self::Missing { missing, .. } => {
                data.name = missing.name().into();
                data.remedy = Some(missing.remedy().into());
                data.retryable = *missing == Missing::Transaction;
            }
            Self::Submit(error) => {
                data.name = error.name().into();
                data.field = error.field().map(Into::into);
                data.expected = error.expected();
                data.remedy = Some(error.remedy().into());
                data.retryable = error.retryable();
            }
            Self::Chain(error) => {
                data.name = error.name().into();
                data.remedy = Some(error.remedy().into());
                data.retryable = error.retryable();
            }
            Self::Refused(refusal) => {
                data.name = refusal.name.to_string();
                data.field = refusal.field.as_ref().map(ToString::to_string);
                data.expected = refusal.expected.as_ref().map(ToString::to_string);
                data.remedy = refusal.remedy.as_ref().map(ToString::to_string);
                data.contract = refusal.contract;
                data.items = refusal.items.to_vec();
            }
            Self::Interface { contract, .. } => {
                data.name = "InterfaceMismatch".into();
                data.contract = Some(*contract);
                data.remedy = Some("the contract's author has to mend its interface".into());
            }
            Self::StillWaiting { .. } => {
                data.name = "StillWaiting".into();
                data.remedy = Some(
                    "ask for its receipt with tx_receipt; sending the same bytes again is safe"
                        .into(),
                );
                data.retryable = true;
            }
            Self::UnknownMethod { .. } => {
                data.name = "MethodNotFound".into();
                data.remedy = Some("rpc.discover lists the methods".into());
            }
            Self::NotJson => {
                data.name = "NotJson".into();
                data.field = Some("content-type".into());
                data.expected = Some("application/json, in UTF-8, not packed".into());
            }
            Self::BodyBroken => {
                data.name = "BodyBroken".into();
                data.retryable = true;
            }
            Self::BodyTooLarge { allowed } => {
                data.name = "RequestTooLarge".into();
                data.expected = Some(format!("{allowed} bytes at most"));
                data.remedy = Some("send it in parts; node_info tells the limits".into());
            }
            Self::BodyLate { .. } => {
                data.name = "BodyTimeout".into();
                data.remedy = Some("send the request at once".into());
                data.retryable = true;
            }
            Self::Busy(_) => {
                data.name = "TooBusy".into();
                data.remedy =
                    Some("wait a moment and ask again; fewer at a time, or in batches".into());
                data.retryable = true;
            }
            Self::CallLate { .. } => {
                data.name = "CallTimeout".into();
                data.remedy =
                    Some("ask for less: smaller pages, fewer things, smaller batches".into());
                data.retryable = true;
            }
            Self::HostNotAllowed => {
                data.name = "HostNotAllowed".into();
                data.field = Some("host".into());
                data.remedy = Some("the operator lists the node's names under `hosts`".into());
            }
            Self::OriginNotAllowed => {
                data.name = "OriginNotAllowed".into();
                data.field = Some("origin".into());
                data.remedy = Some("the operator lists pages under `origins`".into());
            }
            Self::Lagged { next } => {
                data.name = "Lagged".into();
                data.remedy = Some(format!("subscribe again with fromHeight: {next}"));
                data.expected = Some(next.to_string());
                data.retryable = true;
            }
            Self::Unauthorized => {
                data.name = "Unauthorized".into();
                data.field = Some("authorization".into());
                data.expected = Some("Bearer and the token of the node's token file".into());
            }
            Self::Administration(_) => data.name = "AdministrationFailed".into(),
            Self::Stopped => {
                data.remedy = Some(ChainError::Stopped.remedy().into());
                data.name = "ShuttingDown".into();
                data.retryable = true;
            }
            Self::Bind { .. } | Self::Methods(_) => data.name = "Internal".into(),
        }
        data
    }
}

impl From<LedgerError> for RpcError {
    fn from(error: LedgerError) -> Self {
        Self::Chain(error.into())
    }
}

impl From<TransactionError> for RpcError {
    fn from(error: TransactionError) -> Self {
        Self::Submit(error.into())
    }
}

impl From<Refusal> for RpcError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<RpcError> for ErrorObjectOwned {
    fn from(error: RpcError) -> Self {
        Self::owned(error.code(), error.to_string(), Some(error.data()))
    }
}
