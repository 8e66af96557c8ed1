//! A secret key at rest: its account's address, and the secret sealed with a passphrase.

use super::seal::{CIPHER, Kdf, Parts, VERSION, closed};
use crate::failure::Failure;
use marque_primitives::Address;
use marque_primitives::bounded::Bytes;
use marque_primitives::signature::SecretKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Domain tag of what is authenticated beside the secret.
const TAG: &[u8] = b"marque/key-file/v1";

/// The content of a key file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sealed {
    version: u8,
    /// The key's address, so that the passphrase is not needed to tell keys apart.
    pub address: Address,
    /// How the passphrase becomes a key.
    pub kdf: Kdf,
    cipher: String,
    /// 24 random bytes.
    nonce: Bytes<24>,
    /// The secret and 16 bytes that authenticate it and the rest of the file.
    sealed: Bytes<48>,
}

impl Sealed {
    /// Seals a secret.
    pub fn seal(
        secret: &SecretKey,
        passphrase: &str,
        kdf: Kdf,
        nonce: [u8; 24],
    ) -> Result<Self, Failure> {
        let mut file = Self {
            version: VERSION,
            address: secret.address(),
            kdf,
            cipher: CIPHER.into(),
            nonce: Bytes::new(nonce.to_vec()).unwrap_or_default(),
            sealed: Bytes::default(),
        };
        let bytes = Zeroizing::new(secret.to_bytes());
        file.sealed = file.parts().seal(&bytes, passphrase)?;
        Ok(file)
    }

    /// Opens it. A wrong passphrase and a changed file look the same.
    pub fn open(&self, passphrase: &str) -> Result<SecretKey, Failure> {
        let bytes = self.parts().open(&self.sealed, passphrase)?;
        SecretKey::from_bytes(&bytes)
            .filter(|secret| secret.address() == self.address)
            .ok_or_else(closed)
    }

    fn parts(&self) -> Parts<'_> {
        Parts {
            version: self.version,
            kdf: &self.kdf,
            cipher: &self.cipher,
            nonce: &self.nonce,
            tag: TAG,
            owner: &self.address.0,
        }
    }
}
