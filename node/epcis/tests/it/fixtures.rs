//! Access to `tests/fixtures` at the root of the repository.

use marque_epcis::{Document, Limits};
use std::path::{Path, PathBuf};

/// A collection's folder.
pub fn folder(collection: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(collection)
}

/// The files below a folder whose names end so, in the order of their paths.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A document of a fixture.
pub fn document(path: &Path) -> Document {
    let bytes = std::fs::read(path).unwrap();
    Document::read(&bytes, &Limits::default()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
