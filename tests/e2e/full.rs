//! No room on the disk: a node under load stops with one error, has lost nothing that it
//! acknowledged, and goes on once there is room.

use crate::made::{Made, Running};
use crate::node::{address, marque};
use crate::run::load;
use marque_primitives::Hash;
use std::path::Path;
use std::process::Command;

/// Lanes that send at once.
const LANES: u8 = 8;

/// Loads a node until it stops; what it acknowledged.
fn filled(node: Running, data: &Path, remedy: &str) -> Vec<Hash> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| runtime.spawn(load(node.client(), lane)))
        .collect();
    let (status, said) = node.ends();
    let mut acknowledged = Vec::new();
    for lane in lanes {
        acknowledged.extend(runtime.block_on(lane).unwrap());
    }
    assert_eq!(status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("error: the chain has stopped: "), "{said}");
    for words in [data.to_str().unwrap(), remedy] {
        assert!(last.contains(words), "{words:?} is missing in {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    acknowledged
}

/// With room again it starts, knows what it acknowledged, takes more, and is whole.
fn goes_on(made: &Made, arguments: &[&str], acknowledged: &[Hash]) {
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    let node = made.run(arguments);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = node.client();
    for id in acknowledged {
        let receipt = runtime.block_on(client.receipt(*id)).unwrap();
        assert!(receipt.is_some(), "{id} was acknowledged and is lost");
    }
    let more = runtime.spawn(load(node.client(), LANES));
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(node.terminate().0.success());
    assert!(!runtime.block_on(more).unwrap().is_empty());
    let mut check = marque();
    check.args(["db", "check", "--genesis"]);
    check.arg(made.path("node/genesis.json"));
    check.arg("--data").arg(data(made, arguments));
    let output = check.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    println!("{} acknowledged, none lost", acknowledged.len());
}

/// The folder that `--data` names, or that of `marque init`.
fn data(made: &Made, arguments: &[&str]) -> std::path::PathBuf {
    let mut named = arguments.iter().skip_while(|word| **word != "--data");
    named
        .nth(1)
        .map_or_else(|| made.path("node/data"), std::path::PathBuf::from)
}

fn made() -> Made {
    Made::with(&["--registrar", &address("judy").to_string()])
}

/// A limit on the size of files, which every machine has, stands for the disk's.
fn no_file_grows(engine: &str) {
    let made = made();
    let arguments = ["--store", engine];
    let command = made.limited("ulimit -f 9000", &arguments);
    let node = Running::start(&made, command);
    let data = data(&made, &arguments);
    let acknowledged = filled(node, &data, "raise the limit on the size of files");
    goes_on(&made, &arguments, &acknowledged);
}

#[test]
fn a_node_on_redb_whose_file_cannot_grow_stops_and_goes_on_later() {
    no_file_grows("redb");
}

#[test]
fn a_node_on_sled_whose_file_cannot_grow_stops_and_goes_on_later() {
    no_file_grows("sled");
}

/// A disk in memory, where one may be mounted.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mounted(folder: &Path) -> Option<Self> {
        std::fs::create_dir(folder).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=8m", "none"])
            .arg(folder);
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(folder.to_owned())),
            _ => {
                println!("not tried on a real full disk: none may be mounted here");
                None
            }
        }
    }

    fn enlarge(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,size=64m"]).arg(&self.0);
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn a_disk_is_full(engine: &str) {
    let made = made();
    let folder = made.path("disk");
    let Some(disk) = Disk::mounted(&folder) else {
        return;
    };
    let data = folder.join("data");
    let arguments = ["--store", engine, "--data", data.to_str().unwrap()];
    let acknowledged = filled(made.run(&arguments), &data, "make room on its disk");
    // As long as there is no room it does not start, or can be read and ended.
    match Running::try_start(&made, made.command(&arguments)) {
        Ok(node) => drop(node.terminate()),
        Err(said) => assert!(said.contains("make room on its disk"), "{said}"),
    }
    disk.enlarge();
    goes_on(&made, &arguments, &acknowledged);
}

#[test]
fn a_node_on_redb_stops_on_a_full_disk_and_goes_on_later() {
    a_disk_is_full("redb");
}

#[test]
fn a_node_on_sled_stops_on_a_full_disk_and_goes_on_later() {
    a_disk_is_full("sled");
}
