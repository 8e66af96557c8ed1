//! Folders that cannot be written to: refused with a sentence, and left as they are.
//!
//! Whoever may do everything is not stopped by modes, so that a test that runs as root has its
//! nodes run as nobody.

use crate::made::{Made, open_to};
use crate::node::{address, marque};
use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOBODY: u32 = 65_534;

/// Everything below a folder: paths, and files' bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
            found.insert(path, None);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.insert(path, Some(bytes));
        }
    }
    found
}

fn is_root(folder: &Path) -> bool {
    std::fs::metadata(folder).unwrap().uid() == 0
}

/// Gives a folder to nobody if root has it.
fn give_away(folder: &Path) {
    for path in contents(folder).keys() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
}

/// Takes the right to write from everything below a folder, or gives it back.
fn writable(folder: &Path, writable: bool) {
    let (file, directory) = if writable {
        (0o600, 0o700)
    } else {
        (0o400, 0o500)
    };
    let below = contents(folder);
    for (path, bytes) in &below {
        open_to(path, if bytes.is_some() { file } else { directory });
    }
    open_to(folder, directory);
}

fn said(mut command: Command, root: bool) -> (Option<i32>, String) {
    if root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

fn a_ledger_without_the_right_to_write(engine: &str) {
    let made = Made::new();
    let arguments = ["--store", engine];
    let node = made.run(&arguments);
    let brand = address("alice").to_string();
    made.registrar(&node, &["brand", "license", &brand, "--prefix", "9506000"]);
    assert!(node.terminate().0.success());
    let root = is_root(made.folder());
    if root {
        give_away(made.folder());
        let mut command = marque();
        command.arg("--version").uid(NOBODY).gid(NOBODY);
        if !command.output().is_ok_and(|output| output.status.success()) {
            println!("not tried: nobody may not run the binary where it lies");
            return;
        }
    }
    let data = made.path("node/data");
    writable(&data, false);
    let before = contents(&data);
    let (code, error) = said(made.command(&arguments), root);
    assert_eq!(code, Some(1), "{error}");
    for words in [data.to_str().unwrap(), "the node has to write there"] {
        assert!(error.contains(words), "{words:?} is missing in {error}");
    }
    assert!(
        !error.contains("panicked") && !error.contains("damaged"),
        "{error}"
    );
    // A new folder in one that cannot be written to.
    let new = data.join("new");
    let more = ["--store", engine, "--data", new.to_str().unwrap()];
    let (code, error) = said(made.command(&more), root);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("the node has to write there"), "{error}");
    // What only reads can read redb; sled's file may need to be cut, and says so.
    let mut check = marque();
    check.args(["db", "check", "--genesis"]);
    check.arg(made.path("node/genesis.json"));
    check.arg("--data").arg(&data);
    let (code, error) = said(check, root);
    match engine {
        "redb" => assert_eq!(code, Some(0), "{error}"),
        _ => {
            assert_eq!(code, Some(1), "{error}");
            assert!(error.contains("the node has to write there"), "{error}");
        }
    }
    assert_eq!(contents(&data), before, "nothing has changed");
    writable(&data, true);
    assert!(made.run(&arguments).terminate().0.success());
}

#[test]
fn a_redb_ledger_without_the_right_to_write_is_refused_untouched() {
    a_ledger_without_the_right_to_write("redb");
}

#[test]
fn a_sled_ledger_without_the_right_to_write_is_refused_untouched() {
    a_ledger_without_the_right_to_write("sled");
}

#[test]
fn a_folder_that_cannot_be_made_is_refused() {
    let made = Made::new();
    std::fs::write(made.path("file"), "x").unwrap();
    for (place, remedy) in [
        (made.path("file"), "has to be a directory"),
        (made.path("file/data"), "has to be a directory"),
        (PathBuf::from("/proc/self/data"), ""),
    ] {
        for engine in ["redb", "sled"] {
            let place = place.to_str().unwrap();
            let error = made.fails(&["--store", engine, "--data", place]);
            assert!(error.contains(place) && error.contains(remedy), "{error}");
            assert!(!error.contains("panicked"), "{error}");
        }
    }
    assert_eq!(std::fs::read(made.path("file")).unwrap(), b"x");
}
