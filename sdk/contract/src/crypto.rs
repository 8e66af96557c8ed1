//! Hashes and signatures, computed by the host.

use marque_primitives::{Address, Hash};

/// Keccak-256, which names transactions, addresses and code.
pub fn keccak256(data: &[u8]) -> Hash {
    Hash(crate::host::keccak256(data))
}

/// SHA-256.
pub fn sha256(data: &[u8]) -> Hash {
    Hash(crate::host::sha256(data))
}

/// Whose secp256k1 key signed a digest; `None` if the signature is not valid (low s only).
pub fn recover(digest: &Hash, signature: &[u8; 65]) -> Option<Address> {
    crate::host::recover(&digest.0, signature).map(Address)
}
