//! Headers with their certificates: where every proof ends.

use core::fmt;

use marque_primitives::header::{HEADER_TAG, Header};
use parity_scale_codec::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::certificate::{Certificate, Validator, validators_hash};
use crate::hash::Hash;

/// Domain tag of a receipt's hash: SHA-256 of the tag and the encoded receipt.
pub const RECEIPT_TAG: &[u8] = b"marque/receipt/v1";

/// A header and the signatures that decided it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedHeader {
    /// The header.
    pub header: Header,
    /// Its certificate.
    pub certificate: Certificate,
}

/// Why a header is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// The certificate is for another header.
    OtherHeader,
    /// The header names another validator set than the one given.
    OtherValidators,
    /// The header does not follow the one given.
    NotNext,
    /// A signer stands twice, or out of order.
    SignerTwice {
        /// Which.
        signer: u16,
    },
    /// A signer is not in the validator set.
    UnknownSigner {
        /// Which.
        signer: u16,
    },
    /// A signature is not that signer's over this header.
    BadSignature {
        /// Whose.
        signer: u16,
    },
    /// The signers have two thirds of the power or less.
    TooLittlePower,
}

impl SignedHeader {
    /// Checks that validators with more than two thirds of the power signed this header.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify(&self, genesis: &Hash, validators: &[Validator]) -> Result<(), HeaderError> {
        if self.certificate.header != hash(&self.header)
            || self.certificate.height != self.header.height.0
        {
            return Err(HeaderError::OtherHeader);
        }
        if self.header.validators.0 != validators_hash(validators) {
            return Err(HeaderError::OtherValidators);
        }
        self.certificate.verify(genesis, validators)
    }
}

/// Checks that `next` follows `header`: height, parent, time, chain and validators.
///
/// # Errors
/// [`HeaderError::NotNext`], or [`HeaderError::OtherValidators`].
pub fn follows(header: &Header, next: &Header) -> Result<(), HeaderError> {
    let joined = header.height.next() == Some(next.height)
        && next.parent.0 == hash(header)
        && next.time > header.time
        && next.chain_id == header.chain_id;
    if !joined {
        return Err(HeaderError::NotNext);
    }
    if next.validators != header.next_validators {
        return Err(HeaderError::OtherValidators);
    }
    Ok(())
}

/// A header's hash: what certificates and child blocks name.
#[must_use]
pub fn hash(header: &Header) -> Hash {
    let hasher = Sha256::new().chain_update(HEADER_TAG);
    hasher.chain_update(header.encode()).finalize().into()
}

/// The hash of an encoded receipt, as it stands in the list behind a header's receipts root.
#[must_use]
pub fn receipt_hash(encoded: &[u8]) -> Hash {
    let hasher = Sha256::new().chain_update(RECEIPT_TAG);
    hasher.chain_update(encoded).finalize().into()
}

impl fmt::Display for HeaderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherHeader => out.write_str("the certificate is for another header"),
            Self::OtherValidators => {
                out.write_str("the header names another validator set than the trusted one")
            }
            Self::NotNext => out.write_str("the header does not follow the one before it"),
            Self::SignerTwice { signer } => {
                write!(
                    out,
                    "validator {signer} stands twice or out of order in the certificate"
                )
            }
            Self::UnknownSigner { signer } => {
                write!(out, "there is no validator {signer} in the set")
            }
            Self::BadSignature { signer } => {
                write!(
                    out,
                    "the signature of validator {signer} is not over this header"
                )
            }
            Self::TooLittlePower => {
                out.write_str("the signers have no more than two thirds of the voting power")
            }
        }?;
        out.write_str("; do not trust it, and ask another node")
    }
}

impl core::error::Error for HeaderError {}

#[cfg(test)]
mod tests;
