//! The table of error codes, and which of them a method may answer with.

use crate::error::Missing as What;
use marque_primitives::refusal::Invariant;
use marque_vm::Limit;
use serde_json::{Map, Value, json};

/// An error's code, name and meaning.
type Row = (i32, &'static str, &'static str);

/// Of JSON-RPC itself.
const PROTOCOL: &[Row] = &[
    (-32700, "ParseError", "The request is not JSON."),
    (-32600, "InvalidRequest", "The JSON is not a request."),
    (
        -32600,
        "NotJson",
        "The body is not plain JSON: a form, or something packed.",
    ),
    (
        -32600,
        "BodyBroken",
        "The body did not come as its headers said.",
    ),
    (-32601, "MethodNotFound", "There is no method of this name."),
    (
        -32007,
        "RequestTooLarge",
        "The request has more bytes than the node takes.",
    ),
];
/// Of the way to the node, before a method is called.
const WAY: &[Row] = &[
    (
        7007,
        "HostNotAllowed",
        "The node does not answer for the host of the request.",
    ),
    (
        7008,
        "OriginNotAllowed",
        "The node does not answer the page that sent the request.",
    ),
    (
        7009,
        "BodyTimeout",
        "The request's body did not come in time.",
    ),
];
/// Of administration, on its own address.
const ADMINISTRATION: &[Row] = &[
    (
        7011,
        "Unauthorized",
        "The caller did not show the administrators' token.",
    ),
    (
        7012,
        "AdministrationFailed",
        "What an administrator asked for did not go well.",
    ),
];
/// Of code that a child process tries before the ledger sees it.
const CODE: &[Row] = &[
    (
        6097,
        "CompilerUnavailable",
        "The process that compiles code can't be run.",
    ),
    (6098, "CompilerBusy", "Other code is being compiled."),
    (
        6099,
        "TooHard",
        "The code takes more time or memory to compile than it may.",
    ),
];
/// A parameter's shape.
const PARAMS: &[Row] = &[(
    -32602,
    "InvalidParams",
    "A parameter is missing, unknown or of the wrong shape.",
)];
/// Of lists.
const CURSOR: &[Row] = &[
    (-32602, "BadCursor", "The cursor is not one of this list."),
    (
        -32602,
        "TooBroad",
        "The question would read more than one answer may.",
    ),
];
/// Of transactions that are not taken. They leave no receipt and use no nonce.
const SUBMIT: &[Row] = &[
    (1001, "BadSignature", "The signature is not the key's."),
    (
        1002,
        "WrongChain",
        "The transaction was signed for another chain.",
    ),
    (1003, "NonceTooLow", "The nonce was used."),
    (1004, "NonceGap", "The nonces before it are missing."),
    (
        1005,
        "TooLarge",
        "The transaction has more bytes than one may have.",
    ),
    (1006, "Expired", "The transaction's expiry has passed."),
    (1007, "PoolFull", "The pool holds as much as it may."),
    (1008, "KeyUnknown", "The key may not sign for the account."),
    (1009, "GasLimit", "The gas limit is above that of a block."),
    (1010, "BlockFull", "The block has no gas left for it."),
    (1011, "Malformed", "The bytes are no transaction."),
    (
        1012,
        "NonceTaken",
        "Another transaction with this nonce waits.",
    ),
    (
        1013,
        "QuotaExceeded",
        "The account or key has as much waiting as it may.",
    ),
    (
        1014,
        "GasTooLow",
        "The gas limit does not pay for taking the transaction in.",
    ),
    (
        1015,
        "QuotaSpent",
        "The account has used what it may in this window of blocks.",
    ),
];
/// Of identifiers. 2102 stands for one that is longer than the ledger keeps; none that is read is.
const NAMES: &[Row] = &[
    (
        2001,
        "IdentifierForm",
        "The text is in none of the forms that are read.",
    ),
    (
        2002,
        "IdentifierLength",
        "A field is too short or too long.",
    ),
    (
        2003,
        "IdentifierCharacter",
        "A character stands where its field does not allow it.",
    ),
    (
        2004,
        "CheckDigit",
        "The check digit does not belong to the digits before it.",
    ),
    (
        2005,
        "CheckPair",
        "The check characters do not belong to those before them.",
    ),
    (
        2006,
        "IdentifierValue",
        "A field breaks a rule beyond length and character set.",
    ),
    (
        2007,
        "BareNumber",
        "Digits alone do not say which key they are.",
    ),
    (
        2008,
        "PercentEncoding",
        "A % is not followed by what stands for a character.",
    ),
    (
        2009,
        "LetterCase",
        "A fixed part is written in the wrong letter case.",
    ),
    (
        2010,
        "ZeroSuppressed",
        "A GTIN lacks the zeros that fill it up to 14 digits.",
    ),
    (
        2011,
        "UnknownAi",
        "There is no such application identifier.",
    ),
    (
        2012,
        "NoKey",
        "No primary key is among the application identifiers.",
    ),
    (
        2013,
        "TwoKeys",
        "Two primary keys leave open which is named.",
    ),
    (
        2014,
        "Qualifier",
        "A path segment is no qualifier of the key, or not in its place.",
    ),
    (
        2015,
        "UnpairedSegment",
        "An application identifier has no value, or a value none.",
    ),
    (
        2016,
        "NotAnAttribute",
        "An application identifier may not stand in a query string.",
    ),
    (
        2017,
        "RepeatedAi",
        "The same application identifier stands twice.",
    ),
    (
        2018,
        "RequiredAi",
        "An application identifier lacks those that it must stand with.",
    ),
    (
        2019,
        "ExcludedAi",
        "Two application identifiers must not stand together.",
    ),
    (
        2020,
        "Separator",
        "An element string breaks off, or a separator is missing or in excess.",
    ),
    (2021, "EpcScheme", "The scheme of the EPC URN is not known."),
    (
        2022,
        "EpcComponents",
        "The components of the EPC URN do not fit its scheme.",
    ),
    (
        2023,
        "WidePattern",
        "The EPC pattern spans more than one class.",
    ),
    (
        2024,
        "NoEpcUrn",
        "What the identifier says can't be written as an EPC URN.",
    ),
    (
        2101,
        "WrongKind",
        "The identifier is one of something else.",
    ),
    (2103, "AddressForm", "The text is no address."),
    (
        2104,
        "AddressChecksum",
        "The letters' case does not spell the address's checksum.",
    ),
];
/// Of a contract's own rules.
const CONTRACT: Row = (
    5001,
    "ContractRefusal",
    "A contract refused by a rule of its own; code (5001 and on), name and message are those of its interface.",
);
/// Of contracts that answer otherwise than they say.
const INTERFACE: Row = (
    6100,
    "InterfaceMismatch",
    "A contract's answer is not of the type that its interface states.",
);
/// Of the node.
const NODE: &[Row] = &[
    (7001, "ShuttingDown", "The node is shutting down."),
    (
        7002,
        "NodeFault",
        "The node cannot go on; its log says why.",
    ),
    (7003, "NotKept", "The node keeps no state of that height."),
    (
        7005,
        "TooBusy",
        "A cap for the caller's address, or for all of them, is reached.",
    ),
    (7006, "CallTimeout", "The call took longer than a call may."),
];
/// Of subscriptions that were left behind, in their last message.
const LAGGED: Row = (
    7010,
    "Lagged",
    "The subscriber took its messages too slowly; subscribe again from the height given.",
);
/// Of waiting for a receipt.
const WAITING: Row = (
    7004,
    "StillWaiting",
    "The transaction was taken, and no block holds it yet.",
);
/// What the kernel refuses of a question to a contract; the rest stands in receipts.
const ASKING: &[Invariant] = &[
    Invariant::Reentered,
    Invariant::OutOfGas,
    Invariant::Trapped,
    Invariant::CallDepth,
    Invariant::UnknownContract,
];

