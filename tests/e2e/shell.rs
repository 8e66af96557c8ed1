//! What can be typed: one action at a time, with keys of every kind.

use crate::node::{Node, marque};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

const GTIN: &str = "09506000134352";
const PALLET: &str = "(00)095060001343500019";

/// Types at a node; quotes are a shell's.
pub struct Shell<'n>(pub &'n Node);

impl Shell<'_> {
    pub fn run(&self, line: &str) -> Output {
        marque()
            .args(split(line))
            .args(["--rpc", &self.0.url])
            .output()
            .unwrap()
    }

    pub fn ok(&self, line: &str) -> String {
        let output = self.run(line);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{line} --json"))).unwrap()
    }

    /// The error's sentence.
    pub fn no(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(!output.status.success(), "{line} went well");
        String::from_utf8(output.stderr).unwrap()
    }
}

pub fn split(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (at, part) in line.split('\'').enumerate() {
        for (piece_at, piece) in part.split(' ').enumerate() {
            if at % 2 == 0 && piece_at > 0 {
                words.push(String::new());
            } else if piece_at > 0 {
                words.last_mut().unwrap().push(' ');
            }
            words.last_mut().unwrap().push_str(piece);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

pub fn registered(shell: &Shell<'_>) {
    shell.ok("party register alice --name Growers --location 9506000134352 --from judy");
    shell.ok("party register carol --name 'Corner Shop' --location 9506000134376 --from judy");
    shell.ok("brand license alice --prefix 9506000 --from judy");
    shell.ok(&format!(
        "product register {GTIN} --name Spinach --from alice"
    ));
}

#[test]
fn a_pallet_goes_to_a_shop_from_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    registered(&shell);
    let items = format!("(01){GTIN}(21)000001..+500");
    let tried = shell.json(&format!(
        "commission {items} --lot B7 --dry-run --from alice"
    ));
    assert_eq!(
        (&tried["dryRun"], &tried["receipt"]["status"]),
        (&true.into(), &"applied".into())
    );
    shell.ok(&format!(
        "commission {items} --lot B7 --expiry 2030-05-01 --from alice"
    ));
    shell.ok(&format!(
        "pack {items} --parent {PALLET} --place 9506000134352 --from alice"
    ));
    let offer = shell.json(&format!(
        "offer {PALLET} --to carol --what both --step shipping --document desadv=urn:shop:1 --from alice"
    ));
    assert!(offer["actions"][0]["offer"].is_u64(), "{offer}");
    let waiting = shell.ok("inbox carol");
    for words in [
        "from",
        "Growers",
        PALLET,
        "urn:shop:1",
        "possession and ownership",
    ] {
        assert!(waiting.contains(words), "{words} is missing in:\n{waiting}");
    }
    let error = shell.no(&format!("accept {PALLET} --from dave"));
    assert!(
        error.contains("NotOffered") && error.contains("ask the custodian"),
        "{error}"
    );
    assert_eq!(error.trim().lines().count(), 1, "one sentence: {error}");
    shell.ok(&format!(
        "accept {PALLET} --place 9506000134376 --step receiving --from carol"
    ));
    shell.ok(&format!("unpack --parent {PALLET} --from carol"));
    shell.ok(&format!(
        "release (01){GTIN}(21)000042 --step retail_selling --from carol"
    ));
    let trace = shell.ok("trace urn:epc:id:sgtin:9506000.013435.000042");
    for words in [
        "Growers → Corner Shop",
        "while packed",
        "someone without an account",
        // Who was refused on the pallet was refused what it holds.
        "NotOffered",
    ] {
        assert!(trace.contains(words), "{words} is missing in:\n{trace}");
    }
    let pallet = shell.ok(&format!("trace {PALLET}"));
    assert!(
        pallet.contains("✗") && pallet.contains("NotOffered"),
        "{pallet}"
    );
    let recall = shell.json(&format!(
        "recall --lot (01){GTIN}(10)B7 --reason 'listeria found' --from alice"
    ));
    let number = &recall["actions"][0]["recall"];
    let held = shell.no(&format!(
        "offer (01){GTIN}(21)000043 --to dave --from carol"
    ));
    assert!(held.contains("Recalled"), "{held}");
    shell.ok(&format!("lift {number} --from alice"));
    shell.ok(&format!(
        "offer (01){GTIN}(21)000043 --to dave --from carol"
    ));
    shell.ok(&format!("withdraw (01){GTIN}(21)000043 --from carol"));
    let items = format!("(01){GTIN}(21)000043 (01){GTIN}(21)000044");
    shell.ok(&format!(
        "recall {items} --reason 'torn label' --from alice"
    ));
    shell.ok(&format!("lift-of (01){GTIN}(21)000043 --from alice"));
    shell.ok(&format!(
        "offer (01){GTIN}(21)000043 --to dave --from carol"
    ));
    let held = shell.no(&format!(
        "offer (01){GTIN}(21)000044 --to dave --from carol"
    ));
    assert!(held.contains("Recalled"), "{held}");
    let free = shell.no(&format!(
        "end-hold 1@(01){GTIN}(10)B7 --holder carol --from alice"
    ));
    assert!(free.contains("InsufficientBalance"), "{free}");
}

#[test]
fn a_key_file_signs_and_its_passphrase_is_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    registered(&shell);
    let keys = folder.path().join("keys");
    let phrase = folder.path().join("phrase");
    std::fs::write(&phrase, "correct horse battery\n").unwrap();
    std::fs::set_permissions(&phrase, std::fs::Permissions::from_mode(0o600)).unwrap();
    let with = format!(
        "--keys {} --passphrase-file {}",
        keys.display(),
        phrase.display()
    );
    let made: Value = {
        let output = marque()
            .args(split(&format!("key new till {with} --json")))
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let address = made["address"].as_str().unwrap();
    shell.ok(&format!("commission (01){GTIN}(21)A1 --from alice"));
    shell.ok(&format!(
        "offer (01){GTIN}(21)A1 --to {address} --from alice"
    ));
    shell.ok(&format!("accept (01){GTIN}(21)A1 --from till {with}"));
    let item = shell.json(&format!("trace (01){GTIN}(21)A1"));
    assert_eq!(item["item"]["custodian"], address);
    std::fs::write(&phrase, "correct horse batterz\n").unwrap();
    let error = shell.no(&format!("reject (01){GTIN}(21)A1 --from till {with}"));
    assert!(
        error.contains("does not open the key") && !error.contains("batterz"),
        "{error}"
    );
    std::fs::set_permissions(
        keys.join("till.json"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let error = shell.no(&format!("reject (01){GTIN}(21)A1 --from till {with}"));
    assert!(error.contains("can be read by others"), "{error}");
}

#[test]
fn what_is_typed_wrong_is_said_in_one_sentence() {
    let fails = |line: &str, code: i32, words: &[&str]| {
        let output = marque().args(split(line)).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{line}: {error}");
        for words in words {
            assert!(
                error.contains(words),
                "{line}: {words:?} is missing in {error}"
            );
        }
        assert!(output.stdout.is_empty(), "{line}");
    };
    fails("trace nowhere", 2, &["not an identifier", "Digital Link"]);
    fails("trace (01)09506000134353(21)A1", 2, &["check digit", "2"]);
    fails(
        "trace (01)09506000134352(21)A1 --rpc 127.0.0.1:1",
        1,
        &["no node answers", "marque dev"],
    );
    fails(
        "submit nowhere.json --from alice",
        1,
        &["nowhere.json does not exist", "check the path"],
    );
    fails("contract check nowhere.wasm", 1, &["does not exist"]);
    fails("capture nowhere.jsonld", 1, &["does not exist"]);
    fails(
        "key show nobody --keys /nowhere",
        1,
        &["no key nobody", "marque key list"],
    );
}

#[test]
fn every_command_helps_with_an_example() {
    let help = |line: &str| {
        let output = marque().args(split(line)).arg("--help").output().unwrap();
        assert!(output.status.success(), "{line}");
        String::from_utf8(output.stdout).unwrap()
    };
    let top = help("");
    let commands: Vec<&str> = top
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for command in [
        "dev",
        "id",
        "key",
        "trace",
        "capture",
        "offer",
        "declare-error",
        "contract",
    ] {
        assert!(
            commands.contains(&command),
            "{command} is missing in {commands:?}"
        );
    }
    assert!(
        !top.contains("compile-child"),
        "the node's own subcommand is hidden"
    );
    let groups = ["key", "brand", "party", "product", "contract"];
    let below = groups.iter().flat_map(|group| {
        let text = help(group);
        let names = text
            .lines()
            .skip_while(|line| !line.starts_with("Commands:"))
            .skip(1);
        let names = names.take_while(|line| !line.is_empty());
        names
            .filter_map(|line| line.split_whitespace().next())
            .map(|name| format!("{group} {name}"))
            .collect::<Vec<_>>()
    });
    let commands = commands.into_iter().map(str::to_owned).chain(below);
    for command in commands {
        let text = help(&command);
        assert!(
            text.contains("marque "),
            "{command} has no example:\n{text}"
        );
        assert!(
            text.contains("Example"),
            "{command} has no example:\n{text}"
        );
    }
}

#[test]
fn identifiers_are_told_from_stdin_too() {
    use std::io::Write as _;
    let mut child = marque()
        .args(["id", "-", "--json", "--gcp", "7"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "(01)09506000134352(21)A1\n\nhttps://example.com/00/095060001343500018\n";
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "one of them is wrong");
    let text = String::from_utf8(output.stdout).unwrap();
    let told: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["epcUrn"], "urn:epc:id:sgtin:9506000.013435.A1");
    assert_eq!(told[1]["error"]["name"], "CheckDigit");
}
