//! Who asks: the signed body of actions that happen together or not at all.
//!
//! On the wire a transaction is its encoded body followed by the 65 bytes of the
//! signature. Signed is the Keccak-256 of a domain tag and the body; that digest is the
//! transaction's id, so a second signature of one body makes no second transaction.

use crate::action::Action;
use crate::bounded::List;
use crate::hash::Hash;
use crate::{Address, Gas, Height, Lane, Nonce, TimeMs};
use parity_scale_codec::{Decode, Encode};

/// Bytes of a transaction at most, signature included.
pub const MAX_TRANSACTION: usize = 1_048_576;
/// Actions in a transaction at most.
pub const MAX_ACTIONS: usize = 256;
/// Domain tag of the signed digest.
pub const TRANSACTION_TAG: &[u8] = b"marque/transaction/v1";

/// When a transaction stops being valid; the earlier of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expiry {
    /// The last block that may hold it.
    pub height: Height,
    /// The last block time at which it is valid.
    pub time: TimeMs,
}

impl Expiry {
    /// No expiry.
    pub const NEVER: Self = Self {
        height: Height(u64::MAX),
        time: TimeMs(u64::MAX),
    };
}

/// What is signed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Body {
    /// The encoding's version.
    pub version: Version,
    /// The chain's number.
    pub chain_id: u64,
    /// The chain's genesis, so that chains with one number differ.
    pub genesis: Hash,
    /// On whose behalf.
    pub account: Address,
    /// The key that signs: the account itself or one that it authorised.
    pub key: Address,
    /// Which of the key's sequences.
    pub lane: Lane,
    /// Its number in that sequence.
    pub nonce: Nonce,
    /// When it stops being valid.
    pub expiry: Expiry,
    /// The most that it may use.
    pub gas_limit: Gas,
    /// What is to happen, at least one.
    pub actions: List<Action, MAX_ACTIONS>,
}

/// Version 1 of the body; an unknown number does not decode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Version {
    /// The first.
    #[default]
    #[codec(index = 1)]
    V1,
}

#[cfg(feature = "host")]
pub use host::{Transaction, TransactionError};

#[cfg(feature = "host")]
mod host {
    use super::{Body, MAX_TRANSACTION, TRANSACTION_TAG};
    use crate::codec::{self, DecodeError};
    use crate::hash::{Hash, keccak256};
    use crate::json::canonical::is_canonical;
    use crate::signature::{BadSignature, SIGNATURE_LEN, SecretKey, Signature};
    use alloc::vec::Vec;
    use parity_scale_codec::Encode;

    impl Body {
        /// The digest that is signed: the transaction's id.
        pub fn id(&self) -> Hash {
            keccak256(&[TRANSACTION_TAG, &self.encode()])
        }
    }

    /// A signed body, its bytes and its id.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Transaction {
        body: Body,
        signature: Signature,
        id: Hash,
        bytes: Vec<u8>,
    }

    /// Why bytes are no transaction.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum TransactionError {
        /// The body does not decode.
        Decode(DecodeError),
        /// The signature is malformed or another key's.
        BadSignature,
        /// No action, or a lane above 15.
        Empty,
        /// An action names a thing or place by another spelling than the ledger's.
        Spelling {
            /// Which action, from 0.
            action: usize,
        },
    }

    impl core::fmt::Display for TransactionError {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            match self {
                Self::Decode(error) => error.fmt(f),
                Self::BadSignature => {
                    f.write_str("the signature is not the named key's over this body")
                }
                Self::Spelling { action } => write!(
                    f,
                    "action {action} names a thing or place by a URI that is not its canonical \
                     form; name it as the ledger's JSON does"
                ),
                Self::Empty => f.write_str("a transaction needs an action and a lane from 0 to 15"),
            }
        }
    }

    impl core::error::Error for TransactionError {}

    impl From<BadSignature> for TransactionError {
        fn from(_: BadSignature) -> Self {
            Self::BadSignature
        }
    }

    impl Transaction {
        /// Signs a body.
        pub fn sign(body: Body, key: &SecretKey) -> Result<Self, TransactionError> {
            let mut bytes = body.encode();
            let id = keccak256(&[TRANSACTION_TAG, &bytes]);
            let signature = key.sign(&id)?;
            bytes.extend_from_slice(&signature.0);
            Ok(Self {
                body,
                signature,
                id,
                bytes,
            })
        }

        /// Decodes body and signature; the signature itself is not yet checked.
        pub fn decode(bytes: Vec<u8>) -> Result<Self, TransactionError> {
            if bytes.len() > MAX_TRANSACTION {
                let error = DecodeError::TooLarge {
                    found: bytes.len(),
                    allowed: MAX_TRANSACTION,
                };
                return Err(TransactionError::Decode(error));
            }
            let malformed = TransactionError::Decode(DecodeError::Malformed);
            let at = bytes.len().checked_sub(SIGNATURE_LEN).ok_or(malformed)?;
            let (encoded, signature) = bytes.split_at(at);
            let body: Body =
                codec::decode(encoded, MAX_TRANSACTION).map_err(TransactionError::Decode)?;
            if body.actions.is_empty() || !body.lane.is_valid() {
                return Err(TransactionError::Empty);
            }
            if let Some(action) = body.actions.iter().position(|action| !is_canonical(action)) {
                return Err(TransactionError::Spelling { action });
            }
            let id = keccak256(&[TRANSACTION_TAG, encoded]);
            let signature = Signature(signature.try_into().map_err(|_| malformed)?);
            Ok(Self {
                body,
                signature,
                id,
                bytes,
            })
        }

        /// Checks that the named key signed: the one expensive step, done once.
        pub fn verify(&self) -> Result<(), TransactionError> {
            if self.signature.recover(&self.id)? != self.body.key {
                return Err(TransactionError::BadSignature);
            }
            Ok(())
        }

        /// What was signed.
        pub fn body(&self) -> &Body {
            &self.body
        }

        /// The digest of the body.
        pub fn id(&self) -> Hash {
            self.id
        }

        /// Body and signature, as on the wire.
        pub fn bytes(&self) -> &[u8] {
            &self.bytes
        }
    }
}
