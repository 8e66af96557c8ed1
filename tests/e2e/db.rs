//! `marque db`: what it finds, what it copies, and that an older copy is noticed.

use crate::made::{Made, Running};
use crate::node::{Node, marque};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn db(arguments: &[&str]) -> Output {
    marque().arg("db").args(arguments).output().unwrap()
}

fn done(arguments: &[&str]) -> String {
    let output = db(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Asks the administrators' address for a copy.
async fn back_up(node: &Running, token: &str, folder: &Path) -> Value {
    let address = node.admin.strip_prefix("http://").unwrap();
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "admin_backup", "params": [folder]});
    let body = call.to_string();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn license(made: &Made, node: &Running, prefix: &str) {
    let brand = "0x00000000000000000000000000000000000000AB";
    made.registrar(node, &["brand", "license", brand, "--prefix", prefix]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_node_is_copied_and_the_copy_is_whole_on_either_engine() {
    let made = Made::new();
    let node = made.run(&[]);
    license(&made, &node, "9506000");
    let token = std::fs::read_to_string(made.path("node/admin.token")).unwrap();
    let copy = made.path("copy");
    let answer = back_up(&node, token.trim(), &copy).await;
    assert!(answer["result"]["height"].as_u64() >= Some(1), "{answer}");
    let again = back_up(&node, token.trim(), &copy).await;
    let said = again["error"]["message"].as_str().unwrap();
    assert!(said.contains("is not empty"), "{said}");
    // It went on meanwhile, and the copy is of one block.
    license(&made, &node, "9506001");
    let (status, log) = node.terminate();
    assert!(status.success(), "{log}");
    done(&["check", "--data", text(&copy)]);
    let other = made.path("other");
    done(&[
        "restore",
        text(&copy),
        "--data",
        text(&other),
        "--store",
        "sled",
    ]);
    done(&["check", "--data", text(&other)]);
    let back = made.path("back");
    done(&[
        "backup",
        "--data",
        text(&other),
        text(&back),
        "--store",
        "redb",
    ]);
    let export = |folder: &Path| done(&["export", "--data", text(folder)]);
    assert_eq!(
        export(&copy),
        export(&back),
        "there and back nothing has changed"
    );
    assert!(export(&copy).lines().count() >= 2);
}

#[test]
fn an_older_copy_is_refused_until_it_is_accepted() {
    let made = Made::new();
    let node = made.run(&[]);
    license(&made, &node, "9506000");
    assert!(node.terminate().0.success());
    let data = made.path("node/data/db");
    let old = made.path("old");
    copy(&data, &old);
    let node = made.run(&[]);
    license(&made, &node, "9506001");
    assert!(node.terminate().0.success());
    std::fs::remove_dir_all(&data).unwrap();
    copy(&old, &data);
    let said = made.fails(&[]);
    assert!(said.contains("older"), "{said}");
    let node = made.run(&["--accept-older-copy"]);
    license(&made, &node, "9506002");
    assert!(node.terminate().0.success());
    // From then on it is the newest there is.
    assert!(made.run(&[]).terminate().0.success());
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_flipped_byte_is_found_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let node = Node::start(folder.path(), &["--data", text(&data)]);
    node.wait_for("bob");
    assert!(node.end().success());
    done(&["check", "--data", text(&data)]);
    let before = done(&["export", "--data", text(&data)]);
    let file = data.join("db/ledger.redb");
    let whole = std::fs::read(&file).unwrap();
    let mut found = 0;
    let step = whole.len() / 24;
    for place in (0..24).map(|at| at * step + 97) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x20;
        std::fs::write(&file, damaged).unwrap();
        let output = db(&["check", "--data", text(&data)]);
        match output.status.code() {
            Some(0) => assert_eq!(done(&["export", "--data", text(&data)]), before),
            Some(1) => {
                let error = String::from_utf8(output.stderr).unwrap();
                assert!(
                    !error.trim().is_empty() && !error.contains("panicked"),
                    "{error}"
                );
                found += 1;
            }
            code => panic!("byte {place}: {code:?}"),
        }
    }
    println!("{found} of 24 flipped bytes found; the others are of no page in use");
    assert!(found > 0);
    std::fs::write(&file, whole).unwrap();
    done(&["check", "--data", text(&data)]);
}

/// Ends within a time, or is killed and fails the test.
fn in_time(mut command: std::process::Command) -> Output {
    command.stdin(Stdio::null());
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("it hangs: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

/// sled goes back without a word to what stands before a torn record, so that a flipped byte may
/// also take blocks away: the mark of what was signed tells.
#[test]
fn a_flipped_byte_under_sled_is_found_and_refused_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let node = Node::start(folder.path(), &["--store", "sled", "--data", text(&whole)]);
    node.wait_for("bob");
    assert!(node.end().success());
    done(&["check", "--data", text(&whole)]);
    let export = |data: &Path| done(&["export", "--data", text(data)]);
    let before = export(&whole);
    let mut files: Vec<_> = std::fs::read_dir(whole.join("db/sled"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.metadata().unwrap().is_file())
        .map(|entry| entry.file_name())
        .collect();
    files.sort();
    let (mut flipped, mut found, mut refused) = (0, 0, 0);
    for file in files {
        let bytes = std::fs::read(whole.join("db/sled").join(&file)).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) + 1;
        let places = 24.min(used);
        for place in (0..places).map(|at| (at * (used / places) + at).min(used - 1)) {
            let what = format!("byte {place} of {}", file.display());
            let damage = |name: &str| {
                let data = folder.path().join(name);
                let _ = std::fs::remove_dir_all(&data);
                copy_all(&whole, &data);
                let mut bytes = bytes.clone();
                bytes[place] ^= 0x20;
                std::fs::write(data.join("db/sled").join(&file), bytes).unwrap();
                data
            };
            flipped += 1;
            let data = damage("checked");
            let mut check = marque();
            check.args(["db", "check", "--data", text(&data)]);
            let output = in_time(check);
            let error = String::from_utf8(output.stderr).unwrap();
            let seen = match output.status.code() {
                Some(0) => {
                    assert_eq!(export(&data), before, "{what} was flipped unseen");
                    false
                }
                Some(1) => {
                    assert!(error.starts_with("error: "), "{what}: {error}");
                    assert!(!error.contains("panicked"), "{what}: {error}");
                    found += 1;
                    true
                }
                code => panic!("{what}: {code:?} {error}"),
            };
            let data = damage("started");
            match Node::try_start(folder.path(), &["--data", text(&data), "--no-sample"]) {
                // A start leaves unchecked what is not at the chain's head.
                Ok(node) => assert!(node.end().success(), "{what}"),
                Err((status, said)) => {
                    assert!(seen, "{what}: {said}");
                    assert_eq!(status.code(), Some(1), "{what}: {said}");
                    let last = said.lines().last().unwrap_or_default();
                    assert!(last.starts_with("error: "), "{what}: {said}");
                    refused += 1;
                }
            }
        }
    }
    println!("{flipped} bytes flipped, {found} found, {refused} refused at a start");
    assert!(found > 0 && refused > 0);
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_is_no_ledger_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, said) in [
        (vec!["check", "--data", "/nowhere/at/all"], "genesis"),
        (vec!["check", "--data", text(folder.path())], "genesis"),
    ] {
        let output = db(&arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(error.contains(said), "{error}");
    }
    let everything = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(everything, 0, "a check makes nothing");
}
