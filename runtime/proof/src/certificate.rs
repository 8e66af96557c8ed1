//! The certificate of a block: enough validators' signatures over one and the same bytes.

use alloc::vec::Vec;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use parity_scale_codec::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::hash::Hash;
use crate::header::HeaderError;

/// Domain tag of a vote.
pub const VOTE_TAG: &[u8; 14] = b"marque/vote/v1";
/// Validators of a chain at most.
pub const MAX_VALIDATORS: usize = 1_000;

/// The two rounds of votes of Tendermint (Buchman, Kwon, Milosevic 2018).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum VoteKind {
    /// The first: never part of a certificate.
    #[codec(index = 0)]
    Prevote,
    /// The second: more than two thirds of the power decide.
    #[codec(index = 1)]
    Precommit,
}

/// Who may vote, and with what weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Validator {
    /// Its ed25519 public key.
    pub key: Hash,
    /// Its votes, at least 1.
    pub power: u64,
}

/// What is signed: tag, genesis hash, kind of vote, height, round and header hash (zero for
/// none), numbers in little endian. The same bytes for all signers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The chain, by its genesis.
    pub genesis: Hash,
    /// Which vote.
    pub kind: VoteKind,
    /// The block's height.
    pub height: u64,
    /// The round of consensus; a solo chain has only round 0.
    pub round: u32,
    /// The header's hash.
    pub header: Hash,
}

impl Vote {
    /// The signed bytes.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        (
            VOTE_TAG,
            self.genesis,
            self.kind,
            self.height,
            self.round,
            self.header,
        )
            .encode()
    }

    /// Signs the vote.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> [u8; 64] {
        key.sign(&self.message()).to_bytes()
    }
}

/// One validator's signature in a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CommitSignature {
    /// The validator's place in the set that the header names.
    pub signer: u16,
    /// Its ed25519 signature.
    pub signature: [u8; 64],
}

/// Signatures by more than two thirds of the power over a block's precommit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Certificate {
    /// The block's height.
    pub height: u64,
    /// The round that decided.
    pub round: u32,
    /// The header's hash.
    pub header: Hash,
    /// In ascending order of signers, each once.
    pub signatures: Vec<CommitSignature>,
}

impl Certificate {
    /// Checks the signatures and counts their power.
    ///
    /// # Errors
    /// The first thing that is wrong with it, or too little power.
    pub fn verify(&self, genesis: &Hash, validators: &[Validator]) -> Result<(), HeaderError> {
        let vote = Vote {
            genesis: *genesis,
            kind: VoteKind::Precommit,
            height: self.height,
            round: self.round,
            header: self.header,
        };
        let message = vote.message();
        let mut previous = None;
        let mut signed = 0_u128;
        for CommitSignature { signer, signature } in &self.signatures {
            if previous >= Some(*signer) {
                return Err(HeaderError::SignerTwice { signer: *signer });
            }
            previous = Some(*signer);
            let unknown = HeaderError::UnknownSigner { signer: *signer };
            let validator = validators.get(usize::from(*signer)).ok_or(unknown)?;
            let key = VerifyingKey::from_bytes(&validator.key);
            key.and_then(|key| key.verify_strict(&message, &Signature::from_bytes(signature)))
                .map_err(|_| HeaderError::BadSignature { signer: *signer })?;
            signed = signed.saturating_add(u128::from(validator.power));
        }
        let powers = validators
            .iter()
            .map(|validator| u128::from(validator.power));
        let total = powers.fold(0, u128::saturating_add);
        if signed.saturating_mul(3) > total.saturating_mul(2) {
            Ok(())
        } else {
            Err(HeaderError::TooLittlePower)
        }
    }
}

/// The hash by which headers name a validator set.
#[must_use]
pub fn validators_hash(validators: &[Validator]) -> Hash {
    let hasher = Sha256::new().chain_update(b"marque/validators/v1");
    hasher.chain_update(validators.encode()).finalize().into()
}

#[cfg(test)]
mod tests;
