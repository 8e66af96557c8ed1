//! A contract as its author has it: outside the repository, from `marque contract new` to a
//! chain that runs it.

use crate::node::{Node, address, marque};
use crate::shell::{Shell, split};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const GTIN: &str = "09506000134352";

/// The repository's own target folder: what the tests were built with is built once.
pub fn target() -> PathBuf {
    let inside = Path::new(env!("CARGO_TARGET_TMPDIR"));
    inside.parent().unwrap().to_path_buf()
}

/// Types a line in a folder.
pub fn type_in(folder: &Path, line: &str) -> Command {
    let mut command = marque();
    command.args(split(line)).current_dir(folder);
    command.env("CARGO_TARGET_DIR", target());
    command
}

pub fn json(output: &Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {error}"))
}

pub fn ok(mut command: Command) -> Output {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    output
}

/// Says something else than the scaffold does.
fn change_a_line(project: &Path) {
    let rules = project.join("src/lib.rs");
    let text = fs::read_to_string(&rules).unwrap();
    let changed = text.replace(
        "ask the brand to list",
        "ask the brand for a place on the list:",
    );
    assert_ne!(text, changed);
    fs::write(&rules, changed).unwrap();
}

#[test]
fn a_contract_goes_from_an_empty_folder_to_a_chain_and_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    ok(type_in(folder.path(), "contract new widget"));
    let project = folder.path().join("widget");
    let built = json(&ok(type_in(&project, "contract build --json")));
    assert_eq!(
        (&built["name"], &built["accepted"]),
        (&"widget".into(), &true.into())
    );
    let tested = json(&ok(type_in(&project, "contract test --json")));
    assert_eq!(
        (&tested["passed"], &tested["failed"]),
        (&3.into(), &0.into())
    );
    assert_eq!(
        tested["codeHash"], built["codeHash"],
        "tests run on what is deployed"
    );

    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    shell.ok("party register alice --name Widgets --location 9506000134352 --from judy");
    shell.ok("party register carol --name 'Corner Shop' --location 9506000134376 --from judy");
    shell.ok("brand license alice --prefix 9506000 --from judy");
    let module = built["file"].as_str().unwrap();
    shell.ok(&format!("contract deploy {module} --from alice"));
    let all = shell.json("contract list");
    let all = all.as_array().unwrap();
    let widget = all.iter().find(|one| one["name"] == "widget").unwrap();
    let widget = widget["address"].as_str().unwrap();
    let carol = address("carol");
    shell.ok(&format!(
        "contract call {widget} list dealer={carol} --code {module} --from alice"
    ));
    shell.ok(&format!(
        "product register {GTIN} --name Widget --contract widget --from alice"
    ));
    let product = shell.json(&format!("product show {GTIN}"));
    assert_eq!(product["contract"], widget);
    let unknown = shell.no(&format!(
        "product register {GTIN} --name Widget --contract gadget --from alice"
    ));
    assert!(unknown.contains("there is no contract gadget"), "{unknown}");
    shell.ok(&format!("commission (01){GTIN}(21)A1 --from alice"));
    let refused = shell.no(&format!("offer (01){GTIN}(21)A1 --to dave --from alice"));
    assert!(
        refused.contains("NotListed") && refused.contains("ask the brand to list"),
        "{refused}"
    );
    shell.ok(&format!("offer (01){GTIN}(21)A1 --to carol --from alice"));
    shell.ok(&format!("accept (01){GTIN}(21)A1 --from carol"));

    let verify = format!("contract verify {widget} . --json --rpc {}", node.url);
    let yes = json(&ok(type_in(&project, &verify)));
    assert_eq!(yes["same"], true, "{yes}");
    assert_eq!(yes["chain"]["codeHash"], yes["source"]["codeHash"]);
    assert_eq!(yes["chain"]["release"], "0.1.0");
    change_a_line(&project);
    let output = type_in(&project, &verify).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let no = json(&output);
    assert_eq!(no["same"], false, "{no}");
    assert_eq!(no["chain"]["codeHash"], built["codeHash"]);
    assert_ne!(no["source"]["codeHash"], built["codeHash"]);
    assert!(no["check"].to_string().contains("Cargo.lock"), "{no}");

    // Rules with another storage: without a migration nothing is simulated or upgraded.
    let module = |migration: &str| {
        let text = SECOND.replace("MIGRATION", migration);
        fs::write(project.join("src/lib.rs"), text).unwrap();
        json(&ok(type_in(&project, "contract build --json")))["file"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let second = module("");
    for line in ["simulate", "upgrade"] {
        let more = if line == "upgrade" {
            " --from alice"
        } else {
            ""
        };
        let refused = shell.no(&format!("contract {line} {widget} {second}{more}"));
        assert!(refused.contains("StorageMismatch"), "{line}: {refused}");
    }
    let second = module(MIGRATION);
    let simulated = shell.json(&format!("contract simulate {widget} {second}"));
    let differences = simulated["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 1, "{simulated}");
    let carols = &differences[0];
    assert_eq!(
        (&carols["kind"], &carols["recorded"]),
        (&"offer".into(), &"allowed".into())
    );
    assert_eq!(carols["to"], carol.to_string());
    assert!(carols["new"].to_string().contains("Closed"), "{carols}");
    assert!(carols["things"].to_string().contains("(21)A1"), "{carols}");
    let shown = shell.ok(&format!("contract simulate {widget} {second}"));
    assert!(
        shown.contains("1 of ") && shown.contains("Corner Shop"),
        "{shown}"
    );

    shell.ok(&format!("contract upgrade {widget} {second} --from alice"));
    let yes = json(&ok(type_in(&project, &verify)));
    assert_eq!(yes["same"], true, "{yes}");
    // The list went along, and the new rule is in force.
    let listed = shell.ok(&format!("contract query {widget} listed dealer={carol}"));
    assert!(listed.contains("true"), "{listed}");
    shell.ok(&format!("commission (01){GTIN}(21)A2 --from alice"));
    let refused = shell.no(&format!("offer (01){GTIN}(21)A2 --to carol --from alice"));
    assert!(refused.contains("Closed"), "{refused}");
}

/// Carries the list over and closes the house.
pub const MIGRATION: &str = "
        /// The list stays; nothing is sold until the brand opens again.
        #[migrate]
        fn migrate(before: Before) -> Self {
            Self {
                listed: before.listed,
                closed: true,
            }
        }
";

/// The widget's second release.
pub const SECOND: &str = r#"//! The second rules of widget.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Keeps goods among listed dealers, while it is open.
#[contract]
pub mod widget {
    /// The storage of the first release.
    #[storage]
    pub struct Before {
        /// Who may receive.
        pub listed: Set<Address>,
    }

    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Rules {
        /// Who may receive.
        listed: Set<Address>,
        /// Whether nothing is sold for now.
        closed: bool,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// The receiver is not a listed dealer.
        #[refusal(field = "to", remedy = "ask the brand to list the dealer")]
        NotListed,
        /// Nothing is sold for now.
        #[refusal(remedy = "wait until the brand opens again")]
        Closed,
    }

    impl Rules {MIGRATION
        /// Only listed dealers are offered goods, and only while it is open.
        #[rule]
        fn offer(&self, movement: &Movement) -> Result {
            let listed = movement.to().is_some_and(|to| self.listed.contains(&to));
            ensure!(listed, Refuse::NotListed);
            ensure!(!self.closed, Refuse::Closed);
            Ok(())
        }

        /// Whether a dealer is listed.
        #[query]
        fn listed(&self, dealer: Address) -> bool {
            self.listed.contains(&dealer)
        }
    }
}
"#;

/// Another user: a home of its own, whose registry is only reached through it.
fn as_someone_else(mut command: Command, home: &Path) -> Command {
    let old = std::env::var_os("HOME").map(PathBuf::from).unwrap();
    let of = |name, folder| std::env::var_os(name).map_or_else(|| old.join(folder), Into::into);
    let (cargo, rustup) = (of("CARGO_HOME", ".cargo"), of("RUSTUP_HOME", ".rustup"));
    let own = home.join("cargo");
    fs::create_dir_all(&own).unwrap();
    for folder in ["registry", "git"] {
        if cargo.join(folder).exists() {
            std::os::unix::fs::symlink(cargo.join(folder), own.join(folder)).unwrap();
        }
    }
    command.env("HOME", home).env("CARGO_HOME", own);
    command.env("RUSTUP_HOME", rustup);
    command
}

#[test]
fn one_source_is_the_same_bytes_in_any_folder_and_under_any_user() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deeper = other.path().join("of/another/user");
    fs::create_dir_all(&deeper).unwrap();
    let line = "contract new widget";
    ok(type_in(one.path(), line));
    ok(type_in(&deeper, line));
    // Arithmetic of its own and of its dependencies names its place where it fails.
    let mut build = type_in(&one.path().join("widget"), "contract build --out here.wasm");
    build.env("CARGO_TARGET_DIR", one.path().join("target"));
    ok(build);
    let mut build = type_in(&deeper.join("widget"), "contract build --out here.wasm");
    build
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_INCREMENTAL", "1");
    build.env("RUSTFLAGS", "-Copt-level=1");
    ok(as_someone_else(build, other.path()));
    let here = fs::read(one.path().join("widget/here.wasm")).unwrap();
    let there = fs::read(deeper.join("widget/here.wasm")).unwrap();
    assert!(
        here == there,
        "{} and {} bytes differ",
        here.len(),
        there.len()
    );
    let text = String::from_utf8_lossy(&here);
    let home = std::env::var("HOME").unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    for place in [home.as_str(), repository.to_str().unwrap(), "/tmp/"] {
        assert!(!text.contains(place), "{place} is in the module");
    }
}

#[test]
fn nothing_is_written_over_and_names_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |line: &str, words: &[&str]| {
        let output = type_in(folder.path(), line).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}: {error}");
        for words in words {
            assert!(
                error.contains(words),
                "{line}: {words} is missing in {error}"
            );
        }
    };
    for name in [
        "Widget",
        "1st",
        "wid_get",
        "../widget",
        "match",
        "a--b",
        "marque-sdk",
    ] {
        refused(
            &format!("contract new {name}"),
            &["cannot name a contract", "fresh-food"],
        );
    }
    refused(
        "contract new widget --sdk nowhere",
        &["neither a folder", "sdk/contract"],
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let project = folder.path().join("widget");
    fs::create_dir(&project).unwrap();
    fs::write(project.join("README.md"), "mine").unwrap();
    refused(
        "contract new widget",
        &["README.md is there already", "--dir"],
    );
    assert_eq!(fs::read_dir(&project).unwrap().count(), 1);
    assert_eq!(
        fs::read_to_string(project.join("README.md")).unwrap(),
        "mine"
    );
    ok(type_in(
        folder.path(),
        "contract new widget --dir other --sdk 0.1.0",
    ));
    let manifest = fs::read_to_string(folder.path().join("other/Cargo.toml")).unwrap();
    assert!(manifest.contains("marque-sdk = \"0.1.0\""), "{manifest}");
}
