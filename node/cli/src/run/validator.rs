//! The key that signs blocks, and what opens it when nobody is there.

use crate::config::Settings;
use crate::failure::Failure;
use crate::keys::passphrase;
use crate::keys::validator::ValidatorFile;
use ed25519_dalek::SigningKey;
use marque_primitives::genesis::Genesis;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The credential's name where systemd hands the passphrase over.
pub const CREDENTIAL: &str = "marque-validator-passphrase";

/// The validator's key file, if the key decides alone in a chain of this genesis.
pub fn file(settings: &Settings, genesis: &Genesis) -> Result<ValidatorFile, Failure> {
    let file = ValidatorFile::read(&settings.validator_key)?;
    let (path, key) = (settings.validator_key.display(), file.public());
    let place = settings.genesis.display();
    match genesis.validators.as_slice() {
        [only] if only.key == key => Ok(file),
        [only] => Err(Failure::new(
            format!("the key in {path} is {key}, and {place} names {}", only.key),
            "take the genesis and the key that `marque init` made together; following a chain of another's is not there yet",
        )),
        others => Err(Failure::new(
            format!("{place} names {} validators", others.len()),
            "this version runs chains with one; several validators and followers are not there yet",
        )),
    }
}

/// Where the passphrase comes from when nobody is asked.
pub enum Opener {
    /// What systemd hands over.
    Credential(PathBuf),
    /// The file that the settings name.
    File(PathBuf),
    /// The terminal.
    Terminal,
}

impl Opener {
    /// The first of these that there is.
    pub fn of(settings: &Settings) -> Self {
        let folder = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let credential = folder.map(|folder| folder.join(CREDENTIAL));
        match (credential, &settings.passphrase_file) {
            (Some(path), _) if path.exists() => Self::Credential(path),
            (_, Some(path)) => Self::File(path.clone()),
            _ => Self::Terminal,
        }
    }

    /// The passphrase; `None` where it would have to be asked for and must not be.
    pub fn passphrase(&self, ask: bool) -> Result<Option<Zeroizing<String>>, Failure> {
        match self {
            Self::File(path) => passphrase::from_file(path).map(Some),
            Self::Credential(path) => passphrase::from_credential(path).map(Some),
            Self::Terminal if ask => {
                let asked = passphrase::prompt("Passphrase of the validator's key: ");
                let none = |_| {
                    Failure::new(
                        "nothing opens the validator's key",
                        format!(
                            "name a file in validator.passphrase_file, or have systemd hand over the credential {CREDENTIAL}"
                        ),
                    )
                };
                asked.map(Some).map_err(none)
            }
            Self::Terminal => Ok(None),
        }
    }
}

/// Opens the key, asking the terminal where nothing else opens it.
pub fn key(settings: &Settings, file: &ValidatorFile) -> Result<SigningKey, Failure> {
    let passphrase = Opener::of(settings).passphrase(true)?;
    file.open(&passphrase.unwrap_or_default())
}

/// Opens the key if that needs nobody; whether it did.
pub fn try_open(settings: &Settings, file: &ValidatorFile) -> Result<bool, Failure> {
    match Opener::of(settings).passphrase(false)? {
        Some(passphrase) => file.open(&passphrase).map(|_| true),
        None => Ok(false),
    }
}
