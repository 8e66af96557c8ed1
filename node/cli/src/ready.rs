//! The file that says that a node answers, for who started it.

use crate::failure::Failure;
use serde_json::Value;
use std::path::Path;

/// Removes what an earlier node left: it would tell of an address where no one answers.
pub fn forget(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::file(path, &error))
        }
        _ => Ok(()),
    }
}

/// Whole or not at all: who waits for the file reads it at once.
pub fn write(path: &Path, ready: &Value) -> Result<(), Failure> {
    write_whole(path, ready.to_string().as_bytes())
}

/// Writes a file under another name first.
pub fn write_whole(path: &Path, text: &[u8]) -> Result<(), Failure> {
    let new = path.with_extension("new");
    let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path));
    written.map_err(|error| Failure::file(path, &error))
}
