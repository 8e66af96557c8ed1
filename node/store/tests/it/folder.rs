//! Data folders: what is opened, and what is refused untouched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use marque_state::{Batch, Store, tables};
use marque_store::{FORMAT, RedbStore, StoreError};

use crate::small;

fn open(folder: &Path) -> Result<RedbStore, StoreError> {
    RedbStore::open(folder, &small())
}

/// Every file with its bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn rows_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let mut batch = Batch::new();
    batch.put(tables::STATE.id(), b"key".to_vec(), b"value".to_vec());
    store.commit(batch).unwrap();
    drop(store);
    let store = open(folder.path()).unwrap();
    let value = store
        .snapshot()
        .unwrap()
        .get(tables::STATE.id(), b"key")
        .unwrap();
    assert_eq!(value, Some(b"value".to_vec()));
}

#[test]
fn refused_folders_stay_as_they_are() {
    let newer = FORMAT + 1;
    let cases = [
        (
            format!("marque {newer} redb\n"),
            format!("has format {newer}"),
        ),
        (format!("marque {FORMAT} sled\n"), "--store sled".to_owned()),
        (
            format!("marque {FORMAT} bdb\n"),
            "not a ledger's data folder".to_owned(),
        ),
        (
            "something else".to_owned(),
            "not a ledger's data folder".to_owned(),
        ),
        (String::new(), "not a ledger's data folder".to_owned()),
    ];
    for (format, says) in cases {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()).unwrap());
        fs::write(folder.path().join("FORMAT"), format).unwrap();
        let before = contents(folder.path());
        let error = open(folder.path()).err().unwrap().to_string();
        assert!(error.contains(&says), "{error}");
        assert_eq!(contents(folder.path()), before);
    }
}

#[test]
fn a_folder_of_other_things_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "x").unwrap();
    assert!(matches!(
        open(folder.path()),
        Err(StoreError::Foreign { .. })
    ));
    assert_eq!(contents(folder.path()).len(), 1);
    assert!(matches!(
        open(&folder.path().join("thesis.tex")),
        Err(StoreError::Folder { .. })
    ));
}

#[test]
fn a_crash_while_the_folder_is_made_locks_nobody_out() {
    for (file, bytes) in [
        ("FORMAT.new", &[][..]),
        ("ledger.redb.new", &[]),
        ("ledger.redb.new", &[0; 9_000]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()).unwrap());
        fs::remove_file(folder.path().join("ledger.redb")).unwrap();
        if file == "FORMAT.new" {
            fs::remove_file(folder.path().join("FORMAT")).unwrap();
        }
        fs::write(folder.path().join(file), bytes).unwrap();
        drop(open(folder.path()).unwrap());
        assert_eq!(
            contents(folder.path()).into_keys().collect::<Vec<_>>(),
            ["FORMAT", "ledger.redb"]
        );
    }
}

#[test]
fn a_damaged_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    fs::write(folder.path().join("ledger.redb"), [7; 100_000]).unwrap();
    assert!(matches!(
        open(folder.path()),
        Err(StoreError::Engine { .. })
    ));
}

#[test]
fn a_folder_has_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let _store = open(folder.path()).unwrap();
    assert!(
        matches!(open(folder.path()), Err(StoreError::InUse { .. })),
        "the same process"
    );
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "folder::the_second_process", "--ignored"])
        .env("MARQUE_TEST_FOLDER", folder.path())
        .output()
        .unwrap();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stdout)
    );
}

#[test]
#[ignore = "run by a_folder_has_one_process in a process of its own"]
fn the_second_process() {
    let folder = std::env::var_os("MARQUE_TEST_FOLDER").unwrap();
    let error = open(Path::new(&folder)).err().unwrap();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
}
