//! Opening a folder to look at it: the engine checks its own file first, and nothing in a redb
//! folder is written, so that a backup or a read-only disk can be looked at.
//!
//! sled cannot be opened without write access: it truncates what a crash left.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use marque_state::Store;
use redb::StorageBackend;

use crate::engine::unpanicked;
use crate::redb_store::FILE;
use crate::{Engine, Opened, Options, RedbStore, SledStore, StoreError, folder};

/// Opens an existing folder with the engine that wrote it, and checks every page's checksum where
/// the engine has them.
///
/// # Errors
/// Everything in [`StoreError`]; [`StoreError::Missing`] if there is no ledger.
pub fn inspect(folder: &Path, options: &Options) -> Result<Opened, StoreError> {
    let Some(engine) = folder::engine(folder)? else {
        return Err(StoreError::Missing {
            path: folder.to_owned(),
        });
    };
    let lock = folder::lock(folder)?;
    folder::whole(folder)?;
    let open = || -> Result<Arc<dyn Store>, StoreError> {
        Ok(match engine {
            Engine::Redb => {
                let file = folder.join(FILE);
                let backend = Untouched::open(&file).map_err(folder::failed(&file))?;
                Arc::new(RedbStore::checked(backend, folder, options, lock)?)
            }
            // Its log has a checksum for each record, which reading checks.
            Engine::Sled => Arc::new(SledStore::open_locked(folder, options, lock)?),
        })
    };
    let store = unpanicked(folder, open)?;
    Ok(Opened { store, engine })
}

const PAGE: u64 = 4_096;

/// A file that is only read; what the engine writes is kept in memory.
#[derive(Debug)]
struct Untouched {
    file: File,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    length: u64,
    /// Of the file, as far as it has not been cut off since.
    original: u64,
    pages: BTreeMap<u64, Vec<u8>>,
}

impl Untouched {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self {
            file,
            written: Mutex::new(Written {
                length,
                original: length,
                pages: BTreeMap::new(),
            }),
        })
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page as the file has it, zeros behind its end.
    fn original(&self, number: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut page = vec![0; usize::try_from(PAGE).unwrap_or_default()];
        let start = number.saturating_mul(PAGE);
        let there = usize::try_from(length.saturating_sub(start).min(PAGE)).unwrap_or_default();
        if let Some(there) = page.get_mut(..there) {
            self.file.read_exact_at(there, start)?;
        }
        Ok(page)
    }
}

/// The parts of a span of bytes that lie in one page each: page, where in it, where in the span.
fn parts(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, usize, usize)> {
    let mut done = 0_usize;
    std::iter::from_fn(move || {
        let left = length.checked_sub(done).filter(|left| *left > 0)?;
        let at = offset.checked_add(u64::try_from(done).ok()?)?;
        let within = usize::try_from(at.checked_rem(PAGE)?).ok()?;
        let size = usize::try_from(PAGE).ok()?.checked_sub(within)?.min(left);
        let part = (at.checked_div(PAGE)?, within, done, size);
        done = done.checked_add(size)?;
        Some(part)
    })
}

fn beyond() -> io::Error {
    io::Error::from(io::ErrorKind::UnexpectedEof)
}

fn slice(bytes: &mut [u8], from: usize, length: usize) -> io::Result<&mut [u8]> {
    let to = from.checked_add(length).ok_or_else(beyond)?;
    bytes.get_mut(from..to).ok_or_else(beyond)
}

impl StorageBackend for Untouched {
    fn len(&self) -> io::Result<u64> {
        Ok(self.written().length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let written = self.written();
        let end = u64::try_from(out.len())
            .ok()
            .and_then(|length| offset.checked_add(length));
        if end.is_none_or(|end| end > written.length) {
            return Err(beyond());
        }
        if written.pages.is_empty() && end.is_some_and(|end| end <= written.original) {
            drop(written);
            return self.file.read_exact_at(out, offset);
        }
        for (number, within, from, size) in parts(offset, out.len()) {
            let mut read;
            let page = match written.pages.get(&number) {
                Some(page) => page,
                None => {
                    read = self.original(number, written.original)?;
                    &mut read
                }
            };
            let part = page.get(within..).and_then(|page| page.get(..size));
            slice(out, from, size)?.copy_from_slice(part.ok_or_else(beyond)?);
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut written = self.written();
        written.length = length;
        written.original = written.original.min(length);
        written
            .pages
            .retain(|number, _| number.saturating_mul(PAGE) < length);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut written = self.written();
        let original = written.original;
        for (number, within, from, size) in parts(offset, data.len()) {
            let page = match written.pages.entry(number) {
                Entry::Occupied(page) => page.into_mut(),
                Entry::Vacant(place) => place.insert(self.original(number, original)?),
            };
            let part = data.get(from..).and_then(|data| data.get(..size));
            slice(page, within, size)?.copy_from_slice(part.ok_or_else(beyond)?);
        }
        let end = u64::try_from(data.len())
            .ok()
            .and_then(|length| offset.checked_add(length));
        written.length = written.length.max(end.ok_or_else(beyond)?);
        Ok(())
    }
}
