//! Hashes and signatures, computed by the host.

use marque_primitives::{Address, Hash};

/// Keccak-256, which names transactions, addresses and code.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// let of_nothing = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
/// assert_eq!(keccak256(b"").to_string(), of_nothing);
/// ```
pub fn keccak256(data: &[u8]) -> Hash {
    Hash(crate::host::keccak256(data))
}

/// SHA-256.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// /// Whether a certificate is the one whose digest the brand stored.
/// fn is_stored(certificate: &[u8], stored: Hash) -> bool {
///     sha256(certificate) == stored
/// }
/// let stored = sha256(b"abc");
/// assert!(stored.to_string().starts_with("0xba7816bf8f01cfea"));
/// assert!(is_stored(b"abc", stored) && !is_stored(b"abd", stored));
/// ```
pub fn sha256(data: &[u8]) -> Hash {
    Hash(crate::host::sha256(data))
}

/// Whose secp256k1 key signed a digest; `None` if the signature is not valid (low s only).
///
/// ```
/// use marque_sdk::prelude::*;
/// use marque_sdk::primitives::signature::SecretKey;
///
/// let laboratory = SecretKey::from_bytes(&[7; 32]).unwrap();
/// let report = sha256(b"L7: no Listeria in 25 g");
/// let signature = laboratory.sign(&report).unwrap().0;
/// assert_eq!(recover(&report, &signature), Some(laboratory.address()));
/// assert_ne!(recover(&sha256(b"L8: none"), &signature), Some(laboratory.address()));
/// ```
pub fn recover(digest: &Hash, signature: &[u8; 65]) -> Option<Address> {
    crate::host::recover(&digest.0, signature).map(Address)
}
