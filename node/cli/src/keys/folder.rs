//! The folder of key files: private to its owner, each file written whole.

use super::KeyArgs;
use super::file::Sealed;
use super::new::random;
use super::seal::Kdf;
use crate::dev::accounts;
use crate::failure::Failure;
use marque_primitives::Address;
use marque_primitives::signature::SecretKey;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// No key file is near this long.
const MAX_BYTES: u64 = 4096;
const MAX_NAME: usize = 64;

/// Where key files are.
pub struct Folder(PathBuf);

/// A key file that was read; its secret is still sealed.
#[derive(Debug)]
pub struct KeyFile {
    name: String,
    path: PathBuf,
    sealed: Sealed,
}

impl KeyFile {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose it is.
    pub fn address(&self) -> Address {
        self.sealed.address
    }

    /// What is in the file.
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// Its secret.
    pub fn open(&self, passphrase: &str) -> Result<SecretKey, Failure> {
        self.sealed
            .open(passphrase)
            .map_err(|failure| failure.during(self.path.display()))
    }
}

impl Folder {
    /// The one that is given, or the user's.
    pub fn of(args: &KeyArgs) -> Result<Self, Failure> {
        if let Some(path) = &args.keys {
            return Ok(Self(path.clone()));
        }
        let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
        let home = || std::env::home_dir().map(|home| home.join(".local/share"));
        match data.filter(|path| path.is_absolute()).or_else(home) {
            Some(data) => Ok(Self(data.join("marque/keys"))),
            None => Err(Failure::new(
                "there is no home folder for keys",
                "name a folder with --keys",
            )),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.json"))
    }

    /// Whether a new key can have this name.
    pub fn check_free(&self, name: &str) -> Result<(), Failure> {
        if !is_name(name) {
            return Err(Failure::usage(
                format!("{name:?} is no name for a key"),
                "use up to 64 small letters, digits, - and _",
            ));
        }
        if accounts::is_named(name) {
            return Err(Failure::usage(
                format!("{name} is an account of every development chain"),
                "choose another name",
            ));
        }
        match self.file(name).try_exists() {
            Ok(false) => Ok(()),
            Ok(true) => Err(taken(name, self)),
            Err(error) => Err(Failure::file(&self.file(name), &error)),
        }
    }

    /// Seals a secret and writes it, whole or not at all, never over another.
    pub fn write(
        &self,
        name: &str,
        secret: &SecretKey,
        passphrase: &str,
    ) -> Result<PathBuf, Failure> {
        let kdf = Kdf::recommended(random()?);
        self.write_sealed(name, &Sealed::seal(secret, passphrase, kdf, random()?)?)
    }

    pub(super) fn write_sealed(&self, name: &str, sealed: &Sealed) -> Result<PathBuf, Failure> {
        let path = self.file(name);
        let mut text = serde_json::to_vec_pretty(sealed)
            .map_err(|error| Failure::new(format!("the key cannot be written: {error}"), ""))?;
        text.push(b'\n');
        match write_private(&path, &text) {
            Ok(()) => Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(taken(name, self)),
            Err(error) => Err(Failure::file(&path, &error)),
        }
    }

    /// The key with this name or address, if there is one.
    pub fn find(&self, name: &str) -> Result<Option<KeyFile>, Failure> {
        if let Ok(address) = name.parse::<Address>() {
            let files = self.list()?;
            return Ok(files.into_iter().find(|file| file.address() == address));
        }
        match is_name(name) {
            true => self.read(name),
            false => Ok(None),
        }
    }

    fn read(&self, name: &str) -> Result<Option<KeyFile>, Failure> {
        let path = self.file(name);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::file(&path, &error)),
        };
        check_private(&path, &file)?;
        let mut text = Vec::new();
        file.take(MAX_BYTES)
            .read_to_end(&mut text)
            .map_err(|error| Failure::file(&path, &error))?;
        let sealed = serde_json::from_slice(&text).map_err(|error| {
            Failure::new(
                format!("{} is no key file: {error}", path.display()),
                "restore it from your copy",
            )
        })?;
        Ok(Some(KeyFile {
            name: name.to_string(),
            path,
            sealed,
        }))
    }

    /// All keys, by their names.
    pub fn list(&self) -> Result<Vec<KeyFile>, Failure> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::file(&self.0, &error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::file(&self.0, &error))?;
            let file = entry.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(".json"));
            names.extend(name.filter(|name| is_name(name)).map(str::to_string));
        }
        names.sort_unstable();
        let files = names.iter().map(|name| self.read(name).transpose());
        files.flatten().collect()
    }
}

/// Writes a file for its owner's eyes (mode 0600, in a folder made with 0700), whole or not at
/// all, never over another.
pub fn write_private(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

fn is_name(name: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'_';
    !name.is_empty() && name.len() <= MAX_NAME && name.bytes().all(plain)
}

fn taken(name: &str, folder: &Folder) -> Failure {
    Failure::new(
        format!("there is a key {name} in {} already", folder.0.display()),
        "choose another name",
    )
}

/// Refuses what others than the owner can read.
pub fn check_private(path: &Path, file: &File) -> Result<(), Failure> {
    check_closed_to(path, file, 0o077)
}

/// Refuses what those whom the bits of a mode stand for have any right to.
pub fn check_closed_to(path: &Path, file: &File, others: u32) -> Result<(), Failure> {
    let metadata = file
        .metadata()
        .map_err(|error| Failure::file(path, &error))?;
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & others != 0 {
        return Err(Failure::new(
            format!(
                "{} can be read by others (mode {mode:04o}), so it is not used",
                path.display()
            ),
            format!(
                "run `chmod 600 {}`, and think of the key as known if others use this machine",
                path.display()
            ),
        ));
    }
    Ok(())
}
