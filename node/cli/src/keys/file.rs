//! A secret key at rest: argon2id makes a key of the passphrase, XChaCha20-Poly1305 seals
//! the secret with it, and everything else in the file is authenticated with it.

use crate::failure::Failure;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use marque_primitives::Address;
use marque_primitives::bounded::Bytes;
use marque_primitives::signature::SecretKey;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

/// The cipher's name in the file.
pub const CIPHER: &str = "xchacha20-poly1305";
const KDF: &str = "argon2id";
const VERSION: u8 = 1;
/// Domain tag of what is authenticated beside the secret.
const TAG: &[u8] = b"marque/key-file/v1";

/// What the derivation may cost: enough to slow down a thief, not so much that a file from
/// elsewhere could stop the machine.
const MEMORY_KIB: RangeInclusive<u32> = 19 * 1024..=1024 * 1024;
const PASSES: RangeInclusive<u32> = 1..=16;
const LANES: RangeInclusive<u32> = 1..=4;

/// How a key is made of the passphrase (RFC 9106).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Kdf {
    name: String,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// 16 random bytes.
    salt: Bytes<16>,
}

impl Kdf {
    /// The second recommendation of RFC 9106, section 4: 64 MiB, 3 passes; one lane, since
    /// the key is made on one thread.
    pub fn recommended(salt: [u8; 16]) -> Self {
        Self::new(64 * 1024, 3, salt)
    }

    /// The least that is read, for tests.
    #[cfg(test)]
    pub fn least(salt: [u8; 16]) -> Self {
        Self::new(*MEMORY_KIB.start(), *PASSES.start(), salt)
    }

    fn new(memory_kib: u32, passes: u32, salt: [u8; 16]) -> Self {
        Self {
            name: KDF.into(),
            memory_kib,
            passes,
            lanes: 1,
            salt: Bytes::new(salt.to_vec()).unwrap_or_default(),
        }
    }

    fn derive(&self, passphrase: &str) -> Result<Zeroizing<[u8; 32]>, Failure> {
        let within = self.name == KDF
            && MEMORY_KIB.contains(&self.memory_kib)
            && PASSES.contains(&self.passes)
            && LANES.contains(&self.lanes)
            && self.salt.len() == 16;
        let foreign = || {
            Failure::new(
                "the key file asks for a derivation that is not taken",
                format!(
                    "it is argon2id with {} to {} KiB, {} to {} passes, {} to {} lanes and a salt of 16 bytes",
                    MEMORY_KIB.start(),
                    MEMORY_KIB.end(),
                    PASSES.start(),
                    PASSES.end(),
                    LANES.start(),
                    LANES.end()
                ),
            )
        };
        if !within {
            return Err(foreign());
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| foreign())?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &self.salt, key.as_mut())
            .map_err(|error| {
                Failure::new(
                    format!("the passphrase cannot be worked on: {error}"),
                    "free some memory",
                )
            })?;
        Ok(key)
    }
}

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
        let key = file.kdf.derive(passphrase)?;
        let sealed = XChaCha20Poly1305::new(&Key::from(*key)).encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: bytes.as_ref(),
                aad: &file.authenticated(),
            },
        );
        let sealed = sealed.map_err(|_| Failure::new("the key cannot be sealed", ""))?;
        file.sealed = Bytes::new(sealed).unwrap_or_default();
        Ok(file)
    }

    /// Opens it. A wrong passphrase and a changed file look the same.
    pub fn open(&self, passphrase: &str) -> Result<SecretKey, Failure> {
        let nonce: Result<[u8; 24], _> = self.nonce.to_vec().try_into();
        let (VERSION, CIPHER, Ok(nonce)) = (self.version, self.cipher.as_str(), nonce) else {
            return Err(Failure::new(
                format!(
                    "the key file is of version {} with {}",
                    self.version, self.cipher
                ),
                format!("this program reads version {VERSION} with {CIPHER}"),
            ));
        };
        let key = self.kdf.derive(passphrase)?;
        let opened = XChaCha20Poly1305::new(&Key::from(*key)).decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &self.sealed,
                aad: &self.authenticated(),
            },
        );
        let closed = || {
            Failure::new(
                "the passphrase does not open the key, or its file was changed",
                "try again, or restore the file from your copy",
            )
        };
        let opened = Zeroizing::new(opened.map_err(|_| closed())?);
        let bytes = <&[u8; 32]>::try_from(opened.as_slice()).map_err(|_| closed())?;
        SecretKey::from_bytes(bytes)
            .filter(|secret| secret.address() == self.address)
            .ok_or_else(closed)
    }

    /// Everything in the file but the sealed secret.
    fn authenticated(&self) -> Vec<u8> {
        let numbers = [self.kdf.memory_kib, self.kdf.passes, self.kdf.lanes].map(u32::to_be_bytes);
        [
            TAG,
            &[self.version],
            &self.address.0,
            &numbers.concat(),
            &self.kdf.salt,
            &self.nonce,
        ]
        .concat()
    }
}
