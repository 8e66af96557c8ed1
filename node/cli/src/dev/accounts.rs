//! Development keys: anyone can derive them, so they are worth nothing on a real chain.

use marque_primitives::hash::keccak256;
use marque_primitives::signature::SecretKey;

/// The named accounts of a development chain and what they do in its sample.
pub const NAMES: [(&str, &str); 10] = [
    ("alice", "a grower and brand"),
    ("bob", "a packer and distributor"),
    ("carol", "a grocer"),
    ("dave", "a haulier"),
    ("erin", "a kitchen"),
    ("frank", "a wholesaler that no brand lists"),
    ("grace", "a laboratory"),
    ("heidi", "another brand"),
    ("ivan", "another grocer"),
    ("judy", "the registrar"),
];

/// The registrar of every development chain.
pub const REGISTRAR: &str = "judy";

/// The development key of a name, or of anything else that stands for a party, such as a
/// GLN's digits.
pub fn secret(name: &str) -> SecretKey {
    let mut digest = keccak256(&[b"marque/development-key/v1", name.as_bytes()]);
    loop {
        // All but about one in 2^128 digests are a key.
        match SecretKey::from_bytes(&digest.0) {
            Some(key) => return key,
            None => digest = keccak256(&[&digest.0]),
        }
    }
}

/// Whether a name is one of the ten.
pub fn is_named(name: &str) -> bool {
    NAMES.iter().any(|(known, _)| *known == name)
}