/// For what a method may fail beside its parameters' shape and the node itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    /// There is nothing of that name.
    Missing(What),
    /// A parameter is no identifier, or one of something else.
    Name,
    /// The cursor is none, or the question too broad.
    Cursor,
    /// The transaction is not taken.
    Submit,
    /// The receipt did not come in time.
    Waiting,
    /// The ledger or a contract refused the question.
    Refused,
    /// A contract breaks its own interface.
    Interface,
    /// A subscriber takes its messages too slowly.
    Lagging,
}

impl Cause {
    fn rows(self) -> Vec<Row> {
        match self {
            Self::Missing(what) => vec![missing(what)],
            Self::Name => [NAMES, &[kernel(Invariant::Personal)]].concat(),
            Self::Cursor => CURSOR.to_vec(),
            Self::Submit => SUBMIT.iter().chain(CODE).copied().chain(limits()).collect(),
            Self::Lagging => vec![LAGGED],
            Self::Waiting => vec![WAITING],
            Self::Refused => {
                let asking = ASKING.iter().map(|invariant| kernel(*invariant));
                asking.chain([CONTRACT]).collect()
            }
            Self::Interface => vec![INTERFACE],
        }
    }
}

fn missing(what: What) -> Row {
    (what.code(), what.name(), what.meaning())
}

fn kernel(invariant: Invariant) -> Row {
    let code = i32::try_from(invariant.code()).unwrap_or(i32::MAX);
    (code, invariant.name(), invariant.meaning())
}

fn limits() -> impl Iterator<Item = Row> {
    Limit::ALL.iter().map(|limit| {
        let meaning = "Code breaks this limit of the static check.";
        (i32::from(limit.code()), limit.name(), meaning)
    })
}

fn key((code, name, _): &Row) -> String {
    format!("{code}-{name}")
}

/// Every error, by code and name.
pub(super) fn components() -> Map<String, Value> {
    let tables = [
        PROTOCOL,
        PARAMS,
        CURSOR,
        SUBMIT,
        NAMES,
        CODE,
        NODE,
        WAY,
        ADMINISTRATION,
    ];
    let mut rows: Vec<Row> = tables.concat();
    rows.extend([CONTRACT, INTERFACE, WAITING, LAGGED]);
    rows.extend(What::ALL.iter().map(|what| missing(*what)));
    rows.extend(Invariant::ALL.iter().map(|invariant| kernel(*invariant)));
    rows.extend(limits());
    rows.sort_by_key(|row| (row.0.unsigned_abs(), row.1));
    let error = |row: &Row| {
        let (code, name, meaning) = *row;
        let error = json!({"code": code, "message": meaning, "data": {"name": name}});
        (key(row), error)
    };
    rows.iter().map(error).collect()
}

/// References to the errors of a method with these parameters.
pub(super) fn references(params: &[&str], causes: &[Cause]) -> Vec<Value> {
    let mut rows: Vec<Row> = match params.is_empty() {
        true => Vec::new(),
        false => PARAMS.to_vec(),
    };
    rows.extend(causes.iter().flat_map(|cause| cause.rows()));
    rows.extend(NODE);
    let reference = |row: &Row| json!({"$ref": format!("#/components/errors/{}", key(row))});
    rows.iter().map(reference).collect()
}
