//! What can be wrong: with a document as a whole, or with one event of it.

use crate::json::Position;
use marque_primitives::refusal::Refusal;

/// A document that cannot be read at all; no event of it is captured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More bytes than the limit.
    #[error("the document has {size} bytes, {limit} are allowed; split it")]
    TooLarge {
        /// Its bytes.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// It begins with a byte order mark.
    #[error("the document begins with a byte order mark; save it as UTF-8 without one")]
    ByteOrderMark,
    /// Not UTF-8.
    #[error("byte {offset} is not UTF-8; save the document as UTF-8")]
    NotUtf8 {
        /// The first offending byte, from 0.
        offset: usize,
    },
    /// Not JSON (RFC 8259).
    #[error("not JSON at {at}: {what}")]
    NotJson {
        /// Where.
        at: Position,
        /// What is wrong there.
        what: &'static str,
    },
    /// An object names a key twice, so that readers would disagree on its value.
    #[error("the key {key:?} stands twice in one object at {at}; keep one of them")]
    DuplicateKey {
        /// Where the second one is.
        at: Position,
        /// The key.
        key: String,
    },
    /// Objects and arrays within each other beyond the limit.
    #[error("more than {limit} levels of objects and arrays at {at}; flatten the extension")]
    TooDeep {
        /// Where.
        at: Position,
        /// The limit.
        limit: usize,
    },
    /// More events than the limit.
    #[error("the document has {count} events, {limit} are allowed; split it")]
    TooManyEvents {
        /// How many.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Neither an EPCIS document nor an event or a list of them.
    #[error("not an EPCIS 2.0 document: {what}")]
    NotEpcis {
        /// What is missing or of the wrong kind.
        what: &'static str,
    },
    /// A context that is no context.
    #[error("the JSON-LD context is not usable: {what}")]
    Context {
        /// What is wrong with it.
        what: &'static str,
    },
}

/// An event that has not the form that EPCIS 2.0 asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}; {remedy}")]
pub struct Invalid {
    /// The field at fault, as a path (`quantityList[1].uom`).
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl Invalid {
    /// An error in `field`.
    pub fn new(
        field: impl Into<String>,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }
}

/// Why an event does not reach the ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmapped {
    /// Its form is wrong: the outcome is `invalid`.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The ledger takes nothing of the kind: the outcome is `refused`.
    #[error("{0}")]
    Refused(Box<Refusal>),
}
