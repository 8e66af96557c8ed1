//! Compiled code on disk, so that a node compiles a stored contract once.
//!
//! A module that is not in memory is then read back in less than a millisecond instead of
//! compiled in up to a second: whoever calls many contracts in turn gains nothing by it.
//!
//! A file is native code, and running one that somebody else wrote would be the end of all
//! checks. So each carries an HMAC-SHA256 over the version of this machine, the digest of the
//! WebAssembly and the bytes themselves, under a random key that lies beside them and is
//! readable by the node's user alone. A file that does not bear it (damaged, torn, copied from
//! another node or version) is as good as none: the code is compiled from the state, with the
//! same result. Files of other versions are removed at start.

use crate::error::VmError;
use crate::module::Facts;
use marque_primitives::hash::{Hash, sha256};
use parity_scale_codec::{Decode as _, Encode as _};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The name of the file with the key.
const KEY: &str = "key";
/// Bytes of a key, and of a file's code of authentication.
const MAC: usize = 32;

/// Where compiled code is kept, and how much of it.
#[derive(Clone, Debug)]
pub struct CompiledFolder {
    /// A folder of the node's own, made if it is not there.
    pub path: PathBuf,
    /// Bytes that files of this version take at most; what comes later is not kept.
    pub most: u64,
}

/// The open folder.
#[derive(Debug)]
pub(crate) struct Artifacts {
    files: PathBuf,
    key: [u8; MAC],
    version: Hash,
    most: u64,
    taken: AtomicU64,
}

impl Artifacts {
    /// Opens the folder for machines of this version.
    pub fn open(folder: &CompiledFolder, version: Hash) -> Result<Self, VmError> {
        let failed = |error: std::io::Error| {
            VmError::NodeFault(format!(
                "compiled code cannot be kept in {}: {error}",
                folder.path.display()
            ))
        };
        private_folder(&folder.path).map_err(failed)?;
        let key = key(&folder.path.join(KEY)).map_err(failed)?;
        let files = folder.path.join(hex(&version));
        remove_others(&folder.path, &files).map_err(failed)?;
        private_folder(&files).map_err(failed)?;
        let taken = sizes(&files).map_err(failed)?;
        Ok(Self {
            files,
            key,
            version,
            most: folder.most,
            taken: AtomicU64::new(taken),
        })
    }

    fn file(&self, code: &Hash) -> PathBuf {
        self.files.join(hex(code))
    }

    /// What was kept of the code: facts, and what [`wasmtime::Module::serialize`] gave.
    pub fn read(&self, code: &Hash) -> Option<(Facts, Vec<u8>)> {
        let file = self.file(code);
        let bytes = fs::read(&file).ok()?;
        let found = self.verified(code, &bytes);
        if found.is_none() {
            // Another takes its place once the code is compiled.
            self.give_back(length(&bytes));
            let _ = fs::remove_file(&file);
        }
        found
    }

    fn verified(&self, code: &Hash, bytes: &[u8]) -> Option<(Facts, Vec<u8>)> {
        let (mac, content) = bytes.split_at_checked(MAC)?;
        if self.mac(code, content).0 != *mac {
            return None;
        }
        let mut rest = content;
        let facts = Facts::decode(&mut rest).ok()?;
        Some((facts, rest.to_vec()))
    }

    /// Keeps it, if there is room and the disk takes it; without, the node is slower and no
    /// answer another. Says whether it did.
    pub fn write(&self, code: &Hash, facts: &Facts, artifact: &[u8]) -> bool {
        let mut content = facts.encode();
        content.extend_from_slice(artifact);
        let mac = self.mac(code, &content);
        let bytes = length(&content).saturating_add(length(&mac.0));
        let before = self.taken.fetch_add(bytes, Ordering::Relaxed);
        let kept = before.saturating_add(bytes) <= self.most
            && !self.file(code).exists()
            && whole(&self.file(code), &[&mac.0, &content]).is_ok();
        if !kept {
            self.give_back(bytes);
        }
        kept
    }

    /// A file may have grown in other hands: never below nothing.
    fn give_back(&self, bytes: u64) {
        let less = |taken: u64| Some(taken.saturating_sub(bytes));
        let _ = self
            .taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// HMAC (RFC 2104) over version, code and content.
    fn mac(&self, code: &Hash, content: &[u8]) -> Hash {
        let padded = |with: u8| {
            let mut block = [with; 64];
            for (block, key) in block.iter_mut().zip(self.key) {
                *block ^= key;
            }
            block
        };
        let inner = sha256(&[&padded(0x36), &self.version.0, &code.0, content]);
        sha256(&[&padded(0x5c), &inner.0])
    }
}

/// The module of bytes that [`Artifacts::read`] verified.
#[allow(
    unsafe_code,
    reason = "wasmtime cannot tell what it wrote from what it did not"
)]
pub(crate) fn module(engine: &wasmtime::Engine, artifact: &[u8]) -> Option<wasmtime::Module> {
    // SAFETY: the bytes bear this node's own MAC for this version of the machine, which stands
    // for the compiler and its settings; so they are what `Module::serialize` gave it, whole.
    // Only who can read the node's private files could have made them otherwise, and could as
    // well replace the node.
    unsafe { wasmtime::Module::deserialize(engine, artifact) }.ok()
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn hex(hash: &Hash) -> String {
    hash.to_string().trim_start_matches("0x").to_owned()
}

/// A folder that its owner alone may enter.
fn private_folder(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// The key; a new one where there is none that is ours alone, which leaves all files void.
fn key(path: &Path) -> std::io::Result<[u8; MAC]> {
    let folder = fs::metadata(path.parent().unwrap_or(path))?;
    if let Ok(about) = fs::symlink_metadata(path)
        && about.is_file()
        && about.mode() & 0o077 == 0
        && about.uid() == folder.uid()
        && let Ok(key) = <[u8; MAC]>::try_from(fs::read(path)?)
    {
        return Ok(key);
    }
    let mut key = [0; MAC];
    getrandom::fill(&mut key).map_err(|error| std::io::Error::other(error.to_string()))?;
    whole(path, &[&key])?;
    Ok(key)
}

/// Writes a file of the owner's alone, whole or not at all.
fn whole(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let _ = fs::remove_file(&new);
    let mut options = OpenOptions::new();
    let written = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| parts.iter().try_for_each(|part| file.write_all(part)))
        .and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

/// Removes the files of other versions, which nothing reads again.
fn remove_others(folder: &Path, own: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path() != own && entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn sizes(folder: &Path) -> std::io::Result<u64> {
    let mut sum = 0u64;
    for entry in fs::read_dir(folder)? {
        sum = sum.saturating_add(entry?.metadata()?.len());
    }
    Ok(sum)
}
