//! Compiled modules: kept within bounds, read back only as they were written, and never a
//! reason for another result.

use crate::host::Recorder;
use crate::{contract, vm};
use marque_abi::Entry;
use marque_primitives::Hash;
use marque_primitives::hash::keccak256;
use marque_vm::{CacheCounts, CallOutcome, CompiledFolder, OptLevel, Vm, VmConfig, VmError};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A module of its own for each number; it answers the number.
fn numbered(at: i32) -> (Hash, Vec<u8>) {
    let code = contract(&format!(
        r#"(module (import "marque" "output" (func $output (param i32 i32)))
            (memory (export "memory") 3)
            (func (export "query") (i32.store (i32.const 8) (i32.const {at})) (call $output (i32.const 8) (i32.const 4))))"#
    ));
    (keccak256(&[&code]), code)
}

fn answer(vm: &Vm, at: i32, for_good: bool) -> CallOutcome {
    let (digest, code) = numbered(at);
    let module = vm.load(&digest, for_good, || Ok(code)).unwrap();
    assert_eq!(module.meta().name.as_str(), "test");
    vm.run(
        &module,
        Entry::Query,
        Vec::new(),
        10_000_000,
        &mut Recorder::default(),
    )
    .unwrap()
}

fn open(path: &Path, most: u64) -> Vm {
    let folder = CompiledFolder {
        path: path.into(),
        most,
    };
    let config = VmConfig {
        instances: 64,
        ..VmConfig::default()
    };
    Vm::with_folder(&config, &folder).unwrap()
}

const ROOM: u64 = 1 << 30;

/// What happens to a file.
type Change = fn(&mut Vec<u8>);

/// The files of compiled code.
fn files(folder: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    folders
        .filter(|path| path.is_dir())
        .flat_map(|path| {
            std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().path())
        })
        .collect()
}

#[test]
fn what_was_compiled_is_read_back_and_answers_alike() {
    let folder = tempfile::tempdir().unwrap();
    let compiled = answer(&open(folder.path(), ROOM), 7, true);
    let again = open(folder.path(), ROOM);
    assert_eq!(answer(&again, 7, true), compiled);
    assert_eq!(answer(&again, 7, true), compiled);
    let counts = CacheCounts {
        at_hand: 1,
        read: 1,
        ..CacheCounts::default()
    };
    assert_eq!(again.cache_counts(), counts);
    assert_eq!(answer(&vm(OptLevel::None), 7, true), compiled);
    // The code was not even asked for.
    let third = open(folder.path(), ROOM);
    third
        .load::<Vec<u8>>(&numbered(7).0, true, || panic!("asked"))
        .unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(folder.path()), mode(&folder.path().join("key"))),
        (0o700, 0o600)
    );
    assert_eq!(mode(&files(folder.path())[0]), 0o600);
}

#[test]
fn a_file_that_is_not_this_nodes_own_is_compiled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let right = answer(&open(folder.path(), ROOM), 1, true);
    let file = files(folder.path()).pop().unwrap();
    let good = std::fs::read(&file).unwrap();
    let damage: [(&str, Change); 6] = [
        ("a flipped bit of the code", |bytes| {
            *bytes.last_mut().unwrap() ^= 1
        }),
        ("a flipped bit of the facts", |bytes| bytes[40] ^= 1),
        ("a flipped bit of the MAC", |bytes| bytes[0] ^= 1),
        ("a torn file", |bytes| bytes.truncate(bytes.len() / 2)),
        ("an empty file", |bytes| bytes.clear()),
        ("a longer file", |bytes| bytes.push(0)),
    ];
    for (what, change) in damage {
        let mut bytes = good.clone();
        change(&mut bytes);
        std::fs::write(&file, &bytes).unwrap();
        let vm = open(folder.path(), ROOM);
        assert_eq!(answer(&vm, 1, true), right, "{what}");
        assert_eq!(
            (vm.cache_counts().read, vm.cache_counts().compiled),
            (0, 1),
            "{what}"
        );
        assert_eq!(
            std::fs::read(&file).unwrap().len(),
            good.len(),
            "{what}: not replaced"
        );
    }
    // Another contract's code under this one's name.
    let other = open(folder.path(), ROOM);
    answer(&other, 2, true);
    let foreign = files(folder.path())
        .into_iter()
        .find(|path| *path != file)
        .unwrap();
    std::fs::copy(&foreign, &file).unwrap();
    let vm = open(folder.path(), ROOM);
    assert_eq!(answer(&vm, 1, true), right);
    assert_eq!(vm.cache_counts().compiled, 1);
    // Another node's files.
    let elsewhere = tempfile::tempdir().unwrap();
    answer(&open(elsewhere.path(), ROOM), 1, true);
    std::fs::copy(&files(elsewhere.path())[0], &file).unwrap();
    let vm = open(folder.path(), ROOM);
    assert_eq!(answer(&vm, 1, true), right);
    assert_eq!(vm.cache_counts().compiled, 1);
}

