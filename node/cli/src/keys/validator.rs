//! A validator's secret at rest: an ed25519 key in a file of the same form as an account's.
//!
//! Sealed like every other key, although a node has to start without anyone typing: the
//! passphrase then comes from a file of its own, which a service manager can keep elsewhere
//! (encrypted, or in memory), so that a copy of the node's folder alone signs no block.

use super::folder::{check_private, write_private};
use super::new::random;
use super::seal::{CIPHER, Kdf, Parts, VERSION, closed};
use crate::failure::Failure;
use ed25519_dalek::SigningKey;
use marque_primitives::Hash;
use marque_primitives::bounded::Bytes;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Domain tag of what is authenticated beside the secret: not that of an account's key, so
/// that neither file can be passed off as the other.
const TAG: &[u8] = b"marque/validator-key-file/v1";
/// No key file is near this long.
const MAX_BYTES: u64 = 4096;

/// The content of a validator's key file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Sealed {
    version: u8,
    /// The public key, as genesis names it.
    validator: Hash,
    kdf: Kdf,
    cipher: String,
    nonce: Bytes<24>,
    sealed: Bytes<48>,
}

impl Sealed {
    fn parts(&self) -> Parts<'_> {
        Parts {
            version: self.version,
            kdf: &self.kdf,
            cipher: &self.cipher,
            nonce: &self.nonce,
            tag: TAG,
            owner: &self.validator.0,
        }
    }
}

/// A validator's key file that was read; its secret is still sealed.
#[derive(Debug)]
pub struct ValidatorFile {
    path: PathBuf,
    sealed: Sealed,
}

impl ValidatorFile {
    /// Reads a file that only its owner can read.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::file(path, &error);
        let file = File::open(path).map_err(failed)?;
        check_private(path, &file)?;
        let mut text = Vec::new();
        file.take(MAX_BYTES)
            .read_to_end(&mut text)
            .map_err(failed)?;
        let sealed = serde_json::from_slice(&text).map_err(|error| {
            Failure::new(
                format!("{} is no validator's key: {error}", path.display()),
                "restore it from your copy, or name another in validator.key",
            )
        })?;
        Ok(Self {
            path: path.to_owned(),
            sealed,
        })
    }

    /// The public key.
    pub fn public(&self) -> Hash {
        self.sealed.validator
    }

    /// The secret.
    pub fn open(&self, passphrase: &str) -> Result<SigningKey, Failure> {
        let open = || {
            let bytes = self.sealed.parts().open(&self.sealed.sealed, passphrase)?;
            let key = SigningKey::from_bytes(&bytes);
            match key.verifying_key().to_bytes() == self.sealed.validator.0 {
                true => Ok(key),
                false => Err(closed()),
            }
        };
        open().map_err(|failure: Failure| failure.during(self.path.display()))
    }
}

/// Makes a key and writes its file, whole or not at all, never over another. The public key.
pub fn create(path: &Path, passphrase: &str) -> Result<Hash, Failure> {
    let secret = Zeroizing::new(random::<32>()?);
    create_of(path, &secret, passphrase, Kdf::recommended(random()?))
}

pub(super) fn create_of(
    path: &Path,
    secret: &[u8; 32],
    passphrase: &str,
    kdf: Kdf,
) -> Result<Hash, Failure> {
    let public = Hash(SigningKey::from_bytes(secret).verifying_key().to_bytes());
    let mut sealed = Sealed {
        version: VERSION,
        validator: public,
        kdf,
        cipher: CIPHER.into(),
        nonce: Bytes::new(random::<24>()?.to_vec()).unwrap_or_default(),
        sealed: Bytes::default(),
    };
    sealed.sealed = sealed.parts().seal(secret, passphrase)?;
    let mut text = serde_json::to_vec_pretty(&sealed)
        .map_err(|error| Failure::new(format!("the key cannot be written: {error}"), ""))?;
    text.push(b'\n');
    write_private(path, &text).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::new(
            format!("{} is there already", path.display()),
            "nothing is written over: begin in another folder",
        ),
        _ => Failure::file(path, &error),
    })?;
    Ok(public)
}
