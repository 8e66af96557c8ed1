//! secp256k1 signatures over 32-byte digests: 65 bytes r, s, recovery id; low s only.

use crate::Address;
use crate::hash::{Hash, keccak256, to_hex};
use k256::ecdsa::{RecoveryId, Signature as EcdsaSignature, SigningKey, VerifyingKey};
use parity_scale_codec::{Decode, Encode, MaxEncodedLen};

/// Bytes of an encoded signature.
pub const SIGNATURE_LEN: usize = 65;

/// r and s (32 bytes each, big-endian) and the recovery id (0 or 1).
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode, MaxEncodedLen)]
pub struct Signature(pub [u8; SIGNATURE_LEN]);

/// A signature that recovers no key: r or s out of range, s above half the order, or an
/// unknown recovery id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadSignature;

impl core::fmt::Display for BadSignature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the signature is not a low-s secp256k1 signature with recovery id 0 or 1")
    }
}

impl core::error::Error for BadSignature {}

impl Signature {
    /// The address whose key signed `digest`.
    pub fn recover(&self, digest: &Hash) -> Result<Address, BadSignature> {
        let [rs @ .., id] = &self.0;
        // Ids 2 and 3 (r above the order) never come from a signer and are not taken.
        if *id > 1 {
            return Err(BadSignature);
        }
        let id = RecoveryId::from_byte(*id).ok_or(BadSignature)?;
        let signature = EcdsaSignature::from_slice(rs).map_err(|_| BadSignature)?;
        if bool::from(k256::elliptic_curve::scalar::IsHigh::is_high(
            &*signature.s(),
        )) {
            return Err(BadSignature);
        }
        let key = VerifyingKey::recover_from_prehash(&digest.0, &signature, id)
            .map_err(|_| BadSignature)?;
        Ok(address_of(&key))
    }
}

impl core::fmt::Debug for Signature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// A secret key. Never printed, zeroed when dropped.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// From 32 big-endian bytes in 1 .. order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(bytes).ok().map(Self)
    }

    /// The 32 bytes, for writing into an encrypted key file.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// The account of this key.
    pub fn address(&self) -> Address {
        address_of(self.0.verifying_key())
    }

    /// Signs a digest; deterministic (RFC 6979), low s.
    pub fn sign(&self, digest: &Hash) -> Result<Signature, BadSignature> {
        let (signature, id) = self.0.sign_prehash_recoverable(&digest.0);
        let mut bytes = [0; SIGNATURE_LEN];
        let (rs, last) = bytes.split_at_mut(64);
        rs.copy_from_slice(&signature.to_bytes());
        last.copy_from_slice(&[id.to_byte()]);
        Ok(Signature(bytes))
    }
}

impl core::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SecretKey of {}", self.address())
    }
}

fn address_of(key: &VerifyingKey) -> Address {
    let point = key.to_sec1_point(false);
    // Byte 0 says that the point is uncompressed; the address is of the coordinates alone.
    Address::last_20(keccak256(&[point.as_bytes().get(1..).unwrap_or_default()]).0)
}
