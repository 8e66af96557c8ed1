//! Keys: whole after a kill, in no output, no core and no argument, and lent to others.

use crate::node::{Node, marque};
use crate::shell::{Shell, registered, split};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

const PHRASE: &str = "correct horse battery";
/// A secret that nothing else contains.
const SECRET: &str = "6b1f2c9d4e8a7035b9c1d2e3f4a5968778695a4b3c2d1e0f9e8d7c6b5a493827";

fn private(path: PathBuf, text: &str) -> PathBuf {
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// The folder of keys and the file of the passphrase, as options.
fn options(folder: &Path) -> String {
    let phrase = private(folder.join("phrase"), PHRASE);
    let keys = folder.join("keys");
    format!(
        "--keys {} --passphrase-file {}",
        keys.display(),
        phrase.display()
    )
}

#[test]
fn a_kill_at_any_moment_leaves_no_key_or_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let with = options(folder.path());
    let make = |name: &str| {
        let mut command = marque();
        command.args(split(&format!("key new {name} {with}")));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    // How long a key takes here, so that kills fall everywhere within it.
    let begin = std::time::Instant::now();
    assert!(make("whole").wait().unwrap().success());
    let took = begin.elapsed() * 5 / 4;
    let (mut none, mut whole) = (0, 0);
    for at in 0..24_u32 {
        let name = format!("k{at}");
        let mut child = make(&name);
        std::thread::sleep(took * at / 24 + Duration::from_micros(137));
        // SIGKILL; it may have ended by itself.
        child.kill().unwrap();
        child.wait().unwrap();
        let file = folder.path().join(format!("keys/{name}.json"));
        if !file.exists() {
            none += 1;
            continue;
        }
        whole += 1;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let shown = marque()
            .args(split(&format!("key show {name} {with}")))
            .output()
            .unwrap();
        assert!(shown.status.success(), "{name}: {shown:?}");
        // Whole is what its passphrase opens; without a node nothing else can be asked of it.
        let sealed: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(sealed["sealed"].as_str().unwrap().len(), 2 + 2 * 48);
    }
    println!("24 kills left {none} times no key and {whole} times a whole one");
    assert!(none > 0, "no kill came early enough to say anything");
    let listed = marque()
        .args(split(&format!("key list {with} --json")))
        .output()
        .unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), whole + 1);
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    entries.flat_map(below).collect()
}

#[test]
fn a_secret_is_in_no_output_log_argument_or_file() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    registered(&shell);
    let with = options(folder.path());
    let secret = private(folder.path().join("secret"), SECRET);
    let mut said = Vec::new();
    let mut run = |line: String| {
        let mut command = marque();
        command.args(split(&line)).args(["--rpc", &node.url]);
        let output = command.env("RUST_LOG", "trace").output().unwrap();
        said.extend_from_slice(&output.stdout);
        said.extend_from_slice(&output.stderr);
        output.status.success()
    };
    let import = format!("key import till --secret-file {} {with}", secret.display());
    assert!(
        marque()
            .args(split(&import))
            .output()
            .unwrap()
            .status
            .success()
    );
    // The key signs and is refused; a wrong passphrase is refused; so are both as arguments.
    assert!(!run(format!(
        "accept (01)09506000134352(21)A1 --from till {with}"
    )));
    let wrong = private(folder.path().join("wrong"), "a wrong passphrase here");
    let keys = folder.path().join("keys");
    let wrong = format!(
        "--keys {} --passphrase-file {}",
        keys.display(),
        wrong.display()
    );
    assert!(!run(format!(
        "accept (01)09506000134352(21)A1 --from till {wrong}"
    )));
    for option in ["--passphrase", "--secret"] {
        assert!(
            !run(format!("key import other {option} 00 {with}")),
            "{option} is taken"
        );
    }
    let said = String::from_utf8_lossy(&said).to_lowercase() + &node.said().to_lowercase();
    assert!(
        said.contains("never commissioned") && said.contains("does not open"),
        "{said}"
    );
    for words in [SECRET, PHRASE, "a wrong passphrase here"] {
        assert!(!said.contains(words), "a secret was printed");
        for file in files(folder.path()) {
            let own = ["secret", "phrase", "wrong"]
                .iter()
                .any(|name| file.ends_with(name));
            let text = fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&text).to_lowercase();
            assert!(
                own || !text.contains(words),
                "{} holds a secret",
                file.display()
            );
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_with_secrets_leaves_no_core() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let limits = fs::read_to_string(format!("/proc/{}/limits", node.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let numbers: Vec<_> = core.unwrap().split_whitespace().skip(4).take(2).collect();
    assert_eq!(numbers, ["0", "0"], "{core:?}");
}

#[test]
fn a_hub_that_acts_for_a_party_is_named_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    registered(&shell);
    let with = options(folder.path());
    let made = marque()
        .args(split(&format!("key new hub {with} --json")))
        .output()
        .unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let hub = made["address"].as_str().unwrap();
    let item = "(01)09506000134352(21)A1";
    shell.ok(&format!("commission {item} --from alice"));
    let observe = format!("observe {item} --account alice --from hub {with}");
    let error = shell.no(&observe);
    assert!(error.contains("authorised"), "{error}");
    let send = |name: &str, action: Value| {
        let file = folder.path().join(name);
        fs::write(&file, json!({"actions": [action]}).to_string()).unwrap();
        shell.ok(&format!("submit {} --from alice", file.display()));
    };
    let scope = json!({"kinds": ["observe"]});
    send(
        "lend.json",
        json!({"authorizeKey": {"key": hub, "scope": scope}}),
    );
    shell.ok(&observe);
    // Beyond what it was lent it may do nothing.
    let error = shell.no(&format!(
        "offer {item} --to carol --account alice --from hub {with}"
    ));
    assert!(error.contains("OutOfScope"), "{error}");
    let trace = shell.json(&format!("trace {item}"));
    assert!(
        trace.to_string().contains(&format!("\"signer\":\"{hub}\"")),
        "{trace}"
    );
    let shown = shell.ok(&format!("trace {item}"));
    assert!(
        shown.contains("key ") && shown.contains("Growers"),
        "{shown}"
    );
    send("end.json", json!({"revokeKey": {"key": hub}}));
    let error = shell.no(&observe);
    assert!(error.contains("authorised"), "{error}");
}
