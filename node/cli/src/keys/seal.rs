//! How a secret is sealed: argon2id makes a key of the passphrase, and XChaCha20-Poly1305
//! seals the secret with it, beside what else is to be authenticated.

use crate::failure::Failure;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use marque_primitives::bounded::Bytes;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

/// The cipher's name in a file.
pub const CIPHER: &str = "xchacha20-poly1305";
/// The version of every file here.
pub const VERSION: u8 = 1;
const KDF: &str = "argon2id";

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

/// A sealed secret as its file has it; the file adds whose it is.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The file's version.
    pub version: u8,
    /// How the passphrase becomes a key.
    pub kdf: &'a Kdf,
    /// The file's word for the cipher.
    pub cipher: &'a str,
    /// 24 random bytes.
    pub nonce: &'a Bytes<24>,
    /// Domain tag of this kind of file.
    pub tag: &'a [u8],
    /// Whose secret it is.
    pub owner: &'a [u8],
}

impl Parts<'_> {
    fn nonce(&self) -> Result<XNonce, Failure> {
        let nonce: Result<[u8; 24], _> = self.nonce.to_vec().try_into();
        let (VERSION, CIPHER, Ok(nonce)) = (self.version, self.cipher, nonce) else {
            return Err(Failure::new(
                format!(
                    "the key file is of version {} with {}",
                    self.version, self.cipher
                ),
                format!("this program reads version {VERSION} with {CIPHER}"),
            ));
        };
        Ok(XNonce::from(nonce))
    }

    /// Seals 32 bytes: the same bytes and 16 that authenticate them and the rest of the file.
    pub fn seal(&self, secret: &[u8; 32], passphrase: &str) -> Result<Bytes<48>, Failure> {
        let nonce = self.nonce()?;
        let key = self.kdf.derive(passphrase)?;
        let sealed = XChaCha20Poly1305::new(&Key::from(*key)).encrypt(
            &nonce,
            Payload {
                msg: secret,
                aad: &self.authenticated(),
            },
        );
        let sealed = sealed.map_err(|_| Failure::new("the key cannot be sealed", ""))?;
        Ok(Bytes::new(sealed).unwrap_or_default())
    }

    /// Opens them. A wrong passphrase and a changed file look the same.
    pub fn open(
        &self,
        sealed: &Bytes<48>,
        passphrase: &str,
    ) -> Result<Zeroizing<[u8; 32]>, Failure> {
        let nonce = self.nonce()?;
        let key = self.kdf.derive(passphrase)?;
        let opened = XChaCha20Poly1305::new(&Key::from(*key)).decrypt(
            &nonce,
            Payload {
                msg: sealed,
                aad: &self.authenticated(),
            },
        );
        let opened = Zeroizing::new(opened.map_err(|_| closed())?);
        let bytes = <&[u8; 32]>::try_from(opened.as_slice()).map_err(|_| closed())?;
        Ok(Zeroizing::new(*bytes))
    }

    /// Everything in the file but the sealed secret.
    fn authenticated(&self) -> Vec<u8> {
        let numbers = [self.kdf.memory_kib, self.kdf.passes, self.kdf.lanes].map(u32::to_be_bytes);
        [
            self.tag,
            &[self.version],
            self.owner,
            &numbers.concat(),
            &self.kdf.salt,
            self.nonce,
        ]
        .concat()
    }
}

/// Said of a wrong passphrase and of a changed file alike.
pub fn closed() -> Failure {
    Failure::new(
        "the passphrase does not open the key, or its file was changed",
        "try again, or restore the file from your copy",
    )
}
