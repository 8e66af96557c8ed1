//! How far a database had come, remembered outside of it, so that an older copy of the database
//! that someone put back is noticed.
//!
//! One small file with two records that are written in turn, each with a checksum: a write that a
//! crash tears leaves the other one. A write costs no wait for the disk; what was written survives
//! the end of the process at once, and a power cut after [`HighMark::sync`].
//!
//! What it notices: a database whose chain ends below the mark, or holds another block there.
//! What it cannot notice: that the mark was put back together with the database. So it belongs on
//! another disk than the data, or at least out of what is backed up.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::remedy::remedy;
use crate::{StoreError, folder};

const TAG: &[u8; 8] = b"mrqmark1";
/// Tag, chain, height, block, checksum.
const RECORD: usize = 8 + 32 + 8 + 32 + 32;
/// Records lie in different sectors.
const STRIDE: u64 = 4_096;
/// Bytes that are read of a file.
const MOST: u64 = 4 * STRIDE;

/// A block that may have been signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its height.
    pub height: u64,
    /// Its header's hash.
    pub block: [u8; 32],
}

/// The file of a mark.
#[derive(Debug)]
pub struct HighMark {
    file: File,
    path: PathBuf,
    chain: [u8; 32],
    newest: Option<Mark>,
    /// Where the next record goes: 0 or 1.
    turn: u64,
}

impl HighMark {
    /// Opens the file of a chain, which is named by its genesis hash, or makes it.
    ///
    /// # Errors
    /// [`StoreError::Folder`] if it cannot be read or made, [`StoreError::OtherMark`] if it is
    /// something else.
    pub fn open(path: &Path, chain: [u8; 32]) -> Result<Self, StoreError> {
        let failed = folder::failed(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(folder::failed(parent))?;
        }
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(&failed)?;
        let mut bytes = Vec::new();
        file.by_ref()
            .take(MOST)
            .read_to_end(&mut bytes)
            .map_err(&failed)?;
        let (newest, turn) = newest_of(&bytes, path, &chain)?;
        Ok(Self {
            file,
            path: path.to_owned(),
            chain,
            newest,
            turn,
        })
    }

    /// The highest block that a file of a chain marks, if there is the file; nothing is written.
    ///
    /// # Errors
    /// As [`HighMark::open`].
    pub fn look(path: &Path, chain: [u8; 32]) -> Result<Option<Mark>, StoreError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(folder::failed(path))?,
        };
        let mut bytes = Vec::new();
        let read = file.take(MOST).read_to_end(&mut bytes);
        read.map_err(folder::failed(path))?;
        Ok(newest_of(&bytes, path, &chain)?.0)
    }

    /// The highest block that was marked.
    #[must_use]
    pub fn newest(&self) -> Option<Mark> {
        self.newest
    }

    /// Marks a block, before its signature leaves.
    ///
    /// # Errors
    /// The system's error.
    pub fn set(&mut self, mark: Mark) -> io::Result<()> {
        let record = written(&self.chain, &mark);
        let place = self.turn.saturating_mul(STRIDE);
        let written = self.file.write_all_at(&record, place);
        written.map_err(|error| self.named(&error))?;
        self.turn ^= 1;
        self.newest = Some(mark);
        Ok(())
    }

    /// Forgets what was marked, and marks this: an older copy is meant to be gone on with.
    ///
    /// # Errors
    /// The system's error.
    pub fn reset(&mut self, mark: Mark) -> io::Result<()> {
        let cut = self.file.set_len(0);
        cut.map_err(|error| self.named(&error))?;
        self.turn = 0;
        self.set(mark)?;
        self.sync()
    }

    /// Returns once what was marked survives a power cut.
    ///
    /// # Errors
    /// The system's error.
    pub fn sync(&self) -> io::Result<()> {
        let synced = self.file.sync_data();
        synced.map_err(|error| self.named(&error))
    }

    /// The system's error, where it was, and what to do.
    fn named(&self, error: &io::Error) -> io::Error {
        let (path, remedy) = (self.path.display(), remedy(error));
        io::Error::new(error.kind(), format!("{path}: {error}; {remedy}"))
    }
}

/// A file's highest block, and where the next record goes.
fn newest_of(
    bytes: &[u8],
    path: &Path,
    chain: &[u8; 32],
) -> Result<(Option<Mark>, u64), StoreError> {
    let second = usize::try_from(STRIDE).unwrap_or(usize::MAX);
    let records = [0, second].map(|at| bytes.get(at..).and_then(read));
    let other = || StoreError::OtherMark {
        path: path.to_owned(),
    };
    let whole = records.iter().flatten();
    if whole.clone().any(|(of, _)| of != chain) || (whole.count() == 0 && !bytes.is_empty()) {
        return Err(other());
    }
    let [first, second] = records.map(|record| record.map(|(_, mark)| mark));
    let later = |mark: Option<Mark>| mark.map(|mark| mark.height);
    Ok(if later(second) > later(first) {
        (second, 0)
    } else {
        (first, u64::from(first.is_some()))
    })
}

fn written(chain: &[u8; 32], mark: &Mark) -> Vec<u8> {
    let mut record = Vec::with_capacity(RECORD);
    record.extend_from_slice(TAG);
    record.extend_from_slice(chain);
    record.extend_from_slice(&mark.height.to_be_bytes());
    record.extend_from_slice(&mark.block);
    let sum = Sha256::digest(&record);
    record.extend_from_slice(&sum);
    record
}

/// A record's chain and mark; `None` if it is torn or was never written.
fn read(bytes: &[u8]) -> Option<([u8; 32], Mark)> {
    let record = bytes.get(..RECORD)?;
    let (body, sum) = record.split_last_chunk::<32>()?;
    if Sha256::digest(body).as_slice() != sum {
        return None;
    }
    let body = body.strip_prefix(TAG)?;
    let (chain, rest) = body.split_first_chunk::<32>()?;
    let (height, block) = rest.split_first_chunk::<8>()?;
    let mark = Mark {
        height: u64::from_be_bytes(*height),
        block: block.try_into().ok()?,
    };
    Some((*chain, mark))
}

#[cfg(test)]
mod tests;
