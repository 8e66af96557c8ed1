//! A data folder:
//!
//! | file | what |
//! |---|---|
//! | `FORMAT` | one line, `marque <format> <engine>`; written first, read before all else, and locked while a process has the folder open |
//! | `PARTIAL` | there while a copy is being written into the folder: what it holds is not a ledger |
//! | `ledger.redb` | redb: every table, each a redb table of the same name with byte keys and values |
//! | `sled/` | sled: every table in one tree, each key after its table's number |
//!
//! Files are made under another name, ending in `.new`, so that a crash leaves none of them half
//! made.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use crate::{Engine, StoreError};

/// The format of tables, keys and values. It is raised when a program that knows only the
/// present ones would misread what is written.
pub const FORMAT: u32 = 1;

const FILE: &str = "FORMAT";
const NEW_FILE: &str = "FORMAT.new";
const PARTIAL: &str = "PARTIAL";

/// Keeps other processes out of a folder until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Makes the folder if need be, sees that it is of this format and engine and that no other
/// process has it. A folder that is refused is left untouched.
pub(crate) fn prepare(folder: &Path, engine: Engine) -> Result<Lock, StoreError> {
    match read(folder)? {
        Some(found) if found == engine => {}
        Some(found) => {
            return Err(StoreError::OtherEngine {
                path: folder.to_owned(),
                found,
                asked: engine,
            });
        }
        None => begin(folder, engine)?,
    }
    let lock = lock(folder)?;
    whole(folder)?;
    Ok(lock)
}

/// The same for a folder that a copy is to be written into: it must be new or empty, and is
/// marked as partial until [`complete`].
pub(crate) fn prepare_copy(folder: &Path, engine: Engine) -> Result<(), StoreError> {
    if read(folder)?.is_some() {
        return Err(StoreError::NotEmpty {
            path: folder.to_owned(),
        });
    }
    begin(folder, engine)?;
    let mark = folder.join(PARTIAL);
    let made = File::create(&mark).and_then(|mut file| {
        file.write_all(b"a copy into this folder has not ended; remove the folder\n")?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    });
    made.map_err(failed(&mark))
}

/// A copy is whole and durable: the folder is a ledger's from now on.
pub(crate) fn complete(folder: &Path) -> Result<(), StoreError> {
    let mark = folder.join(PARTIAL);
    fs::remove_file(&mark)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(failed(&mark))
}

/// Refuses what a copy left half made.
pub(crate) fn whole(folder: &Path) -> Result<(), StoreError> {
    let partial = fs::exists(folder.join(PARTIAL)).map_err(failed(folder))?;
    if partial {
        return Err(StoreError::Partial {
            path: folder.to_owned(),
        });
    }
    Ok(())
}

/// The engine that keeps a folder; `None` if it is new or empty.
pub(crate) fn engine(folder: &Path) -> Result<Option<Engine>, StoreError> {
    read(folder)
}

/// Locks an existing folder without writing to it.
pub(crate) fn lock(folder: &Path) -> Result<Lock, StoreError> {
    let path = folder.join(FILE);
    let file = File::open(&path).map_err(failed(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(StoreError::Folder { path, source }),
    }
}

fn read(folder: &Path) -> Result<Option<Engine>, StoreError> {
    let file = folder.join(FILE);
    match fs::read_to_string(&file) {
        Ok(line) => check(folder, &line).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // Bytes that are no text are not ours either.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(StoreError::Foreign {
            path: folder.to_owned(),
        }),
        Err(source) => Err(StoreError::Folder { path: file, source }),
    }
}

fn check(folder: &Path, line: &str) -> Result<Engine, StoreError> {
    let foreign = || StoreError::Foreign {
        path: folder.to_owned(),
    };
    let mut words = line.split_whitespace();
    let (Some("marque"), Some(format), Some(engine)) = (words.next(), words.next(), words.next())
    else {
        return Err(foreign());
    };
    match format.parse() {
        Ok(FORMAT) => engine.parse().map_err(|_| foreign()),
        Ok(found) if found > FORMAT => Err(StoreError::NewerFormat {
            path: folder.to_owned(),
            found,
            known: FORMAT,
        }),
        _ => Err(foreign()),
    }
}

/// Makes an empty folder a ledger's.
fn begin(folder: &Path, engine: Engine) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        // A crash may have left the new file; anything else is not ours.
        if entry.map_err(failed(folder))?.file_name() != NEW_FILE {
            return Err(StoreError::Foreign {
                path: folder.to_owned(),
            });
        }
    }
    let new = folder.join(NEW_FILE);
    write(&new, engine).map_err(failed(&new))?;
    rename(&new, &folder.join(FILE))
}

fn write(file: &Path, engine: Engine) -> io::Result<()> {
    let mut file = File::create(file)?;
    writeln!(file, "marque {FORMAT} {engine}")?;
    file.sync_all()
}

/// Gives a file that is whole and synced its name, durably.
pub(crate) fn rename(new: &Path, file: &Path) -> Result<(), StoreError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::rename(new, file)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(failed(file))
}

pub(crate) fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::Folder {
        path: path.to_owned(),
        source,
    }
}
