//! Who signs: a key in memory, or anything that signs a digest.

use marque_primitives::signature::{BadSignature, SecretKey, Signature};
use marque_primitives::{Address, Hash};

/// Signs digests with one secp256k1 key.
pub trait Signer: Send + Sync {
    /// The key's address.
    fn address(&self) -> Address;

    /// Signs a digest: low s, recovery id 0 or 1.
    ///
    /// # Errors
    /// When the signer cannot, or will not, sign.
    fn sign(&self, digest: &Hash) -> Result<Signature, BadSignature>;
}

impl Signer for SecretKey {
    fn address(&self) -> Address {
        SecretKey::address(self)
    }

    fn sign(&self, digest: &Hash) -> Result<Signature, BadSignature> {
        SecretKey::sign(self, digest)
    }
}
