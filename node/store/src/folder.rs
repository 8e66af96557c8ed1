//! A data folder:
//!
//! | file | what |
//! |---|---|
//! | `FORMAT` | one line, `marque <format> <engine>`; written first, read before all else |
//! | `ledger.redb` | every table, each a redb table of the same name with byte keys and values |
//!
//! Both are made under another name, ending in `.new`, so that a crash leaves none of them half
//! made. redb locks its file while it is open, so that a folder has one process.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::StoreError;

/// The format of tables, keys and values. It is raised when a program that knows only the
/// present ones would misread what is written.
pub const FORMAT: u32 = 1;

const FILE: &str = "FORMAT";
const NEW_FILE: &str = "FORMAT.new";

/// Makes the folder if need be, and sees that it is of this format and engine. A folder that is
/// refused is left untouched.
pub(crate) fn prepare(folder: &Path, engine: &'static str) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let file = folder.join(FILE);
    match fs::read_to_string(&file) {
        Ok(line) => check(folder, &line, engine),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
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
            rename(&new, &file)
        }
        Err(source) => Err(StoreError::Folder { path: file, source }),
    }
}

fn check(folder: &Path, line: &str, asked: &'static str) -> Result<(), StoreError> {
    let mut words = line.split_whitespace();
    let (Some("marque"), Some(format), Some(engine)) = (words.next(), words.next(), words.next())
    else {
        return Err(StoreError::Foreign {
            path: folder.to_owned(),
        });
    };
    match format.parse() {
        Ok(FORMAT) if engine == asked => Ok(()),
        Ok(FORMAT) => Err(StoreError::OtherEngine {
            path: folder.to_owned(),
            found: engine.to_owned(),
            asked,
        }),
        Ok(found) if found > FORMAT => Err(StoreError::NewerFormat {
            path: folder.to_owned(),
            found,
            known: FORMAT,
        }),
        _ => Err(StoreError::Foreign {
            path: folder.to_owned(),
        }),
    }
}

fn write(file: &Path, engine: &str) -> io::Result<()> {
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
