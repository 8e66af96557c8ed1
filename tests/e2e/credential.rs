//! Credentials on the command line: issued, listed, revoked, and refused to who did not issue.

use crate::node::{Node, marque};
use serde_json::Value;
use std::process::Output;

fn run(node: &Node, args: &[&str]) -> Output {
    marque()
        .args(args)
        .args(["--rpc", &node.url])
        .output()
        .unwrap()
}

#[track_caller]
fn done(node: &Node, args: &[&str]) -> String {
    let output = run(node, args);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_credential_is_issued_listed_and_revoked_by_its_issuer_alone() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--no-sample"]);
    for (party, name) in [("alice", "Growers"), ("carol", "Corner Shop")] {
        let args = ["party", "register", party, "--name", name, "--from", "judy"];
        done(&node, &args);
    }
    let kind = ["--kind", "food-facility"];
    let issue = [
        "credential",
        "issue",
        "carol",
        "--number",
        "FFR 16934507212",
    ];
    let until = ["--until", "2099-12-31T23:59:59Z"];
    done(
        &node,
        &[&issue[..], &kind, &until, &["--from", "alice"]].concat(),
    );
    let list = |more: &[&str]| -> Vec<Value> {
        let args = [&["credential", "list", "carol", "--json"], more].concat();
        serde_json::from_str(&done(&node, &args)).unwrap()
    };
    let [one] = &list(&[])[..] else {
        panic!("one credential")
    };
    assert_eq!(one["number"], "FFR 16934507212");
    assert_eq!(one["valid"], true);
    assert_eq!(list(&["--issuer", "alice"]).len(), 1);
    assert_eq!(list(&["--issuer", "carol"]).len(), 0);
    let revoke = [&["credential", "revoke", "carol"], &kind[..]].concat();
    let by_carol = run(&node, &[&revoke[..], &["--from", "carol"]].concat());
    assert!(!by_carol.status.success());
    let error = String::from_utf8_lossy(&by_carol.stderr);
    assert!(error.contains("UnknownCredential"), "{error}");
    done(&node, &[&revoke[..], &["--from", "alice"]].concat());
    let shown = done(&node, &["credential", "list", "carol"]);
    for words in ["food-facility", "FFR 16934507212", "Growers", "revoked"] {
        assert!(shown.contains(words), "{shown}");
    }
    // Another spelling is said to be none, with the form that is.
    let issue = ["credential", "issue", "carol", "--number", "1", "--kind"];
    let spelled = run(
        &node,
        &[&issue[..], &["Food_Facility", "--from", "alice"]].concat(),
    );
    let error = String::from_utf8_lossy(&spelled.stderr);
    assert!(error.contains("small letters"), "{error}");
}