#[test]
fn a_key_that_others_could_read_is_replaced_and_its_files_are_void() {
    let folder = tempfile::tempdir().unwrap();
    answer(&open(folder.path(), ROOM), 1, true);
    let key = folder.path().join("key");
    let before = std::fs::read(&key).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let vm = open(folder.path(), ROOM);
    answer(&vm, 1, true);
    assert_eq!(vm.cache_counts().compiled, 1);
    assert_ne!(std::fs::read(&key).unwrap(), before);
}

#[test]
fn files_of_other_versions_go_and_what_is_only_tried_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("00ff");
    std::fs::create_dir(&old).unwrap();
    std::fs::write(old.join("code"), b"native").unwrap();
    let vm = open(folder.path(), ROOM);
    assert!(!old.exists());
    answer(&vm, 1, false);
    assert_eq!(files(folder.path()).len(), 0);
    // A folder that is full costs time and nothing else.
    let full = open(folder.path(), 100);
    answer(&full, 1, true);
    assert_eq!(
        (files(folder.path()).len(), full.cache_counts().not_kept),
        (0, 1)
    );
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = CompiledFolder {
        path: file.path().join("compiled"),
        most: ROOM,
    };
    let config = VmConfig {
        instances: 64,
        ..VmConfig::default()
    };
    let error = Vm::with_folder(&config, &folder).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("compiled code cannot be kept in"),
        "{error}"
    );
}

#[test]
fn memory_is_bounded_in_bytes_and_the_least_used_goes_first() {
    let config = VmConfig {
        instances: 64,
        ..VmConfig::default()
    };
    let vm = Vm::new(&config).unwrap();
    answer(&vm, 0, true);
    let one = vm.cached_bytes();
    let room = VmConfig {
        cached_bytes: one * 7 / 2,
        ..config
    };
    let vm = Vm::new(&room).unwrap();
    for at in 0..20 {
        answer(&vm, 0, true);
        answer(&vm, at, true);
        assert!(
            vm.cached_bytes() <= room.cached_bytes,
            "{} bytes",
            vm.cached_bytes()
        );
    }
    // The first was asked for all the time: it was compiled once.
    assert_eq!(vm.cache_counts().compiled, 20);
    answer(&vm, 1, true);
    assert_eq!(vm.cache_counts().compiled, 21);
    let none = Vm::new(&VmConfig {
        cached_bytes: 0,
        ..config
    })
    .unwrap();
    answer(&none, 0, true);
    assert_eq!(none.cached_bytes(), 0);
}

#[test]
fn code_that_is_not_what_its_name_says_stops_the_node() {
    let vm = vm(OptLevel::None);
    let (digest, _) = numbered(1);
    let error = vm.load(&digest, true, || Ok(numbered(2).1)).unwrap_err();
    assert!(matches!(error, VmError::NodeFault(_)), "{error}");
}

/// The crate has its own table of lints, for the one exception that it needs.
#[test]
fn lints_are_the_workspaces_but_for_unsafe() {
    let table = |file: &str, prefix: &str| -> Vec<String> {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let mut lints = Vec::new();
        let mut inside = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[') {
                inside = name.trim_end_matches(']').replace(prefix, "lints");
            } else if inside.starts_with("lints.") && line.contains(" = ") {
                lints.push(format!("{inside}.{line}"));
            }
        }
        lints
    };
    let expected: Vec<_> = table("../../Cargo.toml", "workspace.lints")
        .into_iter()
        .map(|lint| lint.replace("unsafe_code = \"forbid\"", "unsafe_code = \"deny\""))
        .collect();
    assert!(expected.len() > 10);
    assert_eq!(table("Cargo.toml", "lints"), expected);
}
