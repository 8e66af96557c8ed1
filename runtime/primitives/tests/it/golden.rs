//! Fixtures in `tests/fixtures`. `MARQUE_BLESS=1` writes them anew: an approval, since
//! the formats are promises.

use std::path::PathBuf;

/// Compares `found` with the fixture, or writes it.
pub fn check(name: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    if std::env::var_os("MARQUE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; MARQUE_BLESS=1 writes it", path.display()));
    assert_eq!(found, expected, "{name} differs from its fixture");
}
